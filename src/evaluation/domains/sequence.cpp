/// The driver of sequence losses: a unit, which is an item too, is a sequence of steps.

#include <algorithm>
#include <string>

#include "diagnostics/error.h"
#include "evaluation/domains/make_driver.h"
#include "evaluation/domains/sequence_inputs.h"
#include "evaluation/driver.h"
#include "evaluation/inputs/predictions.h"
#include "evaluation/inputs/weights.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {
namespace {

Conventions with_classes_last(Conventions conventions) {
  conventions.class_axis = -1;
  return conventions;
}

/// A sequence as the kernel takes it.
struct Sequence {
  std::vector<double> log_p;  ///< of the steps that count, the classes of each side by side
  std::vector<std::uint32_t> labels;
  double divisor = 1.0;
};

class SequenceDriver final : public Driver {
 public:
  explicit SequenceDriver(const Term& term)
      : kernels_(term.loss->kernels(term.parameters)),
        per_(term.conventions.per),
        layout_(required_input(term, "pred"), term.conventions.time_axis),
        targets_(term, layout_, kernels_.sequence->blank(layout_.classes())),
        predictions_(*term.loss, layout_.by_sequence(required_input(term, "pred")),
                     with_classes_last(term.conventions), layout_.steps()),
        sample_weights_(term, {layout_.sequences()}) {}

  std::size_t samples() const override { return layout_.sequences(); }
  std::size_t items() const override { return layout_.sequences(); }
  std::size_t items_per_chunk() const override {
    constexpr std::size_t values_per_chunk = std::size_t{1} << 12U;
    const std::size_t per_item = std::max(layout_.steps() * layout_.classes(), std::size_t{1});
    return std::max(values_per_chunk / per_item, std::size_t{1});
  }
  Shape unit_shape() const override { return {layout_.sequences()}; }

  void accumulate(std::size_t first, std::size_t last, const PassOutputs& tables,
                  Partial& partial) const override {
    if (tables.by_class)
      throw Error(ErrorCode::not_supported,
                  "--per-class: a sequence of labels does not belong to one class");
    std::vector<double> losses(last - first);
    const std::vector<double> weights = weights_of(first, last);
    for (std::size_t n = first; n < last; ++n) {
      const Sequence sequence = read(n, partial.issues);
      const double weight = weights[n - first];
      losses[n - first] = weight == 0.0 ? 0.0 : weight * value(sequence);
    }
    if (!tables.losses.empty())
      std::ranges::copy(losses, tables.losses.begin() + static_cast<std::ptrdiff_t>(first));
    record({.first_position = first, .losses = losses, .weights = weights}, tables, 1, partial);
  }

  void add_gradient(std::size_t first, std::size_t last, const GradientPass& pass) const override {
    const std::span<double> out = pass.buffer("pred", 0);
    if (out.empty()) return;
    const std::vector<double> weights = weights_of(first, last);
    DataIssues ignored;
    for (std::size_t n = first; n < last; ++n) {
      if (weights[n - first] == 0.0) continue;
      const Sequence sequence = read(n, ignored);
      std::vector<double> slope(sequence.log_p.size());
      kernels_.sequence->gradient(pass.by, sequence.log_p, layout_.classes(), sequence.labels,
                                  slope);
      const double factor = pass.scale * weights[n - first] / sequence.divisor;
      for (double& by_log_p : slope) by_log_p *= factor;
      add_slope(n, slope, out);
    }
  }

  std::size_t entries_per_item(std::string_view role) const override {
    return role == "pred" ? layout_.steps() * layout_.classes() : 0;
  }
  std::size_t entry(std::string_view role, std::size_t /*position*/, std::size_t item,
                    std::size_t k) const override {
    return layout_.place(item * entries_per_item(role) + k);
  }
  std::size_t item_of(std::string_view /*role*/, std::size_t /*position*/,
                      std::size_t entry) const override {
    return layout_.sequence_of(entry);
  }
  Interior interior(std::string_view /*role*/, std::size_t /*position*/,
                    std::size_t /*entry*/) const override {
    return predictions_.interior();
  }

  double item_value(std::size_t item, const GradientPass& pass) const override {
    DataIssues ignored;
    const double weight = weights_of(item, item + 1)[0];
    return weight == 0.0 ? 0.0 : pass.scale * weight * value(read(item, ignored));
  }

  void raise(const DataIssues& issues) const override { predictions_.raise(issues); }
  void warn(const Partial& partial, std::vector<Warning>& warnings) const override {
    predictions_.warn(partial.issues, warnings);
  }

 private:
  std::vector<double> weights_of(std::size_t first, std::size_t last) const {
    std::vector<double> weights(last - first, 1.0);
    sample_weights_.multiply(first, 1, weights);
    return weights;
  }

  double value(const Sequence& sequence) const {
    return kernels_.sequence->value(sequence.log_p, layout_.classes(), sequence.labels) /
           sequence.divisor;
  }

  double divisor(std::size_t labels, std::size_t steps) const {
    const std::size_t count = per_ == SequenceUnit::label  ? labels
                              : per_ == SequenceUnit::step ? steps
                                                           : 1;
    return static_cast<double>(std::max(count, std::size_t{1}));
  }

  /// Calls visit(first step, count, what the file holds, log p) for blocks of the sequence's steps.
  template <class Visit>
  void for_each_block(std::size_t sequence, std::size_t steps, DataIssues& issues,
                      Visit visit) const {
    const BlockShape shape = predictions_.block_shape();
    AlignedVector raw(shape.size());
    AlignedVector log_p;
    std::vector<double> scratch;
    for (std::size_t step = 0; step < steps; step += shape.stride) {
      const std::size_t count = std::min(shape.stride, steps - step);
      predictions_.read(sequence * layout_.steps() + step, count, raw, issues, scratch);
      log_p = raw;
      predictions_.to_log_probabilities(log_p);
      visit(step, count, raw, log_p);
    }
  }

  Sequence read(std::size_t n, DataIssues& issues) const {
    Sequence sequence;
    sequence.labels = targets_.labels(n);
    const std::size_t steps = targets_.steps(n);
    const std::size_t classes = layout_.classes();
    const std::size_t stride = predictions_.block_shape().stride;
    sequence.divisor = divisor(sequence.labels.size(), steps);
    sequence.log_p.resize(steps * classes);
    for_each_block(n, steps, issues,
                   [&](std::size_t first, std::size_t count, const AlignedVector& raw,
                       const AlignedVector& log_p) {
                     for (std::size_t j = 0; j < count; ++j) {
                       for (std::size_t c = 0; c < classes; ++c) {
                         const std::size_t i = c * stride + j;
                         sequence.log_p[(first + j) * classes + c] = log_p[i];
                         if (predictions_.is_clipped(raw[i], log_p[i]))
                           issues.add(DataIssue::clipped, n * layout_.steps() + first + j);
                       }
                     }
                   });
    return sequence;
  }

  /// Adds derivatives by the log-probabilities of a sequence, as those by what the file holds.
  void add_slope(std::size_t n, std::span<const double> slope, std::span<double> out) const {
    const std::size_t classes = layout_.classes();
    const std::size_t stride = predictions_.block_shape().stride;
    DataIssues ignored;
    AlignedVector block;
    for_each_block(n, slope.size() / classes, ignored,
                   [&](std::size_t first, std::size_t count, const AlignedVector& raw,
                       const AlignedVector& log_p) {
                     block.assign(raw.size(), 0.0);
                     for (std::size_t j = 0; j < count; ++j) {
                       for (std::size_t c = 0; c < classes; ++c)
                         block[c * stride + j] = slope[(first + j) * classes + c];
                     }
                     predictions_.from_log_probabilities(raw, log_p, block);
                     for (std::size_t j = 0; j < count; ++j) {
                       const std::size_t step = n * layout_.steps() + first + j;
                       for (std::size_t c = 0; c < classes; ++c)
                         out[layout_.place(step * classes + c)] += block[c * stride + j];
                     }
                   });
  }

  Kernels kernels_;
  SequenceUnit per_;
  SequenceLayout layout_;
  SequenceTargets targets_;
  ClassPredictions predictions_;
  SampleWeights sample_weights_;
};

}  // namespace

std::unique_ptr<Driver> make_sequence_driver(const Term& term, std::size_t /*max_items*/) {
  return std::make_unique<SequenceDriver>(term);
}

}  // namespace losscalc::evaluation
