/// What is in files, for people and scripts.
#pragma once

#include <string>
#include <vector>

#include "inspection/inspect.h"

namespace losscalc::report {

std::string inspect_text(const std::vector<inspection::Inspection>& files);
/// Schema losscalc.inspect/1.
std::string inspect_json(const std::vector<inspection::Inspection>& files);

}  // namespace losscalc::report
