#include "evaluation/random_terms.h"

#include <algorithm>
#include <cmath>

namespace losscalc::evaluation {
namespace {

Shape with_classes(const RandomShape& sizes) {
  Shape shape{sizes.samples, sizes.classes};
  shape.insert(shape.end(), sizes.spatial.begin(), sizes.spatial.end());
  return shape;
}

Shape without_classes(const RandomShape& sizes) {
  Shape shape{sizes.samples};
  shape.insert(shape.end(), sizes.spatial.begin(), sizes.spatial.end());
  return shape;
}

}  // namespace

std::vector<double> RandomTerms::uniforms(std::size_t count, double low, double high) {
  std::vector<double> values(count);
  for (double& value : values) value = uniform(low, high);
  return values;
}

std::vector<double> RandomTerms::indices(std::size_t count, std::size_t classes) {
  std::uniform_int_distribution<std::size_t> pick(0, classes - 1);
  std::vector<double> values(count);
  for (double& value : values) value = static_cast<double>(pick(engine_));
  return values;
}

std::vector<double> RandomTerms::pairs(std::size_t count) {
  std::vector<double> labels(count);
  for (std::size_t i = 0; i < count; ++i) labels[i] = static_cast<double>(i / 2);
  return labels;
}

std::vector<double> RandomTerms::class_rows(From from, Link link, const RandomShape& sizes) {
  const Shape shape = with_classes(sizes);
  std::vector<double> values = uniforms(element_count(shape), -2.0, 2.0);
  if (from != From::probs && from != From::log_probs) return values;
  const std::size_t inner = element_count(sizes.spatial);
  for (std::size_t n = 0; n < sizes.samples; ++n) {
    for (std::size_t s = 0; s < inner; ++s) {
      double sum = 0.0;
      const auto at = [&](std::size_t c) -> double& {
        return values[(n * sizes.classes + c) * inner + s];
      };
      for (std::size_t c = 0; c < sizes.classes; ++c) sum += std::exp(at(c));
      for (std::size_t c = 0; c < sizes.classes; ++c) {
        const double p =
            link == Link::softmax ? std::exp(at(c)) / sum : 1.0 / (1.0 + std::exp(-at(c)));
        at(c) = from == From::probs ? p : std::log(p);
      }
    }
  }
  return values;
}

std::vector<double> RandomTerms::boxes(std::size_t count) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = uniform(0.0, 4.0);
    const double y = uniform(0.0, 4.0);
    values.insert(values.end(), {x, y, x + uniform(1.0, 5.0), y + uniform(1.0, 5.0)});
  }
  return values;
}

namespace {

/// Mirrors what lies beyond an interval's lower end, away from it; pulls what lies beyond both ends
/// between them.
void move_into(const Interval& interval, std::vector<double>& numbers) {
  if (!std::isfinite(interval.low)) return;
  const double width = interval.high - interval.low;
  for (double& x : numbers) {
    const double distance = 0.25 + std::fabs(x - interval.low);
    x = interval.low + (std::isfinite(width) ? width * distance / (1.0 + distance) : distance);
  }
}

}  // namespace

void RandomTerms::make_elementwise(Term& term, const RandomShape& sizes) {
  const Shape shape = with_classes(sizes);
  const std::size_t count = element_count(shape);
  const bool probabilities = term.conventions.from == From::probs;
  std::vector<double> prediction =
      probabilities ? uniforms(count, 0.05, 0.95) : uniforms(count, -2.5, 2.5);
  std::vector<double> target = uniforms(count, -2.0, 2.0);
  if (const auto kernel = term.loss->kernels(term.parameters).elementwise) {
    if (std::isfinite(kernel->domain().prediction.high)) prediction = uniforms(count, 0.05, 0.95);
    move_into(kernel->domain().prediction, prediction);
    move_into(kernel->domain().target, target);
  }
  term.inputs["pred"] = {in_memory(std::move(prediction), shape, "pred")};
  if (term.loss->target_values == TargetValues::unit_interval) target = uniforms(count, 0.0, 1.0);
  if (term.loss->target_values == TargetValues::signs) {
    for (double& t : target) t = t > 0.0 ? 1.0 : -1.0;
  }
  term.inputs["target"] = {in_memory(std::move(target), shape, "target")};
}

void RandomTerms::make_classwise(Term& term, const RandomShape& sizes) {
  const Shape targets = without_classes(sizes);
  term.inputs["pred"] = {in_memory(class_rows(term.conventions.from, term.conventions.link, sizes),
                                   with_classes(sizes), "pred")};
  term.inputs["target"] = {
      in_memory(indices(element_count(targets), sizes.classes), targets, "target")};
}

std::vector<double> RandomTerms::tuple_vectors(const Loss& loss, const Role& role,
                                               std::size_t units, std::size_t dimensions) {
  if (!role.differentiable && loss.target_values == TargetValues::label_lists) {
    std::vector<double> labels = indices(units * dimensions, dimensions);
    for (std::size_t n = 0; n < units; ++n) labels[n * dimensions + n % dimensions] = -1.0;
    return labels;
  }
  const double low = std::isfinite(role.valid.low) ? role.valid.low + 0.25 : -1.0;
  return uniforms(units * dimensions, low, 1.0);
}

void RandomTerms::make_tuple(Term& term, const RandomShape& sizes) {
  const Loss& loss = *term.loss;
  const std::size_t dimensions = loss.of_elements ? 1 : sizes.dimensions;
  Shape shape{sizes.samples};
  if (!loss.of_elements) shape.push_back(dimensions);
  for (std::size_t k = 0; k < loss.vectors; ++k) {
    const Role& role = loss.roles[k];
    if (role.optional) continue;
    term.inputs[std::string(role.name)] = {in_memory(
        tuple_vectors(loss, role, sizes.samples, dimensions), shape, std::string(role.name))};
  }
  if (find_role(loss, "label") == nullptr) return;
  term.inputs["label"] = {in_memory(indices(sizes.samples, 2), {sizes.samples}, "label")};
}

/// Up to 24 steps, half as many labels; the last sequence has none.
void RandomTerms::make_sequence(Term& term, const RandomShape& sizes) {
  const std::size_t positions = std::min<std::size_t>(2 * element_count(sizes.spatial), 24);
  const std::size_t width = std::max<std::size_t>(positions / 2, 1);
  RandomShape rows{.samples = sizes.samples * positions, .classes = sizes.classes, .spatial = {}};
  term.inputs["pred"] = {in_memory(class_rows(term.conventions.from, Link::softmax, rows),
                                   {sizes.samples, positions, sizes.classes}, "pred")};
  std::vector<double> labels = indices(sizes.samples * width, sizes.classes - 1);
  for (double& label : labels) label += 1.0;
  std::fill(labels.end() - static_cast<std::ptrdiff_t>(width), labels.end(), -1.0);
  term.inputs["target"] = {in_memory(std::move(labels), {sizes.samples, width}, "target")};
}

Term RandomTerms::make(const Loss& loss, From from, Link link, const RandomShape& sizes) {
  Term term{{.loss = &loss, .conventions = default_conventions(loss)}};
  term.conventions.from = from;
  term.conventions.link = link;
  switch (loss.domain) {
    case Domain::elementwise: make_elementwise(term, sizes); break;
    case Domain::classwise:
    case Domain::region: make_classwise(term, sizes); break;
    case Domain::tuple: make_tuple(term, sizes); break;
    case Domain::batch:
      term.inputs[std::string(loss.roles.front().name)] = {
          in_memory(uniforms(sizes.samples * sizes.dimensions, -1.0, 1.0),
                    {sizes.samples, sizes.dimensions}, std::string(loss.roles.front().name))};
      if (find_role(loss, "target") != nullptr)
        term.inputs["target"] = {in_memory(pairs(sizes.samples), {sizes.samples}, "target")};
      break;
    case Domain::sequence: make_sequence(term, sizes); break;
    case Domain::box:
      term.inputs["pred"] = {in_memory(boxes(sizes.samples), {sizes.samples, 4}, "pred")};
      term.inputs["target"] = {in_memory(boxes(sizes.samples), {sizes.samples, 4}, "target")};
      break;
    case Domain::parameters:
      term.inputs["params"] = {
          in_memory(uniforms(sizes.samples, -1.0, 1.0), {sizes.samples}, "w1"),
          in_memory(uniforms(2 * sizes.samples, -1.0, 1.0), {sizes.samples, 2}, "w2")};
      break;
  }
  return term;
}

std::vector<Variant> all_variants() {
  std::vector<Variant> variants;
  for (const Loss* loss : all_losses()) {
    const std::vector<From> forms =
        loss->from.empty() ? std::vector{default_conventions(*loss).from} : loss->from;
    const std::vector<Link> links =
        loss->links.empty() ? std::vector{default_conventions(*loss).link} : loss->links;
    for (const From from : forms) {
      for (const Link link : links) {
        if (link == Link::sigmoid && from == From::log_probs) continue;
        variants.push_back({loss, from, link,
                            std::string(loss->description.name) + " from " +
                                std::string(name(from)) +
                                (link == Link::sigmoid ? ", sigmoid" : "")});
      }
    }
  }
  return variants;
}

}  // namespace losscalc::evaluation
