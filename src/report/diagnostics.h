/// Errors and warnings as text for people and as JSON for scripts.
#pragma once

#include <string>

#include "diagnostics/error.h"

namespace losscalc::report {

/// `preds.csv:17:3: error: ...` or `losscalc: error: ...`, then a `hint: ...` line if there is one.
std::string error_text(const Error& error, bool color);

/// One line: {"schema": "losscalc.error/1", "error": {...}}.
std::string error_json(const Error& error);

std::string warning_text(const Warning& warning, bool color);

/// The text with control characters written as \xNN, so that a file's name can't steer a terminal:
/// those of ASCII and of Latin-1, the marks that turn the direction of writing, and bytes that are
/// no UTF-8.
std::string printable(const std::string& text);

}  // namespace losscalc::report
