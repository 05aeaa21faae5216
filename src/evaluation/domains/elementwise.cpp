/// The driver of elementwise losses: prediction and target of one shape, a unit for each element.

#include <algorithm>
#include <cmath>

#include "diagnostics/error.h"
#include "evaluation/arrays/class_layout.h"
#include "evaluation/domains/element_targets.h"
#include "evaluation/domains/element_units.h"
#include "evaluation/domains/elementwise_workspace.h"
#include "evaluation/domains/make_driver.h"
#include "evaluation/driver.h"
#include "evaluation/inputs/messages.h"
#include "evaluation/inputs/smoothing.h"
#include "evaluation/inputs/weights.h"
#include "evaluation/links/links.h"
#include "evaluation/reduction/output_rule.h"
#include "evaluation/term.h"
#include "text/number.h"

namespace losscalc::evaluation {
namespace {

constexpr std::size_t usual_block = 2048;

class ElementwiseDriver final : public Driver {
 public:
  explicit ElementwiseDriver(const Term& term)
      : kernels_(term.loss->kernels(term.parameters)),
        conventions_(term.conventions),
        domain_(kernels_.elementwise ? kernels_.elementwise->domain() : ElementDomain{}),
        prediction_(prediction_of(term)),
        clip_(clip_bounds(conventions_, prediction_)),
        outputs_(term),
        units_(term),
        block_size_(units_.length() * std::max(usual_block / units_.length(), std::size_t{1})),
        targets_(term, prediction_),
        lies_in_memory_(takes_numbers_as_they_are()),
        sample_weights_(term, units_.shape(), {term.conventions, units_.shape()}),
        element_weights_(term, "element_weight", prediction_),
        positive_weights_(term, "pos_weight", prediction_) {}

  std::size_t samples() const override {
    return prediction_.shape.empty() ? 1 : prediction_.shape[0];
  }
  std::size_t items() const override { return element_count(prediction_.shape); }
  std::size_t items_per_chunk() const override { return 64 * block_size_; }
  std::size_t items_per_block() const override { return block_size_; }
  Shape unit_shape() const override { return units_.shape(); }

  void accumulate(std::size_t first, std::size_t last, const PassOutputs& tables,
                  Partial& partial) const override {
    ElementwiseWorkspace work(block_size_, last);
    if (tables.by_class) partial.by_class.resize(table_layout().classes);
    if (outputs_.per_output()) partial.by_output.resize(outputs_.count());
    for (; first < last; first += block_size_) {
      accumulate_block(first, std::min(block_size_, last - first), tables, work, partial);
    }
  }

  void add_gradient(std::size_t first, std::size_t last, const GradientPass& pass) const override {
    const std::span<double> out = pass.buffer("pred", 0);
    if (out.empty()) return;
    ElementwiseWorkspace work(block_size_, last);
    DataIssues ignored;
    for (; first < last; first += block_size_) {
      const std::size_t count = std::min(block_size_, last - first);
      load(first, count, work, ignored);
      round_probabilities(padded(count), pass.rounding, work);
      const std::span<double> slope = std::span(work.loss).first(padded(count));
      differentiate(padded(count), pass.by, work, slope);
      const bool weighted = load_weights(first, count, work);
      for (std::size_t i = 0; i < count; ++i) {
        const double factor = scale_of(first + i, pass) * (weighted ? work.weight[i] : 1.0);
        if (factor != 0.0) out[first + i] += factor * slope[i];
      }
    }
  }

  std::size_t entries_per_item(std::string_view role) const override {
    return role == "pred" ? 1 : 0;
  }
  std::size_t entry(std::string_view /*role*/, std::size_t /*position*/, std::size_t item,
                    std::size_t /*k*/) const override {
    return item;
  }
  std::size_t item_of(std::string_view /*role*/, std::size_t /*position*/,
                      std::size_t entry) const override {
    return entry;
  }
  Interior interior(std::string_view role, std::size_t position, std::size_t entry) const override {
    if (is_binary() && conventions_.from == From::probs) return {clip_.low, clip_.high()};
    if (role == "pred") return {domain_.prediction.low, domain_.prediction.high};
    return Driver::interior(role, position, entry);
  }

  double item_value(std::size_t item, const GradientPass& pass) const override {
    ElementwiseWorkspace work(block_multiple);
    DataIssues ignored;
    load(item, 1, work, ignored);
    compute_losses(1, work);
    const double factor =
        scale_of(item, pass) * (load_weights(item, 1, work) ? work.weight[0] : 1.0);
    return factor == 0.0 ? 0.0 : factor * work.loss[0];
  }

  void raise(const DataIssues& issues) const override {
    if (const DataIssueCount& bad = issues[DataIssue::prediction_outside_unit_interval];
        bad.count > 0) {
      throw Error(ErrorCode::out_of_range,
                  "expected a probability in [0, 1], found " +
                      text::shortest(element(prediction_, bad.first)) +
                      and_more(bad.count, "value", "values"),
                  prediction_.place(bad.first), "add --from logits if these are logits");
    }
    if (const DataIssueCount& bad = issues[DataIssue::prediction_outside_domain]; bad.count > 0) {
      throw Error(ErrorCode::out_of_range,
                  "expected a prediction " + to_string(domain_.prediction) + ", found " +
                      text::shortest(element(prediction_, bad.first)) +
                      and_more(bad.count, "prediction", "predictions"),
                  prediction_.place(bad.first));
    }
    targets_.raise(issues, domain_.target);
  }

  void warn(const Partial& partial, std::vector<Warning>& warnings) const override {
    targets_.warn(prediction_, partial.issues, warnings);
    warn_of_predictions(partial.issues, warnings);
  }

 private:
  bool is_binary() const { return kernels_.binary != nullptr; }

  bool takes_numbers_as_they_are() const {
    return !is_binary() && targets_.are_plain() && prediction_.in_place.doubles &&
           targets_.data().in_place.doubles;
  }

  static double scale_of(std::size_t unit, const GradientPass& pass) {
    return pass.factor ? pass.scale * pass.factor(unit) : pass.scale;
  }

  ClassLayout table_layout() const {
    if (conventions_.rows == AxisReduce::max) {
      throw Error(ErrorCode::not_supported,
                  "--per-class: rows=max makes one unit of elements of several classes");
    }
    if (prediction_.shape.size() < 2) {
      throw Error(ErrorCode::not_supported, "pred has shape " + to_string(prediction_.shape) +
                                                ": there is no class axis for --per-class");
    }
    return class_layout(prediction_, conventions_.class_axis);
  }

  void warn_of_predictions(const DataIssues& issues, std::vector<Warning>& warnings) const {
    const bool from_logits = is_binary() && conventions_.from == From::logits;
    if (from_logits && items() > 0 &&
        issues[DataIssue::looks_like_probabilities].count == items()) {
      warnings.push_back({"probabilities-as-logits",
                          "every logit lies in [0, 1]: these look like probabilities; use --from "
                          "probs if they are"});
    }
    if (const std::size_t clipped = issues[DataIssue::clipped].count; clipped > 0) {
      warnings.push_back({"clipped", counted(clipped, "probability was", "probabilities were") +
                                         " clipped to " + interval_text(clip_)});
    }
  }

  /// Reads predictions and targets, padded with a harmless value to whole registers, and links
  /// them.
  void load(std::size_t first, std::size_t count, ElementwiseWorkspace& work,
            DataIssues& issues) const {
    if (lies_in_memory_) {
      work.predictions = work.stored_predictions.get(prediction_.in_place.doubles, first, count);
      work.targets = work.stored_targets.get(targets_.data().in_place.doubles, first, count);
      check_domain(first, work, issues);
      return;
    }
    const std::size_t whole = padded(count);
    std::fill(work.prediction.begin() + static_cast<std::ptrdiff_t>(count),
              work.prediction.begin() + static_cast<std::ptrdiff_t>(whole), 0.5);
    std::fill(work.target.begin() + static_cast<std::ptrdiff_t>(count),
              work.target.begin() + static_cast<std::ptrdiff_t>(whole), 1.0);
    prediction_.read(first, std::span(work.prediction).first(count));
    targets_.read(first, std::span(work.target).first(count), issues);
    work.predictions = std::span(work.prediction).first(count);
    work.targets = std::span(work.target).first(count);
    if (!is_binary()) {
      check_domain(first, work, issues);
      return;
    }
    if (conventions_.label_smoothing > 0.0) {
      for (double& t : std::span(work.target).first(count)) t = smoothed(t, conventions_, 2);
    }
    check_predictions(first, std::span(work.prediction).first(count), issues);
    const std::span<double> x = std::span(work.prediction).first(whole);
    const std::span<double> log_p = std::span(work.log_p).first(whole);
    const std::span<double> log_q = std::span(work.log_q).first(whole);
    if (conventions_.from == From::logits) {
      log_sigmoid(x, log_p, log_q);
    } else {
      log_bernoulli(x, clip_, log_p, log_q);
      raise_to(conventions_.log_floor, log_p);
      raise_to(conventions_.log_floor, log_q);
    }
    if (positive_weights_.given())
      positive_weights_.read(first, std::span(work.positive_weight).first(count));
  }

  void round_probabilities(std::size_t count, double rounding, ElementwiseWorkspace& work) const {
    if (rounding == 0.0 || !is_binary() || conventions_.from != From::logits) return;
    round_down(rounding, std::span(work.log_p).first(count), std::span(work.log_q).first(count));
  }

  void check_domain(std::size_t first, const ElementwiseWorkspace& work, DataIssues& issues) const {
    const auto check = [&](const Interval& domain, std::span<const double> numbers,
                           DataIssue issue) {
      if (std::isinf(domain.low) && std::isinf(domain.high)) return;
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (!domain.contains(numbers[i])) issues.add(issue, first + i);
      }
    };
    check(domain_.prediction, work.predictions, DataIssue::prediction_outside_domain);
    check(domain_.target, work.targets, DataIssue::target_outside_domain);
  }

  void check_predictions(std::size_t first, std::span<const double> prediction,
                         DataIssues& issues) const {
    constexpr double rounding =
        1e-6;  // a float32 softmax or sigmoid may leave [0, 1] by this little
    if (conventions_.from == From::logits) {
      const auto inside =
          std::ranges::count_if(prediction, [](double x) { return x >= 0.0 && x <= 1.0; });
      if (inside > 0)
        issues.add(DataIssue::looks_like_probabilities, first, static_cast<std::size_t>(inside));
      return;
    }
    const auto clipped = [this](double p) { return !clip_.contain(p); };
    if (std::ranges::count_if(prediction, clipped) == 0) return;
    for (std::size_t i = 0; i < prediction.size(); ++i) {
      const double p = prediction[i];
      if (!clipped(p)) continue;
      issues.add(DataIssue::clipped, first + i);
      if (conventions_.check && !(p >= -rounding && p <= 1.0 + rounding)) {
        issues.add(DataIssue::prediction_outside_unit_interval, first + i);
      }
    }
  }

  BinaryBlock binary_block(std::size_t count, const ElementwiseWorkspace& work) const {
    BinaryBlock block{.log_p = std::span(work.log_p).first(count),
                      .log_q = std::span(work.log_q).first(count),
                      .target = std::span(work.target).first(count),
                      .positive_weight = {},
                      .classes = {}};
    if (positive_weights_.given())
      block.positive_weight = std::span(work.positive_weight).first(count);
    return block;
  }

  void differentiate(std::size_t count, DerivativeBy by, ElementwiseWorkspace& work,
                     std::span<double> slope) const {
    if (!is_binary()) {
      kernels_.elementwise->gradient(by, work.predictions, work.targets,
                                     slope.first(work.predictions.size()));
      return;
    }
    const std::span<const double> x = std::span(work.prediction).first(count);
    const std::span<double> by_log_q = std::span(work.by_log_q).first(count);
    kernels_.binary->gradient(by, binary_block(count, work), slope, by_log_q);
    if (conventions_.from == From::logits) {
      log_sigmoid_backward(std::span(work.log_p).first(count), std::span(work.log_q).first(count),
                           slope, by_log_q);
    } else {
      drop_floored(conventions_.log_floor, std::span(work.log_p).first(count), slope);
      drop_floored(conventions_.log_floor, std::span(work.log_q).first(count), by_log_q);
      log_bernoulli_backward(x, clip_, slope, by_log_q);
    }
  }

  std::size_t units_per_sample() const { return items() / units_.length() / samples(); }

  /// Whether units have weights other than 1; if so, work.weight holds them.
  bool load_weights(std::size_t first, std::size_t count, ElementwiseWorkspace& work) const {
    if (!sample_weights_.given() && !element_weights_.given()) return false;
    const std::span<double> weight = std::span(work.weight).first(count);
    std::ranges::fill(weight, 1.0);
    if (element_weights_.given()) element_weights_.read(first, weight);
    sample_weights_.multiply(first, units_per_sample(), weight);
    return true;
  }

  void compute_losses(std::size_t count, ElementwiseWorkspace& work) const {
    const std::span<double> loss = std::span(work.loss).first(count);
    if (is_binary()) {
      kernels_.binary->value(binary_block(count, work), loss);
    } else {
      kernels_.elementwise->value(work.predictions, work.targets, loss);
    }
  }

  void accumulate_block(std::size_t first, std::size_t count, const PassOutputs& tables,
                        ElementwiseWorkspace& work, Partial& partial) const {
    load(first, count, work, partial.issues);
    compute_losses(count, work);
    units_.reduce(std::span(work.loss).first(count));
    record_units(first / units_.length(), count / units_.length(), tables, work, partial);
  }

  void record_units(std::size_t first, std::size_t count, const PassOutputs& tables,
                    ElementwiseWorkspace& work, Partial& partial) const {
    const std::span<double> loss = std::span(work.loss).first(count);
    UnitBlock block{.first_position = first, .losses = loss};
    if (load_weights(first, count, work)) block.weights = std::span(work.weight).first(count);
    if (tables.by_class) {
      const ClassLayout layout = table_layout();
      for (std::size_t i = 0; i < count; ++i) {
        work.classes[i] = static_cast<std::uint32_t>((first + i) / layout.inner % layout.classes);
      }
      block.classes = std::span(work.classes).first(count);
    }
    if (units_.length() == 1 && units_per_sample() == 1) {
      block.targets = work.targets;
      block.predicted = work.predictions;
    }
    PassOutputs rest = tables;
    if (outputs_.applies()) {
      record_outputs(outputs_, block, tables, units_per_sample(), partial);
      rest = outputs_.rest_of(tables);
    }
    if (!block.weights.empty()) {
      // A unit without weight takes no part, however infinite its loss.
      for (std::size_t i = 0; i < count; ++i)
        loss[i] = work.weight[i] == 0.0 ? 0.0 : loss[i] * work.weight[i];
    }
    if (!rest.losses.empty())
      std::ranges::copy(loss, rest.losses.begin() + static_cast<std::ptrdiff_t>(first));
    record(block, rest, units_per_sample(), partial);
  }

  Kernels kernels_;
  Conventions conventions_;
  ElementDomain domain_;
  Data prediction_;
  ClipBounds clip_;
  OutputRule outputs_;
  ElementUnits units_;
  std::size_t block_size_;
  ElementTargets targets_;
  bool lies_in_memory_;  ///< whether blocks need not be read into buffers
  SampleWeights sample_weights_;
  ElementWeights element_weights_;
  ElementWeights positive_weights_;
};

}  // namespace

std::unique_ptr<Driver> make_elementwise_driver(const Term& term, std::size_t /*max_items*/) {
  return std::make_unique<ElementwiseDriver>(term);
}

}  // namespace losscalc::evaluation
