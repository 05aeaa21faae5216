#include "report/compute.h"

#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <thread>

#include "commands/command.h"
#include "commands/gradient_output.h"
#include "commands/inputs.h"
#include "commands/output.h"
#include "report/diagnostics.h"
#include "spec/specification.h"

namespace losscalc::commands {
namespace {

/// A percentage on the terminal's last line: only after a second, and gone before the result.
class ProgressLine {
 public:
  explicit ProgressLine(bool wanted) : wanted_(wanted && ::isatty(STDERR_FILENO) == 1) {}
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() {
    if (shown_ >= 0) std::fputs("\r\x1b[K", stderr);
  }

  void show(double share) {
    if (!wanted_ || std::chrono::steady_clock::now() - start_ < std::chrono::seconds(1)) return;
    const int percent = static_cast<int>(std::floor(100.0 * share));
    if (percent == shown_) return;
    shown_ = percent;
    std::fprintf(stderr, "\r%3d %%", percent);
  }

 private:
  bool wanted_;
  int shown_ = -1;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

report::ColorWhen color_of(const ParsedOptions& options) {
  return report::color_when(options.value("color").value_or("auto")).value();
}

std::size_t thread_count(const ParsedOptions& options) {
  const std::size_t all = std::max(1U, std::thread::hardware_concurrency());
  return options.count("threads").value_or(all);
}

std::optional<int> digits(const ParsedOptions& options) {
  constexpr std::size_t most = 17;
  const auto given = options.count("digits");
  if (given && *given > most) {
    throw Error(ErrorCode::bad_value,
                "--digits must be an integer from 1 to 17, found " + std::to_string(*given));
  }
  return given ? std::optional(static_cast<int>(*given)) : std::nullopt;
}

report::ComputeFormat format_of(const ParsedOptions& options) {
  const bool to_file = options.value("output").value_or("-") != "-";
  const int descriptor = to_file ? -1 : STDOUT_FILENO;
  const report::ComputeFormat format{.digits = digits(options),
                                     .color = report::uses_color(color_of(options), descriptor),
                                     .per_sample = options.has("per-sample"),
                                     .per_class = options.has("per-class"),
                                     .top = options.count("top")};
  if (format.top && !format.per_sample) {
    throw Error(ErrorCode::missing_argument, "--top needs --per-sample");
  }
  if (options.has("json") && options.has("csv")) {
    throw Error(ErrorCode::conflicting_arguments, "--json and --csv exclude each other");
  }
  if (options.has("csv") && format.per_sample && format.per_class) {
    throw Error(ErrorCode::conflicting_arguments,
                "--csv prints one table: --per-sample or --per-class");
  }
  return format;
}

std::string required_loss(const ParsedOptions& options) {
  if (const auto loss = options.value("loss")) return *loss;
  throw Error(ErrorCode::missing_argument,
              "which loss? give it by -l, for example -l cross-entropy", {},
              "'losscalc list' shows all");
}

void show_warnings(const std::vector<Warning>& warnings, const ParsedOptions& options) {
  if (options.has("strict") && !warnings.empty()) {
    throw Error(ErrorCode::strict_warning, warnings.front().message, {},
                "--strict makes this warning an error");
  }
  if (options.has("quiet")) return;
  const bool color = report::uses_color(color_of(options), STDERR_FILENO);
  for (const Warning& warning : warnings)
    std::fputs(report::warning_text(warning, color).c_str(), stderr);
}

}  // namespace

Status run_compute(const ParsedOptions& options) {
  const report::ComputeFormat format = format_of(options);
  const std::vector<spec::Term> terms =
      spec::resolve(spec::parse(required_loss(options)), options.loss_arguments());
  const BoundTerms bound = bind_inputs(terms, options);
  const auto gradient_file = options.value("grad-out");
  if (gradient_file) check_gradient_file(bound, *gradient_file);
  report::Computation computation{.specification = spec::to_string(terms),
                                  .terms = bound.terms,
                                  .weights_used = bound.weights_used,
                                  .class_names = bound.class_names,
                                  .result = {}};
  const std::size_t threads = thread_count(options);
  {
    ProgressLine line(!options.has("quiet"));
    computation.result = evaluation::evaluate(
        bound.terms, {.per_sample = format.per_sample,
                      .per_class = format.per_class,
                      .threads = threads,
                      .progress = [&line](double share) { line.show(share); }});
  }
  show_warnings(computation.result.warnings, options);
  if (gradient_file) write_gradient(bound, *gradient_file, threads);
  std::string text;
  if (options.has("json")) {
    text = report::compute_json(computation, format);
  } else if (options.has("csv")) {
    text = report::compute_csv(computation, format);
  } else {
    text = report::compute_text(computation, format);
  }
  write_result(text, options.value("output"));
  return Status::done;
}

}  // namespace losscalc::commands
