/// Predictions of classes: single logits, and rows of logits, probabilities or scores.
#pragma once

#include <cstddef>
#include <vector>

#include "definition/loss.h"
#include "generation/random.h"
#include "generation/random_inputs.h"

namespace losscalc::generation {

/// One row of class predictions.
using Row = std::vector<double>;

/// The standard deviation of logits, which are far from 0 now and then in the extreme regime.
double logit_scale(Regime regime, Random& random);

/// A normal number times `scale`, between -100 and 100.
double random_logit(double scale, Random& random);

/// In the regime of kinks, two of the logits (nearly) tie.
void fill_logits(Row& row, Regime regime, Random& random);

/// What a loss takes as `from`: with softmax, a distribution over the classes; with sigmoid, a
/// probability of each class by itself.
void fill_class_row(From from, Link link, Regime regime, Row& row, Random& random);

/// Puts rivals of class `right` where they just meet the margin, or where the two worst of them are
/// equal.
void move_scores_to_kink(Row& scores, std::size_t right, double margin, Random& random);

}  // namespace losscalc::generation
