/// What a gradient check computes, and when.

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "checking/gradient_check.h"
#include "evaluation/random_terms.h"

using namespace losscalc;
using checking::GradientCheck;
using checking::NamedTerms;

namespace {

NamedTerms random_term(const evaluation::Variant& variant) {
  NamedTerms named;
  named.terms = {evaluation::RandomTerms(7).make(*variant.loss, variant.from, variant.link, {})};
  for (const Role& role : variant.loss->roles) {
    const std::string name(role.name);
    std::vector<std::string>& names = named.names[{0, name}];
    const auto arrays = named.terms.front().inputs.find(name);
    if (arrays == named.terms.front().inputs.end()) continue;
    for (std::size_t i = 0; i < arrays->second.size(); ++i)
      names.push_back(name + std::to_string(i));
  }
  return named;
}

}  // namespace

TEST_CASE("a gradient check passes over the data when it is asked, and once for each answer") {
  std::size_t passes = 0;
  differentiation::CheckRequest request;
  request.progress = [&passes](double share) { passes += share == 1.0 ? 1U : 0U; };
  const NamedTerms named = random_term({find_loss("mse"), From::probs, Link::softmax, "mse"});
  const GradientCheck check(named, {}, {}, request, std::nullopt);
  CHECK(passes == 0);
  const std::vector<double> scales = check.scales();
  CHECK(passes == 1);
  check.analytic(0, 1);
  check.dual(0, 1);
  CHECK(passes == 1);
  check.analytic();
  CHECK(passes == 2);
  check.dual();
  CHECK(passes == 3);
  check.analytic();
  check.dual();
  CHECK(passes == 3);
  check.moved(std::vector<double>(scales.size(), 0.0));
  CHECK(passes == 4);
}

TEST_CASE("a gradient that is given needs no pass for itself") {
  std::size_t passes = 0;
  differentiation::CheckRequest request;
  request.progress = [&passes](double share) { passes += share == 1.0 ? 1U : 0U; };
  const NamedTerms named = random_term({find_loss("mse"), From::probs, Link::softmax, "mse"});
  const std::size_t size = element_count(named.terms.front().inputs.at("pred").front().shape);
  const GradientCheck check(named, {}, {{.input = "pred0", .values = std::vector(size, 0.5)}},
                            request, std::nullopt);
  CHECK(check.analytic().front().front() == 0.5);
  CHECK(check.analytic(0, 1) == 0.5);
  CHECK(passes == 0);
}

TEST_CASE("one entry of a gradient has the bits that it has among all") {
  for (const evaluation::Variant& variant : evaluation::all_variants()) {
    if (!is_differentiable(*variant.loss)) continue;
    CAPTURE(variant.name);
    const NamedTerms named = random_term(variant);
    const GradientCheck check(named, {}, {}, {}, std::nullopt);
    for (std::size_t k = 0; k < check.inputs().size(); ++k) {
      for (std::size_t i = 0; i < check.analytic()[k].size(); i += 5) {
        CHECK(check.analytic(k, i) == check.analytic()[k][i]);
        CHECK(check.dual(k, i) == check.dual()[k][i]);
      }
    }
  }
}
