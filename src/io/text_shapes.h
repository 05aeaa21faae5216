/// Texts of formats that are not read, told by their first lines.
#pragma once

#include <string_view>

namespace losscalc::io {

bool looks_like_arff(std::string_view content);           ///< `@relation iris`
bool looks_like_yaml(std::string_view content);           ///< `%YAML`, `---`, `pred:` above a list
bool looks_like_html(std::string_view content);           ///< `<!doctype html>`, `<html`
bool looks_like_libsvm(std::string_view content);         ///< `1 1:0.5 7:0.25`
bool looks_like_vowpal_wabbit(std::string_view content);  ///< `1 |features a:0.5 b`
bool looks_like_printed_array(std::string_view content);  ///< `[[0.1 0.2]`
bool looks_like_bmp(std::string_view content);            ///< `BM` above zeros

}  // namespace losscalc::io
