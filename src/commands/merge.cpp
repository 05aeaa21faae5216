/// merge: partials of the shards of one computation -> the result on all data.

#include "commands/merge.h"

#include <string>
#include <utility>
#include <vector>

#include "commands/options/rows.h"
#include "commands/output/format.h"
#include "diagnostics/error.h"
#include "evaluation/evaluate.h"
#include "sharding/parts.h"
#include "spec/specification.h"

namespace losscalc::commands {
namespace {

/// The terms as they were computed, with arrays that have shapes but for what finish() looks at.
std::vector<evaluation::Term> terms_of(const sharding::Part& part) {
  const std::vector<spec::Term> written =
      spec::resolve(spec::parse(part.content.specification), {});
  if (written.size() != part.content.inputs.size()) {
    throw Error(ErrorCode::malformed_partial,
                "the partial has " + std::to_string(part.content.inputs.size()) +
                    " terms, its loss " + std::to_string(written.size()),
                part.place);
  }
  std::vector<evaluation::Term> terms;
  for (std::size_t k = 0; k < written.size(); ++k) {
    terms.push_back({written[k], part.content.inputs[k]});
  }
  return terms;
}

Status run_merge(const ParsedOptions& options) {
  if (options.positionals().empty()) {
    throw Error(ErrorCode::missing_argument,
                "no partials are given; name their files, or - to read them", {},
                "losscalc merge part-*.json");
  }
  report::ComputeFormat format = result_format(options);
  const std::vector<sharding::Part> parts = sharding::read_parts(options.positionals());
  const sharding::PartialFile& first = parts.front().content;
  format.per_sample = first.per_sample;
  format.per_class = first.per_class;
  check_tables(format, options);
  if (format.top && !format.per_sample) {
    throw Error(ErrorCode::missing_argument, "--top needs partials with a table by sample", {},
                "compute them with --per-sample");
  }
  const std::vector<evaluation::Term> terms = terms_of(parts.front());
  std::vector<evaluation::Partial> merged(terms.size());
  for (const sharding::Part& part : parts) {
    for (std::size_t k = 0; k < merged.size(); ++k) merged[k].merge(part.content.partials.at(k));
  }
  const evaluation::Request request{.per_sample = format.per_sample, .per_class = format.per_class};
  const report::Computation computation{
      .specification = first.specification,
      .terms = terms,
      .weights_used = first.weights_used,
      .class_names = first.class_names,
      .shard = {},
      .result = evaluation::finish(terms, std::move(merged), request)};
  show_warnings(computation.result.warnings, options);
  print_computation(computation, format, options);
  return Status::done;
}

}  // namespace

Command merge_command() {
  return {
      .name = "merge",
      .arguments = "[OPTIONS] FILE...",
      .summary = "combine partial results into the final one",
      .examples = {"losscalc compute -l mse -p p.npy -t t.npy --shard 1/2 --partial part-1.json",
                   "mpirun -n 4 losscalc compute -l mse -p p.npy -t t.npy --shard auto "
                   "--partial 'part-{shard}.json'",
                   "losscalc merge part-*.json"},
      .options = {option::top.with_help("show only the K largest losses per sample"), option::json,
                  option::csv, option::output, option::digits,
                  option::quiet.with_help("show no warnings"), option::strict},
      .operands = any,
      .run = run_merge};
}

}  // namespace losscalc::commands
