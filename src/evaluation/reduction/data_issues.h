/// What evaluation notices about the data while it reads it: how often, and where first. Mergeable,
/// so that the first place is the same for any number of threads.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace losscalc::evaluation {

enum class DataIssue : std::uint8_t {
  // errors; `first` is a position in the prediction or target array
  row_not_normalized,
  prediction_outside_unit_interval,
  target_not_an_index,
  target_index_out_of_range,
  target_not_one_hot,
  target_outside_unit_interval,
  target_not_a_sign,
  box_inverted,
  label_not_binary,
  mask_not_binary,
  prediction_outside_domain,
  target_outside_domain,
  // warnings
  clipped,
  target_row_not_normalized,
  target_taken_as_number,
  non_finite_loss,
  // facts that lead to a warning or an error together with others
  looks_like_probabilities,
  target_zero,
  target_minus_one,
  number_of_issues,
};

struct DataIssueCount {
  std::size_t count = 0;
  std::size_t first = std::numeric_limits<std::size_t>::max();
};

class DataIssues {
 public:
  static constexpr std::size_t size = static_cast<std::size_t>(DataIssue::number_of_issues);

  void add(DataIssue issue, std::size_t position, std::size_t count = 1) {
    DataIssueCount& entry = counts_[static_cast<std::size_t>(issue)];
    entry.count += count;
    entry.first = std::min(entry.first, position);
  }
  void merge(const DataIssues& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      counts_[i].count += other.counts_[i].count;
      counts_[i].first = std::min(counts_[i].first, other.counts_[i].first);
    }
  }
  const DataIssueCount& operator[](DataIssue issue) const {
    return counts_[static_cast<std::size_t>(issue)];
  }

 private:
  std::array<DataIssueCount, size> counts_{};
};

}  // namespace losscalc::evaluation
