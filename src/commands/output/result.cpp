#include "commands/output/result.h"

#include <algorithm>
#include <array>
#include <optional>

#include "commands/options/rows.h"
#include "commands/output/write.h"
#include "diagnostics/error.h"

namespace losscalc::commands {
namespace {

struct FormatOption {
  OutputFormat format;
  OptionRow option;
};
constexpr std::array format_options{FormatOption{OutputFormat::json, option::json},
                                    FormatOption{OutputFormat::csv, option::csv}};

}  // namespace

OutputFormat output_format(const ParsedOptions& options) {
  const FormatOption* asked = nullptr;
  for (const FormatOption& row : format_options) {
    if (!options.offers(row.option) || !options.has(row.option)) continue;
    if (asked != nullptr) {
      throw Error(ErrorCode::conflicting_arguments, "--" + std::string(asked->option.name) +
                                                        " and --" + std::string(row.option.name) +
                                                        " exclude each other");
    }
    asked = &row;
  }
  return asked == nullptr ? OutputFormat::text : asked->format;
}

void print_result(const ParsedOptions& options, const std::vector<Printer>& printers) {
  const auto printer = std::ranges::find(printers, output_format(options), &Printer::format);
  if (printer == printers.end())
    throw Error(ErrorCode::internal, "the result can't be printed in this format");
  write_result(printer->print(),
               options.offers(option::output) ? options.value(option::output) : std::nullopt);
}

}  // namespace losscalc::commands
