#include "commands/class_names.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "diagnostics/error.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

/// All names, or the first ones of many.
std::string shown(const std::vector<std::string>& class_names) {
  constexpr std::size_t most = 20;
  if (class_names.size() <= most) return text::joined(class_names);
  return text::joined({class_names.begin(), class_names.begin() + most}) + ", ... (" +
         std::to_string(class_names.size()) + ")";
}

[[noreturn]] void throw_unknown_class(const std::string& word, const Place& place,
                                      const std::vector<std::string>& class_names) {
  std::string hint = text::did_you_mean(word, class_names);
  if (!hint.empty()) hint += " ";
  throw Error(ErrorCode::unknown_class, "unknown class '" + word + "'", place,
              hint + "the classes are: " + shown(class_names));
}

}  // namespace

std::vector<std::string> class_list(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    const std::string name = text.substr(start, end - start);
    if (name.empty() || std::ranges::find(names, name) != names.end()) {
      throw Error(ErrorCode::bad_value,
                  "--classes must be different names separated by commas, found '" + text + "'");
    }
    names.push_back(name);
    start = end + 1;
  }
  return names;
}

std::vector<std::string> class_labels(std::vector<std::string> column_names) {
  std::vector<std::string>& names = column_names;
  if (names.size() < 2) return names;
  std::size_t common = 0;
  while (common < names[0].size() && std::ranges::all_of(names, [&](const std::string& name) {
           return common < name.size() && name[common] == names[0][common];
         })) {
    ++common;
  }
  const std::size_t separator = names[0].substr(0, common).find_last_of(":_.");
  if (separator == std::string::npos) return names;
  for (std::string& name : names) name.erase(0, separator + 1);
  return names;
}

io::Array class_indices(const io::Array& words, const std::vector<std::string>& class_names) {
  if (class_names.empty() && words.size() > 0) {
    throw Error(ErrorCode::not_a_number, "expected a number, found '" + words.words().front() + "'",
                words.place(0),
                "if these are names of classes, list them in the order of the predictions: "
                "--classes cat,dog");
  }
  std::unordered_map<std::string_view, std::size_t> positions;
  for (std::size_t k = 0; k < class_names.size(); ++k) positions.emplace(class_names[k], k);
  std::vector<double> indices;
  indices.reserve(words.size());
  for (const std::string& word : words.words()) {
    const auto found = positions.find(word);
    if (found == positions.end())
      throw_unknown_class(word, words.place(indices.size()), class_names);
    indices.push_back(static_cast<double>(found->second));
  }
  return {std::move(indices), words.shape(), [words](std::span<const std::size_t> index) {
            std::size_t position = 0;
            for (std::size_t axis = 0; axis < index.size(); ++axis)
              position = position * words.shape()[axis] + index[axis];
            return index.size() < words.rank() ? words.place() : words.place(position);
          }};
}

}  // namespace losscalc::commands
