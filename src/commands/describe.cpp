#include "commands/command.h"
#include "commands/output.h"
#include "report/losses.h"
#include "spec/specification.h"

namespace losscalc::commands {

Status run_describe(const ParsedOptions& options) {
  if (options.positionals().size() != 1) {
    throw Error(ErrorCode::missing_argument,
                "describe takes one loss, for example: losscalc describe focal", {},
                "'losscalc list' shows all");
  }
  const spec::WrittenTerm written{
      .coefficient = 1.0, .name = options.positionals().front(), .arguments = {}};
  const Loss& loss = *spec::resolve({written}, {}).front().loss;
  write_result(options.has("json") ? report::describe_json(loss) : report::describe_text(loss),
               std::nullopt);
  return Status::done;
}

}  // namespace losscalc::commands
