/// Names that programs give to predictions and targets.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace losscalc::commands {

/// For `pred` and `target`, where no array has that name and exactly one has a name that programs
/// give to it (such as `predictions`, `label_ids`): the array's name.
std::map<std::string, std::string> role_aliases(const std::vector<std::string>& names);

}  // namespace losscalc::commands
