#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "commands/command.h"
#include "commands/output/format.h"
#include "commands/output/write.h"
#include "diagnostics/error.h"
#include "evaluation/evaluate.h"
#include "io/bytes.h"
#include "sharding/partial_file.h"
#include "spec/specification.h"

namespace losscalc::commands {
namespace {

struct Part {
  sharding::PartialFile content;
  Place place;
};

/// The partials of a file: one on each line.
void append_parts(const std::string& file, std::vector<Part>& parts) {
  const io::Bytes bytes = io::load(file);
  const std::string_view text = io::without_byte_order_mark(bytes.text());
  const std::size_t before = parts.size();
  std::size_t line = 1;
  for (std::size_t start = 0; start < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view content = text.substr(start, end - start);
    start = end + 1;
    if (content.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const Place place{.file = file, .line = line};
    parts.push_back({sharding::parse_partial(content, place), place});
  }
  if (parts.size() == before)
    throw Error(ErrorCode::no_data, "the file is empty", Place{.file = file});
}

std::string name_of(const Part& part) {
  return part.place.file + ":" + std::to_string(part.place.line);
}

void check_alike(const std::vector<Part>& parts) {
  for (const Part& part : parts) {
    if (sharding::belong_together(parts.front().content, part.content)) continue;
    throw Error(ErrorCode::shards_mismatch,
                "this partial belongs to another computation than " + name_of(parts.front()) +
                    ": losses, input shapes, tables or numbers of shards differ",
                part.place, "this one was computed with " + part.content.specification);
  }
}

/// Sorted by their numbers, all shards must be there once.
void check_complete(const std::vector<Part>& parts) {
  const std::size_t count = parts.front().content.shard.count;
  for (std::size_t k = 1; k < parts.size(); ++k) {
    const std::size_t index = parts[k].content.shard.index;
    if (index != parts[k - 1].content.shard.index) continue;
    throw Error(ErrorCode::shards_mismatch,
                "shard " + std::to_string(index) + " of " + std::to_string(count) +
                    " is given twice: here and in " + name_of(parts[k - 1]),
                parts[k].place);
  }
  constexpr std::size_t max_shown = 10;
  std::string missing;
  std::size_t number = 0;
  auto part = parts.begin();
  for (std::size_t index = 1; index <= count && number <= max_shown; ++index) {
    if (part != parts.end() && part->content.shard.index == index) {
      ++part;
      continue;
    }
    if (++number <= max_shown) missing += (missing.empty() ? "" : ", ") + std::to_string(index);
  }
  if (number == 0) return;
  const std::size_t absent = count - std::min(count, parts.size());
  throw Error(ErrorCode::shards_mismatch,
              std::to_string(absent) + " of " + std::to_string(count) +
                  (absent == 1 ? " shards is missing: " : " shards are missing: ") + missing +
                  (absent > max_shown ? ", ..." : ""));
}

/// The terms as they were computed, with arrays that have shapes but for what finish() looks at.
std::vector<evaluation::Term> terms_of(const Part& part) {
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

std::vector<Part> read_parts(const std::vector<std::string>& files) {
  std::vector<Part> parts;
  for (const std::string& file : files) append_parts(file, parts);
  check_alike(parts);
  std::ranges::stable_sort(parts, {}, [](const Part& part) { return part.content.shard.index; });
  check_complete(parts);
  return parts;
}

}  // namespace

Status run_merge(const ParsedOptions& options) {
  if (options.positionals().empty()) {
    throw Error(ErrorCode::missing_argument,
                "no partials are given; name their files, or - to read them", {},
                "losscalc merge part-*.json");
  }
  report::ComputeFormat format = result_format(options);
  std::vector<Part> parts = read_parts(options.positionals());
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
  for (const Part& part : parts) {
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
  write_result(result_text(computation, format, options), options.value("output"));
  return Status::done;
}

}  // namespace losscalc::commands
