#include "commands/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <set>

#include "definition/loss.h"
#include "diagnostics/error.h"
#include "spec/specification.h"
#include "text/nearest.h"
#include "text/number.h"

namespace losscalc::commands {
namespace {

std::string with_hyphens(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '_', '-');
  return text;
}

std::string with_underscores(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '-', '_');
  return text;
}

std::string value_name(const ParameterInfo& info) {
  switch (info.type) {
    case ParameterType::number: return "X";
    case ParameterType::integer: return "N";
    case ParameterType::boolean: return "";
    case ParameterType::numbers: return "LIST";
    case ParameterType::choice: break;
  }
  std::string text;
  for (const std::string_view choice : info.choices)
    text += (text.empty() ? "" : "|") + std::string(choice);
  return text;
}

Option option_of(const ParameterInfo& info, std::string category) {
  const bool is_flag = info.type == ParameterType::boolean;
  return {with_hyphens(info.name),
          '\0',
          value_name(info),
          std::move(category),
          std::string(info.sentence),
          is_flag ? Arity::negatable : Arity::value,
          info.default_value == ParameterValue(true)};
}

std::vector<Option> make_loss_options() {
  std::vector<Option> options;
  std::set<std::string> seen;
  const auto add = [&](Option option) {
    if (seen.insert(option.name).second) options.push_back(std::move(option));
  };
  for (const ChoiceRow& row : choice_table()) add(option_of(row.parameter.info, "Conventions"));
  for (const Loss* loss : all_losses()) {
    for (const Role& role : loss->roles) {
      if (!role.optional) continue;
      add({with_hyphens(role.name), '\0', "LIST|FILE", "Weights",
           std::string(role.sentence) + ", of shape " + std::string(role.shape), Arity::value});
    }
  }
  for (const Loss* loss : all_losses()) {
    for (const ParameterInfo& info : loss->parameters) add(option_of(info, "Parameters of losses"));
  }
  return options;
}

const std::vector<Option>& common_options() {
  static const std::vector<Option> options{
      {"help", 'h', "", "General", "show this help and exit", Arity::flag},
      {"version", 'V', "", "General", "show the version and how the program was built",
       Arity::flag},
      {"color", '\0', "WHEN", "General", "auto (on a terminal, without NO_COLOR), always or never",
       Arity::value},
  };
  return options;
}

std::vector<Option> own_options(std::string_view command) {
  if (command == "compute") {
    return {
        {"loss", 'l', "SPEC", "Loss", "the loss: 'dice', 'focal(gamma=1)', 'mse + 0.1*l2-penalty'",
         Arity::value},
        {"pred", 'p', "FILE", "Input", "predictions: FILE, FILE#FRAGMENT or - for standard input",
         Arity::value},
        {"target", 't', "FILE", "Input", "targets", Arity::value},
        {"input", 'i', "NAME=FILE", "Input", "any input by name (repeatable)", Arity::repeated},
        {"classes", '\0', "NAMES", "Input",
         "names of the classes 0, 1, ... when targets are names: cat,dog", Arity::value},
        {"input-format", '\0', "FORMAT", "Input",
         "csv, tsv, json, jsonl, npy or npz, whatever the names say", Arity::value},
        {"per-sample", '\0', "", "Output", "add the table by sample", Arity::flag},
        {"per-class", '\0', "", "Output", "add the table by class", Arity::flag},
        {"top", '\0', "K", "Output", "only the K largest losses of --per-sample", Arity::value},
        {"grad-out", '\0', "FILE", "Output",
         "write the gradient: .npy for one input, .npz for any number", Arity::value},
        {"json", '\0', "", "Output", "print one JSON object", Arity::flag},
        {"csv", '\0', "", "Output", "print the table, or the value, as CSV", Arity::flag},
        {"output", 'o', "FILE", "Output", "write the result to FILE instead of standard output",
         Arity::value},
        {"digits", '\0', "N", "Output",
         "round numbers to N significant digits; JSON always has all", Arity::value},
        {"threads", '\0', "N", "General",
         "number of threads (default: all cores); the result is the same for any", Arity::value},
        {"quiet", 'q', "", "General", "no warnings and no progress", Arity::flag},
        {"strict", '\0', "", "General", "a warning is an error (exit status 3)", Arity::flag},
    };
  }
  if (command == "list") {
    return {{"task", '\0', "TASK", "General", "only the losses of this task", Arity::value},
            {"json", '\0', "", "General", "print one JSON object", Arity::flag}};
  }
  if (command == "describe")
    return {{"json", '\0', "", "General", "print one JSON object", Arity::flag}};
  return {};
}

/// As CLI11 wants it: `-j,--json`, `--check,!--no-check`.
std::string declared(const Option& option) {
  std::string text = "--" + option.name;
  if (option.short_name != '\0') text = std::string("-") + option.short_name + "," + text;
  if (option.arity == Arity::negatable) text += ",!--no-" + option.name;
  return text;
}

bool takes_value(const Option& option) {
  return option.arity == Arity::value || option.arity == Arity::repeated;
}

[[noreturn]] void throw_unknown(const std::string& word, std::string_view command,
                                const std::vector<Option>& options) {
  std::vector<std::string> known;
  for (const Option& option : options) known.push_back(long_spelling(option));
  const std::string name = word.substr(0, word.find('='));
  std::string hint = name.starts_with("--") ? text::did_you_mean(name, known) : "";
  if (hint.empty()) hint = "'losscalc help " + std::string(command) + "' shows all";
  throw Error(ErrorCode::unknown_option, "unknown option '" + name + "'", {}, hint);
}

[[noreturn]] void throw_without_value(const Option& option, const std::string& found) {
  throw Error(ErrorCode::missing_argument,
              "--" + option.name + " needs " + option.value_name + ", found " + found);
}

/// What CLI11 takes otherwise than a person means it: '-l=mse' has the value '=mse' for it, and
/// '-p --json' a file of this name.
void check_values(const std::vector<std::string>& arguments, const std::vector<Option>& options) {
  const Option* waiting = nullptr;
  for (const std::string& word : arguments) {
    const auto is = [&word](const Option& option) {
      return word == "--" + option.name ||
             (option.short_name != '\0' && word == std::string("-") + option.short_name);
    };
    const auto found = std::ranges::find_if(options, is);
    if (waiting != nullptr && found != options.end())
      throw_without_value(*waiting, "the option " + word);
    if (waiting == nullptr && word == "--") return;
    const bool takes = waiting == nullptr && found != options.end() && takes_value(*found);
    const bool is_value = waiting != nullptr;
    waiting = takes ? &*found : nullptr;
    if (is_value || word.size() < 3 || word[0] != '-' || word[1] == '-' || word[2] != '=') continue;
    const auto meant = std::ranges::find(options, word[1], &Option::short_name);
    if (meant == options.end()) continue;
    throw Error(ErrorCode::bad_value, "'" + word + "': a short option takes its value without '='",
                {},
                "type -" + word.substr(1, 1) + " " + word.substr(3) + " or --" + meant->name +
                    word.substr(2));
  }
  if (waiting != nullptr) throw_without_value(*waiting, "nothing after it");
}

void check_flag(const Option& option, const std::vector<std::string>& given) {
  for (const std::string& value : given) {
    if (value == "true" || (value == "false" && option.arity == Arity::negatable)) continue;
    throw Error(ErrorCode::bad_value,
                "--" + option.name + " takes no value, found '" + value + "'");
  }
}

bool looks_like_option(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && !text::parse_number(word);
}

/// `1,2,4` is a list, as is `[1,2,4]`.
ParameterValue loss_value(const std::string& text) {
  const bool bare_list = text.find(',') != std::string::npos && text.find('[') == std::string::npos;
  const ParameterValue value = spec::parse_value(bare_list ? "[" + text + "]" : text);
  const bool numbers = std::holds_alternative<std::vector<double>>(value);
  return bare_list && !numbers ? ParameterValue(text) : value;
}

}  // namespace

const std::vector<Option>& loss_options() {
  static const std::vector<Option> options = make_loss_options();
  return options;
}

std::vector<Option> options_of(std::string_view command) {
  std::vector<Option> options = own_options(command);
  if (command == "compute")
    options.insert(options.end(), loss_options().begin(), loss_options().end());
  options.insert(options.end(), common_options().begin(), common_options().end());
  return options;
}

std::optional<std::string> ParsedOptions::value(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second.back();
}

const std::vector<std::string>& ParsedOptions::values(std::string_view name) const {
  static const std::vector<std::string> none;
  const auto found = values_.find(name);
  return found == values_.end() ? none : found->second;
}

std::optional<std::size_t> ParsedOptions::count(std::string_view name) const {
  const auto given = value(name);
  if (!given) return std::nullopt;
  const auto number = text::parse_integer(*given);
  if (!number || *number < 1) {
    throw Error(ErrorCode::bad_value,
                "--" + std::string(name) + " must be an integer >= 1, found '" + *given + "'");
  }
  return static_cast<std::size_t>(*number);
}

Arguments ParsedOptions::loss_arguments() const {
  Arguments arguments;
  for (const Option& option : loss_options()) {
    const auto given = value(option.name);
    if (!given) continue;
    const ParameterValue parsed =
        takes_value(option) ? loss_value(*given) : spec::parse_value(*given);
    arguments.push_back({with_underscores(option.name), parsed});
  }
  return arguments;
}

std::string long_spelling(const Option& option) {
  return (option.arity == Arity::negatable && option.on ? "--no-" : "--") + option.name;
}

report::ColorWhen color_of(const std::vector<std::string>& arguments) {
  constexpr std::string_view prefix = "--color=";
  report::ColorWhen when = report::ColorWhen::automatic;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string_view value;
    if (arguments[i].starts_with(prefix))
      value = std::string_view(arguments[i]).substr(prefix.size());
    if (i > 0 && arguments[i - 1] == "--color") value = arguments[i];
    when = report::color_when(value).value_or(when);
  }
  return when;
}

ParsedOptions parse_options(std::string_view command, const std::vector<std::string>& arguments) {
  const std::vector<Option> options = options_of(command);
  check_values(arguments, options);
  CLI::App app;
  app.set_help_flag("");
  app.allow_extras();
  std::vector<CLI::Option*> added;
  for (const Option& option : options) {
    if (takes_value(option)) {
      CLI::Option* row = app.add_option(declared(option));
      row->expected(1)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
          ->allow_extra_args(false);
      added.push_back(row);
    } else {
      added.push_back(app.add_flag(declared(option)));
    }
  }
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorCode::bad_value, error.what());
  }
  ParsedOptions parsed;
  bool only_positionals = false;
  for (const std::string& word : app.remaining()) {
    if (word == "--" && !only_positionals) {
      only_positionals = true;
    } else if (!only_positionals && looks_like_option(word)) {
      throw_unknown(word, command, options);
    } else {
      parsed.positionals_.push_back(word);
    }
  }
  for (std::size_t k = 0; k < options.size(); ++k) {
    if (added[k]->count() == 0) continue;
    if (!takes_value(options[k])) check_flag(options[k], added[k]->results());
    parsed.values_[options[k].name] = added[k]->results();
  }
  const auto color = parsed.value("color");
  if (color && !report::color_when(*color)) {
    throw Error(ErrorCode::bad_value,
                "--color must be one of auto, always, never, found '" + *color + "'");
  }
  return parsed;
}

}  // namespace losscalc::commands
