/// One pass over the data of a term for all that can be made of its sums.
#pragma once

#include <vector>

#include "evaluation/pass.h"
#include "evaluation/request.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {

/// The conventions without what is done with finished sums: of terms that have the same of these,
/// the same loss and the same arrays, one SummedTerm gives all values.
Conventions before_reduction(Conventions conventions);

class SummedTerm {
 public:
  /// Passes over the request's shard of the samples, if the first block shows nothing that is an
  /// error. Throws as evaluate(), but for what only value() can find; the errors do not count what
  /// else is wrong.
  SummedTerm(Term term, const Request& request);

  /// Bit for bit evaluate()'s value of the term under `conventions`, which are the same as its own
  /// before_reduction(). Throws Error: empty_mean, not_supported for the root of a negative number.
  double value(const Conventions& conventions);

 private:
  std::vector<Term> terms_;  ///< the one, where its pass finds it
  std::vector<Pass> passes_;
};

}  // namespace losscalc::evaluation
