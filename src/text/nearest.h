/// Did-you-mean: the known names that are closest to a misspelt one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace losscalc::text {

/// Up to three of `known`, closest first: those within an edit distance (insertions, deletions,
/// substitutions, swaps of neighbours) of about a third of the length, and those that contain the
/// word or are contained in it. '-' and '_' count as equal, as do capitals and small letters.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& known);

/// `did you mean 'huber' or 'hinge'?`; empty if nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

/// `a, b, c`.
std::string joined(const std::vector<std::string>& words, std::string_view separator = ", ");

/// `a, b or c`.
std::string alternatives(const std::vector<std::string>& words);

}  // namespace losscalc::text
