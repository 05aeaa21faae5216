#include "commands/inputs/sources.h"

#include <glob.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <new>
#include <utility>

#include "commands/inputs/aliases.h"
#include "commands/inputs/class_names.h"
#include "commands/options/rows.h"
#include "diagnostics/error.h"
#include "io/bytes.h"
#include "io/concatenate.h"
#include "io/format.h"
#include "io/read.h"
#include "text/nearest.h"
#include "text/phrases.h"

namespace losscalc::commands {
namespace {

bool is_standard_input(const std::string& reference) {
  return reference == "-" || reference.starts_with("-#");
}

const io::Format* format_of(const std::string& name) {
  if (const io::Format* const format = io::format_named(name)) return format;
  throw Error(ErrorCode::bad_value, "unknown format '" + name + "'", {},
              "the formats are: " + text::joined(io::format_names()));
}

bool header_of(const std::string& answer) {
  if (answer == "yes" || answer == "no") return answer == "yes";
  throw Error(ErrorCode::bad_value, "--header must be yes or no, found '" + answer + "'");
}

char decimal_of(const std::string& given) {
  if (given == "," || given == ".") return given.front();
  throw Error(ErrorCode::bad_value, "--decimal must be . or a comma, found '" + given + "'");
}

bool is_drop(const std::string& given) {
  if (given == "drop" || given == "error") return given == "drop";
  throw Error(ErrorCode::bad_value, "--unmatched must be error or drop, found '" + given + "'");
}

void check_terminal(const std::string& reference) {
  if (!is_standard_input(reference) || ::isatty(STDIN_FILENO) == 0) return;
  throw Error(ErrorCode::missing_argument, "standard input (-) is a terminal", {},
              "pipe the data into losscalc, or name a file");
}

/// The files that `reference` names: itself, or, where there is no such file and its name holds *,
/// ? or [, all files that match, in the order of their names, numbers within them by their value. A
/// fragment goes to each.
void append_files(const std::string& reference, std::vector<std::string>& files) {
  const io::Reference parts = io::split_reference(reference);
  std::error_code ignored;
  if (parts.file.find_first_of("*?[") == std::string::npos ||
      std::filesystem::exists(parts.file, ignored)) {
    files.push_back(reference);
    return;
  }
  glob_t found{};
  const int status = ::glob(parts.file.c_str(), 0, nullptr, &found);
  const std::unique_ptr<glob_t, decltype(&::globfree)> owner(&found, &::globfree);
  if (status == GLOB_NOSPACE) throw std::bad_alloc();
  if (status != 0) {
    throw Error(ErrorCode::missing_argument, "no file has this name or matches it as a pattern",
                {.file = parts.file});
  }
  std::vector<std::string> matches(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  std::ranges::stable_sort(matches, text::precedes_naturally);
  for (const std::string& file : matches) {
    files.push_back(parts.fragment.empty() ? file : file + "#" + parts.fragment);
  }
}

}  // namespace

io::ReadOptions read_options_of(const ParsedOptions& options) {
  io::ReadOptions read_options;
  if (const auto format = options.value(option::input_format))
    read_options.format = format_of(*format);
  if (const auto classes = options.value(option::classes))
    read_options.class_names = class_list(*classes);
  if (const auto header = options.value(option::header)) read_options.header = header_of(*header);
  if (const auto decimal = options.value(option::decimal))
    read_options.decimal = decimal_of(*decimal);
  return read_options;
}

Sources::Sources(const ParsedOptions& options, const std::vector<spec::Term>& terms) {
  read_options_ = read_options_of(options);
  if (const auto id = options.value(option::id)) set_id(*id);
  if (const auto unmatched = options.value(option::unmatched))
    drops_unmatched_ = is_drop(*unmatched);
  for (const std::string& pair : options.values(option::input)) add_named(pair);
  for (const OptionRow& option : {option::pred, option::target}) {
    const std::string name(option.name);
    for (const std::string& file : options.values(option)) append_files(file, files_[name]);
    if (files_[name].empty()) files_.erase(name);
  }
  for (const std::string& file : options.positionals()) append_files(file, container_files_);
  check_standard_input(terms);
  for (const std::string& file : container_files_) {
    check_terminal(file);
    io::ReadOptions options_of_file = read_options_;
    options_of_file.id = id_of("");
    containers_.push_back(io::open_container(file, options_of_file));
  }
  if (!containers_.empty()) container_names_ = containers_.front()->names();
  aliases_ = role_aliases(container_names_);
}

void Sources::add_named(const std::string& pair) {
  const std::size_t equals = pair.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == pair.size())
    throw Error(ErrorCode::bad_value, "--input must be NAME=FILE, found '" + pair + "'");
  append_files(pair.substr(equals + 1), files_[pair.substr(0, equals)]);
}

void Sources::check_standard_input(const std::vector<spec::Term>& terms) const {
  std::vector<std::string> wanted;
  for (const std::string& file : container_files_) {
    if (is_standard_input(file)) wanted.emplace_back("FILE");
  }
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

std::string Sources::alias(const std::string& role) const {
  const auto found = aliases_.find(role);
  return found == aliases_.end() ? "" : found->second;
}

/// NAME, none, or ROLE=NAME,ROLE=NAME.
void Sources::set_id(const std::string& given) {
  if (given == "none") {
    id_mode_ = IdMode::none;
    return;
  }
  id_mode_ = IdMode::by_name;
  if (given.find('=') == std::string::npos) {
    ids_[""] = given;
    return;
  }
  for (std::size_t start = 0; start <= given.size();) {
    const std::size_t end = std::min(given.find(',', start), given.size());
    const std::string part = given.substr(start, end - start);
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == part.size()) {
      throw Error(ErrorCode::bad_value,
                  "--id must be NAME or pred=NAME,target=NAME, found '" + given + "'");
    }
    ids_[part.substr(0, equals)] = part.substr(equals + 1);
    start = end + 1;
  }
}

/// The key to pair an input by; empty where none is asked for.
std::string Sources::id_of(const std::string& name) const {
  const auto own = ids_.find(name);
  if (own != ids_.end()) return own->second;
  const auto common = ids_.find("");
  return common == ids_.end() ? std::string() : common->second;
}

io::Array Sources::read(const std::string& reference, const std::string& name,
                        const std::vector<std::string>& class_names) {
  check_terminal(reference);
  io::ReadOptions options = read_options_;
  if (options.class_names.empty()) options.class_names = class_names;
  options.id = id_of(name);
  return io::read_array(reference, options);
}

const io::Array& Sources::derived(const std::string& key, const std::function<io::Array()>& make) {
  const auto known = derived_.find(key);
  return known != derived_.end() ? known->second : derived_.emplace(key, make()).first->second;
}

std::vector<std::string> Sources::files_of(const std::string& name) const {
  const auto given = files_.find(name);
  return given == files_.end() ? container_files_ : given->second;
}

Sources::ReadAs Sources::read_as(const std::string& name,
                                 const std::vector<std::string>& class_names) const {
  return {name, read_options_.class_names.empty() ? class_names : read_options_.class_names};
}

const std::vector<io::Array>& Sources::named(const std::string& name,
                                             const std::vector<std::string>& class_names) {
  asked_.insert(name);
  const ReadAs key = read_as(name, class_names);
  if (const auto known = named_.find(key); known != named_.end()) return known->second;
  std::vector<io::Array> arrays;
  if (const auto given = files_.find(name); given != files_.end()) {
    for (const std::string& file : given->second) arrays.push_back(read(file, name, class_names));
  } else {
    for (const auto& container : containers_) arrays.push_back(container->array(name));
  }
  return named_[key] = std::move(arrays);
}

const io::Array& Sources::concatenated(const std::string& name,
                                       const std::vector<std::string>& class_names) {
  const std::vector<io::Array>& arrays = named(name, class_names);
  const auto [known, is_new] = concatenated_.try_emplace(read_as(name, class_names));
  if (is_new) known->second = io::concatenated(arrays);
  return known->second;
}

const io::Array& Sources::file(const std::string& reference,
                               const std::vector<std::string>& class_names) {
  const ReadAs key = read_as(reference, class_names);
  if (const auto known = by_reference_.find(key); known != by_reference_.end())
    return known->second;
  return by_reference_[key] = read(reference, "", class_names);
}

const evaluation::Data& Sources::adapted(const io::Array& array,
                                         const std::vector<std::string>& class_names,
                                         const std::function<evaluation::Data()>& make) {
  const auto key = std::pair(&array, class_names);
  const auto known = adapted_.find(key);
  return known != adapted_.end() ? known->second : adapted_.emplace(key, make()).first->second;
}

std::string Sources::origin(const std::string& name) const {
  const auto given = files_.find(name);
  const std::vector<std::string>& files = given == files_.end() ? container_files_ : given->second;
  const std::string first = is_standard_input(files.front()) ? "standard input" : files.front();
  return files.size() == 1 ? first
                           : first + " and " + std::to_string(files.size() - 1) + " more files";
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
    if (!asked_.contains(name)) names.push_back(name);
  }
  return names;
}

std::vector<std::string> Sources::unused_in_container() const {
  std::vector<std::string> names;
  for (const std::string& name : container_names_) {
    if (!asked_.contains(name) && !files_.contains(name)) names.push_back(name);
  }
  return names;
}

}  // namespace losscalc::commands
