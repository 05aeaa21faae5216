#include "evaluation/outputs.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>

#include "diagnostics/error.h"
#include "evaluation/inputs/weights.h"
#include "evaluation/pass.h"
#include "formula/dual.h"
#include "formula/functions.h"
#include "numeric/limits.h"
#include "text/number.h"

namespace losscalc::evaluation {
namespace {

/// The weights of the outputs, made to sum to 1; equal ones if the term has none.
std::vector<double> shares_of(const Term& term, std::size_t outputs) {
  const Data* data = optional_input(term, "output_weight");
  if (data == nullptr)
    return std::vector<double>(outputs,
                               1.0 / static_cast<double>(std::max<std::size_t>(outputs, 1)));
  if (element_count(data->shape) != outputs) {
    throw Error(ErrorCode::shape_mismatch,
                "output_weight has shape " + to_string(data->shape) + ", expected " +
                    std::to_string(outputs) + ": one weight for each output",
                data->whole);
  }
  std::vector<double> weights = read_all(*data);
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (!std::isfinite(sum) || sum == 0.0) {
    throw Error(
        ErrorCode::out_of_range,
        "the weights of the outputs should have a sum other than 0, found " + text::shortest(sum),
        data->whole);
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

/// A unit that a median is made of, and how much of it.
struct Middle {
  std::size_t unit = 0;
  double factor = 0.0;
};

/// Of these units, given in the order of their losses: without weights the one in the middle, or
/// the two; with weights the first up to which half of the weight lies.
std::vector<Middle> middle_of(const Pass& pass, const std::vector<std::size_t>& units) {
  const bool weighted = optional_input(*pass.term, "sample_weight") != nullptr ||
                        optional_input(*pass.term, "element_weight") != nullptr;
  if (!weighted) {
    const std::size_t upper = units.size() / 2;
    if (units.size() % 2 == 1) return {{units[upper], 1.0}};
    return {{units[upper - 1], 0.5}, {units[upper], 0.5}};
  }
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
  std::ranges::stable_sort(units, {}, [&pass](std::size_t unit) { return pass.losses[unit]; });
  return middle_of(pass, units);
}

/// Without samples there are no sums of outputs.
const UnitSums& sums_of(const Pass& pass, std::size_t output) {
  if (!pass.outputs.apart() || pass.totals.by_output.empty()) return pass.totals.total;
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

OutputRule::OutputRule(const Term& term)
    : term_(&term),
      root_(term.conventions.root),
      apart_(term.conventions.outputs != Outputs::together),
      each_(term.conventions.outputs == Outputs::each),
      median_(term.conventions.reduction == Reduction::median) {
  if (term.loss->domain != Domain::elementwise) {
    root_ = apart_ = each_ = median_ = false;
    return;
  }
  check_choices();
  const Shape& shape = required_input(term, "pred").shape;
  axes_ = shape.size();
  if (!shape.empty()) outputs_ = element_count({shape.begin() + 1, shape.end()});
  shares_ = shares_of(term, apart_ ? outputs_ : 1);
}

void OutputRule::check_choices() const {
  const std::string loss(term_->loss->description.name);
  if (optional_input(*term_, "output_weight") != nullptr &&
      term_->conventions.outputs != Outputs::average) {
    throw Error(ErrorCode::conflicting_arguments,
                loss + ": output_weight weighs the outputs of outputs=average only");
  }
  if (!applies()) return;
  if (term_->conventions.reduction == Reduction::none) {
    throw Error(ErrorCode::conflicting_arguments,
                loss + ": reduction none leaves nothing for root and outputs", {},
                "take --reduction mean or sum");
  }
  if (term_->conventions.rows != AxisReduce::each) {
    throw Error(
        ErrorCode::conflicting_arguments,
        loss + ": rows makes one unit of what root, outputs and reduction median take apart");
  }
}

double OutputRule::rooted(double reduced) const {
  if (!root_) return reduced;
  if (reduced < 0.0) {
    throw Error(ErrorCode::not_supported,
                std::string(term_->loss->description.name) + ": the square root of " +
                    text::shortest(reduced) + " is no real number",
                {}, "root=true is for losses that are never negative");
  }
  return std::sqrt(reduced);
}

double OutputRule::row_loss(std::size_t unit, double loss, double weight) const {
  const Reduction reduction = term_->conventions.reduction;
  const bool divided = reduction == Reduction::mean || reduction == Reduction::median;
  const double value = rooted(divided ? loss : weight * loss);
  return (apart_ ? shares_[unit % outputs_] : 1.0) * value;
}

void OutputRule::check_tables(bool by_sample, bool by_class) const {
  if (!applies()) return;
  const std::string loss(term_->loss->description.name);
  if (by_sample && median_ && !has_unit_rows()) {
    throw Error(ErrorCode::not_supported,
                loss + ": a sample of several units has no part in the median of all units", {},
                "take outputs=average, or leave --per-sample out");
  }
  if (by_class && (median_ || (apart_ && axes_ != 2))) {
    throw Error(ErrorCode::not_supported, loss + ": --per-class needs sums over classes, which " +
                                              (median_ ? "reduction median" : "outputs") +
                                              " has not");
  }
}

Tables OutputRule::rest_of(Tables tables) const {
  if (has_unit_rows()) tables.by_sample = false;
  if (keeps_losses()) tables.losses = tables.weights = {};
  return tables;
}

void record_outputs(const OutputRule& rule, const UnitBlock& block, const Tables& tables,
                    std::size_t units_per_sample, Partial& partial) {
  const auto weight = [&block](std::size_t i) {
    return block.weights.empty() ? 1.0 : block.weights[i];
  };
  std::vector<double> rows(rule.has_unit_rows() && tables.by_sample ? block.losses.size() : 0);
  for (std::size_t i = 0; i < block.losses.size(); ++i) {
    const std::size_t unit = block.first_position + i;
    if (rule.apart()) {
      UnitSums& sums = partial.by_output[unit % rule.count()];
      sums.loss.add(weight(i) * block.losses[i]);
      sums.weight.add(weight(i));
      ++sums.units;
    }
    if (!rows.empty()) rows[i] = rule.row_loss(unit, block.losses[i], weight(i));
    if (tables.weights.empty()) continue;
    tables.losses[unit] = block.losses[i];
    tables.weights[unit] = weight(i);
  }
  if (rows.empty()) return;
  UnitBlock of_rows = block;
  of_rows.losses = rows;
  record_samples(of_rows, units_per_sample, partial);
}

std::vector<double> output_values(const Pass& pass, const std::function<double()>& of_nothing) {
  std::vector<double> values;
  for (std::size_t output = 0; output < pass.outputs.count(); ++output) {
    const std::optional<double> value = reduced_output(pass, output);
    values.push_back(value ? pass.term->conventions.scale * pass.outputs.rooted(*value)
                           : of_nothing());
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
