#include "registry/kernel_units.h"

#include <cmath>

namespace losscalc {

/// The size of the terms that cancel in an elementwise slope such as 1 - t / p.
double cancelled_in(const Loss& loss, const ElementDomain& domain) {
  const bool cancels =
      std::isfinite(domain.prediction.low) && !loss.description.properties.zero_at_target;
  return cancels ? 1.0 : 0.0;
}

Unit elementwise_unit(const ElementwiseKernel* kernel, double prediction, double target) {
  return {.what = "target " + std::to_string(target),
          .at = {prediction},
          .value =
              [=](std::span<const double> x) {
                double loss = 0.0;
                kernel->value(x, {&target, 1}, {&loss, 1});
                return loss;
              },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                Numbers slope(1);
                kernel->gradient(by, x, {&target, 1}, slope);
                return slope;
              }};
}

Unit binary_unit(const BinaryKernel* kernel, const Numbers& log_p_and_q, double target,
                 double positive_weight, std::uint32_t class_index) {
  // What a block points to must outlive it: the lambdas hold it by value.
  const auto block = [](std::span<const double> x, const double* t, const double* weight,
                        const std::uint32_t* c) {
    return BinaryBlock{.log_p = x.first(1),
                       .log_q = x.last(1),
                       .target = {t, 1},
                       .positive_weight = {weight, 1},
                       .classes = {c, 1}};
  };
  return {.what = "target " + std::to_string(target) + " weight " + std::to_string(positive_weight),
          .at = log_p_and_q,
          .value =
              [=](std::span<const double> x) {
                double loss = 0.0;
                kernel->value(block(x, &target, &positive_weight, &class_index), {&loss, 1});
                return loss;
              },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                Numbers slope(2);
                kernel->gradient(by, block(x, &target, &positive_weight, &class_index),
                                 std::span(slope).first(1), std::span(slope).last(1));
                return slope;
              }};
}

Unit class_term_unit(const ClassTermKernel* kernel, double log_p, std::uint32_t class_index) {
  return {.what = "class " + std::to_string(class_index),
          .at = {log_p},
          .value =
              [=](std::span<const double> x) {
                double loss = 0.0;
                kernel->value(x, {&class_index, 1}, {&loss, 1});
                return loss;
              },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                Numbers slope(1);
                kernel->gradient(by, x, {&class_index, 1}, slope);
                return slope;
              }};
}

Unit score_unit(const ScoreKernel* kernel, const Numbers& scores, std::size_t target) {
  return {.what = "class " + std::to_string(target),
          .at = scores,
          .value = [=](std::span<const double> x) { return kernel->value(x, target); },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                Numbers slope(x.size(), 99.0);  // what was there before must not matter
                kernel->gradient(by, x, target, slope);
                return slope;
              }};
}

Unit overlap_unit(const OverlapKernel* kernel, const Numbers& sums) {
  const auto overlap = [](std::span<const double> x) { return Overlap<double>{x[0], x[1], x[2]}; };
  const auto numbers = [](const Overlap<double>& o) {
    return Numbers{o.intersection, o.prediction, o.target};
  };
  return {.what = "sums",
          .at = sums,
          .value = [=](std::span<const double> x) { return kernel->value(overlap(x)); },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                return numbers(kernel->gradient(by, overlap(x)));
              }};
}

Unit box_unit(const BoxKernel* kernel, const Numbers& prediction, const Numbers& target) {
  const auto box = [](std::span<const double> x) { return Box<double>{x[0], x[1], x[2], x[3]}; };
  const auto numbers = [](const Box<double>& b) { return Numbers{b.x1, b.y1, b.x2, b.y2}; };
  const Box<double> t = box(target);
  std::string what = "target";
  for (const double corner : target) what += " " + std::to_string(corner);
  return {.what = what,
          .at = prediction,
          .value = [=](std::span<const double> x) { return kernel->value(box(x), t); },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                return numbers(kernel->gradient(by, box(x), t));
              }};
}

Unit tuple_unit(const TupleKernel* kernel, const TupleForm& form, const Numbers& vectors,
                double label) {
  return {.what = "label " + std::to_string(label),
          .at = vectors,
          .value = [=](std::span<const double> x) { return kernel->value(form.parts(x), label); },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                Numbers slope(x.size(), 99.0);
                kernel->gradient(by, form.parts(x), label, form.parts(std::span(slope)));
                return slope;
              }};
}

Unit batch_unit(const BatchKernel* kernel, const Numbers& similarities) {
  Numbers labels;
  for (std::size_t i = 0; i < similarities.size(); ++i)
    labels.push_back(static_cast<double>(i / 2));
  constexpr std::size_t sample = 2;
  return {.what = "sample 2",
          .at = similarities,
          .value = [=](std::span<const double> x) { return kernel->value(x, labels, sample); },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                Numbers slope(x.size(), 99.0);
                kernel->gradient(by, x, labels, sample, slope);
                return slope;
              }};
}

Unit sequence_unit(const SequenceKernel* kernel, const Numbers& log_p,
                   const std::vector<std::uint32_t>& labels) {
  std::string what = "labels";
  for (const std::uint32_t label : labels) what += " " + std::to_string(label);
  return {
      .what = what,
      .at = log_p,
      .value = [=](std::span<const double> x) { return kernel->value(x, test_classes, labels); },
      .gradient =
          [=](DerivativeBy by, std::span<const double> x) {
            Numbers slope(x.size(), 99.0);
            kernel->gradient(by, x, test_classes, labels, slope);
            return slope;
          }};
}

Unit parameter_unit(const ParameterKernel* kernel, double weight) {
  return {.what = "weight",
          .at = {weight},
          .value =
              [=](std::span<const double> x) {
                double penalty = 0.0;
                kernel->value(x, {&penalty, 1});
                return penalty;
              },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                Numbers slope(1);
                kernel->gradient(by, x, slope);
                return slope;
              }};
}

Unit owning(Unit unit, const std::shared_ptr<const Kernels>& kernels) {
  const auto hold = [&](auto& function) {
    function = [kernels, inner = function](auto... arguments) { return inner(arguments...); };
  };
  hold(unit.value);
  hold(unit.gradient);
  return unit;
}

}  // namespace losscalc
