#include <algorithm>
#include <cmath>

#include "report/compute.h"
#include "report/compute_tables.h"
#include "report/json_document.h"

namespace losscalc::report {
namespace {

using evaluation::Row;

/// The value under its type: an integer is printed without a point.
Json typed(const ParameterInfo& info, const ParameterValue& value) {
  const auto* number = std::get_if<double>(&value);
  if (info.type != ParameterType::integer || number == nullptr) return json_value(value);
  return static_cast<std::int64_t>(*number);
}

Json json_parameters(const evaluation::Term& term) {
  Json parameters = Json::object();
  for (const Argument& argument : term.loss->effective(term.parameters)) {
    const auto info = std::ranges::find(term.loss->parameters, argument.name, &ParameterInfo::name);
    parameters[argument.name] = typed(*info, argument.value);
  }
  for (const Convention* row : conventions_of(*term.loss)) {
    const ParameterInfo& info = row->parameter.info;
    parameters[std::string(info.name)] = typed(info, row->parameter.get(term.conventions));
  }
  return parameters;
}

Json json_term(const evaluation::Term& term, const evaluation::TermReport& report) {
  return {{"loss", term.loss->description.name},
          {"coefficient", json_number(term.coefficient)},
          {"value", json_number(report.value)},
          {"parameters", json_parameters(term)},
          {"units", report.units},
          {"ignored", report.ignored}};
}

/// An index as an integer where classes are meant, else the number.
Json json_shown(const Computation& computation, const std::optional<double>& value) {
  if (!value) return nullptr;
  const bool integral = shows_classes(computation) && *value == std::floor(*value);
  return integral ? Json(static_cast<std::int64_t>(*value)) : json_number(*value);
}

Json json_sample(const Computation& computation, const Row& row) {
  Json entry{
      {"sample", row.index}, {"loss", json_number(row.loss)}, {"weight", json_number(row.weight)}};
  if (computation.sample_key) entry["key"] = computation.sample_key(row.index);
  if (row.target || row.predicted) {
    entry["target"] = json_shown(computation, row.target);
    entry["predicted"] = json_shown(computation, row.predicted);
  }
  return entry;
}

Json json_class(const Computation& computation, const Row& row) {
  Json entry{{"class", row.index},
             {"units", row.units},
             {"loss", row.units == 0 ? Json(nullptr) : json_number(row.loss)},
             {"weight", json_number(row.weight)}};
  if (row.index < computation.class_names.size())
    entry["name"] = computation.class_names[row.index];
  return entry;
}

Json json_input(const InputNote& note) {
  Json entry{{"name", note.name}, {"files", note.files}};
  if (!note.columns.empty()) entry["columns"] = note.columns;
  entry["left_out"] = Json::array();
  for (const auto& [what, why] : note.left_out)
    entry["left_out"].push_back(Json{{"what", what}, {"why", why}});
  entry["notes"] = note.notes;
  return entry;
}

}  // namespace

std::string compute_json(const Computation& computation, const ComputeFormat& format) {
  const evaluation::Report& result = computation.result;
  JsonDocument document;
  document.add("schema", "losscalc.compute/1");
  document.add("version", LOSSCALC_VERSION);
  document.add("loss", computation.specification);
  if (shows_array(computation)) {
    document.add_nested("value", result.losses, result.shape);
  } else {
    document.add("value", json_number(result.value));
  }
  document.add("reduction", reduction_name(computation));
  if (computation.shard.count > 1) {
    document.add("shard",
                 Json{{"index", computation.shard.index}, {"count", computation.shard.count}});
  }
  document.add("samples", result.samples);
  document.add("units", result.units);
  document.add("weight", json_number(result.weight));
  document.add_rows("terms", computation.terms.size(), [&](std::size_t k) {
    return json_term(computation.terms[k], result.terms[k]);
  });
  if (format.per_sample) {
    const std::vector<std::size_t> positions = shown_samples(computation, format);
    document.add_rows("per_sample", positions.size(), [&](std::size_t k) {
      return json_sample(computation, result.per_sample[positions[k]]);
    });
  }
  if (format.per_class) {
    document.add_rows("per_class", result.per_class.size(),
                      [&](std::size_t k) { return json_class(computation, result.per_class[k]); });
  }
  document.add_rows("inputs", computation.inputs.size(),
                    [&](std::size_t k) { return json_input(computation.inputs[k]); });
  document.add("weights_used", computation.weights_used);
  document.add_rows("warnings", result.warnings.size(), [&](std::size_t k) {
    return Json{{"code", result.warnings[k].code}, {"message", result.warnings[k].message}};
  });
  return document.text();
}

}  // namespace losscalc::report
