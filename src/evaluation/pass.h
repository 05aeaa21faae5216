/// A term with what a run over its data leaves: what values, tables and derivatives are made from.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "evaluation/driver.h"
#include "evaluation/reduction/output_rule.h"
#include "evaluation/reduction/partial.h"
#include "evaluation/report.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {

/// A term with its driver and, after the pass over its data, its sums.
struct Pass {
  const Term* term = nullptr;
  std::unique_ptr<Driver> driver;
  OutputRule outputs;
  std::size_t samples = 0;  ///< those of the shard
  Partial totals = {};
  std::vector<double> losses = {};   ///< under reduction none and median
  std::vector<double> weights = {};  ///< under reduction median
  std::vector<Row> rows = {};        ///< of the samples that are finished
};

/// The passes over these terms, with nothing run yet. Throws as make_driver(), and
/// Error(conflicting_arguments) for terms whose values can't be added: arrays and numbers.
std::vector<Pass> make_passes(const std::vector<Term>& terms);

/// Throws Error(not_supported) for terms of whose value a part of the samples has no share: an
/// array of unit losses belongs to all samples, and so does their median.
void require_sums(const std::vector<Term>& terms);

}  // namespace losscalc::evaluation
