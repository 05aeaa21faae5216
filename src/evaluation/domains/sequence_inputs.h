/// The inputs of sequence losses: predictions seen as [N,T,C] whatever the order of their axes, and
/// how many steps and which labels of each sequence count.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "evaluation/term.h"

namespace losscalc::evaluation {

/// The axes of the predictions: [N,T,C], [T,N,C] or, of a single sequence, [T,C].
class SequenceLayout {
 public:
  /// Throws Error(shape_mismatch) for other numbers of axes and for fewer than two classes.
  SequenceLayout(const Data& prediction, std::int64_t time_axis);

  std::size_t sequences() const { return sequences_; }
  std::size_t steps() const { return steps_; }
  std::size_t classes() const { return classes_; }

  /// The C-order place in the file of the class of [N,T,C]-order `position`.
  std::size_t place(std::size_t position) const;
  /// The sequence that an entry of the file belongs to.
  std::size_t sequence_of(std::size_t place) const;

  /// The predictions as an array [N,T,C].
  Data by_sequence(const Data& prediction) const;

 private:
  std::size_t sequences_ = 1;
  std::size_t steps_ = 0;
  std::size_t classes_ = 0;
  bool steps_first_ = false;  ///< with sequences as the second axis
};

/// Reads labels and lengths. Throws Error(shape_mismatch, missing_argument) at once,
/// Error(out_of_range) on reading.
class SequenceTargets {
 public:
  SequenceTargets(const Term& term, const SequenceLayout& layout, std::size_t blank);

  /// How many of the sequence's steps count.
  std::size_t steps(std::size_t sequence) const;
  std::vector<std::uint32_t> labels(std::size_t sequence) const;

 private:
  struct Offsets {
    std::once_flag once;
    std::vector<std::size_t> first;
  };

  /// The whole number that `lengths` has for a sequence, of at most `most`.
  std::size_t length(std::string_view role, const Data& lengths, std::size_t sequence,
                     std::size_t most) const;
  /// The zeros before the ones of a row of `padding`.
  std::size_t unpadded(std::string_view role, const Data& padding, std::size_t sequence) const;
  void check_counts(const Data* lengths, const Data* padding, std::string_view what,
                    std::size_t width) const;
  std::size_t first_label(std::size_t sequence) const;
  bool is_label(double number) const;
  std::size_t count_until_padding(std::size_t sequence, const std::vector<double>& row) const;

  SequenceLayout layout_;
  std::size_t blank_;
  Data target_;
  std::size_t width_ = 0;  ///< labels in a row of the target; of concatenated ones, all
  bool concatenated_ = false;
  std::shared_ptr<const Data> pred_lengths_;
  std::shared_ptr<const Data> target_lengths_;
  std::shared_ptr<const Data> pred_padding_;
  std::shared_ptr<const Data> target_padding_;
  std::shared_ptr<Offsets> offsets_ = std::make_shared<Offsets>();
};

}  // namespace losscalc::evaluation
