#include "report/compute.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

using namespace losscalc;
using namespace losscalc::report;

namespace {

evaluation::Term term_of(const char* loss, double coefficient = 1.0) {
  const Loss* found = find_loss(loss);
  REQUIRE(found != nullptr);
  return {{.coefficient = coefficient, .loss = found, .conventions = default_conventions(*found)}};
}

/// cross-entropy of two samples, the second of them NaN.
Computation two_samples() {
  Computation computation{.specification = "cross-entropy",
                          .terms = {term_of("cross-entropy")},
                          .weights_used = {},
                          .class_names = {},
                          .result = {}};
  computation.result = {
      .value = 0.75,
      .samples = 2,
      .units = 2,
      .weight = 2.0,
      .terms = {{.value = 0.75, .samples = 2, .units = 2, .weight = 2.0, .ignored = 0}},
      .per_sample =
          {{.index = 0, .loss = 0.5, .weight = 1.0, .units = 1, .target = 0.0, .predicted = 1.0},
           {.index = 1,
            .loss = std::nan(""),
            .weight = 1.0,
            .units = 1,
            .target = 1.0,
            .predicted = 1.0},
           {.index = 2, .loss = 1.0, .weight = 1.0, .units = 1, .target = 1.0, .predicted = 1.0}},
      .per_class = {{.index = 0, .loss = 0.5, .weight = 1.0, .units = 1},
                    {.index = 1, .loss = 0.0, .weight = 0.0, .units = 0}},
  };
  return computation;
}

nlohmann::ordered_json json_of(const Computation& computation, const ComputeFormat& format) {
  return nlohmann::ordered_json::parse(compute_json(computation, format));
}

std::vector<std::string> keys_of(const nlohmann::ordered_json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

}  // namespace

TEST_CASE("the text begins with the value and says what it is a mean over") {
  const std::string text = compute_text(two_samples(), {});
  CHECK(text ==
        "value      0.75\n"
        "loss       cross-entropy\n"
        "reduction  mean over the units\n"
        "samples    2\n"
        "units      2\n"
        "from       probs, clipped to [eps, 1 - eps] with eps = 1e-15\n");
}

TEST_CASE("weights, ignored units and optional inputs appear in the text where there are any") {
  Computation computation = two_samples();
  computation.result.weight = 3.0;
  computation.result.terms[0].weight = 3.0;
  computation.result.terms[0].ignored = 4;
  computation.weights_used = {"class_weight from w.npz"};
  const std::string text = compute_text(computation, {});
  CHECK(text.find("reduction  mean over the units: sum of w l / sum of w\n") != std::string::npos);
  CHECK(text.find("ignored    4\n") != std::string::npos);
  CHECK(text.find("sum of w   3\n") != std::string::npos);
  CHECK(text.find("with       class_weight from w.npz\n") != std::string::npos);
}

TEST_CASE("the largest losses come first, NaN before all") {
  const ComputeFormat format{.per_sample = true, .top = 2};
  const auto rows = json_of(two_samples(), format)["per_sample"];
  REQUIRE(rows.size() == 2);
  CHECK(rows[0]["sample"] == 1);
  CHECK(rows[1]["sample"] == 2);
  CHECK(json_of(two_samples(), {.per_sample = true})["per_sample"].size() == 3);
}

TEST_CASE("JSON has its fields in the documented order") {
  const auto document = json_of(two_samples(), {.per_sample = true, .per_class = true});
  CHECK(keys_of(document) == std::vector<std::string>{"schema", "version", "loss", "value",
                                                      "reduction", "samples", "units", "weight",
                                                      "terms", "per_sample", "per_class", "inputs",
                                                      "weights_used", "warnings"});
  CHECK(document["schema"] == "losscalc.compute/1");
  CHECK(keys_of(document["terms"][0]) ==
        std::vector<std::string>{"loss", "coefficient", "value", "parameters", "units", "ignored"});
  CHECK(keys_of(document["per_sample"][0]) ==
        std::vector<std::string>{"sample", "loss", "weight", "target", "predicted"});
  CHECK(keys_of(document["per_class"][0]) ==
        std::vector<std::string>{"class", "units", "loss", "weight"});
}

TEST_CASE("what JSON lacks is text, and what has no value is null") {
  Computation computation = two_samples();
  computation.result.value = -std::numeric_limits<double>::infinity();
  const auto document = json_of(computation, {.per_sample = true, .per_class = true});
  CHECK(document["value"] == "-Infinity");
  CHECK(document["per_sample"][1]["loss"] == "NaN");
  CHECK(document["per_class"][1]["loss"].is_null());
}

TEST_CASE("integers and lists keep their types in a term's parameters") {
  const auto parameters = json_of(two_samples(), {})["terms"][0]["parameters"];
  CHECK(parameters["class_axis"].is_number_integer());
  CHECK(parameters["eps"].is_number_float());
  CHECK(parameters["check"].is_boolean());
}

TEST_CASE("digits round the text and the CSV, never the JSON") {
  Computation computation = two_samples();
  computation.result.value = 0.123456789;
  const ComputeFormat format{.digits = 3};
  CHECK(compute_text(computation, format).starts_with("value      0.123\n"));
  CHECK(compute_csv(computation, format).find(",0.123,") != std::string::npos);
  CHECK(json_of(computation, format)["value"] == 0.123456789);
}

TEST_CASE("under reduction none the value is the nested array of losses") {
  Computation computation = two_samples();
  computation.terms[0].conventions.reduction = Reduction::none;
  computation.result.losses = {1.0, 2.0, 3.0, std::nan("")};
  computation.result.shape = {2, 2};
  CHECK(json_of(computation, {})["value"] == nlohmann::ordered_json::parse(R"([[1,2],[3,"NaN"]])"));
  CHECK(compute_csv(computation, {}) == "axis0,axis1,loss\n0,0,1\n0,1,2\n1,0,3\n1,1,NaN\n");
}

TEST_CASE("terms of a combined loss have a table, with their reductions where these differ") {
  Computation computation = two_samples();
  computation.terms.push_back(term_of("mse", 0.5));
  computation.result.terms.push_back({.value = 2.0, .samples = 2, .units = 6, .weight = 6.0});
  CHECK(compute_text(computation, {})
            .find("\n"
                  "coefficient  value  units  term\n"
                  "          1   0.75      2  cross-entropy (from probs)\n"
                  "        0.5      2      6  mse\n") != std::string::npos);
  computation.terms[1].conventions.reduction = Reduction::sum;
  CHECK(compute_text(computation, {})
            .find("\n"
                  "coefficient  value  units  reduction  term\n"
                  "          1   0.75      2  mean       cross-entropy") != std::string::npos);
  CHECK(json_of(computation, {})["reduction"] == "mixed");
}

TEST_CASE("classes are shown by their names in tables and named in JSON") {
  Computation computation = two_samples();
  computation.class_names = {"cat", "dog, big"};
  const ComputeFormat format{.per_class = true};
  CHECK(compute_csv(computation, format) ==
        "class,units,loss,weight\ncat,1,0.5,1\n\"dog, big\",0,,0\n");
  CHECK(json_of(computation, format)["per_class"][1]["name"] == "dog, big");
  CHECK(compute_csv(computation, {.per_sample = true})
            .starts_with("sample,loss,weight,target,predicted\n0,0.5,1,cat,\"dog, big\"\n"));
}

TEST_CASE("colour has no effect but escape sequences in the text") {
  const std::string text = compute_text(two_samples(), {.color = true});
  CHECK(text.starts_with("value      \x1b[1m0.75\x1b[0m\n"));
}
