#include "registry/units.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>

#include "diagnostics/error.h"
#include "numeric/limits.h"
#include "text/number.h"

namespace losscalc {
namespace {

constexpr double denormal = std::numeric_limits<double>::denorm_min();
constexpr double huge = 1e150;  // its square is finite

Unit elementwise_unit(const ElementwiseKernel* kernel, double prediction, double target) {
  return {.what = "target " + std::to_string(target),
          .at = {prediction},
          .value =
              [=](std::span<const double> x) {
                double loss = 0.0;
                kernel->value(x, {&target, 1}, {&loss, 1});
                return loss;
              },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                Numbers slope(1);
                kernel->gradient(by, x, {&target, 1}, slope);
                return slope;
              }};
}

Unit binary_unit(const BinaryKernel* kernel, const Numbers& log_p_and_q, double target,
                 double positive_weight, std::uint32_t class_index) {
  // What a block points to must outlive it: the lambdas hold it by value.
  const auto block = [](std::span<const double> x, const double* t, const double* weight,
                        const std::uint32_t* c) {
    return BinaryBlock{.log_p = x.first(1),
                       .log_q = x.last(1),
                       .target = {t, 1},
                       .positive_weight = {weight, 1},
                       .classes = {c, 1}};
  };
  return {.what = "target " + std::to_string(target) + " weight " + std::to_string(positive_weight),
          .at = log_p_and_q,
          .value =
              [=](std::span<const double> x) {
                double loss = 0.0;
                kernel->value(block(x, &target, &positive_weight, &class_index), {&loss, 1});
                return loss;
              },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                Numbers slope(2);
                kernel->gradient(by, block(x, &target, &positive_weight, &class_index),
                                 std::span(slope).first(1), std::span(slope).last(1));
                return slope;
              }};
}

Unit class_term_unit(const ClassTermKernel* kernel, double log_p, std::uint32_t class_index) {
  return {.what = "class " + std::to_string(class_index),
          .at = {log_p},
          .value =
              [=](std::span<const double> x) {
                double loss = 0.0;
                kernel->value(x, {&class_index, 1}, {&loss, 1});
                return loss;
              },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                Numbers slope(1);
                kernel->gradient(by, x, {&class_index, 1}, slope);
                return slope;
              }};
}

Unit score_unit(const ScoreKernel* kernel, const Numbers& scores, std::size_t target) {
  return {.what = "class " + std::to_string(target),
          .at = scores,
          .value = [=](std::span<const double> x) { return kernel->value(x, target); },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                Numbers slope(x.size(), 99.0);  // what was there before must not matter
                kernel->gradient(by, x, target, slope);
                return slope;
              }};
}

Unit overlap_unit(const OverlapKernel* kernel, const Numbers& sums) {
  const auto overlap = [](std::span<const double> x) { return Overlap<double>{x[0], x[1], x[2]}; };
  const auto numbers = [](const Overlap<double>& o) {
    return Numbers{o.intersection, o.prediction, o.target};
  };
  return {.what = "sums",
          .at = sums,
          .value = [=](std::span<const double> x) { return kernel->value(overlap(x)); },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                return numbers(kernel->gradient(by, overlap(x)));
              }};
}

Unit box_unit(const BoxKernel* kernel, const Numbers& prediction, const Numbers& target) {
  const auto box = [](std::span<const double> x) { return Box<double>{x[0], x[1], x[2], x[3]}; };
  const auto numbers = [](const Box<double>& b) { return Numbers{b.x1, b.y1, b.x2, b.y2}; };
  const Box<double> t = box(target);
  std::string what = "target";
  for (const double corner : target) what += " " + std::to_string(corner);
  return {.what = what,
          .at = prediction,
          .value = [=](std::span<const double> x) { return kernel->value(box(x), t); },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                return numbers(kernel->gradient(by, box(x), t));
              }};
}

/// The vectors of a tuple loss, of which those that it is differentiated by are free.
struct TupleForm {
  explicit TupleForm(const Loss& loss, std::size_t length) {
    dimensions = loss.of_elements ? 1 : length;
    for (std::size_t k = 0; k < loss.vectors; ++k) {
      const Role& role = loss.roles[k];
      free.push_back(role.differentiable);
      count += role.differentiable ? 1 : 0;
      fixed.push_back(role.differentiable || role.optional ? Numbers{} : target_of(loss));
    }
    labels = loss.target_values == TargetValues::signs ? Numbers{-1, 1} : Numbers{0, 1};
  }
  /// The vectors where the free ones, one after the other, are x.
  template <class Span>
  std::vector<Span> parts(Span x) const {
    std::vector<Span> spans;
    for (std::size_t k = 0, next = 0; k < free.size(); ++k) {
      if (free[k]) {
        spans.push_back(x.subspan(dimensions * next++, dimensions));
      } else if constexpr (std::is_const_v<typename Span::element_type>) {
        spans.push_back(Span(fixed[k]));
      } else {
        spans.push_back({});
      }
    }
    return spans;
  }

  std::size_t dimensions = 0;
  std::size_t count = 0;  ///< of free vectors
  std::vector<bool> free;
  std::vector<Numbers> fixed;
  Numbers labels;

 private:
  Numbers target_of(const Loss& loss) const {
    Numbers target(dimensions, 0.0);
    if (loss.target_values == TargetValues::label_lists) {
      target.assign(dimensions, -1.0);
      target[0] = 2.0;
    } else {
      target[dimensions / 2] = 1.0;
    }
    return target;
  }
};

Unit tuple_unit(const TupleKernel* kernel, const TupleForm& form, const Numbers& vectors,
                double label) {
  return {.what = "label " + std::to_string(label),
          .at = vectors,
          .value = [=](std::span<const double> x) { return kernel->value(form.parts(x), label); },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                Numbers slope(x.size(), 99.0);
                kernel->gradient(by, form.parts(x), label, form.parts(std::span(slope)));
                return slope;
              }};
}

/// Slopes of a hundred times an exponential, whose exponent is itself about a hundred.
constexpr double rounded_exponents = 1e4;

/// The third of these samples; labels are in pairs.
Unit batch_unit(const BatchKernel* kernel, const Numbers& similarities) {
  Numbers labels;
  for (std::size_t i = 0; i < similarities.size(); ++i)
    labels.push_back(static_cast<double>(i / 2));
  constexpr std::size_t sample = 2;
  return {.what = "sample 2",
          .at = similarities,
          .value = [=](std::span<const double> x) { return kernel->value(x, labels, sample); },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                Numbers slope(x.size(), 99.0);
                kernel->gradient(by, x, labels, sample, slope);
                return slope;
              }};
}

/// Steps of four classes, of which the blank is none of the labels.
Unit sequence_unit(const SequenceKernel* kernel, const Numbers& log_p,
                   const std::vector<std::uint32_t>& labels) {
  std::string what = "labels";
  for (const std::uint32_t label : labels) what += " " + std::to_string(label);
  return {
      .what = what,
      .at = log_p,
      .value = [=](std::span<const double> x) { return kernel->value(x, test_classes, labels); },
      .gradient =
          [=](DerivativeBy by, std::span<const double> x) {
            Numbers slope(x.size(), 99.0);
            kernel->gradient(by, x, test_classes, labels, slope);
            return slope;
          }};
}

Unit parameter_unit(const ParameterKernel* kernel, double weight) {
  return {.what = "weight",
          .at = {weight},
          .value =
              [=](std::span<const double> x) {
                double penalty = 0.0;
                kernel->value(x, {&penalty, 1});
                return penalty;
              },
          .gradient =
              [=](DerivativeBy by, std::span<const double> x) {
                Numbers slope(1);
                kernel->gradient(by, x, slope);
                return slope;
              }};
}

/// Lets the unit's functions own the kernels that they call.
Unit owning(Unit unit, const std::shared_ptr<const Kernels>& kernels) {
  const auto hold = [&](auto& function) {
    function = [kernels, inner = function](auto... arguments) { return inner(arguments...); };
  };
  hold(unit.value);
  hold(unit.gradient);
  return unit;
}

/// A number, its neighbours, and numbers a little further off.
void add_around(double x, Numbers& places) {
  for (const double y : {x, std::nextafter(x, infinity), std::nextafter(x, -infinity), x + 1e-9,
                         x - 1e-9, x + 1e-5, x - 1e-5}) {
    places.push_back(y);
  }
}

/// The size of the terms that cancel in an elementwise slope such as 1 - t / p.
double cancelled_in(const Loss& loss, const ElementDomain& domain) {
  const bool cancels =
      std::isfinite(domain.prediction.low) && !loss.description.properties.zero_at_target;
  return cancels ? 1.0 : 0.0;
}

/// Residuals, scores and weights: around zero and around each number among the parameters, where a
/// branch may end.
Numbers special_numbers(const Loss& loss, const Arguments& arguments) {
  Numbers places{denormal, -denormal, 1e-300, -1e-300, 1e-160, -1e-160, 1e6, -1e6, huge, -huge};
  add_around(0.0, places);
  for (const Argument& argument : loss.effective(arguments)) {
    const double* number = std::get_if<double>(&argument.value);
    if (number == nullptr) continue;
    add_around(*number, places);
    add_around(-*number, places);
  }
  return places;
}

double margin_of(const Loss& loss, const Arguments& arguments) {
  for (const Argument& argument : loss.effective(arguments)) {
    if (argument.name == "margin") return std::get<double>(argument.value);
  }
  return 1.0;
}

std::vector<Numbers> special_scores(double margin) {
  std::vector<Numbers> rows{{0, 0, 0, 0}, {huge, -huge, huge, 0}, {1e-300, 0, -1e-300, denormal}};
  Numbers leads;
  add_around(margin, leads);
  for (const double lead : leads) {
    rows.push_back({lead, 0, 0, 0});
    rows.push_back({0, lead, 0.5 * lead, 0});
    rows.push_back({lead, 0, 0, 1e-9});
  }
  return rows;
}

/// Anchor, positive and negative (or the two of a pair) in two dimensions.
std::vector<Numbers> special_tuples(std::size_t count, double margin) {
  std::vector<Numbers> tuples;
  if (count == 2) {
    Numbers distances;
    add_around(0.0, distances);
    add_around(margin, distances);
    for (const double d : distances) tuples.push_back({0, 0, d, 0});
    for (const double s : {1e-300, 1e-160, 1e-20, 1e5, 1e70}) {
      tuples.push_back({s, s, -s, s});
      tuples.push_back({s, 2 * s, 3 * s, -s});
      tuples.push_back({s, 2 * s, 0, 0});
    }
    tuples.push_back({1, 2, 2, 4});
    tuples.push_back({1, 2, -1, -2});
    return tuples;
  }
  Numbers leads;
  add_around(margin, leads);
  for (const double lead : leads) tuples.push_back({0, 0, lead, 0, 0, 0.0});
  for (const double lead : leads) tuples.push_back({0, 0, 0, 0, 0, lead});
  tuples.push_back({0, 0, 0, 0, 0, 0});
  tuples.push_back({1, 2, 1, 2, 1, 2});
  tuples.push_back({1, 2, 2, 4, -1, -2});
  for (const double y : {-1e-9, 0.0, 1e-9}) tuples.push_back({0, 0, 1, 0, 0.5, 0.25 + y});
  for (const double x : {-1e-9, 0.0, 1e-9}) tuples.push_back({0, 0, 1, 0, 0.5 + x, 1.0});
  for (const double s : {1e-300, 1e-160, 1e-20, 1e5, 1e70})
    tuples.push_back({s, -s, 2 * s, s, 3 * s, 3 * s});
  return tuples;
}

/// Two numbers, the second of which may have to be positive.
std::vector<Numbers> special_pairs(double margin) {
  std::vector<Numbers> pairs;
  Numbers leads;
  add_around(margin, leads);
  for (const double lead : leads) {
    pairs.push_back({lead + 0.5, 0.5});
    pairs.push_back({0.5, 0.5 + std::fabs(lead)});
  }
  for (const double s : {1e-300, 1e-20, 1e-6, 1e5, 1e70}) pairs.push_back({0.25, s});
  return pairs;
}

/// Boxes against (0,0,2,2): equal, touching, nested, apart, without width, height or both.
std::vector<Numbers> special_boxes() {
  std::vector<Numbers> boxes{{0, 0, 2, 2},       {0, 0, 1, 1},      {1, 1, 2, 2},
                             {2, 0, 3, 2},       {2, 2, 3, 3},      {0.5, 0.5, 1.5, 1.25},
                             {-1, -1, 3, 4},     {5, 5, 6, 9},      {-9, 1, -7, 1.5},
                             {1, 0, 1, 2},       {0, 1, 2, 1},      {1, 1, 1, 1},
                             {7, 7, 7, 7},       {7, 7, 9, 7},      {0, 0, 2, 1e-160},
                             {0, 0, 1e-160, 2},  {0, 0, 1e5, 1e-5}, {-1e60, -1e60, 1e60, 1e60},
                             {1e60, 0, 1e60, 1}, {0, -1, 2, 3}};
  for (const double e : {1e-9, -1e-9, 1e-5, -1e-5}) {
    boxes.push_back({e, 0, 2, 2});
    boxes.push_back({0, e, 2, 2});
    boxes.push_back({0, 0, 2 + e, 2});
    boxes.push_back({0, 0, 2, 2 + e});
    boxes.push_back({2 + e, 0, 3, 1});
    boxes.push_back({0, 2 + e, 1, 3});
  }
  return boxes;
}

}  // namespace

double within(const Interval& interval, double x) {
  if (!std::isfinite(interval.low)) return x;
  const double distance = 0.5 + std::fabs(x - interval.low);
  const double width = interval.high - interval.low;
  return interval.low + (std::isfinite(width) ? width * distance / (1.0 + distance) : distance);
}

Numbers UnitSource::uniforms(std::size_t count, double low, double high) {
  Numbers numbers(count);
  for (double& number : numbers) number = uniform(low, high);
  return numbers;
}

Numbers log_softmax(std::span<const double> logits) {
  const double largest = *std::ranges::max_element(logits);
  double sum = 0.0;
  for (const double z : logits) sum += std::exp(z - largest);
  Numbers log_p;
  for (const double z : logits) log_p.push_back(z - largest - std::log(sum));
  return log_p;
}

Numbers log_bernoulli(double z) {
  const double tail = std::log1p(std::exp(-std::fabs(z)));
  return {std::min(z, 0.0) - tail, std::min(-z, 0.0) - tail};
}

Unit UnitSource::interior(const Loss& loss, const Arguments& arguments) {
  const auto kernels = std::make_shared<const Kernels>(loss.kernels(arguments));
  const auto class_index =
      static_cast<std::uint32_t>(uniform(0.0, static_cast<double>(test_classes)));
  Unit unit;
  if (kernels->elementwise) {
    const bool signs = loss.target_values == TargetValues::signs;
    const ElementDomain domain = kernels->elementwise->domain();
    const double target =
        signs ? std::copysign(1.0, uniform(-1, 1)) : within(domain.target, uniform(-2, 2));
    unit = elementwise_unit(kernels->elementwise.get(), within(domain.prediction, uniform(-3, 3)),
                            target);
    unit.cancelled = cancelled_in(loss, domain);
  } else if (kernels->binary && (!kernels->class_terms || uniform(0, 1) < 0.5)) {
    const double kind = uniform(0, 3);
    const double target = kind < 1.0 ? 0.0 : (kind < 2.0 ? 1.0 : uniform(0, 1));
    const double logit = uniform(-6, 6);
    const double positive_weight = uniform(0.5, 3.0);
    unit = binary_unit(kernels->binary.get(), log_bernoulli(logit), target, positive_weight,
                       class_index);
  } else if (kernels->class_terms) {
    unit = class_term_unit(kernels->class_terms.get(), uniform(-8, -1e-2), class_index);
  } else if (kernels->scores) {
    unit = score_unit(kernels->scores.get(), uniforms(test_classes, -2, 2), class_index);
    unit.cancelled = 1.0;  // probabilities less that of the right class
  } else if (kernels->overlap) {
    const Numbers p = uniforms(20, 0, 1);
    Numbers sums(3);
    for (const double probability : p) {
      const double t = uniform(0, 1) < 0.4 ? 1.0 : 0.0;
      sums[0] += probability * t;
      sums[1] += probability;
      sums[2] += t;
    }
    unit = overlap_unit(kernels->overlap.get(), sums);
  } else if (kernels->tuple) {
    const TupleForm form(loss, 5);
    const double label = form.labels[uniform(0, 1) < 0.5 ? 0 : 1];
    Numbers vectors;
    for (std::size_t k = 0; k < loss.vectors; ++k) {
      if (!form.free[k]) continue;
      const bool positive = std::isfinite(loss.roles[k].valid.low);
      const Numbers more = uniforms(form.dimensions, positive ? 0.6 : -0.6, positive ? 2.0 : 0.6);
      vectors.insert(vectors.end(), more.begin(), more.end());
    }
    unit = tuple_unit(kernels->tuple.get(), form, vectors, label);
    unit.cancelled = 1.0;  // the cosine's slopes vanish between vectors of one direction
  } else if (kernels->batch) {
    unit = batch_unit(kernels->batch.get(), uniforms(7, -0.9, 0.9));
    unit.step = 2e-6;  // exponents of a hundred times the similarity bend within 1e-4
    unit.cancelled = rounded_exponents;
  } else if (kernels->sequence) {
    const std::vector<std::vector<std::uint32_t>> labels{{}, {1}, {2, 2}, {1, 2, 1}};
    Numbers log_p;
    for (std::size_t step = 0; step < 5; ++step) {
      const Numbers row = log_softmax(uniforms(test_classes, -3, 3));
      log_p.insert(log_p.end(), row.begin(), row.end());
    }
    unit = sequence_unit(kernels->sequence.get(), log_p, labels[class_index]);
  } else if (kernels->box) {
    const auto box = [&] {
      const double x = uniform(-1, 1);
      const double y = uniform(-1, 1);
      return Numbers{x, y, x + uniform(0.3, 2.0), y + uniform(0.3, 2.0)};
    };
    const Numbers target = box();
    unit = box_unit(kernels->box.get(), box(), target);
  } else {
    unit = parameter_unit(kernels->parameters.get(), uniform(-3, 3));
  }
  return owning(std::move(unit), kernels);
}

std::vector<Unit> special_units(const Loss& loss, const Arguments& arguments) {
  const auto kernels = std::make_shared<const Kernels>(loss.kernels(arguments));
  std::vector<Unit> units;
  const double margin = margin_of(loss, arguments);
  if (kernels->elementwise) {
    const bool signs = loss.target_values == TargetValues::signs;
    const ElementDomain domain = kernels->elementwise->domain();
    for (const double target : signs ? Numbers{-1, 1} : Numbers{0, 0.75}) {
      for (const double r : special_numbers(loss, arguments)) {
        const double prediction = signs ? r : target + r;
        if (!domain.prediction.contains(prediction) || !domain.target.contains(target)) continue;
        units.push_back(elementwise_unit(kernels->elementwise.get(), prediction, target));
        units.back().cancelled = cancelled_in(loss, domain);
      }
    }
  }
  if (kernels->binary) {
    for (const double size : {0.0, denormal, 1e-17, 1e-8, 1e-3, 36.0, 40.0, 700.0, 750.0, 1e300}) {
      for (const double target : {0.0, 1.0, 0.3, 1e-300}) {
        units.push_back(binary_unit(kernels->binary.get(), log_bernoulli(size), target, 2.0, 1));
        units.push_back(binary_unit(kernels->binary.get(), log_bernoulli(-size), target, 0.0, 2));
      }
    }
    units.push_back(binary_unit(kernels->binary.get(), {0.0, -infinity}, 1.0, 1.0, 0));
    units.push_back(binary_unit(kernels->binary.get(), {-infinity, 0.0}, 0.0, 1.0, 0));
  }
  if (kernels->class_terms) {
    for (const double log_p : {0.0, -0.0, -denormal, -1e-300, -1e-17, -1e-16, -1e-8, -0.5, -36.0,
                               -700.0, -800.0, -1e300, -infinity}) {
      units.push_back(class_term_unit(kernels->class_terms.get(), log_p, 3));
    }
  }
  if (kernels->scores) {
    for (const Numbers& row : special_scores(margin)) {
      for (const std::size_t target : {0U, 1U, 3U}) {
        units.push_back(score_unit(kernels->scores.get(), row, target));
        units.back().cancelled = 1.0;  // as in interior()
      }
    }
    units.push_back(score_unit(kernels->scores.get(), {1.0}, 0));
  }
  if (kernels->overlap) {
    for (const Numbers& sums : std::vector<Numbers>{{0, 0, 0},
                                                    {0, 5, 0},
                                                    {0, 0, 5},
                                                    {0, 3, 5},
                                                    {5, 5, 5},
                                                    {1e-300, 1e-300, 1},
                                                    {1e9, 1e9, 2e9},
                                                    {0, 1e300, 1e300}}) {
      units.push_back(overlap_unit(kernels->overlap.get(), sums));
    }
  }
  if (kernels->tuple) {
    const std::size_t count = TupleForm(loss, 1).count;
    const bool of_scores = count == 1 && !loss.of_elements;
    const TupleForm form(loss, of_scores ? 4 : 2);
    for (const Numbers& vectors : of_scores          ? special_scores(margin)
                                  : loss.of_elements ? special_pairs(margin)
                                                     : special_tuples(count, margin)) {
      for (const double label : form.labels) {
        units.push_back(tuple_unit(kernels->tuple.get(), form, vectors, label));
        const double largest = std::ranges::max(vectors);
        if (largest > 0.1 && largest < 10.0) units.back().cancelled = 1.0;  // as in interior()
      }
    }
  }
  if (kernels->batch) {
    for (const Numbers& similarities : std::vector<Numbers>{{1, 1, 1, 1, 1, 1},
                                                            {0, 0, 0, 0, 0, 0},
                                                            {-1, -1, 1, 1, -1, -1},
                                                            {1, 1, 1, -1, 1, 1},
                                                            {0.5, -0.5, 1, 1e-9, 0, -1e-9}}) {
      units.push_back(batch_unit(kernels->batch.get(), similarities));
      units.back().cancelled = rounded_exponents;
    }
  }
  if (kernels->sequence) {
    constexpr double unlikely = -800.0;
    const Numbers certain{0.0, unlikely, unlikely, unlikely};
    const Numbers impossible{-infinity, 0.0, -infinity, -infinity};
    std::vector<std::pair<Numbers, std::vector<std::uint32_t>>> cases{
        {certain, {}}, {certain, {2}}, {certain, {1, 2}}, {{}, {}}};
    for (const Numbers& first : {certain, impossible}) {
      for (const Numbers& second : {certain, impossible}) {
        Numbers log_p = first;
        for (int step = 0; step < 2; ++step)
          log_p.insert(log_p.end(), second.begin(), second.end());
        cases.push_back({log_p, {1}});
      }
    }
    for (const auto& [log_p, labels] : cases) {
      units.push_back(sequence_unit(kernels->sequence.get(), log_p, labels));
      units.back().cancelled = -unlikely;  // in exponents
    }
  }
  if (kernels->box) {
    for (const Numbers& prediction : special_boxes()) {
      for (const Numbers& target :
           std::vector<Numbers>{{0, 0, 2, 2}, {0, 0, 2, 1}, {1, 1, 1, 1}, {0, 1, 2, 1}})
        units.push_back(box_unit(kernels->box.get(), prediction, target));
    }
  }
  if (kernels->parameters) {
    for (const double weight : special_numbers(loss, arguments))
      units.push_back(parameter_unit(kernels->parameters.get(), weight));
  }
  for (Unit& unit : units) unit = owning(std::move(unit), kernels);
  return units;
}

namespace {

/// Whether values that are valid one by one are so together.
bool is_accepted(const Loss& loss, const Arguments& arguments) {
  try {
    loss.kernels(arguments);
  } catch (const Error& error) {
    return error.code() != ErrorCode::bad_value;
  }
  return true;
}

}  // namespace

std::vector<Arguments> parameter_sets(const Loss& loss) {
  std::vector<Arguments> sets{{}};
  const auto cross = [&](const ParameterInfo& info, const std::vector<ParameterValue>& values) {
    std::vector<Arguments> crossed;
    for (const Arguments& set : sets) {
      for (const ParameterValue& value : values) {
        crossed.push_back(set);
        crossed.back().push_back({std::string(info.name), value});
      }
    }
    sets = std::move(crossed);
  };
  for (const ParameterInfo& info : loss.parameters) {
    if (info.type == ParameterType::boolean) cross(info, {false, true});
    if (info.type == ParameterType::choice) {
      std::vector<ParameterValue> names;
      for (const std::string& choice : choice_names(info)) names.emplace_back(choice);
      cross(info, names);
    }
    if (info.type == ParameterType::integer && info.valid.high - info.valid.low < 10.0) {
      std::vector<ParameterValue> integers;
      for (double i = info.valid.low; i <= info.valid.high; ++i) integers.emplace_back(i);
      cross(info, integers);
    }
  }
  const std::vector<Arguments> discrete = sets;
  const auto vary = [&](const ParameterInfo& info, const ParameterValue& value) {
    for (Arguments set : discrete) {
      set.push_back({std::string(info.name), value});
      sets.push_back(std::move(set));
    }
  };
  for (const ParameterInfo& info : loss.parameters) {
    if (info.type == ParameterType::number) {
      for (const double number : {0.0, 1e-3, 0.3, 0.5, 1.0, 2.5, 4.0})
        if (info.valid.contains(number)) vary(info, number);
    }
    if (info.type == ParameterType::integer && !std::isfinite(info.valid.low)) vary(info, -1.0);
    if (info.type == ParameterType::numbers) {
      vary(info, 0.25);
      vary(info, Numbers{0.25, 0.5, 0.75, 1.0});
    }
  }
  std::erase_if(sets, [&](const Arguments& set) { return !is_accepted(loss, set); });
  return sets;
}

std::string to_string(const Arguments& arguments) {
  std::string text;
  for (const Argument& argument : arguments)
    text += argument.name + "=" + to_string(argument.value) + " ";
  return text;
}

std::string to_string(const Numbers& numbers) {
  std::string text;
  for (const double number : numbers) text += text::shortest(number) + " ";
  return text;
}

std::function<double(std::span<const double>)> convex_function(const Loss& loss, UnitSource& source,
                                                               std::size_t& dimension) {
  const Unit unit = source.interior(loss, {});
  dimension = unit.at.size();
  const auto kernels = std::make_shared<const Kernels>(loss.kernels({}));
  if (kernels->binary) {
    dimension = 1;
    return
        [value = unit.value](std::span<const double> z) { return value(log_bernoulli(z.front())); };
  }
  if (kernels->class_terms && std::ranges::find(loss.from, From::logits) != loss.from.end()) {
    dimension = test_classes;
    Numbers target = source.uniforms(test_classes, 0, 1);
    return [kernels, target](std::span<const double> z) {
      const Numbers log_p = log_softmax(z);
      Numbers terms(test_classes);
      kernels->class_terms->value(log_p, std::array<std::uint32_t, test_classes>{0, 1, 2, 3},
                                  terms);
      double sum = 0.0;
      for (std::size_t c = 0; c < test_classes; ++c) sum += target[c] * terms[c];
      return sum;
    };
  }
  return unit.value;
}

}  // namespace losscalc
