/// Writes the tables of the manual that the program itself knows: its commands, their options, the
/// losses with their parameters, tasks and libraries.
///
///     manual_tables check|update FOLDER      FOLDER holds losscalc.1, losscalc-compute.1, ...
///
/// In a page, the lines between `.\" begin TABLE` and `.\" end TABLE` are written; TABLE is a key
/// of tables() below, for options followed by a command. `check` names the tables that differ.

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "commands/command.h"
#include "commands/options/rows.h"
#include "definition/loss.h"
#include "dialects/dialect.h"
#include "io/compressed/compression.h"
#include "io/format.h"
#include "text/nearest.h"

namespace {

using namespace losscalc;
using commands::Option;

constexpr std::size_t columns = 78;
const std::string begin_mark = ".\\\" begin ";
const std::string by_hand_mark = "names ";
const std::string end_mark = ".\\\" end ";

/// Text as mdoc takes it: broken into lines, a sentence on lines of its own, and neither a
/// backslash nor the first character of a line read as markup.
std::string paragraph(const std::string& text) {
  std::string result;
  std::string line;
  const auto end_line = [&] {
    if (line.starts_with('.') || line.starts_with('\'')) line.insert(0, "\\&");
    if (!line.empty()) result += line + "\n";
    line.clear();
  };
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    for (std::size_t at = 0; (at = word.find('\\', at)) != std::string::npos; at += 2)
      word.insert(at + 1, "e");
    if (!line.empty() && line.size() + 1 + word.size() > columns) end_line();
    line += (line.empty() ? "" : " ") + word;
    if (word.ends_with('.') && !word.ends_with("..")) end_line();
  }
  end_line();
  return result;
}

/// A phrase as a sentence: with a capital, unless it begins with a word that has digits or
/// capitals, or with one of `names` as the first of a list or with what it means.
std::string sentence(std::string text, const std::vector<std::string>& names = {}) {
  const std::string word = text.substr(0, text.find_first_of(" ,;:"));
  const bool explained = word.size() < text.size() &&
                         (text[word.size()] != ' ' || text.substr(word.size(), 2) == " (");
  const bool is_name = explained && std::ranges::find(names, word) != names.end();
  const bool is_word = std::ranges::all_of(word, [](char c) {
    return std::islower(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '\'';
  });
  if (is_word && !is_name)
    text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return paragraph(text + ".");
}

std::string list_of(const std::string& rows) { return ".Bl -tag -width Ds\n" + rows + ".El\n"; }

/// `.It Fl p , Fl -pred Ar FILE`.
std::string item(const Option& option) {
  std::string text = ".It";
  if (option.short_name != '\0') text += std::string(" Fl ") + option.short_name + " ,";
  text += " Fl " + commands::long_spelling(option).substr(1);
  if (!option.value_name.empty()) text += " Ar " + option.value_name;
  return text + "\n";
}

std::string row(const Option& option) {
  return item(option) + sentence(commands::long_help(option), option.choices);
}

constexpr std::string_view parameters = "Parameters of losses";

/// What compute's page explains for the other commands too: the loss, its inputs and conventions.
bool stands_in_compute(const Option& option) {
  if (option.category == "General" || option.category == "Output") return false;
  return std::ranges::any_of(commands::options_of("compute"), [&](const Option& other) {
    return other.name == option.name && other.help == option.help;
  });
}

/// A command's options by category, but for those that compute's page has.
std::string options(const std::string& command) {
  std::vector<std::string> categories;
  std::map<std::string, std::string> rows;
  for (const Option& option : commands::options_of(command)) {
    if (option.category == parameters) continue;
    if (command != "compute" && stands_in_compute(option)) continue;
    if (!rows.contains(option.category)) categories.push_back(option.category);
    rows[option.category] += row(option);
  }
  std::stable_partition(categories.begin(), categories.end(),
                        [](const std::string& c) { return c != "General"; });
  std::string text;
  for (const std::string& category : categories)
    text += ".Ss " + category + "\n" + list_of(rows[category]);
  return text;
}

std::string common_options(const std::string& /*argument*/) {
  std::string rows;
  for (const Option& option : commands::options_of("help")) rows += row(option);
  return list_of(rows);
}

/// What an option means for each loss that has the parameter: losses for which it is the same
/// together.
std::string meanings(const Option& option) {
  std::vector<std::string> phrases;
  std::map<std::string, std::vector<std::string>> losses;
  for (const Loss* loss : all_losses()) {
    for (const ParameterInfo& info : loss->parameters) {
      std::string name(info.name);
      std::ranges::replace(name, '_', '-');
      if (name != option.name) continue;
      const std::string phrase = std::string(info.help) + " (" + valid_values(info) + ")";
      if (!losses.contains(phrase)) phrases.push_back(phrase);
      losses[phrase].emplace_back(loss->description.name);
    }
  }
  std::string text;
  for (const std::string& phrase : phrases)
    text += paragraph("For " + text::joined(losses[phrase]) + ": " + phrase + ".");
  return text;
}

std::string loss_parameters(const std::string& /*argument*/) {
  std::string rows;
  for (const Option& option : commands::loss_options()) {
    if (option.category == parameters) rows += item(option) + meanings(option);
  }
  return list_of(rows);
}

std::string losses(const std::string& /*argument*/) {
  std::string text;
  for (const auto& [task, name, meaning] : tasks()) {
    std::string rows;
    for (const Loss* loss : all_losses()) {
      const Description& description = loss->description;
      if (description.task != task) continue;
      rows += ".It Cm " + std::string(description.name) + "\n" +
              sentence(std::string(description.summary));
    }
    std::string title(name);
    title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
    text += (text.empty() ? "" : ".Pp\n") + title + ":\n" + list_of(rows);
  }
  return text;
}

std::string command_list(const std::string& /*argument*/) {
  std::string rows;
  for (const commands::Command& command : commands::all_commands()) {
    rows += ".It Cm " + std::string(command.name) + "\n" + sentence(std::string(command.summary));
    if (command.name != "help") rows += "See\n.Xr losscalc-" + std::string(command.name) + " 1 .\n";
  }
  return list_of(rows);
}

/// A word of a usage line: an option, a word to be typed as it is, or what an argument stands for.
std::string usage_word(std::string word) {
  const bool repeated = word.ends_with("...");
  if (repeated) word.erase(word.size() - 3);
  const std::string more = repeated ? " ..." : "";
  if (word.starts_with('-')) return "Fl " + word.substr(1) + more;
  const bool is_typed = std::islower(static_cast<unsigned char>(word.front())) != 0;
  return (is_typed ? "Cm " : "Ar ") + word + more;
}

/// The commands as their usage lines show them; brackets hold what may be left out.
std::string synopsis(const std::string& /*argument*/) {
  std::string text;
  for (const commands::Command& command : commands::all_commands()) {
    text += ".Nm\n.Cm " + std::string(command.name) + "\n";
    bool goes_on = false;  // An option's argument stands in its line, as what stands in brackets.
    bool in_brackets = false;
    std::istringstream words{std::string(command.arguments)};
    for (std::string word; words >> word;) {
      if (goes_on) text.back() = ' ';
      if (!goes_on) text += '.';
      if (word.starts_with('[')) text += "Op ";
      in_brackets = in_brackets || word.starts_with('[');
      std::erase(word, '[');
      const bool closes = word.ends_with(']');
      std::erase(word, ']');
      text += usage_word(word) + "\n";
      in_brackets = in_brackets && !closes;
      goes_on = in_brackets || (word.starts_with('-') && !closes);
    }
  }
  return text;
}

std::string names_in_text(const std::vector<std::string>& names) {
  return paragraph(text::joined(names) + ".");
}

std::string library_list(const std::string& /*argument*/) {
  std::vector<std::string> names;
  for (const dialects::Library* library : dialects::all_libraries())
    names.push_back(std::string(library->name) + " (" + std::string(library->read_from) + ")");
  return names_in_text(names);
}

std::string endings(const std::string& /*argument*/) {
  std::vector<std::string> names;
  for (const io::Format& format : io::formats())
    names.insert(names.end(), format.endings.begin(), format.endings.end());
  return names_in_text(names);
}

std::string compression_endings(const std::string& /*argument*/) {
  std::vector<std::string> names;
  for (const io::Compression& compression : io::compressions())
    names.insert(names.end(), compression.endings.begin(), compression.endings.end());
  return names_in_text(names);
}

using Table = std::function<std::string(const std::string& argument)>;

const std::map<std::string, Table>& tables() {
  static const std::map<std::string, Table> table{
      {"commands", command_list},
      {"common-options", common_options},
      {"compressions", compression_endings},
      {"endings", endings},
      {"libraries", library_list},
      {"losses", losses},
      {"options", options},
      {"parameters", loss_parameters},
      {"synopsis", synopsis},
      {"tasks", [](const std::string&) { return names_in_text(commands::task_names()); }},
  };
  return table;
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The table of a name such as `options compute`: a key, and an argument for some.
std::string table_of(const std::string& name) {
  std::istringstream words(name);
  std::string key;
  std::string argument;
  words >> key >> argument;
  const auto found = tables().find(key);
  if (found == tables().end()) throw std::runtime_error("there is no table '" + key + "'");
  return found->second(argument);
}

/// The values of an option for which a list by hand has no item.
std::vector<std::string> missing_items(const std::string& option, const std::string& list) {
  const std::vector<Option>& known = commands::loss_options();
  const auto found = std::ranges::find(known, option, &Option::name);
  if (found == known.end()) throw std::runtime_error("there is no option '" + option + "'");
  std::vector<std::string> missing;
  for (const std::string& value : found->choices) {
    if (list.find("\n.It " + value + " ") == std::string::npos) missing.push_back(value);
  }
  return missing;
}

struct Findings {
  std::set<std::string> present;       ///< the tables of all pages
  std::vector<std::string> differing;  ///< those that are not as they should be, with their page
  std::vector<std::string> missing;    ///< what no page or no list by hand has
};

/// The page with its tables as they should be.
std::string written(const std::filesystem::path& page, Findings& findings) {
  std::istringstream lines(content_of(page));
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    text += line + "\n";
    if (!line.starts_with(begin_mark)) continue;
    const std::string name = line.substr(begin_mark.size());
    std::string old;
    while (std::getline(lines, line) && line != end_mark + name) old.append(line).append("\n");
    if (line != end_mark + name)
      throw std::runtime_error(page.string() + ": '" + name + "' has no end");
    const bool by_hand = name.starts_with(by_hand_mark);
    if (by_hand) {
      for (const std::string& value : missing_items(name.substr(by_hand_mark.size()), old))
        findings.missing.push_back(page.filename().string() + ": " + name + " lacks " + value);
    }
    const std::string table = by_hand ? old : table_of(name);
    if (old != table) findings.differing.push_back(page.filename().string() + ": " + name);
    findings.present.insert(name);
    text.append(table).append(end_mark).append(name).append("\n");
  }
  return text;
}

/// The tables that the manual must have.
std::set<std::string> demanded() {
  std::set<std::string> names;
  for (const auto& [key, table] : tables()) {
    if (key != "options") names.insert(key);
  }
  for (const commands::Command& command : commands::all_commands()) {
    if (command.name != "help") names.insert("options " + std::string(command.name));
  }
  return names;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string action = argc == 3 ? argv[1] : "";
  if (action != "check" && action != "update") {
    std::cerr << "usage: manual_tables check|update FOLDER\n";
    return 2;
  }
  Findings findings;
  try {
    for (const auto& page : std::filesystem::directory_iterator(argv[2])) {
      const std::string text = written(page.path(), findings);
      if (action == "update") std::ofstream(page.path()) << text;
    }
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
  for (const std::string& name : demanded()) {
    if (!findings.present.contains(name))
      findings.missing.push_back("no page has the lines " + begin_mark + name + " and " + end_mark +
                                 name);
  }
  for (const std::string& text : findings.missing) std::cout << text << "\n";
  for (const std::string& table : findings.differing) std::cout << table << "\n";
  const bool stale = action == "check" && !findings.differing.empty();
  if (stale) std::cout << "The program differs; type: cmake --build build --target update-manual\n";
  return stale || !findings.missing.empty() ? 1 : 0;
}
