/// Which loss, conventions and parameters give a number: a search around what was asked, and over
/// all that libraries print.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "matching/preprocessing.h"
#include "spec/specification.h"

namespace losscalc::matching {

/// A way to say a loss on the data, and to treat these.
struct Candidate {
  spec::Term term;
  Preprocessing preprocessing = {};
  /// In words, how it differs from what was asked; from a loss's defaults where nothing was.
  std::vector<std::string> differences = {};
  /// How many changes lead to it; those of other losses come after all of the loss asked for.
  std::size_t distance = 0;
  /// The library's name as which it is known, if it was found as one.
  std::string dialect = {};
};

/// What the search goes around: nothing, or one loss as it was asked for.
struct Question {
  std::optional<spec::Term> asked = {};
  std::size_t depth = 2;  ///< of changes at a time
};

/// All candidates, the nearest first; two of one canonical text are both there.
std::vector<Candidate> candidates(const Question& question);

struct Match {
  std::string specification;  ///< canonical
  double value = 0.0;
  std::vector<std::string> differences = {};
  std::vector<std::string> dialects = {};  ///< libraries' losses that give the same on the data
  std::size_t distance = 0;
};

struct Result {
  std::vector<Match> matches = {};  ///< best first
  std::vector<Match> nearest = {};  ///< where nothing matches: those with the nearest values
  std::size_t tried = 0;            ///< different computations that fit the data
};

/// The values of candidates on the data, in their order; nothing for one that the data don't fit.
using Valuation =
    std::function<std::vector<std::optional<double>>(const std::vector<const Candidate*>&)>;

/// Those of the candidates whose value is within `tolerance` of `value`; NaN matches NaN, and
/// infinity infinity. `valuation` is called once, with the first of those that say the same.
Result search(const std::vector<Candidate>& candidates, double value, double tolerance,
              const Valuation& valuation);

}  // namespace losscalc::matching
