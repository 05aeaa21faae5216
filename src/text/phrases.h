/// Pieces of messages that all formats share.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace losscalc::text {

/// `text` between single quotes, cut at 40 characters, control characters and invalid UTF-8
/// escaped.
std::string quoted(std::string_view text);

/// `1 field`, `3 fields`.
std::string counted(std::size_t count, std::string_view singular);

/// `pred, target, weight`; only the first ten, then `... (25 in all)`.
std::string listed(std::span<const std::string> names);

/// `did you mean 'pred'? there are: pred, target`, for a hint; empty without candidates.
std::string choices(std::string_view word, const std::vector<std::string>& candidates);

/// Whether one name stands before another where numbers within names count as numbers: part-2
/// before part-10.
bool precedes_naturally(std::string_view one, std::string_view other);

/// As a word of a shell's command line: within single quotes where it has to be.
std::string shell_word(std::string_view word);

}  // namespace losscalc::text
