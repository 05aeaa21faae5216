/// Errors and warnings as text for people and as JSON for scripts.
#pragma once

#include <string>

#include "diagnostics/error.h"

namespace losscalc::report {

/// `preds.csv:17:3: error: ...` or `losscalc: error: ...`, then a `hint: ...` line if there is one.
std::string error_text(const Error& error);

/// One line: {"schema": "losscalc.error/1", "error": {...}}.
std::string error_json(const Error& error);

std::string warning_text(const Warning& warning);

/// The text with control characters written as \xNN, so that a file's name can't steer a terminal.
std::string printable(const std::string& text);

}  // namespace losscalc::report
