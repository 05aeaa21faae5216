/// Terms as other libraries say them -> terms in our own words.

#include <algorithm>
#include <cctype>
#include <string>

#include "diagnostics/error.h"
#include "spec/specification.h"
#include "text/nearest.h"

namespace losscalc::spec {
namespace {

dialects::Found entry_named(const std::string& name) {
  if (const auto found = dialects::find(name)) return *found;
  std::string hint = text::did_you_mean(name, dialects::all_names());
  if (!hint.empty()) hint += " ";
  std::vector<std::string> libraries;
  for (const dialects::Library* library : dialects::all_libraries())
    libraries.emplace_back(library->name);
  throw Error(ErrorCode::unknown_loss, "unknown loss '" + name + "'", {},
              hint + "'losscalc list --library NAME' shows those of " + text::joined(libraries));
}

std::vector<std::string> names_of(const Arguments& arguments) {
  std::vector<std::string> names;
  names.reserve(arguments.size());
  for (const Argument& argument : arguments) names.push_back(argument.name);
  return names;
}

[[noreturn]] void throw_unknown(const WrittenTerm& written, const std::string& parameter,
                                const std::vector<std::string>& known) {
  std::string hint = text::did_you_mean(parameter, known);
  if (!hint.empty()) hint += " ";
  throw Error(ErrorCode::unknown_parameter,
              written.name + ": unknown parameter '" + parameter + "'", {},
              hint + (known.empty() ? "it has none" : "it has: " + text::joined(known)));
}

/// What was written, under the names of the signature.
Arguments named_arguments(const WrittenTerm& written, const Arguments& signature) {
  const std::vector<std::string> known = names_of(signature);
  Arguments given;
  for (const Argument& argument : written.arguments) {
    std::string name = argument.name;
    if (name.empty()) {
      if (given.size() == known.size()) {
        throw Error(ErrorCode::unknown_parameter,
                    written.name + " takes at most " + std::to_string(known.size()) +
                        " values, found " + losscalc::to_string(argument.value),
                    {}, known.empty() ? "" : "they are: " + text::joined(known));
      }
      name = known[given.size()];
    }
    if (std::ranges::find(known, name) == known.end()) throw_unknown(written, name, known);
    if (std::ranges::find(given, name, &Argument::name) != given.end()) {
      throw Error(ErrorCode::bad_specification,
                  written.name + ": " + name + " is given by position and by name");
    }
    given.push_back({std::move(name), argument.value});
  }
  return given;
}

/// keras.losses.Reduction.SUM is sum.
std::string last_word(const ParameterValue& value) {
  const auto* word = std::get_if<std::string>(&value);
  if (word == nullptr || !dialects::is_dialect(*word)) return {};
  std::string last = word->substr(word->rfind('.') + 1);
  for (char& c : last) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return last;
}

/// [0, 1, ..., C - 1]
bool are_class_numbers(const ParameterValue& value) {
  const auto* numbers = std::get_if<std::vector<double>>(&value);
  if (numbers == nullptr) return false;
  for (std::size_t i = 0; i < numbers->size(); ++i) {
    if ((*numbers)[i] != static_cast<double>(i)) return false;
  }
  return !numbers->empty();
}

bool is_value(const dialects::Case& one, const ParameterValue& value) {
  const ParameterValue wanted = parse_value(one.value);
  return value == wanted || ParameterValue(last_word(value)) == wanted;
}

[[noreturn]] void throw_no_case(const WrittenTerm& written, const dialects::Meaning& meaning,
                                const ParameterValue& value) {
  std::vector<std::string> values;
  for (const dialects::Case& one : meaning.cases) values.emplace_back(one.value);
  if (meaning.class_numbers) values.emplace_back("[0,1,...]");
  throw Error(ErrorCode::not_supported, written.name + ": " + std::string(meaning.parameter) + "=" +
                                            losscalc::to_string(value) +
                                            " has no meaning here; it may be " +
                                            text::joined(values, " or "));
}

/// The same value for each of some arguments, separated by commas.
Arguments arguments_named(std::string_view names, const ParameterValue& value) {
  Arguments arguments;
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(", "), names.size());
    arguments.push_back({std::string(names.substr(0, end)), value});
    names.remove_prefix(std::min(end + 2, names.size()));
  }
  return arguments;
}

/// The arguments that a parameter's value stands for.
Arguments meant(const WrittenTerm& written, const dialects::Meaning& meaning,
                const ParameterValue& value) {
  for (const dialects::Case& one : meaning.cases) {
    if (is_value(one, value)) return parse_arguments(one.arguments);
  }
  if (meaning.class_numbers && are_class_numbers(value)) return {};
  if (!meaning.becomes.empty()) {
    if (std::holds_alternative<std::monostate>(value)) return {};
    return arguments_named(meaning.becomes, value);
  }
  if (!meaning.cases.empty()) throw_no_case(written, meaning, value);
  return {};
}

/// Sets an argument that may be set already.
void overrule(Arguments& arguments, const Argument& argument) {
  std::erase_if(arguments, [&](const Argument& one) { return one.name == argument.name; });
  arguments.push_back(argument);
}

const Argument* find_argument(const Arguments& arguments, std::string_view name) {
  const auto found = std::ranges::find(arguments, name, &Argument::name);
  return found == arguments.end() ? nullptr : &*found;
}

Translation translate_as(const WrittenTerm& written, const dialects::Entry& entry) {
  const Arguments signature = parameters_of(entry);
  const Arguments given = named_arguments(written, signature);
  Translation translation{.term = {.coefficient = written.coefficient,
                                   .name = std::string(entry.loss),
                                   .arguments = parse_arguments(entry.fixed),
                                   .column = written.column},
                          .defaults = names_of(parse_arguments(entry.fixed)),
                          .entry = &entry};
  for (const dialects::Meaning& meaning : entry.meanings) {
    const Argument* argument = find_argument(given, meaning.parameter);
    const bool is_given = argument != nullptr;
    if (!is_given) argument = find_argument(signature, meaning.parameter);
    for (const Argument& one : meant(written, meaning, argument->value)) {
      overrule(translation.term.arguments, one);
      std::erase(translation.defaults, one.name);
      if (!is_given) translation.defaults.push_back(one.name);
    }
  }
  return translation;
}

}  // namespace

Arguments parameters_of(const dialects::Entry& entry) { return parse_arguments(entry.signature); }

std::vector<Translation> translate(const WrittenTerm& written) {
  const dialects::Found found = entry_named(written.name);
  std::vector<Translation> translations{translate_as(written, *found.entry)};
  for (const dialects::Entry* entry : found.otherwise)
    translations.push_back(translate_as(written, *entry));
  return translations;
}

}  // namespace losscalc::spec
