#include "differentiation/check.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "differentiation/directions.h"
#include "differentiation/hessian.h"
#include "numeric/limits.h"
#include "numeric/splitmix64.h"

using namespace losscalc;
using namespace losscalc::differentiation;

namespace {

using Numbers = std::vector<double>;
using Of = std::function<double(const Numbers&)>;

/// A function of a few numbers that all belong to one unit.
class Plain final : public Subject {
 public:
  Plain(Of f, Numbers x, double noise = 0.0, double upper = infinity)
      : f_(std::move(f)), x_(std::move(x)), noise_(noise), upper_(upper) {}
  double at(std::span<const Displacement> moves) override {
    Numbers moved = x_;
    for (const Displacement& move : moves) moved[move.entry] = move.number;
    return f_(moved);
  }
  Point point(std::size_t, std::size_t entry) const override {
    return {x_[entry], -infinity, upper_};
  }
  double noise() const override { return noise_; }
  std::vector<Displacement> unit_of(std::size_t, std::size_t) const override {
    std::vector<Displacement> unit;
    for (std::size_t i = 0; i < x_.size(); ++i) unit.push_back({0, i, x_[i]});
    return unit;
  }

 private:
  Of f_;
  Numbers x_;
  double noise_;
  double upper_;
};

CheckResult checked(const Plain& subject, const Numbers& gradient) {
  const CheckedArray array{.analytic = gradient};
  const CheckRequest request{.method = Method::differences};
  return check(
      {array}, [&] { return std::make_unique<Plain>(subject); }, request);
}

Counts counts(const Of& f, const Numbers& x, const Numbers& gradient) {
  return checked(Plain(f, x), gradient).counts;
}

double largest(const Numbers& x) { return *std::ranges::max_element(x); }

}  // namespace

TEST_CASE("at a tie of two, gradients on one branch or between pass, others fail") {
  const Numbers tie{0.7, 0.7};
  for (const Numbers& right : {Numbers{1.0, 0.0}, Numbers{0.0, 1.0}, Numbers{0.5, 0.5}})
    CHECK(counts(largest, tie, right).failed == 0);
  for (const Numbers& wrong : {Numbers{1.0, 1.0}, Numbers{0.0, 0.0}, Numbers{1.1, 0.0}})
    CHECK(counts(largest, tie, wrong).failed > 0);
}

TEST_CASE("a tie that each coordinate allows and a direction forbids is said to fail along one") {
  const CheckResult result = checked(Plain(largest, {0.7, 0.7}), {1.0, 1.0});
  CHECK(result.counts.failed == 2);
  for (const EntryVerdict& finding : result.worst) CHECK(finding.reason == Reason::along_direction);
}

TEST_CASE("at a tie of five, an even share passes, and all or nothing fails") {
  const Numbers tie(5, -0.3);
  CHECK(counts(largest, tie, Numbers(5, 0.2)).failed == 0);
  CHECK(counts(largest, tie, Numbers(5, 1.0)).failed > 0);
  CHECK(counts(largest, tie, Numbers(5, 0.0)).failed > 0);
}

TEST_CASE("|x| at 0, a hinge at its corner and a concave corner take any slope between") {
  const Of absolute = [](const Numbers& x) { return std::fabs(x[0]); };
  const Of hinge = [](const Numbers& x) { return std::fmax(0.0, 1.0 - x[0]); };
  const Of dent = [](const Numbers& x) { return -std::fabs(x[0]); };
  for (const double slope : {-1.0, 0.0, 0.3, 1.0}) {
    CHECK(counts(absolute, {0.0}, {slope}).kinks == 1);
    CHECK(counts(dent, {0.0}, {slope}).kinks == 1);
  }
  CHECK(counts(hinge, {1.0}, {-0.5}).kinks == 1);
  CHECK(counts(absolute, {0.0}, {1.0 + 1e-6}).failed == 1);
  CHECK(counts(hinge, {1.0}, {0.1}).failed == 1);
}

TEST_CASE("the corner of a quantile loss takes what lies between its unequal slopes") {
  const Of pinball = [](const Numbers& x) { return std::fmax(0.9 * x[0], -0.1 * x[0]); };
  for (const double slope : {-0.1, 0.0, 0.5, 0.9})
    CHECK(counts(pinball, {0.0}, {slope}).kinks == 1);
  for (const double slope : {-0.1 - 1e-6, 0.9 + 1e-6, -1.0})
    CHECK(counts(pinball, {0.0}, {slope}).failed == 1);
}

TEST_CASE("beside a kink the right branch passes at any distance, and the wrong one fails soon") {
  const Of absolute = [](const Numbers& x) { return std::fabs(x[0]); };
  for (double distance = 1e-16; distance < 0.2; distance *= 10.0) {
    CAPTURE(distance);
    for (const double side : {-1.0, 1.0}) {
      CHECK(counts(absolute, {side * distance}, {side}).failed == 0);
      if (distance > 0.9e-6) CHECK(counts(absolute, {side * distance}, {-side}).failed == 1);
    }
  }
}

TEST_CASE("what is too noisy to tell is neither passed nor failed") {
  const Of noisy = [](const Numbers& x) {
    double sum = 0.0;
    for (const double value : x) {
      const auto bits = static_cast<std::uint64_t>(std::fabs(value) * 0x1p60);
      sum += value + 1e-3 * static_cast<double>(splitmix64(1, bits) >> 11U) * 0x1p-53;
    }
    return sum;
  };
  for (const Numbers& x : {Numbers{0.4}, Numbers{0.4, -0.7, 1.3, 0.01}}) {
    const CheckResult result = checked(Plain(noisy, x, 1e-3), Numbers(x.size(), 1.0));
    CHECK(result.counts.passed == 0);
    CHECK(result.counts.failed == 0);
    CHECK(result.counts.inconclusive == x.size());
    for (const EntryVerdict& finding : result.worst) CHECK(finding.reason == Reason::too_noisy);
  }
  // Gross mistakes show through the noise, also where it is not announced.
  CHECK(checked(Plain(noisy, {0.4}, 1e-3), {100.0}).counts.failed == 1);
  CHECK(checked(Plain(noisy, {0.4}), {1.0}).counts.inconclusive == 1);
}

TEST_CASE("without room for differences, and with NaN for values, nothing passes") {
  const Of logarithm = [](const Numbers& x) { return std::log(1.0 - x[0]); };
  const CheckResult at_edge = checked(Plain(logarithm, {1.0}, 0.0, 1.0), {-1.0});
  CHECK(at_edge.counts.inconclusive == 1);
  CHECK(at_edge.worst.front().reason == Reason::at_edge);
  CHECK(checked(Plain(logarithm, {1.0}, 0.0, 1.0), {quiet_nan}).counts.not_finite == 1);
  const std::vector<Of> broken{[](const Numbers&) { return quiet_nan; },
                               [](const Numbers&) { return infinity; },
                               [](const Numbers& x) { return x[0] == 0.5 ? quiet_nan : x[0]; },
                               [](const Numbers& x) { return x[0] > 0.5 ? infinity : x[0]; },
                               [](const Numbers& x) { return x[0] < 0.5 ? quiet_nan : x[0]; }};
  for (std::size_t k = 0; k < broken.size(); ++k) {
    CAPTURE(k);
    for (const double slope : {1.0, 0.0}) {
      const Counts result = counts(broken[k], {0.5}, {slope});
      CHECK(result.passed == 0);
      CHECK(result.kinks == 0);
    }
    for (const double slope : {quiet_nan, infinity, -infinity}) {
      const Counts result = counts(broken[k], {0.5}, {slope});
      CHECK(result.failed == 1);
      CHECK(result.not_finite == 1);
    }
  }
}

TEST_CASE("beside a dual number that is infinite or NaN, differences decide or nothing passes") {
  const Numbers slopes{std::cos(0.4), std::cos(0.4) * 1.001, infinity, -infinity, quiet_nan};
  for (const double dual : {infinity, -infinity, quiet_nan}) {
    for (const double slope : slopes) {
      CAPTURE(dual);
      CAPTURE(slope);
      const Numbers analytic{slope};
      const Numbers duals{dual};
      const CheckedArray array{.analytic = analytic, .dual = duals};
      const auto sine = [](const Numbers& x) { return std::sin(x[0]); };
      const auto failed = [&](Method method) {
        return check({array}, [&] { return std::make_unique<Plain>(sine, Numbers{0.4}); },
                     {.method = method})
            .counts.failed;
      };
      CHECK(failed(Method::dual) == 1);
      CHECK(failed(Method::complex) == 1);
      CHECK(failed(Method::automatic) == (slope == slopes[0] ? 0 : 1));
    }
  }
}

TEST_CASE("one wrong entry of a thousand is named by halving directions") {
  const std::size_t count = 1000;
  Numbers x(count);
  Numbers gradient(count);
  for (std::size_t i = 0; i < count; ++i) {
    x[i] = std::sin(static_cast<double>(i));
    gradient[i] = std::cos(x[i]);
  }
  std::size_t calls = 0;
  const auto f = [&](std::span<const double> at) {
    ++calls;
    double sum = 0.0;
    for (const double value : at) sum += std::sin(value);
    return sum;
  };
  DirectionResult result = check_directions(f, x, gradient, {});
  CHECK(result.failed == 0);
  CHECK(result.passed == 20);
  CHECK(calls == 120);
  gradient[617] += 1e-3;
  result = check_directions(f, x, gradient, {});
  CHECK(result.failed == 20);
  REQUIRE(result.found);
  CHECK(result.entry == 617);
  CHECK(result.derivative.value == doctest::Approx(std::cos(x[617])).epsilon(1e-8));
}

TEST_CASE("a field that is no gradient has an asymmetric Jacobian") {
  const Numbers x{0.3, -0.2};
  const auto value = [&](std::span<const double> m) {
    return std::exp(x[0] + m[0]) * (x[1] + m[1]);
  };
  const auto gradient = [&](std::span<const double> m) {
    const double e = std::exp(x[0] + m[0]);
    return Numbers{e * (x[1] + m[1]), e};
  };
  const auto twisted = [&](std::span<const double> m) {
    Numbers g = gradient(m);
    g[0] += 1e-3 * m[1];
    return g;
  };
  const Numbers scales(2, 1.0);
  const HessianResult right = check_hessian({value, gradient}, scales, 8, 3);
  CHECK(right.asymmetric == 0);
  CHECK(right.wrong_slope == 0);
  CHECK(check_hessian({value, twisted}, scales, 8, 3).asymmetric > 0);
  const auto doubled = [&](std::span<const double> m) {
    Numbers g = gradient(m);
    for (double& d : g) d *= 2.0;
    return g;
  };
  const HessianResult factor = check_hessian({value, doubled}, scales, 8, 3);
  CHECK(factor.asymmetric == 0);
  CHECK(factor.wrong_slope == 8);
}

TEST_CASE("a difference that overflows is no reference, and no gradient is right by it") {
  const Of band = [](const Numbers& x) { return x[0] > 0.75 && x[0] < 0.85 ? infinity : x[0]; };
  for (const Method method : {Method::forward, Method::central, Method::ridders}) {
    const Numbers gradient{123.0};
    const CheckedArray array{.analytic = gradient};
    const CheckRequest request{.method = method, .step = 0.3};
    const auto subject = [&] { return std::make_unique<Plain>(band, Numbers{0.5}); };
    CAPTURE(static_cast<int>(method));
    CHECK(check({array}, subject, request).counts.passed == 0);
  }
}

TEST_CASE("a dual number that is not finite is a defect where differences are sure") {
  const Of line = [](const Numbers& x) { return 3.0 * x[0]; };
  const Numbers gradient{3.0};
  for (const double dual : {infinity, -infinity, quiet_nan}) {
    const Numbers duals{dual};
    const CheckedArray array{.analytic = gradient, .dual = duals};
    const auto subject = [&] { return std::make_unique<Plain>(line, Numbers{0.5}); };
    CHECK(check({array}, subject, {}).defects.size() == 1);
  }
}
