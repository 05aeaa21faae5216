#include "commands/gradcheck/sweep.h"

#include <algorithm>

#include "commands/gradcheck/options.h"
#include "commands/output/result.h"
#include "commands/output/write.h"
#include "report/gradcheck.h"
#include "report/sweep.h"
#include "text/number.h"

namespace losscalc::commands {
namespace {

struct Entry {
  std::size_t input = 0;
  std::size_t position = 0;
};

[[noreturn]] void throw_no_entry(const std::string& word, const checking::GradientCheck& check) {
  const checking::DifferentiableInput& first = check.inputs().front();
  throw Error(ErrorCode::bad_value,
              "--sweep: there is no entry '" + word + "'; " + first.name + " has shape " +
                  to_string(first.data.shape),
              {},
              "indices count from 0: --sweep '" +
                  report::entry_name({first.name, first.data.shape}, 0) + "'");
}

Entry entry_of(const std::string& word, const checking::GradientCheck& check) {
  const std::size_t bracket = word.find('[');
  Entry entry;
  std::string indices = word;
  if (bracket != std::string::npos && word.ends_with(']')) {
    const auto named = std::ranges::find(check.inputs(), word.substr(0, bracket),
                                         &checking::DifferentiableInput::name);
    if (named == check.inputs().end()) throw_no_entry(word, check);
    entry.input = static_cast<std::size_t>(named - check.inputs().begin());
    indices = word.substr(bracket + 1, word.size() - bracket - 2);
  }
  const Shape& shape = check.inputs()[entry.input].data.shape;
  std::size_t axis = 0;
  for (std::size_t start = 0; start <= indices.size() && !indices.empty();) {
    const std::size_t end = std::min(indices.find(',', start), indices.size());
    const auto index = text::parse_integer(indices.substr(start, end - start));
    if (!index || axis >= shape.size() || *index < 0 ||
        static_cast<std::size_t>(*index) >= shape[axis])
      throw_no_entry(word, check);
    entry.position = entry.position * shape[axis++] + static_cast<std::size_t>(*index);
    start = end + 1;
  }
  if (axis != shape.size()) throw_no_entry(word, check);
  return entry;
}

}  // namespace

Status run_sweep(const checking::GradientCheck& check, ProgressLine& line,
                 const ParsedOptions& options) {
  const std::string word = options.value(option::sweep).value();
  const Entry entry = entry_of(word, check);
  const std::unique_ptr<differentiation::Subject> subject = check.subject();
  const differentiation::Point point = subject->point(entry.input, entry.position);
  const differentiation::Function f = [&](double x) {
    const Displacement move{entry.input, entry.position, x};
    return subject->at(std::span(&move, 1));
  };
  const checking::DifferentiableInput& input = check.inputs()[entry.input];
  const report::Sweep sweep{
      .entry = report::entry_name({input.name, input.data.shape}, entry.position),
      .number = point.x,
      .analytic = check.analytic(entry.input, entry.position),
      .derivative = differentiation::adaptive_difference(f, point),
      .reference = check.dual(entry.input, entry.position),
      .rows = differentiation::sweep(f, point)};
  line.clear();
  if (sweep.rows.empty()) {
    throw Error(ErrorCode::bad_value, "--sweep: " + sweep.entry + " = " + text::shortest(point.x) +
                                          " lies at the edge of the domain where the loss is "
                                          "defined or clipped; there is no room for differences");
  }
  if (const auto file = options.value(option::plot)) write_result(report::sweep_svg(sweep), file);
  print_result(options, {{OutputFormat::text, [&] { return report::sweep_text(sweep); }},
                         {OutputFormat::json, [&] { return report::sweep_json(sweep); }}});
  return Status::done;
}

}  // namespace losscalc::commands
