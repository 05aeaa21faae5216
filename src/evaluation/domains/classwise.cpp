/// The driver of classwise losses: a unit is a sample or pixel with a prediction for each class.

#include <algorithm>
#include <string>

#include "evaluation/domains/class_mask.h"
#include "evaluation/domains/classwise_weights.h"
#include "evaluation/domains/classwise_workspace.h"
#include "evaluation/domains/make_driver.h"
#include "evaluation/domains/position_driver.h"
#include "evaluation/domains/target_log_probability.h"
#include "evaluation/inputs/predictions.h"
#include "evaluation/inputs/smoothing.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {
namespace {

class ClasswiseDriver final : public PositionDriver {
 public:
  ClasswiseDriver(const Term& term, std::size_t max_positions)
      : loss_(*term.loss),
        kernels_(loss_.kernels(term.parameters)),
        conventions_(term.conventions),
        predictions_(loss_, prediction_of(term), conventions_, max_positions),
        layout_(predictions_.layout()),
        shape_(predictions_.block_shape()),
        targets_(layout_, predictions_.data(), target_of(term), conventions_,
                 one_vs_rest() ? SingleClass::mask : SingleClass::index),
        mask_(term, predictions_),
        weights_(term, layout_, shape_.stride, targets_.are_indices()) {
    if (one_vs_rest()) {
      kernels_.binary->check_classes(layout_.classes);
    } else if (kernels_.class_terms) {
      kernels_.class_terms->check_classes(layout_.classes);
    }
    check_smoothing(conventions_, one_vs_rest(), std::string(loss_.description.name));
  }

  std::size_t samples() const override { return layout_.samples; }
  std::size_t items() const override { return layout_.positions(); }
  std::size_t items_per_chunk() const override {
    return std::max(class_values_per_chunk / shape_.size(), std::size_t{1}) * shape_.stride;
  }
  std::size_t items_per_block() const override { return shape_.stride; }
  Shape unit_shape() const override {
    return one_vs_rest() ? predictions_.data().shape : layout_.position_shape;
  }

  void accumulate(std::size_t first, std::size_t last, const PassOutputs& tables,
                  Partial& partial) const override {
    ClasswiseWorkspace work(shape_, last);
    partial.target_counts.resize(layout_.classes);
    if (tables.by_class) partial.by_class.resize(layout_.classes);
    for (; first < last; first += shape_.stride) {
      const std::size_t count = std::min(shape_.stride, last - first);
      if (only_index_counts()) {
        accumulate_indices(first, count, tables, work, partial);
        continue;
      }
      load(first, count, work, partial.issues);
      count_classes(work.targets, count, partial.target_counts);
      if (one_vs_rest()) {
        accumulate_one_vs_rest(first, count, tables, work, partial);
      } else {
        accumulate_rows(first, count, tables, work, partial);
      }
    }
  }

  void add_gradient(std::size_t first, std::size_t last, const GradientPass& pass) const override {
    const std::span<double> out = pass.buffer("pred", 0);
    if (out.empty()) return;
    ClasswiseWorkspace work(shape_);
    DataIssues ignored;
    for (; first < last; first += shape_.stride) {
      const std::size_t count = std::min(shape_.stride, last - first);
      load(first, count, work, ignored);
      if (!kernels_.scores) predictions_.round(pass.rounding, work.log_p, work.log_q);
      std::ranges::fill(work.slope, 0.0);
      if (one_vs_rest()) {
        differentiate_one_vs_rest(first, count, pass, work);
      } else if (kernels_.class_terms) {
        differentiate_terms(first, count, pass, work);
      } else {
        differentiate_scores(first, count, pass, work);
      }
      scatter_add(layout_, work.slope, first, count, shape_.stride, out);
    }
  }

  Interior interior(std::string_view /*role*/, std::size_t /*position*/,
                    std::size_t /*entry*/) const override {
    return predictions_.interior();
  }

  double item_value(std::size_t item, const GradientPass& pass) const override {
    ClasswiseWorkspace work(shape_);
    DataIssues ignored;
    load(item, 1, work, ignored);
    if (!one_vs_rest()) {
      load_losses(item, 1, work, ignored);
      return pass.scale * work.loss[0];
    }
    double sum = 0.0;
    for (std::size_t c = 0; c < layout_.classes; ++c) {
      load_column_losses(item, c, 1, work);
      sum += pass.scale * work.loss[0];
    }
    return sum;
  }

  void raise(const DataIssues& issues) const override {
    predictions_.raise(issues);
    targets_.raise(issues);
    mask_.raise(issues);
  }

  void warn(const Partial& partial, std::vector<Warning>& warnings) const override {
    predictions_.warn(partial.issues, warnings);
    targets_.warn(partial.issues, warnings);
    weights_.warn(partial.target_counts, warnings);
  }

 protected:
  const ClassLayout& layout() const override { return layout_; }

 private:
  bool ignored_count() const { return conventions_.ignored == Ignored::zero; }
  bool one_vs_rest() const { return kernels_.binary != nullptr && predictions_.is_sigmoid(); }

  std::span<const double> column(const AlignedVector& block, std::size_t c,
                                 std::size_t count) const {
    return std::span(block).subspan(c * shape_.stride, count);
  }
  std::span<double> column(AlignedVector& block, std::size_t c, std::size_t count) const {
    return std::span(block).subspan(c * shape_.stride, count);
  }

  void load(std::size_t first, std::size_t count, ClasswiseWorkspace& work,
            DataIssues& issues) const {
    work.make_class_major();
    predictions_.read(first, count, work.raw, issues, work.scratch);
    targets_.read(first, count, shape_.stride, work.targets, issues, work.scratch);
    mask_.apply(first, count, work.mask, work.raw, issues, work.scratch);
    if (one_vs_rest()) {
      predictions_.to_log_bernoulli(work.raw, work.log_p, work.log_q);
    } else {
      work.log_p = work.raw;
      if (kernels_.class_terms) predictions_.to_log_probabilities(work.log_p);
      if (kernels_.scores)
        targets_.require_one_hot(first, count, shape_.stride, work.targets, issues);
    }
  }

  /// The target of class c at position j of the block, before smoothing.
  double target(const ClasswiseWorkspace& work, std::size_t c, std::size_t j) const {
    if (mask_.given() && work.mask[c * shape_.stride + j] == 0.0) return 0.0;
    if (targets_.are_indices()) return work.targets.classes[j] == c ? 1.0 : 0.0;
    return work.targets.distribution[c * shape_.stride + j];
  }

  double smoothed(double t) const {
    return evaluation::smoothed(t, conventions_, one_vs_rest() ? 2 : layout_.classes);
  }

  /// Whether a unit's loss is the term of one class alone.
  bool only_index_counts() const {
    return kernels_.class_terms != nullptr && !one_vs_rest() && targets_.are_indices() &&
           conventions_.label_smoothing == 0.0 && !mask_.given() &&
           conventions_.normalize == Normalize::no && conventions_.eps_on == EpsilonOn::given;
  }

  void accumulate_rows(std::size_t first, std::size_t count, const PassOutputs& tables,
                       ClasswiseWorkspace& work, Partial& partial) const {
    load_losses(first, count, work, partial.issues);
    const std::span<double> loss = std::span(work.loss).first(count);
    if (shows_samples(tables)) work.show_classes(count);
    record_positions(first, count, loss, tables, work, partial);
  }

  /// Weights and weighted losses of units that are rows.
  void load_losses(std::size_t first, std::size_t count, ClasswiseWorkspace& work,
                   DataIssues& issues) const {
    weights_.of_units(first, count, work.targets, work.weight);
    if (kernels_.scores) {
      score_losses(count, work);
    } else {
      distribution_losses(first, count, work, issues);
    }
  }

  bool shows_samples(const PassOutputs& tables) const {
    return tables.by_sample && layout_.positions_per_sample() == 1;
  }

  void accumulate_indices(std::size_t first, std::size_t count, const PassOutputs& tables,
                          ClasswiseWorkspace& work, Partial& partial) const {
    targets_.read(first, count, shape_.stride, work.targets, partial.issues, work.scratch);
    count_classes(work.targets, count, partial.target_counts);
    const bool weighted = !weights_.are_all_one(work.targets);
    if (weighted) weights_.of_units(first, count, work.targets, work.weight);
    const std::span<const std::uint32_t> classes = std::span(work.targets.classes).first(count);
    const std::span<double> terms = std::span(work.terms).first(count);
    if (shows_samples(tables)) {
      work.show_targets(count);
      work.predicted.assign(count, 0.0);
    }
    TargetLogProbability(predictions_)
        .read(first, classes, work.targets.ignored, terms, work.predicted, work.target_log_p,
              partial.issues);
    const std::span<double> loss = std::span(work.loss).first(count);
    kernels_.class_terms->value(terms, classes, loss);
    for (std::size_t j = 0; weighted && j < count; ++j)
      loss[j] = work.weight[j] == 0.0 ? 0.0 : loss[j] * work.weight[j];
    record_positions(first, count, loss, tables, work, partial);
  }

  void record_positions(std::size_t first, std::size_t count, std::span<double> loss,
                        const PassOutputs& tables, ClasswiseWorkspace& work,
                        Partial& partial) const {
    UnitBlock block{.first_position = first,
                    .losses = loss,
                    .ignored_count = ignored_count(),
                    .classes = std::span(work.targets.classes).first(count)};
    if (!weights_.are_all_one(work.targets)) {
      weights_.leave_divisors(first, count, work.targets, work.weight);
      block.weights = std::span(work.weight).first(count);
    }
    if (work.targets.any_ignored) block.ignored = std::span(work.targets.ignored).first(count);
    if (shows_samples(tables)) {
      block.targets = work.shown_target;
      block.predicted = work.predicted;
    }
    if (!tables.losses.empty())
      std::ranges::copy(loss, tables.losses.begin() + static_cast<std::ptrdiff_t>(first));
    record(block, tables, layout_.positions_per_sample(), partial);
  }

  /// sum_c t_c f_c(log p_c), with class weights on the terms or on the whole.
  void distribution_losses(std::size_t first, std::size_t count, ClasswiseWorkspace& work,
                           DataIssues& issues) const {
    const std::span<double> loss = std::span(work.loss).first(count);
    const std::span<double> terms = std::span(work.terms).first(count);
    std::ranges::fill(loss, 0.0);
    for (std::size_t c = 0; c < layout_.classes; ++c) {
      work.one_class.assign(count, static_cast<std::uint32_t>(c));
      kernels_.class_terms->value(column(work.log_p, c, count), work.one_class, terms);
      const double weight = weights_.in_term(c);
      for (std::size_t j = 0; j < count; ++j) {
        const double t = smoothed(target(work, c, j));
        if (t == 0.0) continue;  // 0 times an infinite loss is 0 here
        loss[j] += t * weight * terms[j];
        if (predictions_.is_clipped(work.raw[c * shape_.stride + j],
                                    work.log_p[c * shape_.stride + j]))
          issues.add(DataIssue::clipped, first + j);
      }
    }
    weights_.factors(first, count, work.targets, terms);
    for (std::size_t j = 0; j < count; ++j)
      loss[j] = work.targets.ignored[j] != 0 ? 0.0 : loss[j] * terms[j];
  }

  void score_losses(std::size_t count, ClasswiseWorkspace& work) const {
    for (std::size_t j = 0; j < count; ++j) {
      read_row(work, j);
      work.loss[j] =
          work.targets.ignored[j] != 0
              ? 0.0
              : work.weight[j] * kernels_.scores->value(work.row, work.targets.classes[j]);
    }
  }

  void read_row(ClasswiseWorkspace& work, std::size_t j) const {
    for (std::size_t c = 0; c < layout_.classes; ++c) work.row[c] = work.raw[c * shape_.stride + j];
  }

  BinaryBlock binary_block(std::size_t c, std::size_t count, ClasswiseWorkspace& work) const {
    if (targets_.are_indices()) {
      for (std::size_t j = 0; j < count; ++j)
        work.terms[j] = work.targets.classes[j] == c ? 1.0 : 0.0;
    } else {
      std::ranges::copy(column(work.targets.distribution, c, count), work.terms.begin());
    }
    for (double& t : std::span(work.terms).first(count)) t = smoothed(t);
    work.one_class.assign(count, static_cast<std::uint32_t>(c));
    return {.log_p = column(work.log_p, c, count),
            .log_q = column(work.log_q, c, count),
            .target = std::span(work.terms).first(count),
            .positive_weight = {},
            .classes = work.one_class};
  }

  /// Weights and weighted losses of the elements of class c.
  void load_column_losses(std::size_t first, std::size_t c, std::size_t count,
                          ClasswiseWorkspace& work) const {
    const std::span<double> loss = std::span(work.loss).first(count);
    weights_.of_class(first, c, count, work.targets, work.weight);
    kernels_.binary->value(binary_block(c, count, work), loss);
    for (std::size_t j = 0; j < count; ++j)
      loss[j] = work.weight[j] == 0.0 ? 0.0 : loss[j] * work.weight[j];
  }

  void accumulate_one_vs_rest(std::size_t first, std::size_t count, const PassOutputs& tables,
                              ClasswiseWorkspace& work, Partial& partial) const {
    const std::span<double> loss = std::span(work.loss).first(count);
    for (std::size_t c = 0; c < layout_.classes; ++c) {
      load_column_losses(first, c, count, work);
      weights_.count_ignored(first, count, work.targets, work.weight);
      for (std::size_t j = 0; j < count; ++j) {
        if (!tables.losses.empty()) tables.losses[layout_.flat(first + j, c)] = loss[j];
        if (predictions_.is_clipped(work.raw[c * shape_.stride + j],
                                    work.log_p[c * shape_.stride + j]))
          partial.issues.add(DataIssue::clipped, first + j);
      }
      UnitBlock block{.first_position = first,
                      .losses = loss,
                      .weights = std::span(work.weight).first(count),
                      .ignored_count = ignored_count(),
                      .classes = work.one_class};
      if (work.targets.any_ignored) block.ignored = std::span(work.targets.ignored).first(count);
      if (shows_samples(tables) && targets_.are_indices()) {
        work.show_classes(count);
        block.targets = work.shown_target;
        block.predicted = work.predicted;
      }
      record(block, tables, layout_.positions_per_sample(), partial);
    }
  }

  void differentiate_one_vs_rest(std::size_t first, std::size_t count, const GradientPass& pass,
                                 ClasswiseWorkspace& work) const {
    std::ranges::fill(work.by_log_q, 0.0);
    for (std::size_t c = 0; c < layout_.classes; ++c) {
      weights_.of_class(first, c, count, work.targets, work.weight);
      const std::span<double> by_log_p = column(work.slope, c, count);
      const std::span<double> by_log_q = column(work.by_log_q, c, count);
      kernels_.binary->gradient(pass.by, binary_block(c, count, work), by_log_p, by_log_q);
      for (std::size_t j = 0; j < count; ++j) {
        const double factor = pass.scale * work.weight[j];
        by_log_p[j] = factor == 0.0 ? 0.0 : factor * by_log_p[j];
        by_log_q[j] = factor == 0.0 ? 0.0 : factor * by_log_q[j];
      }
    }
    predictions_.from_log_bernoulli(work.raw, work.log_p, work.log_q, work.slope, work.by_log_q);
  }

  void differentiate_terms(std::size_t first, std::size_t count, const GradientPass& pass,
                           ClasswiseWorkspace& work) const {
    weights_.of_units(first, count, work.targets, work.weight);
    weights_.factors(first, count, work.targets, work.terms);
    for (std::size_t c = 0; c < layout_.classes; ++c) {
      work.one_class.assign(count, static_cast<std::uint32_t>(c));
      const std::span<double> slope = column(work.slope, c, count);
      kernels_.class_terms->gradient(pass.by, column(work.log_p, c, count), work.one_class, slope);
      const double weight = weights_.in_term(c);
      for (std::size_t j = 0; j < count; ++j) {
        const double t = smoothed(target(work, c, j));
        const bool counts = t != 0.0 && work.targets.ignored[j] == 0;
        slope[j] = counts ? pass.scale * work.terms[j] * weight * t * slope[j] : 0.0;
      }
    }
    predictions_.from_log_probabilities(work.raw, work.log_p, work.slope);
  }

  void differentiate_scores(std::size_t first, std::size_t count, const GradientPass& pass,
                            ClasswiseWorkspace& work) const {
    weights_.of_units(first, count, work.targets, work.weight);
    for (std::size_t j = 0; j < count; ++j) {
      if (work.targets.ignored[j] != 0) continue;
      read_row(work, j);
      kernels_.scores->gradient(pass.by, work.row, work.targets.classes[j], work.row_slope);
      for (std::size_t c = 0; c < layout_.classes; ++c) {
        work.slope[c * shape_.stride + j] = pass.scale * work.weight[j] * work.row_slope[c];
      }
    }
  }

  const Loss& loss_;
  Kernels kernels_;
  Conventions conventions_;
  ClassPredictions predictions_;
  ClassLayout layout_;
  BlockShape shape_;
  ClassTargets targets_;
  ClassMask mask_;
  ClasswiseWeights weights_;
};

}  // namespace

std::unique_ptr<Driver> make_classwise_driver(const Term& term, std::size_t max_items) {
  return std::make_unique<ClasswiseDriver>(term, max_items);
}

}  // namespace losscalc::evaluation
