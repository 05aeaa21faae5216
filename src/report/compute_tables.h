/// What the text, JSON and CSV of a computation have in common: which rows are shown, how classes
/// are named, and the tables.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/compute.h"
#include "report/table.h"

namespace losscalc::report {

/// Numbers with the digits that were asked for.
class Numbers {
 public:
  explicit Numbers(std::optional<int> digits) : digits_(digits) {}
  std::string operator()(double value) const;

 private:
  std::optional<int> digits_;
};

/// Which rows of the table by sample are shown, by their positions in it: all in order, or the
/// largest losses first (NaN before all).
std::vector<std::size_t> shown_samples(const Computation& computation, const ComputeFormat& format);

/// Whether targets and predictions of samples are classes.
bool shows_classes(const Computation& computation);

/// The reduction that all terms have, if there is one.
std::optional<Reduction> common_reduction(const Computation& computation);
/// Its name, or `mixed`.
std::string reduction_name(const Computation& computation);

/// The tables refer to the computation, which must outlive them.
Table sample_table(const Computation& computation, const ComputeFormat& format);
Table class_table(const Computation& computation, const ComputeFormat& format);
/// Whether the result is an array: of the losses of units, or the values of outputs.
bool shows_array(const Computation& computation);
/// The entries of that array, with their indices along each axis.
Table unit_table(const Computation& computation, const ComputeFormat& format);
Table term_table(const Computation& computation, const ComputeFormat& format);

}  // namespace losscalc::report
