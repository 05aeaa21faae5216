/// Units at the places where a formula may change its branch, for each kernel.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "numeric/limits.h"
#include "registry/kernel_units.h"

namespace losscalc {
namespace {

constexpr double denormal = std::numeric_limits<double>::denorm_min();
constexpr double huge = 1e150;  // its square is finite

/// A number, its neighbours, and numbers a little further off.
void add_around(double x, Numbers& places) {
  for (const double y : {x, std::nextafter(x, infinity), std::nextafter(x, -infinity), x + 1e-9,
                         x - 1e-9, x + 1e-5, x - 1e-5}) {
    places.push_back(y);
  }
}

/// Residuals, scores and weights: around zero and around each number among the parameters, where a
/// branch may end.
Numbers special_numbers(const Configured& configured) {
  Numbers places{denormal, -denormal, 1e-300, -1e-300, 1e-160, -1e-160, 1e6, -1e6, huge, -huge};
  add_around(0.0, places);
  for (const Argument& argument : configured.loss.effective(configured.arguments)) {
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

void special_elementwise(const Configured& configured, std::vector<Unit>& units) {
  const Loss& loss = configured.loss;
  const Kernels& kernels = configured.kernels;
  const bool signs = loss.target_values == TargetValues::signs;
  const ElementDomain domain = kernels.elementwise->domain();
  for (const double target : signs ? Numbers{-1, 1} : Numbers{0, 0.75}) {
    for (const double r : special_numbers(configured)) {
      const double prediction = signs ? r : target + r;
      if (!domain.prediction.contains(prediction) || !domain.target.contains(target)) continue;
      units.push_back(elementwise_unit(kernels.elementwise.get(), prediction, target));
      units.back().cancelled = cancelled_in(loss, domain);
    }
  }
}

void special_binary(const Configured& configured, std::vector<Unit>& units) {
  const Kernels& kernels = configured.kernels;
  for (const double size : {0.0, denormal, 1e-17, 1e-8, 1e-3, 36.0, 40.0, 700.0, 750.0, 1e300}) {
    for (const double target : {0.0, 1.0, 0.3, 1e-300}) {
      units.push_back(binary_unit(kernels.binary.get(), log_bernoulli(size), target, 2.0, 1));
      units.push_back(binary_unit(kernels.binary.get(), log_bernoulli(-size), target, 0.0, 2));
    }
  }
  units.push_back(binary_unit(kernels.binary.get(), {0.0, -infinity}, 1.0, 1.0, 0));
  units.push_back(binary_unit(kernels.binary.get(), {-infinity, 0.0}, 0.0, 1.0, 0));
}

void special_class_terms(const Configured& configured, std::vector<Unit>& units) {
  const Kernels& kernels = configured.kernels;
  for (const double log_p : {0.0, -0.0, -denormal, -1e-300, -1e-17, -1e-16, -1e-8, -0.5, -36.0,
                             -700.0, -800.0, -1e300, -infinity}) {
    units.push_back(class_term_unit(kernels.class_terms.get(), log_p, 3));
  }
}

void special_scores(const Configured& configured, std::vector<Unit>& units) {
  const Kernels& kernels = configured.kernels;
  const double margin = margin_of(configured.loss, configured.arguments);
  for (const Numbers& row : special_scores(margin)) {
    for (const std::size_t target : {0U, 1U, 3U}) {
      units.push_back(score_unit(kernels.scores.get(), row, target));
      units.back().cancelled = 1.0;  // as in interior()
    }
  }
  units.push_back(score_unit(kernels.scores.get(), {1.0}, 0));
}

void special_overlap(const Configured& configured, std::vector<Unit>& units) {
  const Kernels& kernels = configured.kernels;
  for (const Numbers& sums : std::vector<Numbers>{{0, 0, 0},
                                                  {0, 5, 0},
                                                  {0, 0, 5},
                                                  {0, 3, 5},
                                                  {5, 5, 5},
                                                  {1e-300, 1e-300, 1},
                                                  {1e9, 1e9, 2e9},
                                                  {0, 1e300, 1e300}}) {
    units.push_back(overlap_unit(kernels.overlap.get(), sums));
  }
}

void special_tuple(const Configured& configured, std::vector<Unit>& units) {
  const Loss& loss = configured.loss;
  const Kernels& kernels = configured.kernels;
  const double margin = margin_of(configured.loss, configured.arguments);
  const std::size_t count = TupleForm(loss, 1).count;
  const bool of_scores = count == 1 && !loss.of_elements;
  const TupleForm form(loss, of_scores ? 4 : 2);
  for (const Numbers& vectors : of_scores          ? special_scores(margin)
                                : loss.of_elements ? special_pairs(margin)
                                                   : special_tuples(count, margin)) {
    for (const double label : form.labels) {
      units.push_back(tuple_unit(kernels.tuple.get(), form, vectors, label));
      const double largest = std::ranges::max(vectors);
      if (largest > 0.1 && largest < 10.0) units.back().cancelled = 1.0;  // as in interior()
    }
  }
}

void special_batch(const Configured& configured, std::vector<Unit>& units) {
  const Kernels& kernels = configured.kernels;
  for (const Numbers& similarities : std::vector<Numbers>{{1, 1, 1, 1, 1, 1},
                                                          {0, 0, 0, 0, 0, 0},
                                                          {-1, -1, 1, 1, -1, -1},
                                                          {1, 1, 1, -1, 1, 1},
                                                          {0.5, -0.5, 1, 1e-9, 0, -1e-9}}) {
    units.push_back(batch_unit(kernels.batch.get(), similarities));
    units.back().cancelled = rounded_exponents;
  }
}

void special_sequence(const Configured& configured, std::vector<Unit>& units) {
  const Kernels& kernels = configured.kernels;
  constexpr double unlikely = -800.0;
  const Numbers certain{0.0, unlikely, unlikely, unlikely};
  const Numbers impossible{-infinity, 0.0, -infinity, -infinity};
  std::vector<std::pair<Numbers, std::vector<std::uint32_t>>> cases{
      {certain, {}}, {certain, {2}}, {certain, {1, 2}}, {{}, {}}};
  for (const Numbers& first : {certain, impossible}) {
    for (const Numbers& second : {certain, impossible}) {
      Numbers log_p = first;
      for (int step = 0; step < 2; ++step) log_p.insert(log_p.end(), second.begin(), second.end());
      cases.push_back({log_p, {1}});
    }
  }
  for (const auto& [log_p, labels] : cases) {
    units.push_back(sequence_unit(kernels.sequence.get(), log_p, labels));
    units.back().cancelled = -unlikely;  // in exponents
  }
}

void special_box(const Configured& configured, std::vector<Unit>& units) {
  const Kernels& kernels = configured.kernels;
  for (const Numbers& prediction : special_boxes()) {
    for (const Numbers& target :
         std::vector<Numbers>{{0, 0, 2, 2}, {0, 0, 2, 1}, {1, 1, 1, 1}, {0, 1, 2, 1}})
      units.push_back(box_unit(kernels.box.get(), prediction, target));
  }
}

void special_parameters(const Configured& configured, std::vector<Unit>& units) {
  const Kernels& kernels = configured.kernels;
  for (const double weight : special_numbers(configured))
    units.push_back(parameter_unit(kernels.parameters.get(), weight));
}

struct SpecialRow {
  bool (*applies)(const Kernels& kernels);
  void (*add)(const Configured& configured, std::vector<Unit>& units);
};

constexpr std::array rows{SpecialRow{has<&Kernels::elementwise>, special_elementwise},
                          SpecialRow{has<&Kernels::binary>, special_binary},
                          SpecialRow{has<&Kernels::class_terms>, special_class_terms},
                          SpecialRow{has<&Kernels::scores>, special_scores},
                          SpecialRow{has<&Kernels::overlap>, special_overlap},
                          SpecialRow{has<&Kernels::tuple>, special_tuple},
                          SpecialRow{has<&Kernels::batch>, special_batch},
                          SpecialRow{has<&Kernels::sequence>, special_sequence},
                          SpecialRow{has<&Kernels::box>, special_box},
                          SpecialRow{has<&Kernels::parameters>, special_parameters}};

}  // namespace

std::vector<Unit> special_units(const Loss& loss, const Arguments& arguments) {
  const auto kernels = std::make_shared<const Kernels>(loss.kernels(arguments));
  std::vector<Unit> units;
  for (const SpecialRow& row : rows) {
    if (row.applies(*kernels)) row.add({loss, arguments, *kernels}, units);
  }
  for (Unit& unit : units) unit = owning(std::move(unit), kernels);
  return units;
}

}  // namespace losscalc
