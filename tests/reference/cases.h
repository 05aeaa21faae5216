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
  return evaluation::in_memory(numbers(array), array.at("shape").get<Shape>(), name);
}

/// The arrays of a role: of the names or numbers that the term says, or that has the role's name.
inline std::vector<evaluation::Data> arrays_of(const spec::Term& term, const Role& role,
                                               const json& inputs,
                                               std::vector<std::string>& names) {
  std::vector<evaluation::Data> arrays;
  const auto add = [&](const std::string& name, evaluation::Data data) {
    names.push_back(name);
    arrays.push_back(std::move(data));
  };
  if (const auto given = term.roles.find(role.name); given != term.roles.end()) {
    for (const spec::ArrayReference& reference : given->second) {
      const auto* values = std::get_if<std::vector<double>>(&reference.source);
      const std::string name(values == nullptr ? std::get<std::string>(reference.source)
                                               : role.name);
      if (values == nullptr && !inputs.contains(name)) {
        throw Error(ErrorCode::missing_argument,
                    std::string(role.name) + ": there is no input " + name);
      }
      add(name, values == nullptr ? data_of(inputs.at(name), name)
                                  : evaluation::in_memory(*values, {values->size()}, name));
    }
  } else if (inputs.contains(role.name)) {
    add(std::string(role.name), data_of(inputs.at(std::string(role.name)), std::string(role.name)));
  } else if (const std::string name(term.input_name(role.name)); inputs.contains(name)) {
    add(name, data_of(inputs.at(name), name));
  }
  return arrays;
}

/// The term as it is for the number of axes of its predictions.
inline const spec::Term& chosen(const spec::Term& term, const json& inputs) {
  const Role* role = find_role(*term.loss, "pred");
  if (role == nullptr) return term;
  std::vector<std::string> names;
  const std::vector<evaluation::Data> found = arrays_of(term, *role, inputs, names);
  return found.empty() ? term : term.for_rank(found.front().shape.size());
}

/// The terms of a specification with the arrays that it names, or that have the names of its roles.
inline checking::NamedTerms bind_terms(const std::string& specification, const json& inputs) {
  checking::NamedTerms bound;
  for (const spec::Term& written : spec::resolve(spec::parse(specification), {})) {
    const spec::Term& one = chosen(written, inputs);
    evaluation::Term term{one, {}};
    for (const Role& role : term.loss->roles) {
      std::vector<std::string>& names = bound.names[{bound.terms.size(), std::string(role.name)}];
      std::vector<evaluation::Data> arrays = arrays_of(one, role, inputs, names);
      if (!arrays.empty()) term.inputs[std::string(role.name)] = std::move(arrays);
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
