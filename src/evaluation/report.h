/// What evaluation finds: the value, its terms and its tables.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "diagnostics/error.h"
#include "evaluation/arrays/data.h"

namespace losscalc::evaluation {

/// A row of the table by sample or by class: the value that the loss would have with only this
/// sample (class) in the data. `target` and `predicted` are set where a sample is one unit.
struct Row {
  std::size_t index = 0;
  double loss = 0.0;
  double weight = 0.0;
  std::size_t units = 0;
  std::optional<double> target = {};
  std::optional<double> predicted = {};
};

struct TermReport {
  double value = 0.0;
  std::size_t samples = 0;  ///< length of the first axis
  std::size_t units = 0;    ///< units not ignored
  double weight = 0.0;      ///< sum of the weights of these units
  std::size_t ignored = 0;
};

struct Report {
  double value = 0.0;
  std::size_t samples = 0;
  std::size_t units = 0;
  double weight = 0.0;
  std::vector<TermReport> terms = {};
  std::vector<Row> per_sample = {};
  std::vector<Row> per_class = {};
  /// Under reduction none: the weighted losses w_u l_u, C order of `shape`; under outputs=each:
  /// their values. `value` is then their sum.
  std::vector<double> losses = {};
  Shape shape = {};
  std::vector<Warning> warnings = {};
};

}  // namespace losscalc::evaluation
