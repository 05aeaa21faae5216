/// The driver of tuple losses: named [N,d...,D] arrays, a unit for each vector along the last axis.

#include <algorithm>
#include <string>

#include "diagnostics/error.h"
#include "evaluation/evaluator.h"
#include "evaluation/inputs.h"
#include "evaluation/messages.h"
#include "text/number.h"

namespace losscalc::evaluation {
namespace {

class TupleEvaluator final : public Evaluator {
 public:
  explicit TupleEvaluator(const Term& term)
      : kernels_(term.loss->kernels(term.parameters)),
        unit_shape_(check_shapes(term)),
        sample_weights_(term, unit_shape_) {
    for (const Role& role : term.loss->roles) {
      if (!role.differentiable) continue;
      roles_.push_back(role.name);
      vectors_.push_back(required_input(term, role.name));
    }
    units_ = element_count(unit_shape_);
    dimensions_ = vectors_[0].shape.back();
    if (const Data* label = optional_input(term, "label"))
      label_ = std::make_shared<const Data>(*label);
  }

  std::size_t samples() const override { return unit_shape_.empty() ? 1 : unit_shape_[0]; }
  std::size_t items() const override { return units_; }
  std::size_t items_per_chunk() const override {
    constexpr std::size_t values_per_chunk = std::size_t{1} << 16U;
    return std::max(values_per_chunk / std::max(dimensions_, std::size_t{1}), std::size_t{1});
  }
  Shape unit_shape() const override { return unit_shape_; }

  void accumulate(std::size_t first, std::size_t last, const Tables& tables,
                  Partial& partial) const override {
    if (tables.by_class)
      throw Error(ErrorCode::not_supported, "--per-class: tuples of vectors have no classes");
    Rows rows = read(first, last - first, partial.findings);
    std::vector<double> losses(last - first);
    std::vector<double> weights(last - first, 1.0);
    sample_weights_.multiply(first, units_per_sample(), weights);
    for (std::size_t i = 0; i < losses.size(); ++i) {
      losses[i] = weights[i] * kernels_.tuple->value(row(rows, i), rows.label[i]);
    }
    if (!tables.losses.empty())
      std::ranges::copy(losses, tables.losses.begin() + static_cast<std::ptrdiff_t>(first));
    record({.first_position = first, .losses = losses, .weights = weights}, tables,
           units_per_sample(), partial);
  }

  void add_gradient(std::size_t first, std::size_t last, const GradientPass& pass) const override {
    Findings ignored;
    Rows rows = read(first, last - first, ignored);
    std::vector<double> weights(last - first, 1.0);
    sample_weights_.multiply(first, units_per_sample(), weights);
    std::vector<std::vector<double>> slopes(vectors_.size(), std::vector<double>(dimensions_));
    const std::vector<std::span<double>> slope_spans(slopes.begin(), slopes.end());
    for (std::size_t i = 0; i < weights.size(); ++i) {
      derivative(pass.formula, *kernels_.tuple, row(rows, i), rows.label[i], slope_spans);
      for (std::size_t k = 0; k < vectors_.size(); ++k) {
        const std::span<double> out = pass.buffer(roles_[k], 0);
        if (out.empty()) continue;
        for (std::size_t d = 0; d < dimensions_; ++d) {
          out[(first + i) * dimensions_ + d] += pass.scale * weights[i] * slopes[k][d];
        }
      }
    }
  }

  std::size_t entries_per_item(std::string_view role) const override {
    return std::ranges::find(roles_, role) != roles_.end() ? dimensions_ : 0;
  }
  std::size_t entry(std::string_view /*role*/, std::size_t /*position*/, std::size_t item,
                    std::size_t k) const override {
    return item * dimensions_ + k;
  }
  std::size_t item_of(std::string_view /*role*/, std::size_t /*position*/,
                      std::size_t entry) const override {
    return entry / dimensions_;
  }

  double item_value(std::size_t item, const GradientPass& pass) const override {
    Findings ignored;
    Rows rows = read(item, 1, ignored);
    double weight = 1.0;
    sample_weights_.multiply(item, units_per_sample(), std::span(&weight, 1));
    return pass.scale * weight * kernels_.tuple->value(row(rows, 0), rows.label[0]);
  }

  void raise(const Findings& findings) const override {
    const FindingCount& bad = findings[Finding::label_not_binary];
    if (bad.count == 0) return;
    throw Error(ErrorCode::out_of_range,
                "expected a label 0 or 1, found " + text::shortest(element(*label_, bad.first)) +
                    and_more(bad.count, "label", "labels"),
                label_->place(bad.first));
  }

 private:
  struct Rows {
    std::vector<std::vector<double>> vectors;
    std::vector<double> label;
    std::vector<std::span<const double>> current;
  };

  std::size_t units_per_sample() const { return samples() == 0 ? 1 : units_ / samples(); }

  /// Throws unless all vectors have one shape and labels have it without the last axis; returns
  /// the latter.
  static Shape check_shapes(const Term& term) {
    const Data* reference = nullptr;
    std::string_view reference_role;
    for (const Role& role : term.loss->roles) {
      if (role.optional) continue;
      const Data& data = required_input(term, role.name);
      if (!role.differentiable) {
        check_labels(role.name, data, without_last_axis(reference->shape));
        continue;
      }
      if (data.shape.empty()) {
        throw Error(ErrorCode::shape_mismatch,
                    std::string(role.name) +
                        " is one number, expected [N,D]: a vector for each "
                        "sample",
                    data.whole);
      }
      if (reference != nullptr && data.shape != reference->shape) {
        throw Error(ErrorCode::shape_mismatch,
                    std::string(role.name) + " has shape " + to_string(data.shape) + ", expected " +
                        std::string(reference_role) + "'s shape " + to_string(reference->shape),
                    data.whole);
      }
      if (reference == nullptr) {
        reference = &data;
        reference_role = role.name;
      }
    }
    return without_last_axis(reference->shape);
  }

  static Shape without_last_axis(Shape shape) {
    shape.pop_back();
    return shape;
  }

  static void check_labels(std::string_view role, const Data& data, const Shape& units) {
    if (data.shape == units) return;
    throw Error(ErrorCode::shape_mismatch,
                std::string(role) + " has shape " + to_string(data.shape) + ", expected " +
                    to_string(units) + ": one label for each pair",
                data.whole,
                data.squeeze_hint.empty()
                    ? ""
                    : "select the column: -i " + std::string(role) + "=" + data.squeeze_hint);
  }

  Rows read(std::size_t first, std::size_t count, Findings& findings) const {
    Rows rows{.vectors = {}, .label = std::vector<double>(count), .current = {}};
    for (const Data& data : vectors_) {
      rows.vectors.emplace_back(count * dimensions_);
      data.read(first * dimensions_, rows.vectors.back());
    }
    rows.current.resize(vectors_.size());
    if (label_) label_->read(first, rows.label);
    for (std::size_t i = 0; i < count; ++i) {
      if (rows.label[i] != 0.0 && rows.label[i] != 1.0)
        findings.add(Finding::label_not_binary, first + i);
    }
    return rows;
  }

  Vectors row(Rows& rows, std::size_t i) const {
    for (std::size_t k = 0; k < vectors_.size(); ++k) {
      rows.current[k] = std::span(rows.vectors[k]).subspan(i * dimensions_, dimensions_);
    }
    return rows.current;
  }

  Kernels kernels_;
  Shape unit_shape_;
  SampleWeights sample_weights_;
  std::vector<std::string_view> roles_;
  std::vector<Data> vectors_;
  std::shared_ptr<const Data> label_;
  std::size_t units_ = 0;
  std::size_t dimensions_ = 0;
};

}  // namespace

std::unique_ptr<Evaluator> make_tuple_evaluator(const Term& term) {
  return std::make_unique<TupleEvaluator>(term);
}

}  // namespace losscalc::evaluation
