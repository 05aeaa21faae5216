#include "commands/inputs/class_names.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "diagnostics/error.h"
#include "text/nearest.h"
#include "text/phrases.h"

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
  throw Error(ErrorCode::unknown_class, "unknown class " + text::quoted(word), place,
              hint + "the classes are: " + shown(class_names));
}

/// Words as the positions of the classes that they name.
class ClassIndices final : public io::ElementSource {
 public:
  ClassIndices(io::Array words, std::vector<std::string> class_names)
      : words_(std::move(words)), class_names_(std::move(class_names)) {
    for (std::size_t k = 0; k < class_names_.size(); ++k) positions_.emplace(class_names_[k], k);
  }

  void read(std::size_t first, std::span<double> out) const override {
    std::vector<std::string> words(out.size());
    words_.read_words(first, words);
    for (std::size_t i = 0; i < out.size(); ++i) {
      const auto found = positions_.find(words[i]);
      if (found == positions_.end())
        throw_unknown_class(words[i], words_.place(first + i), class_names_);
      out[i] = static_cast<double>(found->second);
    }
  }
  void read_words(std::size_t first, std::span<std::string> out) const override {
    words_.read_words(first, out);
  }

 private:
  io::Array words_;
  std::vector<std::string> class_names_;
  std::unordered_map<std::string, std::size_t> positions_;
};

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
    throw Error(ErrorCode::not_a_number,
                "expected a number, found " + text::quoted(first_word(words)), words.place(0),
                "if these are names of classes, list them in the order of the predictions: "
                "--classes cat,dog");
  }
  return {io::ElementType::float64, words.shape(),
          std::make_shared<ClassIndices>(words, class_names),
          [words](std::span<const std::size_t> index) {
            std::size_t position = 0;
            for (std::size_t axis = 0; axis < index.size(); ++axis)
              position = position * words.shape()[axis] + index[axis];
            return index.size() < words.rank() ? words.place() : words.place(position);
          }};
}

std::string first_word(const io::Array& words) {
  std::string word;
  words.read_words(0, std::span(&word, 1));
  return word;
}

}  // namespace losscalc::commands
