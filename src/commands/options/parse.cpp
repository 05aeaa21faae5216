#include "commands/options/parse.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "commands/options/rows.h"
#include "definition/loss.h"
#include "diagnostics/error.h"
#include "spec/specification.h"
#include "text/nearest.h"
#include "text/number.h"

namespace losscalc::commands {
namespace {

std::string with_underscores(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '-', '_');
  return text;
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
  std::vector<std::string> known(options.size());
  std::ranges::transform(options, known.begin(), long_spelling);
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

std::optional<std::string> ParsedOptions::value(const OptionRow& option) const {
  const std::vector<std::string>& given = values(option);
  return given.empty() ? std::nullopt : std::optional(given.back());
}

const std::vector<std::string>& ParsedOptions::values(const OptionRow& option) const {
  static const std::vector<std::string> none;
  if (!offers(option)) {
    throw Error(ErrorCode::internal, "the command has no option --" + std::string(option.name));
  }
  const auto found = values_.find(option.name);
  return found == values_.end() ? none : found->second;
}

std::optional<std::size_t> ParsedOptions::count(const OptionRow& option) const {
  const auto given = value(option);
  if (!given) return std::nullopt;
  const auto number = text::parse_integer(*given);
  if (!number || *number < 1) {
    throw Error(ErrorCode::bad_value, "--" + std::string(option.name) +
                                          " must be an integer >= 1, found '" + *given + "'");
  }
  return static_cast<std::size_t>(*number);
}

void ParsedOptions::throw_no_choice(std::string_view name, const std::vector<std::string>& names,
                                    const std::string& given) {
  throw Error(ErrorCode::bad_value, "--" + std::string(name) + " must be one of " +
                                        text::joined(names) + ", found '" + given + "'");
}

Arguments ParsedOptions::loss_arguments() const {
  Arguments arguments;
  for (const Option& option : loss_options()) {
    const auto given = values_.find(option.name);
    if (given == values_.end()) continue;
    const std::string& last = given->second.back();
    const ParameterValue parsed = takes_value(option) ? loss_value(last) : spec::parse_value(last);
    arguments.push_back({with_underscores(option.name), parsed});
  }
  return arguments;
}

report::ColorWhen ParsedOptions::color() const {
  return choice(option::color, report::color_names()).value_or(report::ColorWhen::automatic);
}

report::ColorWhen color_of(const std::vector<std::string>& arguments) {
  const std::string name = "--" + std::string(option::color.name);
  const std::string prefix = name + "=";
  report::ColorWhen when = report::ColorWhen::automatic;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string_view value;
    if (arguments[i].starts_with(prefix))
      value = std::string_view(arguments[i]).substr(prefix.size());
    if (i > 0 && arguments[i - 1] == name) value = arguments[i];
    when = text::value_named(report::color_names(), value).value_or(when);
  }
  return when;
}

namespace {

/// Takes from the command line what follows an option that claims all of the rest.
std::vector<std::string> take_rest(std::vector<std::string>& arguments,
                                   const std::vector<Option>& options) {
  const auto claims = std::ranges::find(options, Arity::rest, &Option::arity);
  if (claims == options.end()) return {};
  const auto found = std::ranges::find(arguments, "--" + claims->name);
  if (found == arguments.end()) return {};
  std::vector<std::string> rest(found + 1, arguments.end());
  if (rest.empty()) throw_without_value(*claims, "nothing after it");
  arguments.erase(found, arguments.end());
  return rest;
}

}  // namespace

ParsedOptions parse_options(std::string_view command, const std::vector<Option>& options,
                            const std::vector<std::string>& line) {
  std::vector<std::string> arguments = line;
  const std::vector<std::string> rest = take_rest(arguments, options);
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
  for (const Option& option : options) parsed.offered_.insert(option.name);
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
    if (options[k].arity == Arity::rest && !rest.empty()) parsed.values_[options[k].name] = rest;
    if (added[k]->count() == 0) continue;
    if (!takes_value(options[k])) check_flag(options[k], added[k]->results());
    parsed.values_[options[k].name] = added[k]->results();
  }
  parsed.color();  // A wrong one is an error of every command, whether it colours or not.
  return parsed;
}

}  // namespace losscalc::commands
