/// Predictions of classwise and region losses: blocks of what the file holds, checked and brought
/// to log-probabilities or probabilities, and derivatives brought back.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "definition/conventions.h"
#include "evaluation/arrays/aligned.h"
#include "evaluation/arrays/class_layout.h"
#include "evaluation/arrays/data.h"
#include "evaluation/links/links.h"
#include "evaluation/links/softmax.h"
#include "evaluation/reduction/data_issues.h"
#include "numeric/point.h"

namespace losscalc::evaluation {

/// So many predictions a thread takes at a time.
inline constexpr std::size_t class_values_per_chunk = std::size_t{1} << 18U;

class ClassPredictions {
 public:
  /// Blocks hold at most `max_positions`. Throws Error(bad_value) where the form of the prediction
  /// and the link exclude each other.
  ClassPredictions(const Loss& loss, const Data& prediction, const Conventions& conventions,
                   std::size_t max_positions);

  const ClassLayout& layout() const { return layout_; }
  const Data& data() const { return prediction_; }
  bool is_sigmoid() const { return conventions_.link == Link::sigmoid; }

  BlockShape block_shape() const { return block_shape_; }

  /// Reads positions first .. first+count-1 as the file holds them, padded with 0, and notes what
  /// is wrong or suspicious.
  void read(std::size_t first, std::size_t count, std::span<double> block, DataIssues& issues,
            std::vector<double>& scratch) const;

  /// Whether examine() may find something in a block whose first position's classes are `values`,
  /// `step` apart: a remark on logits needs all rows to look like probabilities, so one that does
  /// not is enough.
  bool is_examined(std::span<const double> values, std::size_t step) const;

  /// Notes what is wrong or suspicious in positions first .. first+count-1.
  void examine(std::size_t first, std::size_t count, const RowStatistics& statistics,
               DataIssues& issues) const;

  /// What the file holds -> log p of the softmax link, in place.
  void to_log_probabilities(std::span<double> block) const;

  /// What the file holds -> log p and log(1 - p) of the sigmoid link.
  void to_log_bernoulli(std::span<const double> block, std::span<double> log_p,
                        std::span<double> log_q) const;

  /// What the file holds -> probabilities, in place.
  void to_probabilities(std::span<double> block) const;

  /// Derivatives by log p -> derivatives by what the file holds, in place. `raw` is the block as
  /// read.
  void from_log_probabilities(std::span<const double> raw, std::span<const double> log_p,
                              std::span<double> derivative) const;

  /// Derivatives by log p and log(1 - p) -> derivatives by what the file holds, into the first.
  void from_log_bernoulli(std::span<const double> raw, std::span<const double> log_p,
                          std::span<const double> log_q, std::span<double> by_log_p,
                          std::span<const double> by_log_q) const;

  /// Derivatives by probabilities -> derivatives by what the file holds, in place.
  void from_probabilities(std::span<const double> probabilities,
                          std::span<double> derivative) const;

  /// What a relative rounding of probabilities that come from logits makes of their logarithms.
  void round(double rounding, std::span<double> log_p, std::span<double> log_q) const;

  /// Throws the error that the issues about predictions call for, if there is one.
  void raise(const DataIssues& issues) const;
  void warn(const DataIssues& issues, std::vector<Warning>& warnings) const;

  From form() const { return conventions_.from; }
  const ClipBounds& clip() const { return clip_; }
  double log_floor() const { return conventions_.log_floor; }
  /// Where a number of the prediction is not clipped and has a meaning.
  Interior interior() const;
  /// Whether a number as the file holds it was clipped on its way to log p.
  bool is_clipped(double raw, double log_p) const;

 private:
  bool is_normalized() const { return conventions_.normalize != Normalize::no; }
  std::pair<double, double> log_clip() const;
  void from_clipped_softmax(std::span<const double> logits, std::span<double> derivative) const;
  void from_normalized(std::span<const double> raw, std::span<const double> log_p,
                       std::span<double> derivative) const;
  void check_probabilities(std::size_t first, std::size_t count, const RowStatistics& statistics,
                           DataIssues& issues) const;
  void notice_probabilities(std::size_t first, std::size_t count, const RowStatistics& statistics,
                            DataIssues& issues) const;
  double row_sum(std::size_t position) const;

  Data prediction_;
  bool has_links_;
  Conventions conventions_;
  ClipBounds clip_;
  ClassLayout layout_;
  BlockShape block_shape_;
};

}  // namespace losscalc::evaluation
