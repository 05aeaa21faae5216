#include "commands/sources.h"

#include <unistd.h>

#include <algorithm>

#include "commands/class_names.h"
#include "diagnostics/error.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

bool is_standard_input(const std::string& reference) {
  return reference == "-" || reference.starts_with("-#");
}

io::Format format_of(const std::string& name) {
  if (const auto format = io::format_named(name)) return *format;
  std::vector<std::string> known;
  for (const std::string_view format : io::format_names()) known.emplace_back(format);
  throw Error(ErrorCode::bad_value, "unknown format '" + name + "'", {},
              "the formats are: " + text::joined(known));
}

void check_terminal(const std::string& reference) {
  if (!is_standard_input(reference) || ::isatty(STDIN_FILENO) == 0) return;
  throw Error(ErrorCode::missing_argument, "standard input (-) is a terminal", {},
              "pipe the data into losscalc, or name a file");
}

}  // namespace

Sources::Sources(const ParsedOptions& options, const std::vector<spec::Term>& terms) {
  if (const auto format = options.value("input-format")) read_options_.format = format_of(*format);
  if (const auto classes = options.value("classes"))
    read_options_.class_names = class_list(*classes);
  for (const std::string& pair : options.values("input")) add_named(pair);
  for (const std::string name : {"pred", "target"}) {
    if (const auto file = options.value(name)) files_[name].push_back(*file);
  }
  if (!options.positionals().empty()) container_file_ = options.positionals().front();
  check_standard_input(terms);
  if (container_file_.empty()) return;
  check_terminal(container_file_);
  container_ = io::open_container(container_file_, read_options_);
  container_names_ = container_->names();
}

void Sources::add_named(const std::string& pair) {
  const std::size_t equals = pair.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == pair.size())
    throw Error(ErrorCode::bad_value, "--input must be NAME=FILE, found '" + pair + "'");
  files_[pair.substr(0, equals)].push_back(pair.substr(equals + 1));
}

void Sources::check_standard_input(const std::vector<spec::Term>& terms) const {
  std::vector<std::string> wanted;
  if (is_standard_input(container_file_)) wanted.emplace_back("FILE");
  for (const auto& [name, files] : files_) {
    for (const std::string& file : files) {
      if (is_standard_input(file)) wanted.push_back(name);
    }
  }
  for (const spec::Term& term : terms) {
    for (const auto& [role, references] : term.roles) {
      for (const spec::ArrayReference& reference : references) {
        const auto* word = std::get_if<std::string>(&reference.source);
        if (word != nullptr && is_standard_input(*word)) wanted.push_back(role);
      }
    }
  }
  if (wanted.size() <= 1) return;
  throw Error(
      ErrorCode::conflicting_arguments,
      "standard input (-) can be read once, and it is given for " + text::joined(wanted, " and "),
      {}, "put all inputs in one JSON object or NPZ and give '-' alone, or use files");
}

bool Sources::has(const std::string& name) const {
  return files_.contains(name) ||
         std::ranges::find(container_names_, name) != container_names_.end();
}

io::Array Sources::read(const std::string& reference, const std::vector<std::string>& class_names) {
  check_terminal(reference);
  io::ReadOptions options = read_options_;
  if (options.class_names.empty()) options.class_names = class_names;
  return io::read_array(reference, options);
}

const std::vector<io::Array>& Sources::named(const std::string& name,
                                             const std::vector<std::string>& class_names) {
  if (const auto known = named_.find(name); known != named_.end()) return known->second;
  std::vector<io::Array> arrays;
  if (const auto given = files_.find(name); given != files_.end()) {
    for (const std::string& file : given->second) arrays.push_back(read(file, class_names));
  } else {
    arrays.push_back(container_->array(name));
  }
  return named_[name] = std::move(arrays);
}

const io::Array& Sources::file(const std::string& reference,
                               const std::vector<std::string>& class_names) {
  if (const auto known = by_reference_.find(reference); known != by_reference_.end())
    return known->second;
  return by_reference_[reference] = read(reference, class_names);
}

std::string Sources::origin(const std::string& name) const {
  const auto given = files_.find(name);
  const std::string& file = given == files_.end() ? container_file_ : given->second.front();
  return is_standard_input(file) ? "standard input" : file;
}

std::vector<std::string> Sources::names() const {
  std::vector<std::string> names;
  for (const auto& [name, files] : files_) names.push_back(name);
  for (const std::string& name : container_names_) {
    if (!files_.contains(name)) names.push_back(name);
  }
  return names;
}

std::vector<std::string> Sources::unused() const {
  std::vector<std::string> names;
  for (const auto& [name, files] : files_) {
    if (!named_.contains(name)) names.push_back(name);
  }
  return names;
}

}  // namespace losscalc::commands
