/// Text broken into lines of at most 80 columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace losscalc::report {

/// A paragraph whose first line begins after `first` blanks and its others after `rest`; ends with
/// a line break. A word longer than a line stands alone.
std::string wrapped(std::string_view paragraph, std::size_t first, std::size_t rest);

/// Adds a title and its paragraphs, wrapped and indented, to `text`; nothing without paragraphs.
void append_section(std::string& text, std::string_view title,
                    const std::vector<std::string>& paragraphs);

}  // namespace losscalc::report
