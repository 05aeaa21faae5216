/// Losses of the registry for people and scripts: the list by task, and all there is to say about
/// one.
#pragma once

#include <string>
#include <vector>

#include "definition/loss.h"

namespace losscalc::report {

std::string list_text(const std::vector<const Loss*>& losses);
/// Schema losscalc.list/1.
std::string list_json(const std::vector<const Loss*>& losses);

std::string describe_text(const Loss& loss);
/// Schema losscalc.describe/1.
std::string describe_json(const Loss& loss);

}  // namespace losscalc::report
