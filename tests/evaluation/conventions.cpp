/// Conventions that libraries make otherwise: which units, classes and axes count, and where a clip
/// lies.

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "diagnostics/error.h"
#include "evaluation/evaluate.h"
#include "spec/specification.h"

using namespace losscalc;
using namespace losscalc::evaluation;

namespace {

/// The first term of a specification with these inputs.
Term term_of(const std::string& specification, const Data& prediction, const Data& target) {
  const spec::Term written = spec::resolve(spec::parse(specification), {}).front();
  Term term{written, {}};
  term.inputs["pred"] = {prediction};
  term.inputs["target"] = {target};
  return term;
}

Data array(std::vector<double> values, Shape shape) {
  return in_memory(std::move(values), std::move(shape), "array");
}

std::string refusal(const Term& term, const Request& request = {}) {
  try {
    evaluate({term}, request);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

const Data two_rows = array({0.7, 0.2, 0.1, 0.3, 0.6, 0.1}, {2, 3});
const Data logits = array({2.0, 0.5, -1.0, 0.3, 1.2, 0.1}, {2, 3});
const Data labels = array({0, 1}, {2});

}  // namespace

TEST_CASE("ignored units may stay in the divisor, with a loss of 0") {
  const Data partly_ignored = array({0, -100}, {2});
  const Term term =
      term_of("cross-entropy(ignore_index=-100, ignored=zero)", two_rows, partly_ignored);
  const Report report = evaluate({term}, {.per_class = true});
  CHECK(report.value == 0.5 * 0.35667494393873245);
  CHECK(report.units == 2);
  CHECK(report.terms[0].ignored == 1);
  CHECK(report.per_class[0].units == 1);
  const Term all =
      term_of("cross-entropy(ignore_index=7, ignored=zero)", two_rows, array({7, 7}, {2}));
  CHECK(evaluate({all}, {}).value == 0.0);
}

TEST_CASE("an ignored unit that counts has the weight of its sample, and no class's") {
  Term term = term_of("cross-entropy(ignore_index=-100, ignored=zero, class_weight=w)", two_rows,
                      array({0, -100}, {2}));
  term.inputs["class_weight"] = {array({5, 1, 1}, {3})};
  term.inputs["sample_weight"] = {array({2, 3}, {2})};
  CHECK(evaluate({term}, {}).value ==
        doctest::Approx(10.0 * 0.35667494393873245 / 13.0).epsilon(1e-15));
}

TEST_CASE("a class that the mask leaves out is not in the softmax") {
  Term term = term_of("cross-entropy(from=logits)", logits, labels);
  term.inputs["class_mask"] = {array({1, 0, 1, 1, 1, 1}, {2, 3})};
  const Report report = evaluate({term}, {.per_sample = true});
  CHECK(report.per_sample[0].loss == doctest::Approx(std::log1p(std::exp(-3.0))).epsilon(1e-15));
  CHECK(report.per_sample[1].loss ==
        doctest::Approx(std::log1p(std::exp(-0.9) + std::exp(-1.1))).epsilon(1e-15));
}

TEST_CASE("a position of which the mask leaves nothing has no loss, and one mask may serve all") {
  Term term = term_of("cross-entropy(from=logits)", logits, labels);
  term.inputs["class_mask"] = {array({0, 0, 0, 1, 1, 1}, {2, 3})};
  CHECK(evaluate({term}, {.per_sample = true}).per_sample[0].loss == 0.0);
  term.inputs["class_mask"] = {array({1, 0, 1}, {3})};
  CHECK(evaluate({term}, {.per_sample = true}).per_sample[1].loss == 0.0);
}

TEST_CASE("class masks are of 0 and 1, of logits, and not smoothed over") {
  Term term = term_of("cross-entropy(from=logits)", logits, labels);
  term.inputs["class_mask"] = {array({1, 0.5, 1, 1, 1, 1}, {2, 3})};
  CHECK(refusal(term) == "expected 0 or 1 in class_mask, found 0.5");
  term.conventions.label_smoothing = 0.1;
  CHECK(refusal(term) ==
        "cross-entropy: label smoothing gives targets to classes that class_mask excludes");
  Term of_probabilities = term_of("cross-entropy", two_rows, labels);
  of_probabilities.inputs["class_mask"] = {array({1, 0, 1}, {3})};
  CHECK(refusal(of_probabilities) ==
        "cross-entropy: class_mask excludes classes from the softmax and needs --from logits");
}

TEST_CASE("rows lie along any axis") {
  const Data prediction = array({1, 2, 3, 4, 5, 6}, {2, 3});
  const Data zero = array({0, 0, 0, 0, 0, 0}, {2, 3});
  const Term columns = term_of("l1(rows=sum, rows_axis=0, reduction=none)", prediction, zero);
  const Report report = evaluate({columns}, {});
  CHECK(report.losses == std::vector<double>{5, 7, 9});
  CHECK(report.shape == Shape{3});
  Term weighted = term_of("l1(rows=mean, rows_axis=0)", prediction, zero);
  weighted.inputs["sample_weight"] = {array({1, 0, 0}, {3})};
  CHECK(evaluate({weighted}, {}).value == 2.5);
  CHECK(refusal(columns, {.per_sample = true}) ==
        "l1: --per-sample needs separate samples, but the rows along axis 0 combine them");
  CHECK(refusal(term_of("l1(rows=sum, rows_axis=2)", prediction, zero)) ==
        "rows_axis=2: units of shape [2,3] have no such axis");
  CHECK(refusal(term_of("zero-one(rows=max, rows_axis=0)", zero, zero)) ==
        "zero-one: rows=max reduces over the last axis only");
}

TEST_CASE("a last axis of length 1 counts unless it is squeezed") {
  const Data column = array({1, 2, 3}, {3, 1});
  const Data numbers = array({0, 0, 1}, {3});
  CHECK(refusal(term_of("mse", column, numbers)) ==
        "target has shape [3], expected pred's shape [3,1]");
  CHECK(evaluate({term_of("mse(squeeze=true)", column, numbers)}, {}).value == 3.0);
  CHECK(evaluate({term_of("mse(squeeze=true)", numbers, column)}, {}).value == 3.0);
  const Data maps = array({1, 2, 3, 4}, {2, 2, 1});
  const Term rows =
      term_of("mse(squeeze=true, rows=sum, reduction=none)", maps, array({0, 0, 0, 0}, {2, 2}));
  CHECK(evaluate({rows}, {}).losses == std::vector<double>{5, 25});
}

TEST_CASE("signs may be numbers where a library takes them as they are") {
  const Data scores = array({0.5, 0.5, 0.5}, {3});
  const Data mixed = array({0, -1, 1}, {3});
  CHECK(refusal(term_of("binary-hinge", scores, mixed)) ==
        "targets hold both 0 and -1; expected -1 and 1, or 0 and 1");
  CHECK(evaluate({term_of("binary-hinge(target_kind=numbers)", scores, mixed)}, {}).value == 1.0);
  const std::string or_bits = "binary-hinge(target_kind=bits-or-numbers)";
  CHECK(evaluate({term_of(or_bits, scores, mixed)}, {}).value == 1.0);
  CHECK(evaluate({term_of(or_bits, scores, array({0, 0, 1}, {3}))}, {}).value ==
        doctest::Approx(3.5 / 3.0).epsilon(1e-15));
  CHECK(refusal(term_of("mse(target_kind=numbers)", scores, mixed)) ==
        "target_kind=numbers and bits-or-numbers are for losses whose targets are -1 and 1");
}

TEST_CASE("soft targets beyond [0, 1] are taken where nothing is checked") {
  const Data counts = array({2, 0, 0, 0, 3, 1}, {2, 3});
  CHECK(refusal(term_of("cross-entropy(from=logits)", logits, counts)) ==
        "expected a target in [0, 1], found 2 (and 1 more target)");
  CHECK(refusal(term_of("cross-entropy(from=logits, check=false)", logits, counts)) == "no error");
  const Data not_finite = array({2, NAN, 0, 0, 3, 1}, {2, 3});
  CHECK(refusal(term_of("cross-entropy(from=logits, check=false)", logits, not_finite)) ==
        "expected a finite target, found NaN");
}

TEST_CASE("the upper bound of a clip may be another one") {
  const Data certain = array({1, 0}, {2});
  const Data wrong = array({0, 1}, {2});
  const Term term =
      term_of("binary-cross-entropy(eps=1e-7, eps_high=1.1920928955078125e-07)", certain, wrong);
  const Report report = evaluate({term}, {.per_sample = true});
  CHECK(report.per_sample[0].loss == 23.0 * std::log(2.0));
  CHECK(report.per_sample[1].loss == doctest::Approx(-std::log(1e-7)).epsilon(1e-15));
  CHECK(refusal(term_of("binary-cross-entropy(eps=0.6, eps_high=0.6)", certain, wrong)) ==
        "eps = 0.6 and eps_high = 0.6 leave no probabilities between them");
  CHECK(refusal(term_of("binary-cross-entropy(eps_high=[0.1,0.2])", certain, wrong)) ==
        "eps_high must be one number, found a list");
}

TEST_CASE("eps_of=stored clips at the machine epsilon of what is stored") {
  Data stored = array({0, 1}, {2});
  const Data right = array({1, 0}, {2});
  const std::string specification = "binary-cross-entropy(eps=1e-20, eps_of=stored)";
  CHECK(evaluate({term_of(specification, stored, right)}, {}).value == 52.0 * std::log(2.0));
  stored.machine_epsilon = 0x1p-23;  // float32
  CHECK(evaluate({term_of(specification, stored, right)}, {}).value == 23.0 * std::log(2.0));
}

TEST_CASE("a unit without weight takes no part, however infinite its loss") {
  Term term = term_of("mse", array({1, HUGE_VAL}, {2}), array({0, 0}, {2}));
  term.inputs["sample_weight"] = {array({1, 0}, {2})};
  CHECK(evaluate({term}, {}).value == 1.0);
}
