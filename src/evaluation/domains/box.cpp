/// The driver of box losses: [N,4] predictions and targets, a unit for each pair of boxes.

#include <algorithm>
#include <array>
#include <string>

#include "diagnostics/error.h"
#include "evaluation/domains/make_driver.h"
#include "evaluation/driver.h"
#include "evaluation/inputs/messages.h"
#include "evaluation/inputs/weights.h"
#include "evaluation/term.h"
#include "text/number.h"

namespace losscalc::evaluation {
namespace {

using Numbers = std::array<double, 4>;

Box<double> corners(BoxFormat format, const Numbers& v) {
  switch (format) {
    case BoxFormat::xyxy: return {v[0], v[1], v[2], v[3]};
    case BoxFormat::cxcywh:
      return {v[0] - 0.5 * v[2], v[1] - 0.5 * v[3], v[0] + 0.5 * v[2], v[1] + 0.5 * v[3]};
    case BoxFormat::xywh: return {v[0], v[1], v[0] + v[2], v[1] + v[3]};
  }
  return {};
}

/// Derivatives by corners -> derivatives by the numbers of the format (the transpose of corners()).
Numbers from_corners(BoxFormat format, const Box<double>& g) {
  switch (format) {
    case BoxFormat::xyxy: return {g.x1, g.y1, g.x2, g.y2};
    case BoxFormat::cxcywh:
      return {g.x1 + g.x2, g.y1 + g.y2, 0.5 * (g.x2 - g.x1), 0.5 * (g.y2 - g.y1)};
    case BoxFormat::xywh: return {g.x1 + g.x2, g.y1 + g.y2, g.x2, g.y2};
  }
  return {};
}

class BoxDriver final : public Driver {
 public:
  explicit BoxDriver(const Term& term)
      : kernels_(term.loss->kernels(term.parameters)),
        format_(term.conventions.boxes),
        prediction_(required_input(term, "pred")),
        target_(required_input(term, "target")),
        sample_weights_(term, {checked_samples()}) {}

  std::size_t samples() const override { return prediction_.shape[0]; }
  std::size_t items() const override { return element_count(prediction_.shape) / 4; }
  std::size_t items_per_chunk() const override { return std::size_t{1} << 14U; }
  Shape unit_shape() const override {
    return {prediction_.shape.begin(), prediction_.shape.end() - 1};
  }

  void accumulate(std::size_t first, std::size_t last, const PassOutputs& tables,
                  Partial& partial) const override {
    if (tables.by_class)
      throw Error(ErrorCode::not_supported, "--per-class: pairs of boxes have no classes");
    const std::size_t count = last - first;
    const std::vector<Numbers> predictions = read(prediction_, first, count);
    const std::vector<Numbers> targets = read(target_, first, count);
    std::vector<double> losses(count);
    std::vector<double> weights(count, 1.0);
    sample_weights_.multiply(first, boxes_per_sample(), weights);
    for (std::size_t i = 0; i < count; ++i) {
      const Box<double> p = corners(format_, predictions[i]);
      const Box<double> t = corners(format_, targets[i]);
      // Positions of targets follow those of predictions.
      if (is_inverted(p)) partial.issues.add(DataIssue::box_inverted, first + i);
      if (is_inverted(t)) partial.issues.add(DataIssue::box_inverted, items() + first + i);
      losses[i] = weights[i] * kernels_.box->value(p, t);
    }
    if (!tables.losses.empty())
      std::ranges::copy(losses, tables.losses.begin() + static_cast<std::ptrdiff_t>(first));
    record({.first_position = first, .losses = losses, .weights = weights}, tables,
           boxes_per_sample(), partial);
  }

  void add_gradient(std::size_t first, std::size_t last, const GradientPass& pass) const override {
    const std::span<double> out = pass.buffer("pred", 0);
    if (out.empty()) return;
    const std::size_t count = last - first;
    const std::vector<Numbers> predictions = read(prediction_, first, count);
    const std::vector<Numbers> targets = read(target_, first, count);
    std::vector<double> weights(count, 1.0);
    sample_weights_.multiply(first, boxes_per_sample(), weights);
    for (std::size_t i = 0; i < count; ++i) {
      const Box<double> slope = kernels_.box->gradient(pass.by, corners(format_, predictions[i]),
                                                       corners(format_, targets[i]));
      const Numbers by_numbers = from_corners(format_, slope);
      for (std::size_t k = 0; k < 4; ++k)
        out[(first + i) * 4 + k] += pass.scale * weights[i] * by_numbers[k];
    }
  }

  std::size_t entries_per_item(std::string_view role) const override {
    return role == "pred" ? 4 : 0;
  }
  std::size_t entry(std::string_view /*role*/, std::size_t /*position*/, std::size_t item,
                    std::size_t k) const override {
    return 4 * item + k;
  }
  std::size_t item_of(std::string_view /*role*/, std::size_t /*position*/,
                      std::size_t entry) const override {
    return entry / 4;
  }

  /// A corner may go as far as the opposite one, a size down to 0.
  Interior interior(std::string_view role, std::size_t position, std::size_t entry) const override {
    Interior room = Driver::interior(role, position, entry);
    const std::size_t k = entry % 4;
    if (format_ == BoxFormat::xyxy) {
      const double opposite = element(prediction_, k < 2 ? entry + 2 : entry - 2);
      (k < 2 ? room.upper : room.lower) = opposite;
    } else if (k >= 2) {
      room.lower = 0.0;
    }
    return room;
  }

  double item_value(std::size_t item, const GradientPass& pass) const override {
    const Box<double> p = corners(format_, read(prediction_, item, 1).front());
    const Box<double> t = corners(format_, read(target_, item, 1).front());
    std::array<double, 1> weight{1.0};
    sample_weights_.multiply(item, boxes_per_sample(), weight);
    return pass.scale * weight[0] * kernels_.box->value(p, t);
  }

  void raise(const DataIssues& issues) const override {
    const DataIssueCount& bad = issues[DataIssue::box_inverted];
    if (bad.count == 0) return;
    const bool of_target = bad.first >= items();
    const Data& data = of_target ? target_ : prediction_;
    const std::size_t box = bad.first - (of_target ? items() : 0);
    const bool by_corners = format_ == BoxFormat::xyxy;
    throw Error(ErrorCode::out_of_range,
                std::string(by_corners ? "expected a box with x1 <= x2 and y1 <= y2, found ["
                                       : "expected a box with width and height >= 0, found [") +
                    listed(data, box) + "]" + and_more(bad.count, "box", "boxes"),
                data.place(box * 4),
                by_corners ? "add --boxes cxcywh (centre and size) or --boxes xywh (corner and "
                             "size) if boxes are given so"
                           : "");
  }

 private:
  static bool is_inverted(const Box<double>& b) { return !(b.x1 <= b.x2 && b.y1 <= b.y2); }

  static std::string listed(const Data& data, std::size_t box) {
    std::string text;
    for (std::size_t k = 0; k < 4; ++k)
      text += (k > 0 ? "," : "") + text::shortest(element(data, box * 4 + k));
    return text;
  }

  std::size_t boxes_per_sample() const { return items() / samples(); }

  std::size_t checked_samples() const {
    const Shape& shape = prediction_.shape;
    if (shape.size() < 2 || shape.back() != 4) {
      throw Error(ErrorCode::shape_mismatch,
                  "pred has shape " + to_string(shape) + ", expected [N,4]: a box for each sample",
                  prediction_.whole);
    }
    if (target_.shape != shape) {
      throw Error(ErrorCode::shape_mismatch,
                  "target has shape " + to_string(target_.shape) + ", expected pred's shape " +
                      to_string(shape),
                  target_.whole);
    }
    return shape[0];
  }

  static std::vector<Numbers> read(const Data& data, std::size_t first, std::size_t count) {
    std::vector<double> flat(count * 4);
    data.read(first * 4, flat);
    std::vector<Numbers> boxes(count);
    for (std::size_t i = 0; i < flat.size(); ++i) boxes[i / 4][i % 4] = flat[i];
    return boxes;
  }

  Kernels kernels_;
  BoxFormat format_;
  Data prediction_;
  Data target_;
  SampleWeights sample_weights_;
};

}  // namespace

std::unique_ptr<Driver> make_box_driver(const Term& term, std::size_t /*max_items*/) {
  return std::make_unique<BoxDriver>(term);
}

}  // namespace losscalc::evaluation
