#include "commands/inputs/labels.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <memory>
#include <span>
#include <unordered_map>
#include <utility>

#include "diagnostics/error.h"
#include "io/column_names.h"
#include "text/phrases.h"

namespace losscalc::commands {
namespace {

/// Labels as the indices that a function makes of them.
template <class IndexOf>
class Relabelled final : public io::ElementSource {
 public:
  Relabelled(io::Array labels, IndexOf index_of)
      : labels_(std::move(labels)), index_of_(std::move(index_of)) {}

  void read(std::size_t first, std::span<double> out) const override {
    labels_.read(first, out);
    for (double& value : out) value = index_of_(value);
  }
  void read_words(std::size_t first, std::span<std::string> out) const override {
    labels_.read_words(first, out);
  }

 private:
  io::Array labels_;
  IndexOf index_of_;
};

template <class IndexOf>
io::Array relabelled(const io::Array& labels, IndexOf index_of, std::string note) {
  io::Array result(labels.type(), labels.shape(),
                   std::make_shared<Relabelled<IndexOf>>(labels, std::move(index_of)),
                   [labels](std::span<const std::size_t> index) {
                     if (index.size() < labels.rank()) return labels.place();
                     std::size_t position = 0;
                     for (std::size_t axis = 0; axis < index.size(); ++axis)
                       position = position * labels.shape()[axis] + index[axis];
                     return labels.place(position);
                   });
  result.add_note(std::move(note));
  return result;
}

/// The numbers that the names are, or hold where all else in them is the same.
struct NumberedClasses {
  std::vector<std::int64_t> numbers;  ///< empty if some name has none
  bool has_prefix = false;
};

/// False and True, no and yes: 0 and 1, whatever their order.
std::optional<std::int64_t> truth_of(std::string name) {
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (name == "true" || name == "yes") return 1;
  if (name == "false" || name == "no") return 0;
  return std::nullopt;
}

NumberedClasses numbered_classes(const std::vector<std::string>& names) {
  NumberedClasses classes;
  if (names.size() == 2 && truth_of(names[0]) && truth_of(names[1]))
    return {{*truth_of(names[0]), *truth_of(names[1])}, false};
  const io::NumberedName first = io::numbered_name(names.empty() ? "" : names.front());
  for (const std::string& text : names) {
    const io::NumberedName name = io::numbered_name(text);
    if (!name.number || name.prefix != first.prefix || name.suffix != first.suffix) return {};
    classes.numbers.push_back(*name.number);
  }
  classes.has_prefix = !first.prefix.empty() || !first.suffix.empty();
  return classes;
}

/// Calls `is_fit` with each label that is not ignored, until it returns false.
template <class IsFit>
bool all_labels(const io::Array& labels, const std::vector<double>& ignored, IsFit is_fit) {
  constexpr std::size_t piece = 4096;
  std::vector<double> values;
  for (std::size_t first = 0; first < labels.size(); first += values.size()) {
    values.resize(std::min(piece, labels.size() - first));
    labels.read(first, values);
    for (const double value : values) {
      const bool is_ignored = std::ranges::find(ignored, value) != ignored.end();
      if (!is_ignored && !is_fit(value)) return false;
    }
  }
  return true;
}

io::Array by_names(const io::Array& labels, const std::vector<std::int64_t>& numbers,
                   const LabelReading& reading) {
  std::unordered_map<double, double> index_of;
  for (std::size_t k = 0; k < numbers.size(); ++k)
    index_of.emplace(static_cast<double>(numbers[k]), static_cast<double>(k));
  return relabelled(
      labels,
      [index_of, ignored = reading.ignored](double value) {
        if (std::ranges::find(ignored, value) != ignored.end()) return value;
        return index_of.at(value);
      },
      "labels are names of classes: " + text::quoted(std::to_string(numbers[0])) +
          " is the first class");
}

io::Array less_base(const io::Array& labels, std::int64_t base, const LabelReading& reading) {
  return relabelled(
      labels,
      [base = static_cast<double>(base), ignored = reading.ignored](double value) {
        return std::ranges::find(ignored, value) != ignored.end() ? value : value - base;
      },
      "labels count from " + std::to_string(base));
}

}  // namespace

io::Array class_labels_as_indices(const io::Array& labels, const LabelReading& reading) {
  if (reading.base) return *reading.base == 0 ? labels : less_base(labels, *reading.base, reading);
  const NumberedClasses classes = numbered_classes(reading.class_names);
  const std::vector<std::int64_t>& numbers = classes.numbers;
  if (numbers.size() < 2) return labels;
  const bool is_plain = [&] {
    for (std::size_t k = 0; k < numbers.size(); ++k) {
      if (numbers[k] != static_cast<std::int64_t>(k)) return false;
    }
    return true;
  }();
  if (is_plain) return labels;
  const auto is_name = [&](double value) {
    return value == std::floor(value) && std::ranges::any_of(numbers, [value](std::int64_t number) {
             return static_cast<double>(number) == value;
           });
  };
  if (labels.size() == 0 || !all_labels(labels, reading.ignored, is_name)) return labels;
  const bool counts_from_one = numbers.front() == 1 && std::ranges::is_sorted(numbers);
  if (classes.has_prefix && counts_from_one) {
    throw Error(ErrorCode::out_of_range,
                "the classes are named " + text::listed(reading.class_names) +
                    ", and no label is 0: label 1 may mean the first class or the second",
                labels.place(), "--label-base 1 if labels count from 1; --label-base 0 if from 0");
  }
  return by_names(labels, numbers, reading);
}

}  // namespace losscalc::commands
