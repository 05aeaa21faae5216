#include "sharding/partial_file.h"

#include <array>
#include <cmath>

#include "diagnostics/error.h"
#include "numeric/limits.h"
#include "report/json_value.h"
#include "text/names.h"

namespace losscalc::sharding {
namespace {

using evaluation::DataIssue;
using evaluation::DataIssueCount;
using evaluation::DataIssues;
using evaluation::ExactSum;
using evaluation::MapRange;
using evaluation::MapSums;
using evaluation::Partial;
using evaluation::SampleSums;
using evaluation::UnitSums;
using report::Json;
using report::json_number;
using report::printed;

constexpr std::string_view schema = "losscalc.partial/1";

constexpr std::array<text::Named<DataIssue>, DataIssues::size> issue_names{{
    {DataIssue::row_not_normalized, "row_not_normalized"},
    {DataIssue::prediction_outside_unit_interval, "prediction_outside_unit_interval"},
    {DataIssue::target_not_an_index, "target_not_an_index"},
    {DataIssue::target_index_out_of_range, "target_index_out_of_range"},
    {DataIssue::target_not_one_hot, "target_not_one_hot"},
    {DataIssue::target_outside_unit_interval, "target_outside_unit_interval"},
    {DataIssue::target_not_a_sign, "target_not_a_sign"},
    {DataIssue::box_inverted, "box_inverted"},
    {DataIssue::label_not_binary, "label_not_binary"},
    {DataIssue::mask_not_binary, "mask_not_binary"},
    {DataIssue::prediction_outside_domain, "prediction_outside_domain"},
    {DataIssue::target_outside_domain, "target_outside_domain"},
    {DataIssue::clipped, "clipped"},
    {DataIssue::target_row_not_normalized, "target_row_not_normalized"},
    {DataIssue::target_taken_as_number, "target_taken_as_number"},
    {DataIssue::non_finite_loss, "non_finite_loss"},
    {DataIssue::looks_like_probabilities, "looks_like_probabilities"},
    {DataIssue::target_zero, "target_zero"},
    {DataIssue::target_minus_one, "target_minus_one"},
}};
static_assert(
    [] {
      for (std::size_t k = 0; k < issue_names.size(); ++k) {
        if (issue_names[k].value != static_cast<DataIssue>(k)) return false;
      }
      return true;
    }(),
    "each DataIssue has a name");

double number(const Json& json) {
  if (!json.is_string()) return json.get<double>();
  const auto text = json.get<std::string>();
  if (text == "Infinity") return infinity;
  if (text == "-Infinity") return -infinity;
  if (text == "NaN") return quiet_nan;
  throw Error(ErrorCode::malformed_partial, "expected a number, found '" + text + "'");
}

Json numbers(const std::vector<double>& values) {
  Json json = Json::array();
  for (const double value : values) json.push_back(json_number(value));
  return json;
}

ExactSum exact_sum(const Json& components) {
  ExactSum sum;
  for (const Json& part : components) sum.add(number(part));
  return sum;
}

Json json_sums(const UnitSums& sums) {
  return {{"loss", numbers(sums.loss.components())},
          {"weight", numbers(sums.weight.components())},
          {"units", sums.units},
          {"ignored", sums.ignored}};
}

UnitSums unit_sums(const Json& json) {
  return {.loss = exact_sum(json.at("loss")),
          .weight = exact_sum(json.at("weight")),
          .units = json.at("units").get<std::size_t>(),
          .ignored = json.at("ignored").get<std::size_t>()};
}

Json json_sample(const SampleSums& sample) {
  Json json = json_sums(sample.sums);
  json["sample"] = sample.sample;
  json["target"] = json_number(sample.target);
  json["predicted"] = json_number(sample.predicted);
  return json;
}

SampleSums sample_sums(const Json& json) {
  return {.sample = json.at("sample").get<std::size_t>(),
          .sums = unit_sums(json),
          .target = number(json.at("target")),
          .predicted = number(json.at("predicted"))};
}

Json json_maps(const MapRange& range) {
  Json maps = Json::array();
  for (const MapSums& sums : range.maps) {
    maps.push_back({{"intersection", numbers(sums.intersection.components())},
                    {"prediction", numbers(sums.prediction.components())},
                    {"target", numbers(sums.target.components())},
                    {"pixels", sums.pixels}});
  }
  return {{"first", range.first}, {"maps", maps}};
}

MapRange map_range(const Json& json) {
  MapRange range{.first = json.at("first").get<std::size_t>(), .maps = {}};
  for (const Json& map : json.at("maps")) {
    range.maps.push_back({.intersection = exact_sum(map.at("intersection")),
                          .prediction = exact_sum(map.at("prediction")),
                          .target = exact_sum(map.at("target")),
                          .pixels = map.at("pixels").get<std::size_t>()});
  }
  return range;
}

Json json_findings(const DataIssues& issues) {
  Json json = Json::object();
  for (const auto& [issue, name, meaning] : issue_names) {
    const DataIssueCount& found = issues[issue];
    if (found.count > 0) json[std::string(name)] = {found.count, found.first};
  }
  return json;
}

DataIssues findings_of(const Json& json) {
  DataIssues issues;
  for (const auto& [issue, name, meaning] : issue_names) {
    const auto found = json.find(name);
    if (found == json.end()) continue;
    issues.add(issue, found->at(1).get<std::size_t>(), found->at(0).get<std::size_t>());
  }
  return issues;
}

Json json_partial(const Partial& partial) {
  Json by_sample = Json::array();
  for (const SampleSums& sample : partial.by_sample) by_sample.push_back(json_sample(sample));
  Json by_class = Json::array();
  for (const UnitSums& sums : partial.by_class) by_class.push_back(json_sums(sums));
  Json by_output = Json::array();
  for (const UnitSums& sums : partial.by_output) by_output.push_back(json_sums(sums));
  return {{"total", json_sums(partial.total)},
          {"target_counts", partial.target_counts},
          {"maps", json_maps(partial.maps)},
          {"issues", json_findings(partial.issues)},
          {"by_class", by_class},
          {"by_output", by_output},
          {"by_sample", by_sample}};
}

Partial partial_of(const Json& json) {
  Partial partial;
  partial.total = unit_sums(json.at("total"));
  partial.target_counts = json.at("target_counts").get<std::vector<std::size_t>>();
  partial.maps = map_range(json.at("maps"));
  partial.issues = findings_of(json.at("issues"));
  for (const Json& sums : json.at("by_class")) partial.by_class.push_back(unit_sums(sums));
  for (const Json& sums : json.value("by_output", Json::array()))
    partial.by_output.push_back(unit_sums(sums));
  for (const Json& sample : json.at("by_sample")) partial.by_sample.push_back(sample_sums(sample));
  return partial;
}

/// finish() looks at the numbers of the weights of classes and outputs alone.
bool keeps_numbers(std::string_view role) {
  return role == "class_weight" || role == "output_weight";
}

Json json_inputs(const ArrayDescriptions& inputs) {
  Json json = Json::object();
  for (const auto& [role, arrays] : inputs) {
    Json described = Json::array();
    for (const evaluation::Data& data : arrays) {
      Json array{{"file", data.whole.file}, {"shape", data.shape}, {"integer", data.integer}};
      if (keeps_numbers(role)) array["values"] = numbers(evaluation::read_all(data));
      described.push_back(array);
    }
    json[role] = described;
  }
  return json;
}

evaluation::Data described_data(const Json& json) {
  std::vector<double> values;
  if (const auto found = json.find("values"); found != json.end()) {
    for (const Json& value : *found) values.push_back(number(value));
  }
  evaluation::Data data{.shape = json.at("shape").get<Shape>(),
                        .integer = json.at("integer").get<bool>()};
  data.whole.file = json.at("file").get<std::string>();
  data.place = [whole = data.whole](std::size_t) { return whole; };
  data.read = [values = std::move(values)](std::size_t first, std::span<double> out) {
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = first + i < values.size() ? values[first + i] : 0.0;
  };
  return data;
}

ArrayDescriptions inputs_of(const Json& json) {
  ArrayDescriptions inputs;
  for (const auto& [role, arrays] : json.items()) {
    for (const Json& array : arrays) inputs[role].push_back(described_data(array));
  }
  return inputs;
}

PartialFile partial_file(const Json& json) {
  const Json& shard = json.at("shard");
  PartialFile file{
      .specification = json.at("loss").get<std::string>(),
      .shard = {shard.at("index").get<std::size_t>(), shard.at("count").get<std::size_t>()},
      .per_sample = json.at("per_sample").get<bool>(),
      .per_class = json.at("per_class").get<bool>(),
      .weights_used = json.at("weights_used").get<std::vector<std::string>>(),
      .class_names = json.at("class_names").get<std::vector<std::string>>()};
  for (const Json& term : json.at("terms")) {
    file.inputs.push_back(inputs_of(term.at("inputs")));
    file.partials.push_back(partial_of(term.at("partial")));
  }
  return file;
}

bool same_shapes(const ArrayDescriptions& one, const ArrayDescriptions& other) {
  const auto same_arrays = [](const auto& a, const auto& b) {
    return a.first == b.first &&
           std::ranges::equal(a.second, b.second, {}, &evaluation::Data::shape,
                              &evaluation::Data::shape);
  };
  return std::ranges::equal(one, other, same_arrays);
}

}  // namespace

std::string partial_json(const PartialFile& file) {
  Json terms = Json::array();
  for (std::size_t k = 0; k < file.partials.size(); ++k) {
    terms.push_back(
        {{"inputs", json_inputs(file.inputs[k])}, {"partial", json_partial(file.partials[k])}});
  }
  const Json document{{"schema", schema},
                      {"version", LOSSCALC_VERSION},
                      {"loss", file.specification},
                      {"shard", {{"index", file.shard.index}, {"count", file.shard.count}}},
                      {"per_sample", file.per_sample},
                      {"per_class", file.per_class},
                      {"weights_used", file.weights_used},
                      {"class_names", file.class_names},
                      {"terms", terms}};
  return printed(document, false) + "\n";
}

PartialFile parse_partial(std::string_view line, const Place& place) {
  const auto fail = [&](const std::string& message) -> Error {
    return {ErrorCode::malformed_partial, message, place,
            "partials are written by: losscalc compute ... --shard I/N --partial FILE"};
  };
  try {
    const Json json = Json::parse(line);
    const std::string found = json.is_object() ? json.value("schema", "") : "";
    if (found != schema) {
      throw fail("expected a partial (schema " + std::string(schema) + "), found " +
                 (found.empty() ? "other JSON" : "schema " + found));
    }
    return partial_file(json);
  } catch (const nlohmann::json::exception& error) {
    throw fail(std::string("not a well-formed partial: ") + error.what());
  }
}

bool belong_together(const PartialFile& one, const PartialFile& other) {
  return one.specification == other.specification && one.shard.count == other.shard.count &&
         one.per_sample == other.per_sample && one.per_class == other.per_class &&
         std::ranges::equal(one.inputs, other.inputs, same_shapes);
}

}  // namespace losscalc::sharding
