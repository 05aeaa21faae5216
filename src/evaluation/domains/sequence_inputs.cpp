#include "evaluation/domains/sequence_inputs.h"

#include <algorithm>
#include <string>

#include "diagnostics/error.h"
#include "evaluation/term.h"
#include "text/number.h"

namespace losscalc::evaluation {

SequenceLayout::SequenceLayout(const Data& prediction, std::int64_t time_axis) {
  const Shape& shape = prediction.shape;
  if (shape.size() != 2 && shape.size() != 3) {
    throw Error(ErrorCode::shape_mismatch,
                "pred has shape " + to_string(shape) +
                    ", expected [N,T,C] (sequences, steps, classes), [T,N,C] with time_axis=0, or "
                    "[T,C] for one sequence",
                prediction.whole);
  }
  const bool is_batch = shape.size() == 3;
  steps_first_ = is_batch && time_axis == 0;
  if (is_batch) sequences_ = shape[steps_first_ ? 1 : 0];
  steps_ = is_batch && !steps_first_ ? shape[1] : shape[0];
  classes_ = shape.back();
  if (classes_ < 2) {
    throw Error(ErrorCode::shape_mismatch,
                "pred has shape " + to_string(shape) +
                    ", expected at least two classes in the last axis: the blank and a label",
                prediction.whole);
  }
}

std::size_t SequenceLayout::place(std::size_t position) const {
  if (!steps_first_) return position;
  const std::size_t row = position / classes_;
  return (row % steps_ * sequences_ + row / steps_) * classes_ + position % classes_;
}

std::size_t SequenceLayout::sequence_of(std::size_t place) const {
  const std::size_t row = place / classes_;
  return steps_first_ ? row % sequences_ : row / std::max(steps_, std::size_t{1});
}

Data SequenceLayout::by_sequence(const Data& prediction) const {
  Data view = prediction;
  view.shape = {sequences_, steps_, classes_};
  if (!steps_first_) return view;
  const SequenceLayout layout = *this;
  view.place = [layout, place = prediction.place](std::size_t position) {
    return place(layout.place(position));
  };
  return view.with_read([layout, read = prediction.read](std::size_t first, std::span<double> out) {
    while (!out.empty()) {
      const std::size_t count = std::min(layout.classes_ - first % layout.classes_, out.size());
      read(layout.place(first), out.first(count));
      out = out.subspan(count);
      first += count;
    }
  });
}

namespace {

std::shared_ptr<const Data> shared_input(const Term& term, std::string_view role) {
  const Data* data = optional_input(term, role);
  return data == nullptr ? nullptr : std::make_shared<const Data>(*data);
}

}  // namespace

SequenceTargets::SequenceTargets(const Term& term, const SequenceLayout& layout, std::size_t blank)
    : layout_(layout),
      blank_(blank),
      target_(required_input(term, "target")),
      pred_lengths_(shared_input(term, "pred_lengths")),
      target_lengths_(shared_input(term, "target_lengths")),
      pred_padding_(shared_input(term, "pred_padding")),
      target_padding_(shared_input(term, "target_padding")) {
  const Shape& shape = target_.shape;
  concatenated_ = shape.size() == 1 && layout.sequences() != 1;
  const bool fits = shape.size() == 1 || (shape.size() == 2 && shape[0] == layout.sequences());
  if (!fits) {
    throw Error(
        ErrorCode::shape_mismatch,
        "target has shape " + to_string(shape) + ", expected [" +
            std::to_string(layout.sequences()) +
            ",S]: the labels of each sequence; or all labels concatenated, with target_lengths",
        target_.whole);
  }
  if (concatenated_ && target_lengths_ == nullptr) {
    throw Error(ErrorCode::missing_argument,
                "target has shape " + to_string(shape) + " for " +
                    std::to_string(layout.sequences()) +
                    " sequences: concatenated labels need the input 'target_lengths'",
                target_.whole);
  }
  width_ = shape.back();
  check_counts(pred_lengths_.get(), pred_padding_.get(), "pred", layout.steps());
  check_counts(target_lengths_.get(), target_padding_.get(), "target", width_);
}

void SequenceTargets::check_counts(const Data* lengths, const Data* padding, std::string_view what,
                                   std::size_t width) const {
  const std::string role(what);
  if (lengths != nullptr && padding != nullptr) {
    throw Error(ErrorCode::conflicting_arguments,
                role + "_lengths and " + role + "_padding are alternatives; give only one of them");
  }
  const std::string count = std::to_string(layout_.sequences());
  if (lengths != nullptr &&
      (lengths->shape.size() > 1 || element_count(lengths->shape) != layout_.sequences())) {
    throw Error(ErrorCode::shape_mismatch,
                role + "_lengths has shape " + to_string(lengths->shape) + ", expected [" + count +
                    "]: a length for each sequence",
                lengths->whole);
  }
  if (padding != nullptr && padding->shape != Shape{layout_.sequences(), width}) {
    throw Error(ErrorCode::shape_mismatch,
                role + "_padding has shape " + to_string(padding->shape) + ", expected [" + count +
                    "," + std::to_string(width) + "]: 0 for valid entries, then 1 for padding",
                padding->whole);
  }
}

std::size_t SequenceTargets::length(std::string_view role, const Data& lengths,
                                    std::size_t sequence, std::size_t most) const {
  const double number = element(lengths, sequence);
  const bool is_whole = number >= 0.0 && number <= static_cast<double>(most) &&
                        number == static_cast<double>(static_cast<std::size_t>(number));
  if (is_whole) return static_cast<std::size_t>(number);
  throw Error(ErrorCode::out_of_range,
              std::string(role) + ": expected a whole number from 0 to " + std::to_string(most) +
                  ", found " + text::shortest(number),
              lengths.place(sequence));
}

std::size_t SequenceTargets::unpadded(std::string_view role, const Data& padding,
                                      std::size_t sequence) const {
  const std::size_t width = padding.shape[1];
  std::vector<double> row(width);
  padding.read(sequence * width, row);
  const auto one = std::ranges::find_if(row, [](double x) { return x != 0.0; });
  const auto wrong = std::find_if(one, row.end(), [](double x) { return x != 1.0; });
  if (wrong == row.end()) return static_cast<std::size_t>(one - row.begin());
  throw Error(ErrorCode::out_of_range,
              std::string(role) + ": expected 0 for valid entries, then 1 for padding, found " +
                  text::shortest(*wrong),
              padding.place(sequence * width + static_cast<std::size_t>(wrong - row.begin())));
}

std::size_t SequenceTargets::steps(std::size_t sequence) const {
  if (pred_lengths_ != nullptr)
    return length("pred_lengths", *pred_lengths_, sequence, layout_.steps());
  if (pred_padding_ != nullptr) return unpadded("pred_padding", *pred_padding_, sequence);
  return layout_.steps();
}

std::size_t SequenceTargets::first_label(std::size_t sequence) const {
  if (!concatenated_) return sequence * width_;
  std::call_once(offsets_->once, [&] {
    std::size_t sum = 0;
    for (std::size_t n = 0; n < layout_.sequences(); ++n) {
      offsets_->first.push_back(sum);
      sum += length("target_lengths", *target_lengths_, n, width_);
    }
    if (sum == width_) return;
    throw Error(ErrorCode::shape_mismatch,
                "target holds " + std::to_string(width_) + " labels, but target_lengths sum to " +
                    std::to_string(sum),
                target_lengths_->whole);
  });
  return offsets_->first[sequence];
}

bool SequenceTargets::is_label(double number) const {
  return number >= 0.0 && number < static_cast<double>(layout_.classes()) &&
         number == static_cast<double>(static_cast<std::size_t>(number)) &&
         number != static_cast<double>(blank_);
}

std::size_t SequenceTargets::count_until_padding(std::size_t sequence,
                                                 const std::vector<double>& row) const {
  const auto is_padding = [&](double x) { return x == -1.0 || x == static_cast<double>(blank_); };
  const auto end = std::ranges::find_if(row, is_padding);
  const auto wrong = std::find_if_not(end, row.end(), is_padding);
  if (wrong == row.end()) return static_cast<std::size_t>(end - row.begin());
  throw Error(ErrorCode::out_of_range,
              "target: after the labels of a sequence, expected only -1 or the blank " +
                  std::to_string(blank_) + ", found " + text::shortest(*wrong),
              target_.place(first_label(sequence) + static_cast<std::size_t>(wrong - row.begin())),
              "give the number of labels of each sequence as target_lengths");
}

std::vector<std::uint32_t> SequenceTargets::labels(std::size_t sequence) const {
  const std::size_t first = first_label(sequence);
  std::size_t count = width_;
  if (target_lengths_ != nullptr)
    count = length("target_lengths", *target_lengths_, sequence, width_);
  if (target_padding_ != nullptr) count = unpadded("target_padding", *target_padding_, sequence);
  std::vector<double> row(count);
  target_.read(first, row);
  if (target_lengths_ == nullptr && target_padding_ == nullptr)
    row.resize(count_until_padding(sequence, row));
  std::vector<std::uint32_t> labels;
  for (std::size_t j = 0; j < row.size(); ++j) {
    if (!is_label(row[j])) {
      throw Error(ErrorCode::out_of_range,
                  "expected a label from 0 to " + std::to_string(layout_.classes() - 1) +
                      " other than the blank " + std::to_string(blank_) + ", found " +
                      text::shortest(row[j]),
                  target_.place(first + j));
    }
    labels.push_back(static_cast<std::uint32_t>(row[j]));
  }
  return labels;
}

}  // namespace losscalc::evaluation
