/// The driver of batch losses: a unit is a sample with its similarities to all samples, so that
/// everything is one item, held in memory.

#include <algorithm>
#include <cmath>
#include <string>

#include "diagnostics/error.h"
#include "evaluation/arrays/class_layout.h"
#include "evaluation/domains/make_driver.h"
#include "evaluation/driver.h"
#include "evaluation/inputs/weights.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {
namespace {

using Vector = std::vector<double>;

double dot(std::span<const double> x, std::span<const double> y) {
  double sum = 0.0;
  for (std::size_t d = 0; d < x.size(); ++d) sum += x[d] * y[d];
  return sum;
}

/// The vectors of a batch, and by what similarities are taken.
class Embeddings {
 public:
  Embeddings(const ClassLayout& layout, const Vector& numbers, Similarity similarity)
      : count_(layout.positions()),
        dimensions_(layout.classes),
        normalized_(similarity == Similarity::cosine),
        numbers_(numbers.size()),
        lengths_(count_, 1.0) {
    for (std::size_t i = 0; i < count_; ++i) {
      const std::span<double> x = std::span(numbers_).subspan(i * dimensions_, dimensions_);
      for (std::size_t d = 0; d < dimensions_; ++d) x[d] = numbers[layout.flat(i, d)];
      if (normalized_) normalize(x, lengths_[i]);
    }
  }

  std::size_t count() const { return count_; }

  void similarities(std::size_t i, std::span<double> row) const {
    for (std::size_t j = 0; j < count_; ++j) row[j] = dot(vector(i), vector(j));
  }

  /// Adds the derivatives by the similarities of i to those by the (normalized) vectors.
  void add(std::size_t i, std::span<const double> by_similarity, Vector& derivative) const {
    for (std::size_t j = 0; j < count_; ++j) {
      if (by_similarity[j] == 0.0) continue;
      for (std::size_t d = 0; d < dimensions_; ++d) {
        derivative[i * dimensions_ + d] += by_similarity[j] * numbers_[j * dimensions_ + d];
        derivative[j * dimensions_ + d] += by_similarity[j] * numbers_[i * dimensions_ + d];
      }
    }
  }

  /// Derivatives by normalized vectors u = x / |x| -> by x, in place: (g - (g.u) u) / |x|. A vector
  /// of length 0 has none.
  void from_normalized(Vector& derivative) const {
    if (!normalized_) return;
    for (std::size_t i = 0; i < count_; ++i) {
      const std::span<double> g = std::span(derivative).subspan(i * dimensions_, dimensions_);
      const double along = dot(g, vector(i));
      for (std::size_t d = 0; d < dimensions_; ++d)
        g[d] = lengths_[i] == 0.0 ? 0.0 : (g[d] - along * vector(i)[d]) / lengths_[i];
    }
  }

 private:
  std::span<const double> vector(std::size_t i) const {
    return std::span(numbers_).subspan(i * dimensions_, dimensions_);
  }

  static void normalize(std::span<double> x, double& length) {
    double largest = 0.0;
    for (const double number : x) largest = std::max(largest, std::fabs(number));
    length = 0.0;
    if (largest == 0.0) return;
    for (double& number : x) number /= largest;
    const double scaled = std::sqrt(dot(x, x));
    for (double& number : x) number /= scaled;
    length = scaled * largest;
  }

  std::size_t count_;
  std::size_t dimensions_;
  bool normalized_;
  Vector numbers_;
  Vector lengths_;
};

class BatchDriver final : public Driver {
 public:
  explicit BatchDriver(const Term& term)
      : kernels_(term.loss->kernels(term.parameters)),
        similarity_(term.conventions.similarity),
        role_(term.loss->roles.front().name),
        data_(required_input(term, role_)),
        layout_(checked_layout(term, data_)),
        sample_weights_(term, {layout_.positions()}) {
    const bool has_labels = find_role(*term.loss, "target") != nullptr;
    if (has_labels) labels_ = std::make_shared<const Data>(required_input(term, "target"));
    if (!has_labels || labels_->shape == Shape{layout_.positions()}) return;
    throw Error(
        ErrorCode::shape_mismatch,
        "target has shape " + to_string(labels_->shape) + ", expected [" +
            std::to_string(layout_.positions()) + "]: a label for each vector of " +
            std::string(role_),
        labels_->whole,
        labels_->squeeze_hint.empty() ? "" : "select the column: -t " + labels_->squeeze_hint);
  }

  std::size_t samples() const override { return layout_.positions(); }
  std::size_t items() const override { return 1; }
  std::size_t items_per_chunk() const override { return 1; }
  bool is_decomposable() const override { return false; }
  Shape unit_shape() const override { return {layout_.positions()}; }

  void accumulate(std::size_t /*first*/, std::size_t /*last*/, const PassOutputs& tables,
                  Partial& partial) const override {
    if (tables.by_class)
      throw Error(ErrorCode::not_supported, "--per-class: vectors have no classes");
    const Embeddings vectors = read();
    const Vector labels = read_labels();
    Vector losses(vectors.count(), 0.0);
    Vector weights = unit_weights(labels);
    std::vector<std::uint8_t> ignored(vectors.count());
    Vector row(vectors.count());
    for (std::size_t i = 0; i < vectors.count(); ++i) {
      ignored[i] = kernels_.batch->weight(labels, i) == 0.0 ? 1 : 0;
      if (ignored[i] != 0) continue;
      vectors.similarities(i, row);
      losses[i] = weights[i] * kernels_.batch->value(row, labels, i);
    }
    if (!tables.losses.empty()) std::ranges::copy(losses, tables.losses.begin());
    record({.first_position = 0,
            .losses = losses,
            .weights = weights,
            .ignored = ignored,
            .classes = {},
            .targets = labels,
            .predicted = {}},
           tables, 1, partial);
  }

  void add_gradient(std::size_t /*first*/, std::size_t /*last*/,
                    const GradientPass& pass) const override {
    const std::span<double> out = pass.buffer(role_, 0);
    if (out.empty()) return;
    const Embeddings vectors = read();
    const Vector labels = read_labels();
    const Vector weights = unit_weights(labels);
    Vector derivative(out.size(), 0.0);
    Vector row(vectors.count());
    Vector slope(vectors.count());
    for (std::size_t i = 0; i < vectors.count(); ++i) {
      if (weights[i] == 0.0) continue;
      vectors.similarities(i, row);
      kernels_.batch->gradient(pass.by, row, labels, i, slope);
      for (double& by_similarity : slope) by_similarity *= pass.scale * weights[i];
      vectors.add(i, slope, derivative);
    }
    vectors.from_normalized(derivative);
    for (std::size_t i = 0; i < layout_.positions(); ++i) {
      for (std::size_t d = 0; d < layout_.classes; ++d)
        out[layout_.flat(i, d)] += derivative[i * layout_.classes + d];
    }
  }

  std::size_t entries_per_item(std::string_view role) const override {
    return role == role_ ? layout_.positions() * layout_.classes : 0;
  }
  std::size_t entry(std::string_view /*role*/, std::size_t /*position*/, std::size_t /*item*/,
                    std::size_t k) const override {
    return k;
  }
  std::size_t item_of(std::string_view /*role*/, std::size_t /*position*/,
                      std::size_t /*entry*/) const override {
    return 0;
  }

  double item_value(std::size_t /*item*/, const GradientPass& pass) const override {
    const Embeddings vectors = read();
    const Vector labels = read_labels();
    const Vector weights = unit_weights(labels);
    Vector row(vectors.count());
    double sum = 0.0;
    for (std::size_t i = 0; i < vectors.count(); ++i) {
      if (weights[i] == 0.0) continue;
      vectors.similarities(i, row);
      sum += weights[i] * kernels_.batch->value(row, labels, i);
    }
    return pass.scale * sum;
  }

 private:
  static ClassLayout checked_layout(const Term& term, const Data& data) {
    if (data.shape.size() == 2) return class_layout(data, term.conventions.axis);
    throw Error(ErrorCode::shape_mismatch,
                std::string(term.loss->roles.front().name) + " has shape " + to_string(data.shape) +
                    ", expected the 2 axes " + std::string(term.loss->roles.front().shape),
                data.whole);
  }

  Embeddings read() const { return {layout_, read_all(data_), similarity_}; }
  Vector read_labels() const { return labels_ ? read_all(*labels_) : Vector{}; }

  Vector unit_weights(const Vector& labels) const {
    Vector weights(layout_.positions());
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = kernels_.batch->weight(labels, i);
    sample_weights_.multiply(0, 1, weights);
    return weights;
  }

  Kernels kernels_;
  Similarity similarity_;
  std::string_view role_;
  Data data_;
  ClassLayout layout_;
  SampleWeights sample_weights_;
  std::shared_ptr<const Data> labels_;
};

}  // namespace

std::unique_ptr<Driver> make_batch_driver(const Term& term, std::size_t /*max_items*/) {
  return std::make_unique<BatchDriver>(term);
}

}  // namespace losscalc::evaluation
