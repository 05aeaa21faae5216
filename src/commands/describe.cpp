#include "commands/command.h"
#include "commands/dialect_entries.h"
#include "commands/options/rows.h"
#include "commands/output/result.h"
#include "report/losses.h"
#include "spec/specification.h"
#include "text/names.h"

namespace losscalc::commands {
namespace {

std::vector<std::string> loss_names() { return text::names_of(option::loss_names()); }

/// Another library's loss.
Status describe_dialect(const std::string& name, const ParsedOptions& options) {
  const std::vector<report::DialectEntry> forms = entries_named(name);
  const std::vector<report::DialectEntry> elsewhere = entries_elsewhere(forms);
  print_result(
      options,
      {{OutputFormat::text, [&] { return report::describe_dialect_text(forms, elsewhere); }},
       {OutputFormat::json, [&] { return report::describe_dialect_json(forms, elsewhere); }}});
  return Status::done;
}

Status run_describe(const ParsedOptions& options) {
  if (options.positionals().size() != 1) {
    throw Error(ErrorCode::missing_argument,
                "describe takes one loss, for example: losscalc describe focal", {},
                "'losscalc list' shows all");
  }
  if (dialects::is_dialect(options.positionals().front()))
    return describe_dialect(options.positionals().front(), options);
  const spec::WrittenTerm written{
      .coefficient = 1.0, .name = options.positionals().front(), .arguments = {}};
  const Loss& loss = *spec::resolve({written}, {}).front().loss;
  print_result(options, {{OutputFormat::text, [&] { return report::describe_text(loss); }},
                         {OutputFormat::json, [&] { return report::describe_json(loss); }}});
  return Status::done;
}

}  // namespace

Command describe_command() {
  return {.name = "describe",
          .arguments = "LOSS [OPTIONS]",
          .summary = "explain a loss: formula, gradient, inputs, parameters, use",
          .examples = {"losscalc describe focal", "losscalc describe dice --json | jq .formula"},
          .options = {option::json.under("General")},
          .operands = 1,
          .operand_names = loss_names,
          .run = run_describe};
}

}  // namespace losscalc::commands
