/// The cases of tests/reference/data as terms.
#pragma once

#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "checking/gradient_check.h"
#include "spec/specification.h"

namespace losscalc::reference {

using nlohmann::json;

inline double number(const json& value) {
  if (value.is_number()) return value.get<double>();
  const auto text = value.get<std::string>();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  return text == "Infinity" ? HUGE_VAL : -HUGE_VAL;
}

inline std::vector<double> numbers(const json& array) {
  std::vector<double> values;
  for (const json& value : array.at("data")) values.push_back(number(value));
  return values;
}

inline evaluation::Data data_of(const json& array, const std::string& name) {
  return evaluation::in_memory(numbers(array), array.at("shape").get<evaluation::Shape>(), name);
}

/// The terms of a specification with the arrays that it names, or that have the names of its roles.
inline checking::NamedTerms bind_terms(const std::string& specification, const json& inputs) {
  checking::NamedTerms bound;
  auto terms = spec::resolve(spec::parse(specification), {});
  for (std::size_t k = 0; k < terms.size(); ++k) {
    for (const std::string_view name : {std::string_view("pred"), terms[k].input_name("pred")}) {
      if (inputs.contains(name))
        terms[k] = terms[k].for_axes(inputs.at(std::string(name)).at("shape").size());
    }
    evaluation::Term term{
        terms[k].coefficient, terms[k].loss, terms[k].parameters, terms[k].choices, {}};
    for (const Role& role : term.loss->roles) {
      const std::string role_name(role.name);
      std::vector<std::string> names;
      if (const auto given = terms[k].roles.find(role.name); given != terms[k].roles.end()) {
        for (const spec::ArrayReference& reference : given->second) {
          if (const auto* list = std::get_if<std::vector<double>>(&reference.source)) {
            term.inputs[role_name].push_back(
                evaluation::in_memory(*list, {list->size()}, role_name));
          } else {
            names.push_back(std::get<std::string>(reference.source));
          }
        }
      } else if (inputs.contains(role_name)) {
        names.push_back(role_name);
      } else if (const std::string name(terms[k].input_name(role.name)); inputs.contains(name)) {
        names.push_back(name);
      }
      for (const std::string& name : names) {
        if (!inputs.contains(name))
          throw Error(ErrorCode::missing_argument, role_name + ": there is no input " + name);
      }
      for (const std::string& name : names)
        term.inputs[role_name].push_back(data_of(inputs.at(name), name));
      bound.names[{k, role_name}] = names;
    }
    bound.terms.push_back(std::move(term));
  }
  return bound;
}

inline checking::NamedTerms bind_terms(const json& entry) {
  return bind_terms(entry.at("spec").get<std::string>(), entry.at("inputs"));
}

inline std::vector<std::filesystem::path> files_in(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(LOSSCALC_SOURCE_DIR "/tests/reference/" + folder)) {
    files.push_back(entry.path());
  }
  return files;
}

inline std::vector<std::filesystem::path> reference_files() { return files_in("data"); }

}  // namespace losscalc::reference
