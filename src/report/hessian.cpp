#include "report/diagnostics.h"
#include "report/gradcheck.h"
#include "report/json_document.h"
#include "report/table.h"
#include "text/number.h"

namespace losscalc::report {
namespace {

using differentiation::Comparison;

std::string estimate_text(const differentiation::Estimate& estimate) {
  return text::rounded(estimate.value, 10) + " +- " + text::rounded(estimate.error, 2);
}

std::string comparison_text(const Comparison& comparison) {
  return estimate_text(comparison.one) + " and " + estimate_text(comparison.other);
}

Json comparison_json(const Comparison& comparison) {
  return {{"one", json_number(comparison.one.value)},
          {"one_error", json_number(comparison.one.error)},
          {"other", json_number(comparison.other.value)},
          {"other_error", json_number(comparison.other.error)}};
}

}  // namespace

bool hessian_passed(const HessianReport& report) {
  const differentiation::HessianResult& result = report.result;
  return result.asymmetric == 0 && result.wrong_slope == 0 &&
         result.inconclusive < 2 * result.pairs;
}

std::string hessian_text(const HessianReport& report) {
  const differentiation::HessianResult& result = report.result;
  const std::string of_pairs = " of " + std::to_string(result.pairs) + " pairs of directions";
  return std::string("hessian       ") + (hessian_passed(report) ? "passed" : "FAILED") + "\n" +
         "loss          " + printable(report.subject) + "\n" +
         "symmetry      u.(Jv) = v.(Ju) fails for " + std::to_string(result.asymmetric) + of_pairs +
         "; worst: " + comparison_text(result.worst_symmetry) + "\n" +
         "slope         v.(Jv) = second difference of the values fails for " +
         std::to_string(result.wrong_slope) + of_pairs +
         "; worst: " + comparison_text(result.worst_slope) + "\n" + "inconclusive  " +
         std::to_string(result.inconclusive) + " of " + std::to_string(2 * result.pairs) +
         " comparisons\n" + "seed          " + std::to_string(report.seed) + "\n";
}

std::string hessian_json(const HessianReport& report) {
  const differentiation::HessianResult& result = report.result;
  JsonDocument document;
  document.add("schema", "losscalc.hessian/1");
  document.add("version", LOSSCALC_VERSION);
  document.add("loss", report.subject);
  document.add("passed", hessian_passed(report));
  document.add("pairs", result.pairs);
  document.add("asymmetric", result.asymmetric);
  document.add("wrong_slope", result.wrong_slope);
  document.add("inconclusive", result.inconclusive);
  document.add("worst_symmetry", comparison_json(result.worst_symmetry));
  document.add("worst_slope", comparison_json(result.worst_slope));
  document.add("seed", report.seed);
  return document.text();
}

}  // namespace losscalc::report
