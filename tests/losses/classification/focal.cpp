#include <algorithm>
#include <array>

#include "losses/single.h"

using namespace losscalc;
using namespace losscalc::single;

namespace {

using Row = std::array<double, 3>;

/// The witness: three rows of logits, of classes 0, 2 and 1.
constexpr std::array<Row, 3> logits{Row{2, 0, -1}, Row{.5, .5, 0}, Row{-1, 3, 1}};
constexpr std::array<std::size_t, 3> targets{0, 2, 1};

double sum_softmax(std::string_view name, const Arguments& arguments = {}) {
  double sum = 0.0;
  for (std::size_t i = 0; i < 3; ++i) {
    double total = 0.0;
    for (const double z : logits[i]) total += std::exp(z);
    sum += class_term(name, logits[i][targets[i]] - std::log(total), arguments).value;
  }
  return sum;
}

double sum_sigmoid(const Arguments& arguments) {
  double sum = 0.0;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      const double z = logits[i][c];
      sum += bernoulli("focal", -std::log1p(std::exp(-z)), -std::log1p(std::exp(z)),
                       targets[i] == c ? 1.0 : 0.0, arguments)
                 .value;
    }
  }
  return sum;
}

std::string refusal_of_classes(const Arguments& arguments, bool one_vs_rest) {
  const Kernels k = kernels("focal", arguments);
  try {
    if (one_vs_rest) {
      k.binary->check_classes(3);
    } else {
      k.class_terms->check_classes(3);
    }
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::bad_value);
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("focal over the softmax gives the numbers of Keras, MONAI and kornia") {
  CHECK(sum_softmax("cross-entropy") / 3 == doctest::Approx(0.590265912001).epsilon(1e-11));
  CHECK(sum_softmax("focal") / 3 == doctest::Approx(0.288365238515).epsilon(1e-11));
  CHECK(sum_softmax("focal", {{"alpha", 0.25}}) / 3 ==
        doctest::Approx(0.0720913096287).epsilon(1e-11));
}

TEST_CASE("focal by the sigmoid gives the number of the paper and torchvision") {
  CHECK(sum_sigmoid({{"alpha", 0.25}}) / 9 == doctest::Approx(0.144474524643).epsilon(1e-11));
}

TEST_CASE("focal with gamma 0 is cross-entropy") {
  const Arguments plain{{"gamma", 0.0}};
  for (const double log_p : {0.0, -1e-20, -0.7, -800.0, -infinity}) {
    CHECK(class_term("focal", log_p, plain).value == class_term("cross-entropy", log_p).value);
    CHECK(class_term("focal", log_p, plain).slope == -1.0);
  }
  for (const double t : {0.0, 0.4, 1.0})
    CHECK(binary("focal", 0.3, t, plain).value ==
          doctest::Approx(binary("bce", 0.3, t).value).epsilon(1e-15));
  CHECK(bernoulli("focal", 0.0, -infinity, 1.0, plain).value == 0.0);
  CHECK(bernoulli("focal", 0.0, -infinity, 1.0, plain).by_log_p == -1.0);
}

TEST_CASE("focal keeps the digits of nearly certain answers: (1 - p)^gamma (1 - p)") {
  CHECK(class_term("focal", -1e-20).value == doctest::Approx(1e-60).epsilon(1e-14));
  CHECK(class_term("focal", -1e-20).slope == doctest::Approx(-3e-40).epsilon(1e-14));
  CHECK(class_term("focal", -1e-20, {{"gamma", 0.5}}).value ==
        doctest::Approx(1e-30).epsilon(1e-14));
  CHECK(class_term("focal", -800.0).value == 800.0);
  CHECK(bernoulli("focal", -1e-20, std::log(1e-20), 1.0).value ==
        doctest::Approx(1e-60).epsilon(1e-12));
}

TEST_CASE("focal has its limits at p = 1 and p = 0 for every gamma") {
  for (const double gamma : {0.3, 1.0, 2.0}) {
    const Arguments arguments{{"gamma", gamma}};
    CHECK(class_term("focal", 0.0, arguments).value == 0.0);
    CHECK(class_term("focal", 0.0, arguments).slope == 0.0);
    CHECK(class_term("focal", -infinity, arguments).value == infinity);
    CHECK(class_term("focal", -infinity, arguments).slope == -1.0);
  }
}

TEST_CASE("one alpha multiplies every class of the softmax form, a list each its own") {
  CHECK(class_term("focal", -1.0, {{"alpha", 0.5}}, 2).value ==
        0.5 * class_term("focal", -1.0).value);
  const std::vector<double> list{1, 2, 4};
  CHECK(class_term("focal", -1.0, {{"alpha", list}}, 2).value ==
        4.0 * class_term("focal", -1.0).value);
  CHECK(class_term("focal", -1.0, {{"alpha", std::monostate{}}}).value ==
        class_term("focal", -1.0).value);
}

TEST_CASE("alpha weighs positives and 1 - alpha negatives of the sigmoid form") {
  const Arguments quarter{{"alpha", 0.25}};
  CHECK(binary("focal", 0.3, 1.0, quarter).value == 0.25 * binary("focal", 0.3, 1.0).value);
  CHECK(binary("focal", 0.3, 0.0, quarter).value == 0.75 * binary("focal", 0.3, 0.0).value);
  CHECK(binary("focal", 0.3, 0.5, quarter).value == 0.5 * binary("focal", 0.3, 0.5).value);
  const Arguments list{{"alpha", std::vector<double>{0.1, 0.2, 1.0}}};
  CHECK(binary("focal", 0.3, 0.0, list, 1.0, 2).value == 0.0);
}

TEST_CASE("for a soft target p_t is linear in it, as torchvision has it") {
  const double p = 0.3;
  const double t = 0.4;
  const double p_t = p * t + (1 - p) * (1 - t);
  CHECK(binary("focal", p, t).value ==
        doctest::Approx((1 - p_t) * (1 - p_t) * binary("bce", p, t).value).epsilon(1e-14));
}

TEST_CASE("the soft form of focal meets the hard one at targets 0 and 1") {
  CHECK(binary("focal", 0.3, 1e-14).value ==
        doctest::Approx(binary("focal", 0.3, 0.0).value).epsilon(1e-12));
  CHECK(binary("focal", 0.3, 1.0 - 1e-14).value ==
        doctest::Approx(binary("focal", 0.3, 1.0).value).epsilon(1e-12));
}

TEST_CASE("focal refuses negative parameters and lists of another length than the classes") {
  CHECK(refusal("focal", {{"gamma", -1.0}}) == "gamma must be >= 0, found -1");
  CHECK(refusal("focal", {{"alpha", -0.25}}) ==
        "alpha must be None, a number or a list of numbers, each >= 0, found -0.25");
  const Arguments two{{"alpha", std::vector<double>{0.25, 0.75}}};
  CHECK(refusal_of_classes(two, false) ==
        "focal: alpha has 2 entries, expected 1 or one for each of 3 classes");
  CHECK(refusal_of_classes(two, true) == refusal_of_classes(two, false));
}

TEST_CASE(
    "focal refuses an alpha beyond 1 in the sigmoid form, where 1 - alpha would be negative") {
  CHECK(refusal_of_classes({{"alpha", 2.0}}, true) ==
        "focal: alpha must be in [0, 1] with link=sigmoid, found 2");
  CHECK(refusal_of_classes({{"alpha", 2.0}}, false).empty());
}
