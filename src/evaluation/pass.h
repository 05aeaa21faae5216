/// One run over the data of a term: what values, tables and derivatives are made from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "evaluation/driver.h"
#include "evaluation/evaluate.h"
#include "evaluation/outputs.h"

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
  std::vector<Row> rows = {};        ///< of the samples that are finish
};

/// The reduction of a term's value: a penalty is never averaged.
Reduction reduction_of(const Term& term);

/// The reduction of a table's row. An array of unit losses has no value to give a row; its mean is
/// shown.
Reduction row_reduction(const Term& term);

/// The passes over these terms, with nothing run yet. Throws as make_driver().
std::vector<Pass> make_passes(const std::vector<Term>& terms);

/// Shows the share of all terms' items that is done.
class Progress {
 public:
  Progress(const Request& request, const std::vector<Pass>& passes);
  void advance(std::size_t items);

 private:
  const std::function<void(double)>& show_;
  std::size_t total_ = 0;
  std::size_t done_ = 0;
};

/// What is kept of a pass.
enum class Keep : std::uint8_t {
  all,   ///< for derivatives, which need the sums of every map
  sums,  ///< for a partial: no maps but those that span samples
  rows,  ///< for a report: of samples, their rows alone
};

/// Sums up the shard's items. Throws Error for what is wrong with the data.
void run(Pass& pass, const Tables& tables, const Request& request, Keep keep, Progress& progress);

/// Room for what a pass of these tables keeps of single units.
Tables with_room(Pass& pass, Tables tables);

/// Rows of the table by sample for the samples before the last `open` ones, whose sums are dropped.
void emit_sample_rows(Pass& pass, std::size_t open);

/// What multiplies a reduced value: the term's scale, and what makes units of rows of those of
/// elements.
double value_factor(const Pass& pass, Reduction reduction);

/// The shape of the array of unit losses under reduction none, and these losses.
Shape losses_shape(const Pass& pass);
std::vector<double> unit_losses(const Pass& pass);

/// The value of one term, with what `empty` says where there is nothing to average; of outputs that
/// are shown one by one, the sum.
double value_of(const Pass& pass);

/// The values of outputs that are shown one by one, without the coefficient.
std::vector<double> values_of_outputs(const Pass& pass);

/// Throws Error(conflicting_arguments) where reduction none stands beside others.
void require_one_reduction(const std::vector<Term>& terms);

}  // namespace losscalc::evaluation
