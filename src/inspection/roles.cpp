#include "inspection/roles.h"

#include <algorithm>

#include "text/nearest.h"
#include "text/number.h"
#include "text/phrases.h"

namespace losscalc::inspection {
namespace {

constexpr std::size_t shown = 10;

std::string of_classes(std::size_t classes) {
  return " of " + std::to_string(classes) + (classes == 1 ? " class" : " classes");
}

Guess guess_of_words(const io::Array& array, const Statistics& statistics) {
  const std::vector<std::string>& words = statistics.distinct_words;
  const bool are_classes = !words.empty() && (2 * words.size() <= array.size() || words.size() < 3);
  if (!are_classes) return {.text = "words that differ: keys, perhaps", .is_target = true};
  std::string names = text::joined(
      {words.begin(), words.begin() + static_cast<std::ptrdiff_t>(std::min(shown, words.size()))});
  if (words.size() > shown) names += ", ...";
  return {.text = "looks like names" + of_classes(words.size()) + ": " + names,
          .options = words.size() <= shown ? "--classes " + text::joined(words, ",") : "",
          .is_target = true};
}

Guess guess_of_integers(const io::Array& array, const Statistics& statistics) {
  const std::vector<double>& numbers = statistics.distinct_numbers;
  const bool few = !numbers.empty();
  const double smallest = *statistics.smallest;
  const double largest = *statistics.largest;
  const bool is_list = array.rank() < 2 || array.rank() == 3;
  if (numbers == std::vector<double>{-1.0, 1.0})
    return {.text = "looks like signs, -1 and 1, of two classes", .is_target = true};
  if (few && smallest == 0.0 && largest == 255.0 && numbers.size() <= 3) {
    return {.text = "looks like a mask with 255 for one class, or for what belongs to none",
            .options = "--ignore-index 255 in the second case",
            .is_target = true};
  }
  if (!few || !is_list || smallest < 0.0) return {.text = "integers"};
  const bool is_whole = static_cast<double>(numbers.size()) == largest - smallest + 1.0;
  if (smallest == 0.0 && largest <= 1.0)
    return {.text = "looks like class indices or truths, 0 and 1", .is_target = true};
  if (smallest == 1.0 && is_whole) {
    return {.text = "looks like class labels that count from 1 to " + text::shortest(largest),
            .options = "--label-base 1",
            .is_target = true};
  }
  const bool repeats =
      is_whole ? numbers.size() < array.size() : 2 * numbers.size() <= array.size();
  if (smallest == 0.0 && repeats) {
    return {.text = "looks like class indices from 0 to " + text::shortest(largest),
            .is_target = true};
  }
  return {.text = "integers"};
}

}  // namespace

Guess guess_of(const io::Array& array, const Statistics& statistics) {
  if (array.size() == 0) return {.text = "empty"};
  if (array.type() == io::ElementType::text) return guess_of_words(array, statistics);
  if (!statistics.smallest) return {.text = "no finite number"};
  const Shape& shape = array.shape();
  const bool in_unit_interval = *statistics.smallest >= 0.0 && *statistics.largest <= 1.0;
  for (const auto& [axes, what, form] :
       {std::tuple(statistics.axes_of_probabilities,
                   statistics.are_integers ? "one-hot rows" : "probabilities", ""),
        std::tuple(statistics.axes_of_log_probabilities, "log-probabilities",
                   "--from log-probs")}) {
    if (axes.empty()) continue;
    const std::size_t axis = axes.front();
    Guess guess{.text = std::string("looks like ") + what + of_classes(shape[axis]),
                .options = form,
                .is_target = statistics.are_integers};
    if (axis == 1) return guess;
    guess.text += " along the last axis";
    guess.options += (guess.options.empty() ? "" : " ") + std::string("--class-axis -1");
    return guess;
  }
  if (statistics.are_integers) return guess_of_integers(array, statistics);
  if (statistics.are_corners) return {.text = "may be boxes by their corners: x1,y1,x2,y2"};
  if (array.rank() == 2 && shape[1] == 4)
    return {.text = "four columns: logits of 4 classes, or boxes",
            .options = "--boxes cxcywh or xywh"};
  const bool has_classes = array.rank() > 1 && shape[1] > 1;
  if (in_unit_interval) {
    return {.text = has_classes
                        ? "numbers in [0, 1] that do not sum to 1: probabilities of classes "
                          "one by one, or outputs"
                        : "looks like probabilities of one class, or weights"};
  }
  if (has_classes && statistics.infinities + statistics.nans == 0) {
    return {.text = "looks like logits" + of_classes(shape[1]) + ", or outputs of a regression",
            .options = "--from logits in the first case"};
  }
  return {.text = "numbers: logits, or outputs of a regression"};
}

}  // namespace losscalc::inspection
