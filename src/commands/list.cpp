#include <algorithm>

#include "commands/command.h"
#include "commands/dialect_entries.h"
#include "commands/options/rows.h"
#include "commands/output/result.h"
#include "report/losses.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

std::vector<std::string> library_names() {
  std::vector<std::string> names;
  for (const dialects::Library* library : dialects::all_libraries())
    names.emplace_back(library->name);
  return names;
}

template <auto names>
std::vector<OptionValue> named() {
  std::vector<OptionValue> values;
  for (const std::string& name : names()) values.push_back({name});
  return values;
}

}  // namespace

namespace option {

constexpr OptionRow task{.name = "task",
                         .value_name = "TASK",
                         .category = "General",
                         .help = "list only the losses of this task",
                         .values = named<task_names>};
constexpr OptionRow library{
    .name = "library",
    .value_name = "NAME",
    .category = "General",
    .help = "list another library's losses and their equivalents in losscalc",
    .values = named<library_names>,
    .lists_values = true};

}  // namespace option

namespace {

Task task_named(const std::string& wanted) {
  const std::vector<std::string> known = task_names();
  const auto found = std::ranges::find(known, wanted);
  if (found != known.end()) return tasks()[static_cast<std::size_t>(found - known.begin())].value;
  throw Error(ErrorCode::bad_value, "unknown task '" + wanted + "'", {},
              "the tasks are: " + text::joined(known));
}

const dialects::Library& library_named(const std::string& wanted) {
  if (const dialects::Library* library = dialects::find_library(wanted)) return *library;
  throw Error(ErrorCode::bad_value, "unknown library '" + wanted + "'", {},
              "the libraries are: " + text::joined(library_names()));
}

Status list_library(const dialects::Library& library, const ParsedOptions& options) {
  const std::vector<report::DialectEntry> entries = entries_of(library);
  print_result(options,
               {{OutputFormat::text, [&] { return report::library_text(library, entries); }},
                {OutputFormat::json, [&] { return report::library_json(library, entries); }}});
  return Status::done;
}

Status run_list(const ParsedOptions& options) {
  if (const auto library = options.value(option::library)) {
    if (options.has(option::task))
      throw Error(ErrorCode::conflicting_arguments, "--library and --task exclude each other");
    return list_library(library_named(*library), options);
  }
  std::vector<const Loss*> losses = all_losses();
  if (const auto wanted = options.value(option::task)) {
    const Task task = task_named(*wanted);
    std::erase_if(losses, [task](const Loss* loss) { return loss->description.task != task; });
  }
  print_result(options, {{OutputFormat::text, [&] { return report::list_text(losses); }},
                         {OutputFormat::json, [&] { return report::list_json(losses); }}});
  return Status::done;
}

}  // namespace

Command list_command() {
  return {.name = "list",
          .arguments = "[OPTIONS]",
          .summary = "list the losses by task",
          .examples = {"losscalc list", "losscalc list --task regression",
                       "losscalc list --json | jq -r '.losses[].name'"},
          .options = {option::task, option::library, option::json.under("General")},
          .run = run_list};
}

}  // namespace losscalc::commands
