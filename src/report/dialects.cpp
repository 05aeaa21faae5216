#include "report/dialects.h"

#include <algorithm>
#include <set>

#include "report/json_value.h"
#include "report/wrap.h"
#include "text/nearest.h"

namespace losscalc::report {
namespace {

/// A convention or parameter that the entry sets otherwise than the loss's own default.
struct Difference {
  std::string name;
  ParameterValue value;
  std::string_view help;
};

std::vector<Difference> differences_of(const spec::Term& term) {
  std::vector<Difference> differences;
  for (const Argument& argument : term.loss->effective(term.parameters)) {
    const auto info = std::ranges::find(term.loss->parameters, argument.name, &ParameterInfo::name);
    if (argument.value != info->default_value)
      differences.push_back({argument.name, argument.value, info->help});
  }
  const Conventions defaults = default_conventions(*term.loss);
  for (const Convention* row : conventions_of(*term.loss)) {
    const ParameterValue value = row->parameter.get(term.conventions);
    if (value != row->parameter.get(defaults))
      differences.push_back(
          {std::string(row->parameter.info.name), value, row->parameter.info.help});
  }
  return differences;
}

std::string call_of(const dialects::Entry& entry) {
  return std::string(entry.names.front()) + "(" + std::string(entry.signature) + ")";
}

std::vector<std::string> other_names(const dialects::Entry& entry) {
  return {entry.names.begin() + 1, entry.names.end()};
}

std::string meaning_text(const dialects::Meaning& meaning) {
  std::vector<std::string> values;
  for (const dialects::Case& one : meaning.cases) {
    values.push_back(std::string(one.value) + (one.arguments.empty() ? " has no effect" : ": ") +
                     std::string(one.arguments));
  }
  if (meaning.class_numbers) values.emplace_back("[0,1,...] has no effect");
  std::string text = text::joined(values, "; ");
  if (!meaning.becomes.empty()) {
    if (!text.empty()) text += "; else ";
    text += std::string(meaning.becomes);
  }
  return text.empty() ? "has no effect on the value" : text;
}

std::string versioned(const DialectEntry& one) {
  std::string text(one.entry->names.front());
  if (!one.entry->since.empty()) text += ", since " + std::string(one.entry->since);
  return text;
}

/// `predictions of 1 axis`; empty where the number doesn't matter.
std::string axes_text(const dialects::Entry& entry) {
  if (entry.axes == 0) return {};
  return "predictions of " + std::to_string(entry.axes) + (entry.axes == 1 ? " axis" : " axes");
}

std::string listed_name(const DialectEntry& one) {
  const std::string axes = axes_text(*one.entry);
  return versioned(one) + (axes.empty() ? "" : ", " + axes);
}

std::size_t count_of_names(const std::vector<DialectEntry>& entries) {
  std::set<std::string_view> names;
  for (const DialectEntry& one : entries) names.insert(one.entry->names.front());
  return names.size();
}

/// One for each parameter: several of one parameter are put together.
std::vector<dialects::Meaning> whole_meanings(const dialects::Entry& entry) {
  std::vector<dialects::Meaning> whole;
  for (const dialects::Meaning& meaning : entry.meanings) {
    const auto earlier = std::ranges::find(whole, meaning.parameter, &dialects::Meaning::parameter);
    if (earlier == whole.end()) {
      whole.push_back(meaning);
      continue;
    }
    for (dialects::Case& one : earlier->cases) {
      const auto other = std::ranges::find(meaning.cases, one.value, &dialects::Case::value);
      if (other != meaning.cases.end() && !other->arguments.empty()) one = *other;
    }
  }
  return whole;
}

/// What one entry is here; `forms` is the number of those that share its name.
void append_form(const DialectEntry& one, std::size_t forms, std::string& text) {
  const dialects::Entry& entry = *one.entry;
  const std::string axes = axes_text(entry);
  const std::string of = forms == 1 && axes.empty() ? ""
                         : axes.empty()             ? ", other predictions"
                                                    : ", " + axes;
  append_section(text, "in losscalc, with these defaults" + of, {spec::to_string(one.term)});
  std::vector<std::string> parameters;
  parameters.reserve(entry.meanings.size());
  for (const dialects::Meaning& meaning : whole_meanings(entry))
    parameters.push_back(std::string(meaning.parameter) + ": " + meaning_text(meaning));
  append_section(text, "parameters", parameters);
  std::vector<std::string> differences;
  for (const Difference& difference : differences_of(one.term)) {
    differences.push_back(difference.name + " = " + losscalc::to_string(difference.value) + ": " +
                          std::string(difference.help));
  }
  append_section(text, "differs from plain " + std::string(one.term.loss->description.name) + " in",
                 differences);
  if (!entry.note.empty()) append_section(text, "note", {std::string(entry.note)});
  append_section(text, "formula", {std::string(one.term.loss->description.formula)});
}

Json json_form(const DialectEntry& one) {
  Json form{{"axes", one.entry->axes == 0 ? Json(nullptr) : Json(one.entry->axes)},
            {"loss", one.term.loss->description.name},
            {"specification", spec::to_string(one.term)},
            {"differences", Json::object()},
            {"note", one.entry->note}};
  for (const Difference& difference : differences_of(one.term))
    form["differences"][difference.name] = json_value(difference.value);
  return form;
}

}  // namespace

std::string library_text(const dialects::Library& library,
                         const std::vector<DialectEntry>& entries) {
  std::size_t width = 0;
  for (const DialectEntry& one : entries) width = std::max(width, listed_name(one).size());
  std::string text;
  for (const DialectEntry& one : entries) {
    const std::string name = listed_name(one);
    text += name + std::string(width - name.size() + 2, ' ') + spec::to_string(one.term) + "\n";
  }
  return text + "\n" + std::to_string(count_of_names(entries)) + " losses of " +
         std::string(library.name) + " in " + std::to_string(entries.size()) +
         " entries, as in version " + std::string(library.read_from) + "\n";
}

std::string library_json(const dialects::Library& library,
                         const std::vector<DialectEntry>& entries) {
  Json losses = Json::array();
  for (const DialectEntry& one : entries) {
    losses.push_back({{"names", one.entry->names},
                      {"since", one.entry->since},
                      {"axes", one.entry->axes == 0 ? Json(nullptr) : Json(one.entry->axes)},
                      {"signature", one.entry->signature},
                      {"loss", one.term.loss->description.name},
                      {"specification", spec::to_string(one.term)}});
  }
  return printed(Json{{"schema", "losscalc.library/1"},
                      {"library", library.name},
                      {"version", library.read_from},
                      {"count", entries.size()},
                      {"names", count_of_names(entries)},
                      {"losses", losses}},
                 true) +
         "\n";
}

std::string describe_dialect_text(const std::vector<DialectEntry>& forms,
                                  const std::vector<DialectEntry>& elsewhere) {
  const DialectEntry& one = forms.front();
  const dialects::Entry& entry = *one.entry;
  std::string text =
      versioned(one) + " - " + std::string(one.term.loss->description.summary) + "\n";
  text += wrapped("library: " + std::string(one.library->name) + ", as in version " +
                      std::string(one.library->read_from),
                  0, 9);
  if (entry.names.size() > 1) text += wrapped("also: " + text::joined(other_names(entry)), 0, 6);
  append_section(text, "call", {call_of(entry)});
  std::vector<std::string> inputs;
  inputs.reserve(entry.inputs.size());
  for (const dialects::InputName& input : entry.inputs)
    inputs.push_back(std::string(input.theirs) + ": " + std::string(input.ours));
  append_section(text, "inputs", inputs);
  for (const DialectEntry& form : forms) append_form(form, forms.size(), text);
  std::vector<std::string> others;
  others.reserve(elsewhere.size());
  for (const DialectEntry& other : elsewhere)
    others.push_back(listed_name(other) + ": " + spec::to_string(other.term));
  append_section(text, "the same loss elsewhere", others);
  return text;
}

std::string describe_dialect_json(const std::vector<DialectEntry>& forms,
                                  const std::vector<DialectEntry>& elsewhere) {
  const DialectEntry& one = forms.front();
  const dialects::Entry& entry = *one.entry;
  Json document{{"schema", "losscalc.dialect/1"},
                {"names", entry.names},
                {"library", one.library->name},
                {"since", entry.since},
                {"signature", entry.signature}};
  document.update(json_form(one));
  document["inputs"] = Json::object();
  for (const dialects::InputName& input : entry.inputs)
    document["inputs"][std::string(input.theirs)] = input.ours;
  document["otherwise"] = Json::array();
  for (auto form = forms.begin() + 1; form != forms.end(); ++form)
    document["otherwise"].push_back(json_form(*form));
  document["elsewhere"] = Json::array();
  for (const DialectEntry& other : elsewhere) {
    document["elsewhere"].push_back(
        {{"name", other.entry->names.front()}, {"specification", spec::to_string(other.term)}});
  }
  return printed(document, true) + "\n";
}

}  // namespace losscalc::report
