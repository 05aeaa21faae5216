#include "generation/random_inputs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "evaluation/arrays/class_layout.h"
#include "generation/class_rows.h"
#include "generation/domains.h"
#include "generation/random.h"

namespace losscalc::generation {
namespace {

using evaluation::in_memory;
using evaluation::Inputs;

/// The parameter that says at which residual the formula changes; other losses of residuals do so
/// at 0, or nowhere, where an equal prediction and target is as good a place as any.
struct Bend {
  std::string_view loss;
  std::string_view parameter;
};
constexpr Bend bends[] = {{"huber", "delta"}, {"smooth-l1", "beta"}};

/// A number among the parameters' values under these arguments; 0 if the loss has no such
/// parameter.
double effective_number(const Loss& loss, const Arguments& arguments, std::string_view name) {
  const Arguments values = loss.effective(arguments);
  const auto found = std::ranges::find(values, name, &Argument::name);
  if (found == values.end()) return 0.0;
  const double* number = std::get_if<double>(&found->value);
  return number == nullptr ? 0.0 : *number;
}

double bend_of(const Loss& loss, const Arguments& arguments) {
  for (const Bend& bend : bends) {
    if (bend.loss == loss.description.name)
      return effective_number(loss, arguments, bend.parameter);
  }
  return 0.0;
}

/// The same of a prediction by itself, whatever the target.
constexpr Bend prediction_bends[] = {
    {"msle", "floor"}, {"kl-divergence", "clip"}, {"hinge-embedding", "margin"}};

std::optional<double> prediction_bend_of(const Loss& loss, const Arguments& arguments) {
  for (const Bend& bend : prediction_bends) {
    if (bend.loss == loss.description.name)
      return effective_number(loss, arguments, bend.parameter);
  }
  return {};
}

struct Arrays {
  explicit Arrays(const Shape& shape)
      : prediction(element_count(shape)), target(element_count(shape)) {}

  Inputs as_inputs(const Shape& prediction_shape, const Shape& target_shape) && {
    Inputs inputs;
    inputs["pred"] = {in_memory(std::move(prediction), prediction_shape, "pred")};
    inputs["target"] = {in_memory(std::move(target), target_shape, "target")};
    return inputs;
  }

  std::vector<double> prediction;
  std::vector<double> target;
};

struct Pair {
  double prediction = 0.0;
  double target = 0.0;
};

Pair at_residual_kink(double bend, double target, Random& random) {
  const double distance = random.kink_distance();
  const double residual = random.sign() * (bend + distance);
  // Half of the time from 0, and always where the sum would miss the kink: what is next to a
  // larger number is rounded away.
  const bool misses = distance == 0.0 && (target + residual) - target != residual;
  if (random.chance(0.5) || misses) target = 0.0;
  return {target + residual, target};
}

bool is_limited(const Interval& interval) { return std::isfinite(interval.low); }

/// A number above the lower end of `interval`, if it has one, at a distance from it; below the
/// upper end too.
double number_within(const Interval& interval, Regime regime, Random& random) {
  const bool extreme = regime == Regime::extreme;
  if (is_limited(interval) && std::isfinite(interval.high)) {
    const double share = extreme ? random.power_of_ten(-4.0, -0.5) : random.uniform();
    return interval.low + share * (interval.high - interval.low);
  }
  if (!is_limited(interval))
    return extreme ? random.signed_power_of_ten(-4.0, 4.0) : random.normal();
  return interval.low + (extreme ? random.power_of_ten(-4.0, 4.0) : std::exp(random.normal()));
}

/// A pair of which at least one number is limited or a logarithm. Zeros, where they are allowed,
/// are among the targets.
Pair limited_pair(const ElementDomain& domain, bool zero_at_target, Regime regime, Random& random) {
  const Interval predictions = domain.log_prediction ? interval::positive : domain.prediction;
  const Interval targets = domain.log_target ? interval::positive : domain.target;
  Pair pair{.prediction = number_within(predictions, regime, random),
            .target = number_within(targets, regime, random)};
  const bool may_be_zero = is_limited(targets) && targets.contains(0.0) && !domain.log_target;
  if (may_be_zero && random.chance(0.125)) pair.target = 0.0;
  if (regime == Regime::kinks && zero_at_target) {
    const double close = pair.target + random.kink_distance();
    if (pair.target > 0.0 && close > 0.0) pair.prediction = close;
  }
  if (domain.log_prediction) pair.prediction = std::log(pair.prediction);
  if (domain.log_target) pair.target = std::log(pair.target);
  return pair;
}

/// Labels of a few classes.
Pair label_pair(Random& random) {
  constexpr std::size_t labels = 3;
  const auto target = static_cast<double>(random.below(labels));
  return {static_cast<double>(random.below(labels)), target};
}

Pair regression_pair(double bend, Regime regime, Random& random) {
  const double target = random.normal();
  if (regime == Regime::kinks) return at_residual_kink(bend, target, random);
  const double residual =
      regime == Regime::extreme ? random.signed_power_of_ten(-8.0, 4.0) : random.normal();
  return {target + residual, target};
}

Pair signed_pair(double margin, Regime regime, Random& random) {
  const double target = random.sign();
  if (regime == Regime::kinks) return {target * (margin + random.kink_distance()), target};
  const double scale = logit_scale(regime, random);
  return {random_logit(scale, random), target};
}

Pair bernoulli_pair(From from, Regime regime, Random& random) {
  Row row(1);
  fill_class_row(from, Link::sigmoid, regime, row, random);
  const bool soft = random.chance(0.25);
  const double target = random.uniform();
  return {row[0], soft ? target : std::round(target)};
}

}  // namespace

Inputs elementwise_inputs(const InputRequest& request, Random& random) {
  const auto& [loss, parameters, conventions, shape, regime] = request;
  const double bend = bend_of(loss, parameters);
  const std::optional<double> prediction_bend = prediction_bend_of(loss, parameters);
  const double margin = effective_number(loss, parameters, "margin");
  const Kernels kernels = loss.kernels(parameters);
  const ElementDomain domain =
      kernels.elementwise ? kernels.elementwise->domain() : ElementDomain{};
  const bool limited = is_limited(domain.prediction) || is_limited(domain.target) ||
                       domain.log_prediction || domain.log_target;
  Arrays arrays(shape);
  for (std::size_t i = 0; i < arrays.target.size(); ++i) {
    Pair pair;
    switch (loss.target_values) {
      case TargetValues::any:
        if (limited) {
          pair = limited_pair(domain, loss.description.properties.zero_at_target, regime, random);
        } else if (!is_differentiable(loss)) {
          pair = label_pair(random);
        } else {
          pair = regression_pair(bend, regime, random);
        }
        break;
      case TargetValues::bits:
      case TargetValues::label_lists:
      case TargetValues::signs:
        pair = signed_pair(margin, regime, random);
        if (limited) pair.prediction = number_within(domain.prediction, regime, random);
        break;
      case TargetValues::unit_interval:
        pair = bernoulli_pair(conventions.from, regime, random);
        break;
    }
    if (regime == Regime::kinks && prediction_bend && random.chance(0.5)) {
      const double close = *prediction_bend + random.kink_distance();
      if (*prediction_bend > domain.prediction.low && domain.prediction.contains(close))
        pair.prediction = close;
    }
    arrays.prediction[i] = pair.prediction;
    arrays.target[i] = pair.target;
  }
  return std::move(arrays).as_inputs(shape, shape);
}

Inputs class_inputs(const InputRequest& request, Random& random) {
  const auto& [loss, parameters, conventions, shape, regime] = request;
  const double margin = effective_number(loss, parameters, "margin");
  const evaluation::ClassLayout layout =
      evaluation::class_layout({.shape = shape}, conventions.class_axis);
  // A single class is a mask where predictions are a class's own probabilities.
  const bool is_mask =
      layout.classes == 1 && (loss.domain == Domain::region || conventions.link == Link::sigmoid);
  Arrays arrays(shape);
  arrays.target.resize(layout.positions());
  Row row(layout.classes);
  for (std::size_t position = 0; position < layout.positions(); ++position) {
    const std::size_t right = random.below(is_mask ? 2 : layout.classes);
    if (loss.from.empty()) {
      fill_logits(row, regime == Regime::kinks ? Regime::ordinary : regime, random);
      if (regime == Regime::kinks) move_scores_to_kink(row, right, margin, random);
    } else {
      fill_class_row(conventions.from, conventions.link, regime, row, random);
    }
    arrays.target[position] = static_cast<double>(right);
    for (std::size_t c = 0; c < row.size(); ++c)
      arrays.prediction[layout.flat(position, c)] = row[c];
  }
  return std::move(arrays).as_inputs(shape, layout.position_shape);
}

/// Labels that fit into the steps, even if each is the same as the one before.
Inputs sequence_inputs(const InputRequest& request, Random& random) {
  const auto& [loss, parameters, conventions, shape, regime] = request;
  const bool steps_first = conventions.time_axis == 0;
  const std::size_t sequences = shape[steps_first ? 1 : 0];
  const std::size_t steps = shape[steps_first ? 0 : 1];
  const std::size_t classes = shape[2];
  const std::size_t blank = loss.kernels(parameters).sequence->blank(classes);
  Arrays arrays(shape);
  Row row(classes);
  for (std::size_t i = 0; i < steps * sequences; ++i) {
    fill_class_row(conventions.from, Link::softmax, regime, row, random);
    std::ranges::copy(row, arrays.prediction.begin() + static_cast<std::ptrdiff_t>(i * classes));
  }
  const Shape labels{sequences, (steps + 1) / 2};
  arrays.target.assign(element_count(labels), -1.0);
  for (std::size_t n = 0; n < sequences; ++n) {
    const std::size_t count = random.below(labels[1] + 1);
    for (std::size_t j = 0; j < count; ++j) {
      const std::size_t label = random.below(classes - 1);
      arrays.target[n * labels[1] + j] = static_cast<double>(label + (label >= blank ? 1 : 0));
    }
  }
  return std::move(arrays).as_inputs(shape, labels);
}

Inputs penalty_inputs(const InputRequest& request, Random& random) {
  const Shape& shape = request.shape;
  std::vector<double> weights(element_count(shape));
  for (double& weight : weights) {
    switch (request.regime) {
      case Regime::ordinary: weight = random.normal(); break;
      case Regime::extreme: weight = random.signed_power_of_ten(-8.0, 4.0); break;
      case Regime::kinks: weight = random.kink_distance(); break;
    }
  }
  Inputs inputs;
  inputs["params"] = {in_memory(std::move(weights), shape, "params")};
  return inputs;
}

const std::vector<text::Named<Regime>>& regimes() {
  static const std::vector<text::Named<Regime>> names{
      {Regime::ordinary, "ordinary"},
      {Regime::extreme, "extreme", "many orders of magnitude"},
      {Regime::kinks, "kinks", "at and near corners"}};
  return names;
}

Inputs random_inputs(const Loss& loss, const Arguments& parameters, const Conventions& conventions,
                     const Shape& shape, Regime regime, std::uint64_t seed) {
  check_shape(loss, conventions, shape);
  Random random(seed);
  return row_of(loss.domain).inputs({loss, parameters, conventions, shape, regime}, random);
}

}  // namespace losscalc::generation
