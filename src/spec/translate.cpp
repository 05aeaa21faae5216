/// Terms as other libraries say them -> terms in our own words.

#include <algorithm>
#include <cctype>
#include <map>
#include <string>

#include "diagnostics/error.h"
#include "spec/specification.h"
#include "text/nearest.h"

namespace losscalc::spec {
namespace {

dialects::Found entry_named(const std::string& name) {
  if (const auto found = dialects::find(name)) return *found;
  if (const dialects::Library* library = dialects::too_old(name)) {
    throw Error(ErrorCode::unknown_loss, name + ": " + std::string(library->name) +
                                             " is supported from version " +
                                             std::string(library->oldest) + " on");
  }
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

/// Our name of an input that a library's loss may be given by name; empty if it has none of that.
std::string role_named(const dialects::Entry& entry, const std::string& name) {
  const auto theirs = std::ranges::find(entry.inputs, name, &dialects::InputName::theirs);
  if (theirs != entry.inputs.end()) return std::string(theirs->ours);
  const Loss* loss = find_loss(entry.loss);
  return loss != nullptr && find_role(*loss, name) != nullptr ? name : "";
}

/// A function, and not a class whose object is called with the inputs.
bool is_function(const std::string& name) {
  return std::islower(static_cast<unsigned char>(name[name.rfind('.') + 1])) != 0;
}

/// What was written, under the names of the signature, and the inputs by role.
class NamedArguments {
 public:
  NamedArguments(const WrittenTerm& written, const dialects::Entry& entry,
                 const Arguments& signature)
      : written_(written), entry_(entry), known_(names_of(signature)) {
    const std::vector<std::string> inputs = positional_inputs();
    std::vector<std::string> positions = known_;
    if (is_function(written.name))
      positions.insert(positions.begin(), inputs.begin(), inputs.end());
    add(written.arguments, positions);
    add(written.call, inputs);
  }

  Arguments parameters = {};
  Arguments roles = {};
  std::map<std::string, std::string, std::less<>> variables = {};

 private:
  /// The library's names of what a call begins with: inputs that are no parameters.
  std::vector<std::string> positional_inputs() const {
    std::vector<std::string> names;
    for (const dialects::InputName& input : entry_.inputs) {
      if (std::ranges::find(known_, input.theirs) == known_.end()) names.emplace_back(input.theirs);
    }
    return names;
  }

  void add(const Arguments& arguments, const std::vector<std::string>& positions) {
    std::size_t position = 0;
    for (const Argument& argument : arguments) {
      if (!argument.name.empty()) {
        add_named(argument);
      } else if (position == positions.size()) {
        throw Error(ErrorCode::unknown_parameter,
                    written_.name + " takes at most " + std::to_string(positions.size()) +
                        " values, found " + losscalc::to_string(argument.value),
                    {}, positions.empty() ? "" : "they are: " + text::joined(positions));
      } else {
        add_at(positions[position++], argument.value);
      }
    }
  }

  bool is_parameter(const std::string& name) const {
    return std::ranges::find(known_, name) != known_.end();
  }

  void add_at(const std::string& name, const ParameterValue& value) {
    if (is_parameter(name)) {
      add_parameter(name, value);
      return;
    }
    const auto* variable = std::get_if<std::string>(&value);
    if (variable == nullptr) {
      throw Error(ErrorCode::bad_specification,
                  written_.name + " is called with its inputs first: expected the name of " + name +
                      ", found " + losscalc::to_string(value),
                  {}, "parameters go by name, and inputs come from -p, -t and -i");
    }
    variables[role_named(entry_, name)] = *variable;
  }

  void add_named(const Argument& argument) {
    if (is_parameter(argument.name)) {
      add_parameter(argument.name, argument.value);
      return;
    }
    const std::string role = role_named(entry_, argument.name);
    if (role.empty()) throw_unknown(written_, argument.name, known_);
    roles.push_back({role, argument.value});
  }

  void add_parameter(const std::string& name, const ParameterValue& value) {
    if (std::ranges::find(parameters, name, &Argument::name) != parameters.end()) {
      throw Error(ErrorCode::bad_specification,
                  written_.name + ": " + name + " is given by position and by name");
    }
    parameters.push_back({name, value});
  }

  const WrittenTerm& written_;
  const dialects::Entry& entry_;
  std::vector<std::string> known_;
};

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
  throw Error(ErrorCode::not_supported,
              written.name + ": " + std::string(meaning.parameter) + "=" +
                  losscalc::to_string(value) +
                  " is not supported; supported values: " + text::joined(values));
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

/// What .mean() or .sum() makes of values that are not reduced yet; ignored ones are 0 among them.
void reduce(const std::string& method, WrittenTerm& term) {
  const Argument* reduction = find_argument(term.arguments, "reduction");
  if (reduction == nullptr || reduction->value != ParameterValue(std::string("none"))) return;
  const bool mean = method == "mean";
  overrule(term.arguments, {"reduction", std::string(mean ? "count-mean" : "sum")});
  if (mean && find_argument(term.arguments, "ignore_index") != nullptr)
    overrule(term.arguments, {"ignored", std::string("zero")});
}

Translation translate_as(const WrittenTerm& written, const dialects::Entry& entry) {
  const Arguments signature = parameters_of(entry);
  const NamedArguments given(written, entry, signature);
  Translation translation{.term = {.coefficient = written.coefficient,
                                   .name = std::string(entry.loss),
                                   .arguments = parse_arguments(entry.fixed),
                                   .column = written.column},
                          .defaults = names_of(parse_arguments(entry.fixed)),
                          .entry = &entry,
                          .variables = given.variables};
  for (const dialects::Meaning& meaning : entry.meanings) {
    const Argument* argument = find_argument(given.parameters, meaning.parameter);
    const bool is_given = argument != nullptr;
    if (!is_given) argument = find_argument(signature, meaning.parameter);
    for (const Argument& one : meant(written, meaning, argument->value)) {
      overrule(translation.term.arguments, one);
      std::erase(translation.defaults, one.name);
      if (!is_given) translation.defaults.push_back(one.name);
    }
  }
  for (const Argument& role : given.roles) overrule(translation.term.arguments, role);
  if (!written.reduced.empty()) reduce(written.reduced, translation.term);
  return translation;
}

}  // namespace

Arguments parameters_of(const dialects::Entry& entry) { return parse_arguments(entry.signature); }

std::vector<Translation> translate(const WrittenTerm& written) {
  const dialects::Found found = entry_named(written.name);
  std::vector<Translation> translations{translate_as(written, *found.entry)};
  for (const dialects::Entry* entry : found.by_rank)
    translations.push_back(translate_as(written, *entry));
  return translations;
}

}  // namespace losscalc::spec
