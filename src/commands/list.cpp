#include <algorithm>

#include "commands/command.h"
#include "commands/output.h"
#include "report/losses.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

Task task_named(const std::string& wanted) {
  const std::vector<std::string> known = task_names();
  const auto found = std::ranges::find(known, wanted);
  if (found != known.end()) return tasks()[static_cast<std::size_t>(found - known.begin())];
  throw Error(ErrorCode::bad_value, "unknown task '" + wanted + "'", {},
              "the tasks are: " + text::joined(known));
}

}  // namespace

Status run_list(const ParsedOptions& options) {
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
