/// compute: the value of losses on data, with its tables, or a shard's part of it.

#include "commands/compute.h"

#include <string>

#include "commands/inputs/bind.h"
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
namespace {

std::string required_loss(const ParsedOptions& options) {
  if (const auto loss = options.value("loss")) return *loss;
  throw Error(ErrorCode::missing_argument,
              "no loss is given; add one with -l, for example -l cross-entropy", {},
              "'losscalc list' shows all");
}

/// What asks for all samples, or prints another result, stands against a part.
void check_shard(const ParsedOptions& options, const evaluation::Shard& shard) {
  const auto exclude = [&](const char* one, const char* other) {
    if (!options.has(one) || !options.has(other)) return;
    throw Error(ErrorCode::conflicting_arguments,
                std::string("--") + one + " and --" + other + " exclude each other");
  };
  for (const char* const output : {"json", "csv", "output", "digits", "top", "grad-out"})
    exclude("partial", output);
  if (shard.count > 1) exclude("shard", "grad-out");
}

}  // namespace

Status run_compute(const ParsedOptions& options) {
  const report::ComputeFormat format = result_format(options);
  const evaluation::Shard shard = shard_of(options);
  const auto gradient_file = options.value("grad-out");
  auto partial_file = options.value("partial");
  if (partial_file) partial_file = sharding::shard_file(*partial_file, shard);
  check_shard(options, shard);
  const std::vector<spec::Term> terms =
      spec::resolve(spec::parse(required_loss(options)), options.loss_arguments());
  const BoundTerms bound = bind_inputs(terms, options);
  if (gradient_file) check_gradient_file(bound, *gradient_file);
  const std::size_t threads = thread_count(options);
  ProgressLine line(!options.has("quiet"));
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
  write_result(result_text(computation, format, options), options.value("output"));
  return Status::done;
}

}  // namespace losscalc::commands
