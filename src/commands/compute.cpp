/// compute: the value of losses on data, with its tables, or a shard's part of it.

#include "commands/compute.h"

#include <string>

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

namespace losscalc::commands {
namespace option {

constexpr OptionRow partial{
    .name = "partial",
    .value_name = "FILE",
    .category = "Parts",
    .help =
        "write this part's partial result for 'losscalc merge' to FILE instead of printing a "
        "result; {shard} in the name stands for I, - for standard output"};
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
  const report::Computation computation{.specification = spec::to_string(bound.specified),
                                        .terms = bound.terms,
                                        .weights_used = bound.weights_used,
                                        .class_names = bound.class_names,
                                        .shard = shard,
                                        .result = evaluation::evaluate(bound.terms, request)};
  line.clear();
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
               option::shard, option::partial, option::grad_out, option::json, option::csv,
               option::output, option::digits, option::threads,
               option::quiet.with_help("show no warnings and no progress"), option::strict}),
          .takes_loss_options = true,
          .operands = any,
          .run = run_compute};
}

}  // namespace losscalc::commands
