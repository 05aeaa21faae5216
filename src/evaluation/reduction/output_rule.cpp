#include "evaluation/reduction/output_rule.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "diagnostics/error.h"
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
    throw Error(ErrorCode::out_of_range,
                "the sum of output_weight must not be 0, found " + text::shortest(sum),
                data->whole);
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

}  // namespace

OutputRule::OutputRule(const Term& term)
    : term_(&term),
      root_(term.conventions.root),
      per_output_(term.conventions.outputs != Outputs::together),
      each_(term.conventions.outputs == Outputs::each),
      median_(term.conventions.reduction == Reduction::median) {
  if (term.loss->domain != Domain::elementwise) {
    root_ = per_output_ = each_ = median_ = false;
    return;
  }
  check_conventions();
  const Shape& shape = required_input(term, "pred").shape;
  axes_ = shape.size();
  if (!shape.empty()) outputs_ = element_count({shape.begin() + 1, shape.end()});
  shares_ = shares_of(term, per_output_ ? outputs_ : 1);
}

void OutputRule::check_conventions() const {
  const std::string loss(term_->loss->description.name);
  if (optional_input(*term_, "output_weight") != nullptr &&
      term_->conventions.outputs != Outputs::average) {
    throw Error(ErrorCode::conflicting_arguments, loss + ": output_weight needs outputs=average");
  }
  if (!applies()) return;
  if (term_->conventions.reduction == Reduction::none) {
    throw Error(ErrorCode::conflicting_arguments,
                loss + ": root and outputs need a reduction, found reduction none", {},
                "use --reduction mean or sum");
  }
  if (term_->conventions.rows != AxisReduce::each) {
    throw Error(ErrorCode::conflicting_arguments,
                loss + ": rows can't be combined with root, outputs or reduction median");
  }
}

double OutputRule::rooted(double reduced) const {
  if (!root_) return reduced;
  if (reduced < 0.0) {
    throw Error(ErrorCode::not_supported,
                std::string(term_->loss->description.name) + ": the square root of " +
                    text::shortest(reduced) + " is not a real number",
                {}, "root=true needs a loss that is never negative");
  }
  return std::sqrt(reduced);
}

double OutputRule::row_loss(std::size_t unit, double loss, double weight) const {
  const Reduction reduction = term_->conventions.reduction;
  const bool divided = reduction == Reduction::mean || reduction == Reduction::median;
  const double value = rooted(divided ? loss : weight * loss);
  return (per_output_ ? shares_[unit % outputs_] : 1.0) * value;
}

void OutputRule::check_tables(bool by_sample, bool by_class) const {
  if (!applies()) return;
  const std::string loss(term_->loss->description.name);
  if (by_sample && median_ && !has_unit_rows()) {
    throw Error(
        ErrorCode::not_supported,
        loss + ": --per-sample: a sample of several units has no share in the median of all units",
        {}, "use outputs=average, or omit --per-sample");
  }
  if (by_class && (median_ || (per_output_ && axes_ != 2))) {
    throw Error(ErrorCode::not_supported, loss + ": --per-class needs sums over classes, which " +
                                              (median_ ? "reduction median" : "outputs") +
                                              " does not have");
  }
}

PassOutputs OutputRule::rest_of(PassOutputs tables) const {
  if (has_unit_rows()) tables.by_sample = false;
  if (keeps_losses()) tables.losses = tables.weights = {};
  return tables;
}

namespace {

/// Adds the units of each output to its sums.
void add_to_outputs(const OutputRule& rule, const UnitBlock& block, Partial& partial) {
  std::vector<double> losses;
  std::vector<double> weights;
  const std::size_t stride = rule.count();
  for (std::size_t start = 0; start < std::min(stride, block.losses.size()); ++start) {
    losses.clear();
    weights.clear();
    for (std::size_t i = start; i < block.losses.size(); i += stride) {
      const double weight = block.weights.empty() ? 1.0 : block.weights[i];
      losses.push_back(weight * block.losses[i]);
      weights.push_back(weight);
    }
    UnitSums& sums = partial.by_output[(block.first_position + start) % stride];
    sums.loss.add(losses);
    sums.weight.add(weights);
    sums.units += losses.size();
  }
}

}  // namespace

void record_outputs(const OutputRule& rule, const UnitBlock& block, const PassOutputs& tables,
                    std::size_t units_per_sample, Partial& partial) {
  if (rule.per_output()) add_to_outputs(rule, block, partial);
  const auto weight = [&block](std::size_t i) {
    return block.weights.empty() ? 1.0 : block.weights[i];
  };
  std::vector<double> rows(rule.has_unit_rows() && tables.by_sample ? block.losses.size() : 0);
  for (std::size_t i = 0; i < block.losses.size(); ++i) {
    const std::size_t unit = block.first_position + i;
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

}  // namespace losscalc::evaluation
