/// compute: the value of losses on data, with its tables, or a shard's part of it.

#include "commands/compute.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "commands/inputs/bind.h"
#include "commands/options/rows.h"
#include "commands/output/format.h"
#include "commands/output/gradient.h"
#include "commands/output/progress_line.h"
#include "commands/output/write.h"
#include "diagnostics/error.h"
#include "evaluation/evaluate.h"
#include "report/compute.h"
#include "sharding/partial_file.h"
#include "sharding/parts.h"
#include "sharding/shard.h"
#include "spec/specification.h"
#include "text/number.h"

namespace losscalc::commands {
namespace option {

constexpr OptionRow partial{
    .name = "partial",
    .value_name = "FILE",
    .category = "Parts",
    .help =
        "write this part's partial result for 'losscalc merge' to FILE instead of printing a "
        "result; {shard} in the name stands for I, - for standard output"};
constexpr OptionRow keep_nonfinite{
    .name = "keep-nonfinite",
    .category = "Input",
    .help = "print a value that is NaN or infinite because inputs are; else these are an error",
    .arity = Arity::flag};
constexpr OptionRow grad_out{
    .name = "grad-out",
    .value_name = "FILE",
    .category = "Output",
    .help = "write the gradient to FILE: .npy for one input, .npz for any number of inputs"};

}  // namespace option

namespace {

std::string required_loss(const ParsedOptions& options) {
  if (const auto loss = options.value(option::loss)) return *loss;
  throw Error(ErrorCode::missing_argument,
              "no loss is given; add one with -l, for example -l cross-entropy", {},
              "'losscalc list' shows all");
}

/// What asks for all samples, or prints another result, stands against a part.
void check_shard(const ParsedOptions& options, const evaluation::Shard& shard) {
  const auto exclude = [&](const OptionRow& one, const OptionRow& other) {
    if (!options.has(one) || !options.has(other)) return;
    throw Error(
        ErrorCode::conflicting_arguments,
        "--" + std::string(one.name) + " and --" + std::string(other.name) + " exclude each other");
  };
  for (const OptionRow& output :
       {option::json, option::csv, option::output, option::digits, option::top, option::grad_out})
    exclude(option::partial, output);
  if (shard.count > 1) exclude(option::shard, option::grad_out);
}

/// The keys of the samples, which are looked up one by one.
std::function<std::string(std::size_t)> sample_key(const BoundTerms& bound) {
  if (bound.sample_keys == nullptr) return {};
  return [keys = bound.sample_keys](std::size_t sample) {
    std::string key;
    keys->read_words(sample, std::span(&key, 1));
    return key;
  };
}

/// The first element of the terms' inputs that is NaN or infinite, if any is.
std::optional<std::pair<std::string, Place>> first_nonfinite(const BoundTerms& bound) {
  constexpr std::size_t piece = std::size_t{1} << 16U;
  std::vector<double> values;
  for (const evaluation::Term& term : bound.terms) {
    for (const auto& [role, arrays] : term.inputs) {
      for (const evaluation::Data& data : arrays) {
        const std::size_t size = element_count(data.shape);
        for (std::size_t first = 0; first < size; first += values.size()) {
          values.resize(std::min(piece, size - first));
          data.read(first, values);
          const auto bad =
              std::ranges::find_if(values, [](double value) { return !std::isfinite(value); });
          if (bad == values.end()) continue;
          const std::size_t position = first + static_cast<std::size_t>(bad - values.begin());
          return std::pair(role + " is " + text::shortest(*bad), data.place(position));
        }
      }
    }
  }
  return std::nullopt;
}

/// A missing value that spoils the result is rather a mistake in the data than what was asked for.
void check_finite(const BoundTerms& bound, double value, const ParsedOptions& options) {
  if (std::isfinite(value) || options.has(option::keep_nonfinite)) return;
  const auto found = first_nonfinite(bound);
  if (!found) return;
  throw Error(ErrorCode::out_of_range,
              found->first + " here, so the loss is " + text::shortest(value), found->second,
              "--keep-nonfinite prints it all the same");
}

Status run_compute(const ParsedOptions& options) {
  const report::ComputeFormat format = result_format(options);
  const evaluation::Shard shard = shard_of(options);
  const auto gradient_file = options.value(option::grad_out);
  auto partial_file = options.value(option::partial);
  if (partial_file) partial_file = sharding::shard_file(*partial_file, shard);
  check_shard(options, shard);
  const std::vector<spec::Term> terms =
      spec::resolve(spec::parse(required_loss(options)), options.loss_arguments());
  const BoundTerms bound = bind_inputs(terms, options);
  if (gradient_file) check_gradient_file(bound, *gradient_file);
  const std::size_t threads = thread_count(options);
  ProgressLine line(!options.has(option::quiet));
  const evaluation::Request request{.per_sample = format.per_sample,
                                    .per_class = format.per_class,
                                    .shard = shard,
                                    .threads = threads,
                                    .progress = [&line](double share) { line.show(share); }};
  if (partial_file) {
    sharding::PartialFile partial{.specification = spec::to_string(bound.specified),
                                  .shard = shard,
                                  .per_sample = format.per_sample,
                                  .per_class = format.per_class,
                                  .weights_used = bound.weights_used,
                                  .class_names = bound.class_names};
    for (const evaluation::Term& term : bound.terms) partial.inputs.push_back(term.inputs);
    sharding::check_replaces_no_other(*partial_file, partial);
    partial.partials = evaluation::accumulate(bound.terms, request);
    line.clear();
    // Processes may have started together.
    sharding::check_replaces_no_other(*partial_file, partial);
    write_result(sharding::partial_json(partial), *partial_file);
    return Status::done;
  }
  report::Computation computation{.specification = spec::to_string(bound.specified),
                                  .terms = bound.terms,
                                  .weights_used = bound.weights_used,
                                  .class_names = bound.class_names,
                                  .inputs = bound.inputs,
                                  .sample_key = sample_key(bound),
                                  .shard = shard,
                                  .result = evaluation::evaluate(bound.terms, request)};
  line.clear();
  std::vector<Warning>& warnings = computation.result.warnings;
  warnings.insert(warnings.begin(), bound.warnings.begin(), bound.warnings.end());
  check_finite(bound, computation.result.value, options);
  show_warnings(computation.result.warnings, options);
  if (gradient_file) write_gradient(bound, *gradient_file, threads);
  print_computation(computation, format, options);
  return Status::done;
}

}  // namespace

Command compute_command() {
  return {.name = "compute",
          .arguments = "-l SPEC [OPTIONS] [FILE...]",
          .summary = "compute a loss, or a weighted sum of losses, on files",
          .examples = {"losscalc compute -l cross-entropy -p probs.csv -t labels.csv",
                       "losscalc compute -l 'cross-entropy + 0.5*dice' --from logits -p seg.npy -t "
                       "mask.npy --json",
                       "losscalc compute -l focal --gamma 1.5 -p 'd.csv#col=p*' -t d.csv#col=y "
                       "--per-sample --top 5"},
          .options = with_inputs(
              {option::per_sample, option::per_class,
               option::top.with_help("show only the K largest losses of --per-sample"),
               option::keep_nonfinite, option::shard, option::partial, option::grad_out,
               option::json, option::csv, option::output, option::digits, option::threads,
               option::quiet.with_help("show no warnings and no progress"), option::strict}),
          .takes_loss_options = true,
          .operands = any,
          .run = run_compute};
}

}  // namespace losscalc::commands
