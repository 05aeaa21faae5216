#include "commands/inspect.h"

#include "commands/inputs/sources.h"
#include "commands/options/rows.h"
#include "commands/output/result.h"
#include "diagnostics/error.h"
#include "inspection/inspect.h"
#include "report/inspect.h"

namespace losscalc::commands {
namespace {

Status run_inspect(const ParsedOptions& options) {
  if (options.positionals().empty()) {
    throw Error(ErrorCode::missing_argument,
                "inspect takes files, for example: losscalc inspect "
                "preds.csv labels.csv");
  }
  const io::ReadOptions read_options = read_options_of(options);
  std::vector<inspection::Inspection> files;
  for (const std::string& file : options.positionals()) {
    if (file == "-") {
      throw Error(ErrorCode::not_supported,
                  "standard input can be read once, and inspect reads "
                  "files several times",
                  {}, "save it to a file");
    }
    files.push_back(inspection::inspect(file, read_options));
  }
  print_result(options, {{OutputFormat::text, [&] { return report::inspect_text(files); }},
                         {OutputFormat::json, [&] { return report::inspect_json(files); }}});
  return Status::done;
}

}  // namespace

Command inspect_command() {
  return {.name = "inspect",
          .arguments = "FILE... [OPTIONS]",
          .summary = "show what is in files: arrays, columns, keys, and what they look like",
          .examples = {"losscalc inspect preds.csv labels.csv", "losscalc inspect model.pt --json",
                       "losscalc inspect 'data.csv#col=p0-p9'"},
          .options = {option::header, option::decimal, option::classes, option::input_format,
                      option::json.under("General")},
          .operands = any,
          .run = run_inspect};
}

}  // namespace losscalc::commands
