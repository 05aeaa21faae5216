#include "commands/command.h"
#include "commands/dialect_entries.h"
#include "commands/output/write.h"
#include "report/losses.h"
#include "spec/specification.h"

namespace losscalc::commands {
namespace {

/// Another library's loss.
Status describe_dialect(const std::string& name, bool as_json) {
  const std::vector<report::DialectEntry> forms = entries_named(name);
  const std::vector<report::DialectEntry> elsewhere = entries_elsewhere(forms);
  write_result(as_json ? report::describe_dialect_json(forms, elsewhere)
                       : report::describe_dialect_text(forms, elsewhere),
               std::nullopt);
  return Status::done;
}

}  // namespace

Status run_describe(const ParsedOptions& options) {
  if (options.positionals().size() != 1) {
    throw Error(ErrorCode::missing_argument,
                "describe takes one loss, for example: losscalc describe focal", {},
                "'losscalc list' shows all");
  }
  if (dialects::is_dialect(options.positionals().front()))
    return describe_dialect(options.positionals().front(), options.has("json"));
  const spec::WrittenTerm written{
      .coefficient = 1.0, .name = options.positionals().front(), .arguments = {}};
  const Loss& loss = *spec::resolve({written}, {}).front().loss;
  write_result(options.has("json") ? report::describe_json(loss) : report::describe_text(loss),
               std::nullopt);
  return Status::done;
}

}  // namespace losscalc::commands
