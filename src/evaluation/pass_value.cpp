#include "evaluation/pass_value.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "diagnostics/error.h"
#include "evaluation/inputs/messages.h"
#include "formula/dual.h"
#include "formula/functions.h"
#include "numeric/limits.h"

namespace losscalc::evaluation {
namespace {

Place place_of_predictions(const Pass& pass) {
  const auto found = pass.term->inputs.find("pred");
  const bool is_given = found != pass.term->inputs.end() && !found->second.empty();
  return is_given ? found->second.front().whole : Place{};
}

[[noreturn]] void throw_empty_mean(const Pass& pass) {
  const UnitSums& sums = pass.totals.total;
  const std::string loss(pass.term->loss->description.name);
  std::string message = loss + ": the mean is undefined: ";
  if (sums.units > 0) {
    message += "all weights are 0";
  } else if (sums.ignored > 0) {
    message += counted(sums.ignored, "unit is", "units are") + " ignored, none is left";
  } else {
    message += "there are no samples";
  }
  const bool has_samples = sums.units > 0 || sums.ignored > 0;
  throw Error(ErrorCode::empty_mean, message, place_of_predictions(pass),
              std::string("add --empty zero or --empty nan for the result of other libraries") +
                  (has_samples ? ", or --reduction sum" : ""));
}

/// A sum over no samples is 0, and hardly what was asked for.
void require_samples(const Pass& pass) {
  const bool has_samples = pass.term->loss->domain == Domain::parameters || pass.samples > 0;
  if (has_samples || pass.term->conventions.empty != WhenEmpty::error) return;
  throw Error(ErrorCode::no_data,
              std::string(pass.term->loss->description.name) + ": there are no samples",
              place_of_predictions(pass), "add --empty zero for 0");
}

double of_nothing(const Pass& pass) {
  switch (pass.term->conventions.empty) {
    case WhenEmpty::error: throw_empty_mean(pass);
    case WhenEmpty::nan: return quiet_nan;
    case WhenEmpty::zero: break;
  }
  return 0.0;
}

/// A unit that a median is made of, and how much of it.
struct Middle {
  std::size_t unit = 0;
  double factor = 0.0;
};

/// The order of units by their losses, the first of equal ones first.
auto by_loss(const Pass& pass) {
  return [&losses = pass.losses](std::size_t one, std::size_t other) {
    return losses[one] < losses[other] || (losses[one] == losses[other] && one < other);
  };
}

/// The unit in the middle, or the two.
std::vector<Middle> plain_middle(const Pass& pass, std::vector<std::size_t> units) {
  const auto upper = units.begin() + static_cast<std::ptrdiff_t>(units.size() / 2);
  std::ranges::nth_element(units, upper, by_loss(pass));
  if (units.size() % 2 == 1) return {{*upper, 1.0}};
  const auto lower = std::ranges::max_element(units.begin(), upper, by_loss(pass));
  return {{*lower, 0.5}, {*upper, 0.5}};
}

/// The first unit up to which half of the weight lies.
std::vector<Middle> weighted_middle(const Pass& pass, std::vector<std::size_t> units) {
  std::ranges::sort(units, by_loss(pass));
  double total = 0.0;
  for (const std::size_t unit : units) total += pass.weights[unit];
  if (total == 0.0) return {};
  double sum = 0.0;
  for (const std::size_t unit : units) {
    sum += pass.weights[unit];
    if (sum >= 0.5 * total) return {{unit, 1.0}};
  }
  return {{units.back(), 1.0}};
}

/// The units whose mean an output's median is; none if there is nothing to take it of. NaN is the
/// median of units of which one is NaN.
std::vector<Middle> median_of(const Pass& pass, std::size_t output) {
  std::vector<std::size_t> units;
  const std::size_t stride = pass.outputs.count();
  units.reserve(pass.losses.size() / stride);
  for (std::size_t unit = output; unit < pass.losses.size(); unit += stride) {
    if (std::isnan(pass.losses[unit])) return {{unit, 1.0}};
    units.push_back(unit);
  }
  if (units.empty()) return {};
  const bool weighted = optional_input(*pass.term, "sample_weight") != nullptr ||
                        optional_input(*pass.term, "element_weight") != nullptr;
  return weighted ? weighted_middle(pass, std::move(units)) : plain_middle(pass, std::move(units));
}

/// Without samples there are no sums of outputs.
const UnitSums& sums_of(const Pass& pass, std::size_t output) {
  if (!pass.outputs.per_output() || pass.totals.by_output.empty()) return pass.totals.total;
  return pass.totals.by_output[output];
}

/// The reduced losses of an output; nothing if there is nothing to reduce.
std::optional<double> reduced_output(const Pass& pass, std::size_t output) {
  if (pass.outputs.keeps_losses()) {
    const std::vector<Middle> middle = median_of(pass, output);
    if (middle.empty()) return std::nullopt;
    double value = 0.0;
    for (const Middle& one : middle) value += one.factor * pass.losses[one.unit];
    return value;
  }
  const Reduction reduction = pass.term->conventions.reduction;
  if (divisor(sums_of(pass, output), reduction, pass.samples) == 0.0) return std::nullopt;
  return reduced(sums_of(pass, output), reduction, pass.samples);
}

/// The derivative of the square root.
double root_slope(double x, DerivativeBy by) {
  if (x == 0.0) return 0.0;
  if (by == DerivativeBy::analytic) return 0.5 / std::sqrt(x);
  return formula::derivative_of(formula::sqrt(formula::Dual(x, 1.0)));
}

/// The derivative of the term's value by an output's reduced losses.
double output_slope(const Pass& pass, std::size_t output, DerivativeBy by) {
  const std::optional<double> value = reduced_output(pass, output);
  if (!value) return 0.0;
  const double slope = pass.term->conventions.root ? root_slope(*value, by) : 1.0;
  return pass.outputs.share(output) * slope;
}

}  // namespace

Reduction reduction_of(const Term& term) {
  const bool never_averaged = term.loss->domain == Domain::parameters;
  return never_averaged && term.conventions.reduction != Reduction::none
             ? Reduction::sum
             : term.conventions.reduction;
}

Reduction row_reduction(const Term& term) {
  return term.conventions.reduction == Reduction::none ? Reduction::mean
                                                       : term.conventions.reduction;
}

/// Rows are summed up after their units: units are elements.
AxisReduction rows_of(const Pass& pass) {
  return {pass.term->conventions, pass.driver->unit_shape()};
}

double value_factor(const Pass& pass, Reduction reduction) {
  const Conventions& conventions = pass.term->conventions;
  const AxisReduction rows = rows_of(pass);
  const auto length = static_cast<double>(rows.length());
  if (!rows.applies() || length == 0.0) return conventions.scale;
  const bool over_units = reduction == Reduction::mean || reduction == Reduction::count_mean;
  if (conventions.rows == AxisReduce::mean)
    return over_units ? conventions.scale : conventions.scale / length;
  return over_units ? conventions.scale * length : conventions.scale;
}

Shape losses_shape(const Pass& pass) { return rows_of(pass).shape(); }

std::vector<double> unit_losses(const Pass& pass) {
  const AxisReduction rows = rows_of(pass);
  std::vector<double> losses(element_count(rows.shape()), 0.0);
  for (std::size_t unit = 0; unit < pass.losses.size(); ++unit)
    losses[rows.row_of(unit)] += pass.losses[unit];
  const double factor = value_factor(pass, Reduction::none);
  for (double& loss : losses) loss *= factor;
  return losses;
}

double value_of(const Pass& pass) {
  if (pass.outputs.applies()) {
    const std::vector<double> values = values_of_outputs(pass);
    double value = 0.0;
    for (std::size_t k = 0; k < values.size(); ++k) value += pass.outputs.share(k) * values[k];
    return value;
  }
  const Reduction reduction = reduction_of(*pass.term);
  if (divisor(pass.totals.total, reduction, pass.samples) == 0.0) return of_nothing(pass);
  require_samples(pass);
  return value_factor(pass, reduction) * reduced(pass.totals.total, reduction, pass.samples);
}

std::vector<double> values_of_outputs(const Pass& pass) {
  std::vector<double> values;
  for (std::size_t output = 0; output < pass.outputs.count(); ++output) {
    const std::optional<double> value = reduced_output(pass, output);
    values.push_back(value ? pass.term->conventions.scale * pass.outputs.rooted(*value)
                           : of_nothing(pass));
  }
  return values;
}

std::function<double(std::size_t)> unit_factors(const Pass& pass, DerivativeBy by) {
  if (pass.outputs.keeps_losses()) {
    std::map<std::size_t, double> factors;
    for (std::size_t output = 0; output < pass.outputs.count(); ++output) {
      const double slope = output_slope(pass, output, by);
      for (const Middle& one : median_of(pass, output))
        factors[one.unit] = slope * one.factor / pass.weights[one.unit];
    }
    return [factors = std::move(factors)](std::size_t unit) {
      const auto found = factors.find(unit);
      return found == factors.end() ? 0.0 : found->second;
    };
  }
  std::vector<double> factors;
  for (std::size_t output = 0; output < pass.outputs.count(); ++output) {
    const double count =
        divisor(sums_of(pass, output), pass.term->conventions.reduction, pass.samples);
    factors.push_back(count == 0.0 ? 0.0 : output_slope(pass, output, by) / count);
  }
  return
      [factors = std::move(factors)](std::size_t unit) { return factors[unit % factors.size()]; };
}

}  // namespace losscalc::evaluation
