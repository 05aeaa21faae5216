/// Written terms -> losses with checked parameters.

#include <algorithm>
#include <string>

#include "diagnostics/error.h"
#include "spec/specification.h"
#include "text/nearest.h"

namespace losscalc::spec {
namespace {

std::vector<std::string> loss_names() {
  std::vector<std::string> names;
  for (const Loss* loss : all_losses()) {
    names.emplace_back(loss->description.name);
    for (const std::string_view alias : loss->description.aliases) names.emplace_back(alias);
  }
  return names;
}

/// `mse - dice` for 'mse-dice'; empty if the parts around no hyphen are losses.
std::string as_difference(const std::string& name) {
  for (std::size_t at = name.find('-'); at != std::string::npos; at = name.find('-', at + 1)) {
    if (find_loss(name.substr(0, at)) != nullptr && find_loss(name.substr(at + 1)) != nullptr)
      return name.substr(0, at) + " - " + name.substr(at + 1);
  }
  return {};
}

/// The names in full of libraries' losses that are imported under this one.
std::string names_in_libraries(const std::string& name) {
  std::vector<std::string> names;
  for (const std::string& full : dialects::all_names()) {
    if (full.substr(full.rfind('.') + 1) == name) names.push_back(full);
  }
  return text::joined(names, " or ");
}

const Loss& loss_named(const std::string& name) {
  if (const Loss* loss = find_loss(name)) return *loss;
  std::string hint = text::did_you_mean(name.substr(name.rfind('.') + 1), loss_names());
  if (const std::string difference = as_difference(name); !difference.empty())
    hint = "did you mean the difference '" + difference + "'?";
  if (const std::string full = names_in_libraries(name); !full.empty())
    hint = "did you mean " + full + "?";
  if (!hint.empty()) hint += " ";
  throw Error(ErrorCode::unknown_loss, "unknown loss '" + name + "'", {},
              hint + "'losscalc list' shows all");
}

const ParameterInfo* find_parameter(const Loss& loss, std::string_view name) {
  const auto found = std::ranges::find(loss.parameters, name, &ParameterInfo::name);
  return found == loss.parameters.end() ? nullptr : &*found;
}

const Convention* find_convention(const Loss& loss, std::string_view name) {
  for (const Convention* row : conventions_of(loss)) {
    if (row->parameter.info.name == name) return row;
  }
  return nullptr;
}

std::vector<std::string> argument_names(const Loss& loss) {
  std::vector<std::string> names;
  for (const ParameterInfo& info : loss.parameters) names.emplace_back(info.name);
  for (const Convention* row : conventions_of(loss)) names.emplace_back(row->parameter.info.name);
  for (const Role& role : loss.roles) names.emplace_back(role.name);
  return names;
}

/// Adds the loss's name in front of what a check says.
template <class Check>
void named(const Loss& loss, Check check) {
  try {
    check();
  } catch (const Error& error) {
    throw Error(error.code(), std::string(loss.description.name) + ": " + error.what(),
                error.place(), error.hint());
  }
}

void set_role(Term& term, const Role& role, const ParameterValue& value) {
  if (role.optional && std::holds_alternative<std::monostate>(value)) return;
  std::vector<ArrayReference>& references = term.roles[std::string(role.name)];
  references.clear();
  if (const auto* word = std::get_if<std::string>(&value)) {
    references.push_back({*word});
  } else if (const auto* words = std::get_if<std::vector<std::string>>(&value);
             words != nullptr && role.repeated) {
    for (const std::string& name : *words) references.push_back({name});
  } else if (const auto* numbers = std::get_if<std::vector<double>>(&value)) {
    references.push_back({*numbers});
  } else if (const auto* number = std::get_if<double>(&value)) {
    references.push_back({std::vector<double>{*number}});
  } else {
    throw Error(ErrorCode::bad_value,
                std::string(role.name) +
                    " must be the name of an input, a file or a list of numbers, found " +
                    losscalc::to_string(value));
  }
}

/// Sets one argument if the loss has it. Errors lack the loss's name.
bool try_set(Term& term, const Argument& argument) {
  if (const ParameterInfo* info = find_parameter(*term.loss, argument.name)) {
    switch (info->type) {
      case ParameterType::number: checked_number(*info, argument.value); break;
      case ParameterType::integer: checked_integer(*info, argument.value); break;
      case ParameterType::boolean: checked_boolean(*info, argument.value); break;
      case ParameterType::choice: checked_choice(*info, argument.value); break;
      case ParameterType::numbers: checked_numbers(*info, argument.value); break;
    }
    term.parameters.push_back(argument);
    return true;
  }
  if (const Convention* row = find_convention(*term.loss, argument.name)) {
    if (row->parameter.info.type == ParameterType::choice)
      checked_choice(convention_info(*term.loss, *row), argument.value);
    row->parameter.set(term.conventions, row->parameter.info, argument.value);
    return true;
  }
  if (const Role* role = find_role(*term.loss, argument.name)) {
    set_role(term, *role, argument.value);
    return true;
  }
  return false;
}

bool was_given(const WrittenTerm& written, std::string_view name) {
  return std::ranges::find(written.arguments, name, &Argument::name) != written.arguments.end();
}

/// A term with what of it flags may overrule.
struct Resolved {
  Term term;
  WrittenTerm written;
};

/// Sets one argument. Throws Error(unknown_parameter) if the loss has none of that name.
void set_argument(Term& term, const Argument& argument) {
  bool known = false;
  named(*term.loss, [&] { known = try_set(term, argument); });
  if (known) return;
  const std::vector<std::string> names = argument_names(*term.loss);
  std::string hint = text::did_you_mean(argument.name, names);
  if (!hint.empty()) hint += " ";
  const std::string loss(term.loss->description.name);
  throw Error(ErrorCode::unknown_parameter, loss + ": unknown parameter '" + argument.name + "'",
              {}, hint + loss + " has: " + text::joined(names));
}

/// Parameters that are valid one by one may exclude each other.
void check_together(const Term& term) {
  named(*term.loss, [&] { term.loss->kernels(term.parameters); });
}

/// A term in our own words.
Term resolved(const WrittenTerm& written) {
  Term term{{.coefficient = written.coefficient, .loss = &loss_named(written.name)}};
  term.conventions = default_conventions(*term.loss);
  for (const Argument& argument : written.arguments) set_argument(term, argument);
  return term;
}

/// The same for a term of another library, whose defaults are left to flags.
Resolved resolved(Translation translation, const std::string& written_as) {
  Resolved result{resolved(translation.term), std::move(translation.term)};
  result.term.dialect = translation.entry;
  result.term.written_as = written_as;
  result.term.variables = std::move(translation.variables);
  std::erase_if(result.written.arguments, [&](const Argument& argument) {
    return std::ranges::find(translation.defaults, argument.name) != translation.defaults.end();
  });
  return result;
}

/// One for each number of axes of which the term is another one.
std::vector<Resolved> resolved_forms(const WrittenTerm& written) {
  if (!dialects::is_dialect(written.name)) return {{resolved(written), written}};
  std::vector<Resolved> forms;
  for (Translation& translation : translate(written))
    forms.push_back(resolved(std::move(translation), written.name));
  return forms;
}

/// Sets what flags say and the term doesn't say itself.
void apply_flags(Resolved& form, const Arguments& flags) {
  for (const Argument& flag : flags) {
    if (was_given(form.written, flag.name)) continue;
    named(*form.term.loss, [&] { try_set(form.term, flag); });
  }
}

/// With all its forms.
std::vector<Term> with_forms(const std::vector<Term>& terms) {
  std::vector<Term> all = terms;
  for (const Term& term : terms) all.insert(all.end(), term.by_rank.begin(), term.by_rank.end());
  return all;
}

bool has_argument(const Loss& loss, const std::string& name) {
  return std::ranges::count(argument_names(loss), name) > 0;
}

[[noreturn]] void throw_flag_without_term(const Argument& flag, const std::vector<Term>& terms) {
  std::string option = "--" + flag.name;
  std::ranges::replace(option, '_', '-');
  std::vector<std::string> given;
  given.reserve(terms.size());
  for (const Term& term : terms) given.emplace_back(term.loss->description.name);
  std::vector<std::string> having;
  for (const Loss* loss : all_losses()) {
    if (has_argument(*loss, flag.name)) having.emplace_back(loss->description.name);
  }
  throw Error(ErrorCode::unknown_option, text::joined(given, " and ") + " has no " + option, {},
              having.empty() ? "" : option + " belongs to: " + text::joined(having));
}

}  // namespace

std::vector<Term> resolve(const std::vector<WrittenTerm>& written, const Arguments& flags) {
  std::vector<Term> terms;
  terms.reserve(written.size());
  for (const WrittenTerm& one : written) {
    std::vector<Resolved> forms = resolved_forms(one);
    for (Resolved& form : forms) apply_flags(form, flags);
    Term& term = terms.emplace_back(std::move(forms.front().term));
    for (auto form = forms.begin() + 1; form != forms.end(); ++form)
      term.by_rank.push_back(std::move(form->term));
  }
  const std::vector<Term> all = with_forms(terms);
  check_flags(all, flags);
  for (const Term& term : all) check_together(term);
  return terms;
}

Term with_arguments(const Term& term, const Arguments& arguments) {
  Term changed{{.loss = term.loss, .parameters = term.parameters, .conventions = term.conventions},
               term.roles};
  for (const Argument& argument : arguments) {
    std::erase_if(changed.parameters,
                  [&](const Argument& one) { return one.name == argument.name; });
    if (const auto role = changed.roles.find(argument.name); role != changed.roles.end())
      changed.roles.erase(role);
    set_argument(changed, argument);
  }
  check_together(changed);
  return changed;
}

void check_flags(const std::vector<Term>& terms, const Arguments& flags) {
  for (const Argument& flag : flags) {
    const bool used = std::ranges::any_of(
        terms, [&flag](const Term& term) { return has_argument(*term.loss, flag.name); });
    if (!used) throw_flag_without_term(flag, terms);
  }
}

namespace {

std::string printed(const ParameterValue& value) {
  if (const auto* word = std::get_if<std::string>(&value)) return written_word(*word);
  return losscalc::to_string(value);
}

std::string printed(const std::vector<ArrayReference>& references) {
  std::vector<std::string> items;
  for (const ArrayReference& reference : references) {
    const auto* word = std::get_if<std::string>(&reference.source);
    items.push_back(word != nullptr ? written_word(*word)
                                    : losscalc::to_string(ParameterValue(
                                          std::get<std::vector<double>>(reference.source))));
  }
  return items.size() == 1 ? items[0] : "[" + text::joined(items, ",") + "]";
}

}  // namespace

std::string_view Term::input_name(std::string_view role) const {
  if (dialect == nullptr) return role;
  const auto found = std::ranges::find(dialect->inputs, role, &dialects::InputName::ours);
  return found == dialect->inputs.end() ? role : found->theirs;
}

const Term& Term::for_rank(std::size_t axes) const {
  if (dialect == nullptr) return *this;
  std::vector<const Term*> forms{this};
  forms.reserve(by_rank.size() + 1);
  for (const Term& term : by_rank) forms.push_back(&term);
  for (const std::size_t wanted : {axes, std::size_t{0}}) {
    for (const Term* form : forms) {
      if (form->dialect->axes == wanted) return *form;
    }
  }
  std::vector<std::string> known;
  known.reserve(forms.size());
  for (const Term* form : forms) known.push_back(std::to_string(form->dialect->axes));
  throw Error(ErrorCode::not_supported,
              written_as + " is known here for predictions of " + text::joined(known, " or ") +
                  (known == std::vector<std::string>{"1"} ? " axis" : " axes") + ", found " +
                  std::to_string(axes),
              {}, std::string(dialect->note));
}

std::string to_string(const Term& term) {
  std::vector<std::string> arguments;
  for (const Argument& argument : term.loss->effective(term.parameters)) {
    if (argument.value != find_parameter(*term.loss, argument.name)->default_value) {
      arguments.push_back(argument.name + "=" + printed(argument.value));
    }
  }
  const Conventions defaults = default_conventions(*term.loss);
  for (const Convention* row : conventions_of(*term.loss)) {
    const ParameterValue value = row->parameter.get(term.conventions);
    if (value != row->parameter.get(defaults)) {
      arguments.push_back(std::string(row->parameter.info.name) + "=" + printed(value));
    }
  }
  for (const auto& [role, references] : term.roles)
    arguments.push_back(role + "=" + printed(references));
  std::string text(term.loss->description.name);
  return arguments.empty() ? text : text + "(" + text::joined(arguments) + ")";
}

std::string to_string(const std::vector<Term>& terms) {
  std::string text;
  for (const Term& term : terms) {
    const bool negative = term.coefficient < 0.0;
    if (text.empty()) {
      text += negative ? "-" : "";
    } else {
      text += negative ? " - " : " + ";
    }
    const double magnitude = negative ? -term.coefficient : term.coefficient;
    if (magnitude != 1.0) text += losscalc::to_string(ParameterValue(magnitude)) + "*";
    text += to_string(term);
  }
  return text;
}

}  // namespace losscalc::spec
