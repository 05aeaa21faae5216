/// The core of Dice, Jaccard and Tversky: one minus a ratio of sums over a map.
#pragma once

#include "definition/kernel.h"
#include "formula/functions.h"

namespace losscalc {

/// loss = 1 - (scale I + nr) / (i I + p P + t T + dr), with I, P, T the sums of an Overlap.
struct OverlapRatio {
  double numerator_scale = 1.0;
  double intersection = 0.0;
  double prediction = 1.0;
  double target = 1.0;
  double smooth_numerator = 0.0;
  double smooth_denominator = 0.0;

  /// Where the denominator is 0 (empty maps without smoothing, 0/0) the loss is 0.
  template <class Scalar>
  Scalar value(const Overlap<Scalar>& sums) const {
    const Scalar numerator = numerator_scale * sums.intersection + smooth_numerator;
    const Scalar denominator = denominator_of(sums);
    if (formula::value_of(denominator) == 0.0) return 0.0;
    return Scalar(denominator - numerator) / denominator;
  }

  Overlap<double> gradient(const Overlap<double>& sums) const {
    const double numerator = numerator_scale * sums.intersection + smooth_numerator;
    const double denominator = denominator_of(sums);
    if (denominator == 0.0) return {};
    const double ratio = numerator / denominator;
    return {(ratio * intersection - numerator_scale) / denominator,
            ratio * prediction / denominator, ratio * target / denominator};
  }

 private:
  template <class Scalar>
  Scalar denominator_of(const Overlap<Scalar>& sums) const {
    return intersection * sums.intersection + prediction * sums.prediction + target * sums.target +
           smooth_denominator;
  }
};

}  // namespace losscalc
