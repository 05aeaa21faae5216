/// The gradient that --grad-out writes against differences of the value, through links, weights and
/// reductions.
#include "evaluation/gradient.h"

#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "evaluation/evaluate.h"
#include "evaluation/random_terms.h"

using namespace losscalc;
using namespace losscalc::evaluation;

namespace {

Data changed(const Data& data, std::size_t position, double by) {
  std::vector<double> values(element_count(data.shape));
  data.read(0, values);
  values[position] += by;
  return in_memory(std::move(values), data.shape, "changed");
}

double value_with(Term term, std::string_view role, std::size_t array, std::size_t position,
                  double by) {
  Data& data = term.inputs.find(role)->second[array];
  data = changed(data, position, by);
  return evaluate({term}, {}).value;
}

/// Two central differences and one Richardson step: the error is of fourth order in the step.
double difference(const Term& term, std::string_view role, std::size_t array,
                  std::size_t position) {
  const auto central = [&](double h) {
    return (value_with(term, role, array, position, h) -
            value_with(term, role, array, position, -h)) /
           (2.0 * h);
  };
  constexpr double step = 1e-4;
  return (4.0 * central(step) - central(2.0 * step)) / 3.0;
}

void check_gradient(const Term& term) {
  for (const Role& role : term.loss->roles) {
    if (!role.differentiable) continue;
    const auto& arrays = term.inputs.find(role.name)->second;
    for (std::size_t array = 0; array < arrays.size(); ++array) {
      std::vector<double> gradient(element_count(arrays[array].shape));
      Differentiable({term}, 2).add_gradient(
          DerivativeBy::analytic, [&](std::size_t, std::string_view r, std::size_t p) {
            return r == role.name && p == array ? std::span<double>(gradient) : std::span<double>{};
          });
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        CAPTURE(role.name);
        CAPTURE(i);
        CHECK(std::fabs(gradient[i] - difference(term, role.name, array, i)) < 1e-8);
      }
    }
  }
}

Data weights(std::size_t count) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(0.5 + 0.25 * static_cast<double>(i % 5));
  return in_memory(std::move(values), {count}, "weights");
}

Data weights_like(const Data& data) {
  Data weighted = weights(element_count(data.shape));
  weighted.shape = data.shape;
  return weighted;
}

}  // namespace

// Kinks and clipping lie off the random points: predictions and targets are drawn from continuous
// distributions.
TEST_CASE("gradients agree with differences for every loss, form of prediction and link") {
  for (const Variant& variant : all_variants()) {
    CAPTURE(variant.name);
    Term term = RandomTerms(5).make(*variant.loss, variant.from, variant.link,
                                    {.samples = 3, .spatial = {2}});
    term.conventions.check = false;  // a difference leaves the simplex
    check_gradient(term);
  }
}

TEST_CASE("gradients agree with differences under each reduction and with weights") {
  for (const Variant& variant : all_variants()) {
    if (variant.loss->domain == Domain::parameters) continue;
    for (const Reduction reduction :
         {Reduction::sum, Reduction::mean, Reduction::count_mean, Reduction::batchmean}) {
      CAPTURE(variant.name);
      CAPTURE(name(reduction));
      Term term = RandomTerms(6).make(*variant.loss, variant.from, variant.link,
                                      {.samples = 3, .spatial = {}});
      term.conventions.check = false;
      term.conventions.reduction = reduction;
      term.inputs["sample_weight"] = {weights(3)};
      if (find_role(*variant.loss, "class_weight") != nullptr)
        term.inputs["class_weight"] = {weights(4)};
      if (find_role(*variant.loss, "element_weight") != nullptr)
        term.inputs["element_weight"] = {variant.loss->domain == Domain::tuple
                                             ? weights_like(term.inputs["pred"].front())
                                             : weights(4)};
      if (find_role(*variant.loss, "pos_weight") != nullptr)
        term.inputs["pos_weight"] = {weights(4)};
      check_gradient(term);
    }
  }
}

TEST_CASE(
    "gradients of region losses agree with differences for each kind of region, cardinality and "
    "background") {
  for (const Variant& variant : all_variants()) {
    if (variant.loss->domain != Domain::region) continue;
    for (const RegionOver over :
         {RegionOver::per_class, RegionOver::batch, RegionOver::image, RegionOver::all}) {
      for (const Cardinality cardinality : {Cardinality::plain, Cardinality::squared}) {
        for (const WhenAbsent absent : {WhenAbsent::value, WhenAbsent::zero, WhenAbsent::skip}) {
          CAPTURE(variant.name);
          Term term = RandomTerms(7).make(*variant.loss, variant.from, variant.link,
                                          {.samples = 2, .spatial = {3}});
          term.conventions.check = false;
          term.conventions.region = over;
          term.conventions.cardinality = cardinality;
          term.conventions.absent = absent;
          term.conventions.background = Background::drop;
          term.conventions.ignore_index = {3.0};
          check_gradient(term);
        }
      }
    }
  }
}
