#include <algorithm>

#include "commands/command.h"
#include "commands/dialect_entries.h"
#include "commands/output/write.h"
#include "report/losses.h"
#include "text/nearest.h"

namespace losscalc::commands {
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
  std::vector<std::string> known;
  for (const dialects::Library* library : dialects::all_libraries())
    known.emplace_back(library->name);
  throw Error(ErrorCode::bad_value, "unknown library '" + wanted + "'", {},
              "the libraries are: " + text::joined(known));
}

Status list_library(const dialects::Library& library, bool as_json) {
  const std::vector<report::DialectEntry> entries = entries_of(library);
  write_result(
      as_json ? report::library_json(library, entries) : report::library_text(library, entries),
      std::nullopt);
  return Status::done;
}

}  // namespace

Status run_list(const ParsedOptions& options) {
  if (const auto library = options.value("library")) {
    if (options.has("task"))
      throw Error(ErrorCode::conflicting_arguments, "--library and --task exclude each other");
    return list_library(library_named(*library), options.has("json"));
  }
  std::vector<const Loss*> losses = all_losses();
  if (const auto wanted = options.value("task")) {
    const Task task = task_named(*wanted);
    std::erase_if(losses, [task](const Loss* loss) { return loss->description.task != task; });
  }
  write_result(options.has("json") ? report::list_json(losses) : report::list_text(losses),
               std::nullopt);
  return Status::done;
}

}  // namespace losscalc::commands
