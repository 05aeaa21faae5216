/// Phrases that messages of several domains share.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "diagnostics/error.h"

namespace losscalc::evaluation {

/// `; and 41 more rows` for what else was found beside the first; empty if there was only one.
std::string and_more(std::size_t count, std::string_view singular, std::string_view plural);

/// `1 row`, `3 rows`.
std::string counted(std::size_t count, std::string_view singular, std::string_view plural);

/// That so many targets or labels should be signs and are not.
Warning taken_as_numbers(std::size_t count, std::string_view singular, std::string_view plural);

}  // namespace losscalc::evaluation
