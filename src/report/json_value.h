/// Values as JSON: what JSON lacks is written as text.
#pragma once

#include <nlohmann/json.hpp>

#include "definition/parameter.h"

namespace losscalc::report {

using Json = nlohmann::ordered_json;

/// A number, or "NaN", "Infinity", "-Infinity".
Json json_number(double value);
Json json_value(const ParameterValue& value);

/// One line, or indented by two blanks; invalid UTF-8 (of file names) is replaced.
std::string printed(const Json& document, bool indent);

}  // namespace losscalc::report
