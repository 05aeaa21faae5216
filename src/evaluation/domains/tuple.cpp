/// The driver of tuple losses: named arrays of one shape, a unit for each vector along an axis or
/// for each element.

#include <algorithm>
#include <cmath>
#include <string>

#include "diagnostics/error.h"
#include "evaluation/arrays/class_layout.h"
#include "evaluation/domains/make_driver.h"
#include "evaluation/domains/tuple_inputs.h"
#include "evaluation/driver.h"
#include "evaluation/inputs/messages.h"
#include "evaluation/inputs/weights.h"
#include "evaluation/term.h"
#include "text/number.h"

namespace losscalc::evaluation {
namespace {

class TupleDriver final : public Driver {
 public:
  explicit TupleDriver(const Term& term)
      : loss_(*term.loss),
        kernels_(term.loss->kernels(term.parameters)),
        strict_signs_(term.conventions.target_kind == TargetKind::signs),
        take_numbers_(term.conventions.target_kind == TargetKind::numbers),
        inputs_(term),
        sample_weights_(term, inputs_.unit_shape()) {
    const TargetKind kind = term.conventions.target_kind;
    if (kind == TargetKind::automatic || kind == TargetKind::signs || kind == TargetKind::numbers)
      return;
    throw Error(ErrorCode::not_supported, std::string(loss_.description.name) +
                                              ": target_kind may be auto or signs, for labels of "
                                              "-1 and 1, or numbers");
  }

  std::size_t samples() const override {
    return inputs_.unit_shape().empty() ? 1 : inputs_.unit_shape()[0];
  }
  std::size_t items() const override { return inputs_.units() / inputs_.units_per_item(); }
  std::size_t items_per_chunk() const override {
    constexpr std::size_t values_per_chunk = std::size_t{1} << 16U;
    const std::size_t per_item = inputs_.units_per_item() * inputs_.dimensions();
    return std::max(values_per_chunk / std::max(per_item, std::size_t{1}), std::size_t{1});
  }
  /// Where one number stands for a whole axis of samples.
  bool is_decomposable() const override { return inputs_.units_per_item() <= units_per_sample(); }
  Shape unit_shape() const override { return inputs_.unit_shape(); }

  void accumulate(std::size_t first, std::size_t last, const PassOutputs& tables,
                  Partial& partial) const override {
    if (tables.by_class)
      throw Error(ErrorCode::not_supported, "--per-class: tuples of vectors have no classes");
    const std::size_t begin = first * inputs_.units_per_item();
    TupleBlock block = read(first, last, partial.issues);
    std::vector<double> losses(block.count);
    std::vector<double> weights(block.count, 1.0);
    std::vector<std::uint8_t> ignored(block.count, 0);
    sample_weights_.multiply(begin, units_per_sample(), weights);
    for (std::size_t i = 0; i < block.count; ++i) {
      const Tuple vectors = inputs_.tuple(block, i);
      if (kernels_.tuple->counts(vectors)) {
        losses[i] = weights[i] * kernels_.tuple->value(vectors, block.label[i]);
      } else {
        ignored[i] = 1;
        weights[i] = 0.0;
      }
    }
    if (!tables.losses.empty())
      std::ranges::copy(losses, tables.losses.begin() + static_cast<std::ptrdiff_t>(begin));
    record({.first_position = begin, .losses = losses, .weights = weights, .ignored = ignored},
           tables, units_per_sample(), partial);
  }

  void add_gradient(std::size_t first, std::size_t last, const GradientPass& pass) const override {
    const std::size_t begin = first * inputs_.units_per_item();
    DataIssues ignored;
    TupleBlock block = read(first, last, ignored);
    std::vector<double> weights(block.count, 1.0);
    sample_weights_.multiply(begin, units_per_sample(), weights);
    TupleSlopes slopes(inputs_);
    for (std::size_t i = 0; i < block.count; ++i) {
      const Tuple vectors = inputs_.tuple(block, i);
      if (!kernels_.tuple->counts(vectors)) continue;
      kernels_.tuple->gradient(pass.by, vectors, block.label[i], slopes.spans);
      for (std::size_t k = 0; k < inputs_.count(); ++k) {
        if (slopes.spans[k].empty()) continue;
        const std::span<double> out = pass.buffer(inputs_.name(k), 0);
        if (out.empty()) continue;
        for (std::size_t d = 0; d < inputs_.dimensions(); ++d)
          out[inputs_.place(k, begin + i, d)] += pass.scale * weights[i] * slopes.spans[k][d];
      }
    }
  }

  std::size_t entries_per_item(std::string_view role) const override {
    return inputs_.entries_per_item(role);
  }
  std::size_t entry(std::string_view role, std::size_t /*position*/, std::size_t item,
                    std::size_t k) const override {
    return inputs_.entry(role, item, k);
  }
  std::size_t item_of(std::string_view role, std::size_t /*position*/,
                      std::size_t entry) const override {
    return inputs_.item_of(role, entry);
  }

  Interior interior(std::string_view role, std::size_t /*position*/,
                    std::size_t /*entry*/) const override {
    const Interval valid = find_role(loss_, role)->valid;
    return {valid.low, valid.high};
  }

  double item_value(std::size_t item, const GradientPass& pass) const override {
    DataIssues ignored;
    TupleBlock block = read(item, item + 1, ignored);
    std::vector<double> weights(block.count, 1.0);
    sample_weights_.multiply(item * inputs_.units_per_item(), units_per_sample(), weights);
    double sum = 0.0;
    for (std::size_t i = 0; i < block.count; ++i) {
      const Tuple vectors = inputs_.tuple(block, i);
      if (kernels_.tuple->counts(vectors))
        sum += weights[i] * kernels_.tuple->value(vectors, block.label[i]);
    }
    return pass.scale * sum;
  }

  void warn(const Partial& partial, std::vector<Warning>& warnings) const override {
    const std::size_t numbers_taken = partial.issues[DataIssue::target_taken_as_number].count;
    if (numbers_taken > 0) warnings.push_back(taken_as_numbers(numbers_taken, "label", "labels"));
    if (loss_.of_elements || !inputs_.unit_shape().empty() || inputs_.dimensions() < 2) return;
    const std::string numbers = std::to_string(inputs_.dimensions());
    warnings.push_back({"one-vector", std::string(inputs_.name(0)) + " [" + numbers +
                                          "] is one vector of " + numbers +
                                          " numbers; vectors of one number each have shape [" +
                                          numbers + ",1]"});
  }

  void raise(const DataIssues& issues) const override {
    inputs_.raise(issues);
    raise_label(issues, DataIssue::label_not_binary, "0 or 1");
    raise_label(issues, DataIssue::target_not_a_sign,
                strict_signs_ ? "-1 or 1" : "-1 or 1 (or 0 or 1)");
    const DataIssueCount& zero = issues[DataIssue::target_zero];
    const DataIssueCount& minus_one = issues[DataIssue::target_minus_one];
    if (zero.count > 0 && minus_one.count > 0) {
      throw Error(ErrorCode::out_of_range,
                  "labels hold both 0 and -1; expected -1 and 1, or 0 and 1",
                  inputs_.label()->place(std::max(zero.first, minus_one.first)));
    }
  }

 private:
  std::size_t units_per_sample() const { return samples() == 0 ? 1 : inputs_.units() / samples(); }

  void raise_label(const DataIssues& issues, DataIssue issue, const std::string& expected) const {
    const DataIssueCount& bad = issues[issue];
    if (bad.count == 0) return;
    const Data& label = *inputs_.label();
    throw Error(ErrorCode::out_of_range,
                "expected a label " + expected + ", found " +
                    text::shortest(element(label, bad.first)) +
                    and_more(bad.count, "label", "labels"),
                label.place(bad.first));
  }

  TupleBlock read(std::size_t first, std::size_t last, DataIssues& issues) const {
    TupleBlock block = inputs_.read(first, last, issues);
    if (inputs_.label() == nullptr) return block;
    const std::size_t begin = first * inputs_.units_per_item();
    for (std::size_t i = 0; i < block.count; ++i) check_label(block.label[i], begin + i, issues);
    return block;
  }

  /// Notes what is wrong with a label; signs become -1 or 1.
  void check_label(double& label, std::size_t unit, DataIssues& issues) const {
    if (loss_.target_values == TargetValues::bits) {
      if (label != 0.0 && label != 1.0) issues.add(DataIssue::label_not_binary, unit);
    } else if (take_numbers_) {
      if (std::fabs(label) != 1.0) issues.add(DataIssue::target_taken_as_number, unit);
    } else if (loss_.target_values == TargetValues::signs) {
      const bool is_sign = std::fabs(label) == 1.0;
      if (!is_sign && (strict_signs_ || label != 0.0))
        issues.add(DataIssue::target_not_a_sign, unit);
      if (label == 0.0) issues.add(DataIssue::target_zero, unit);
      if (label == -1.0) issues.add(DataIssue::target_minus_one, unit);
      label = label > 0.0 ? 1.0 : -1.0;
    }
  }

  const Loss& loss_;
  Kernels kernels_;
  bool strict_signs_;
  bool take_numbers_;  ///< labels as they are, where signs are expected
  TupleInputs inputs_;
  SampleWeights sample_weights_;
};

}  // namespace

std::unique_ptr<Driver> make_tuple_driver(const Term& term, std::size_t /*max_items*/) {
  return std::make_unique<TupleDriver>(term);
}

}  // namespace losscalc::evaluation
