/// match: which loss, conventions and parameters give a number.

#include "commands/match.h"

#include <cmath>
#include <string>
#include <utility>

#include "commands/inputs/bind.h"
#include "commands/options/rows.h"
#include "commands/output/format.h"
#include "commands/output/progress_line.h"
#include "commands/output/result.h"
#include "matching/values.h"
#include "report/match.h"
#include "spec/specification.h"
#include "text/number.h"

namespace losscalc::commands {
namespace option {

constexpr OptionRow value{.name = "value",
                          .value_name = "X",
                          .category = "Search",
                          .help = "the number to explain, with all digits that were printed"};
constexpr OptionRow tolerance{
    .name = "tolerance",
    .value_name = "X",
    .category = "Search",
    .help = "largest accepted deviation (default: half a unit of the last digit of --value)"};
constexpr OptionRow depth{
    .name = "depth",
    .value_name = "N",
    .category = "Search",
    .help = "largest number of changes combined in one candidate: 1 or 2 (default: 2)"};

}  // namespace option

namespace {

constexpr std::size_t deepest = 2;

/// Half a unit of the last digit that was typed: 0.8108 -> 0.00005, 1.2e-3 -> 0.00005, nan -> 0.
double half_of_last_digit(const std::string& text) {
  if (text.find_first_of("0123456789") == std::string::npos) return 0.0;
  const std::size_t exponent_at = std::min(text.find_first_of("eE"), text.size());
  const std::string digits = text.substr(0, exponent_at);
  const std::size_t point = digits.find('.');
  const double decimals =
      point == std::string::npos ? 0.0 : static_cast<double>(digits.size() - point - 1);
  const double exponent = exponent_at == text.size()
                              ? 0.0
                              : text::parse_number(text.substr(exponent_at + 1)).value_or(0.0);
  return 0.5 * std::pow(10.0, exponent - decimals);
}

double number_of(const OptionRow& option, const std::string& text) {
  if (const auto number = text::parse_number(text)) return *number;
  throw Error(ErrorCode::bad_value,
              "--" + std::string(option.name) + " must be a number, found '" + text + "'");
}

report::MatchReport report_of(const ParsedOptions& options) {
  const auto value = options.value(option::value);
  if (!value) {
    throw Error(ErrorCode::missing_argument,
                "no number is given; add it with --value, as it was printed", {},
                "for example: losscalc match --value 0.8108 -p pred.csv -t target.csv");
  }
  report::MatchReport report{
      .value = *value, .number = number_of(option::value, *value), .result = {}};
  const auto tolerance = options.value(option::tolerance);
  report.tolerance =
      tolerance ? number_of(option::tolerance, *tolerance) : half_of_last_digit(*value);
  if (!(report.tolerance >= 0.0))
    throw Error(ErrorCode::bad_value, "--tolerance must be >= 0, found '" + *tolerance + "'");
  if (const auto top = options.count(option::top)) report.shown = *top;
  return report;
}

/// The loss that was asked for; none without -l.
std::vector<spec::Term> terms_of(const ParsedOptions& options) {
  const auto loss = options.value(option::loss);
  if (!loss) return {};
  std::vector<spec::Term> terms = spec::resolve(spec::parse(*loss), options.loss_arguments());
  if (terms.size() > 1) {
    throw Error(
        ErrorCode::not_supported,
        "match searches for one loss at a time, found a sum of " + std::to_string(terms.size()), {},
        "run match for each term separately");
  }
  return terms;
}

matching::Question question_of(const std::vector<spec::Term>& terms, Sources& sources,
                               const ParsedOptions& options) {
  matching::Question question;
  question.depth = options.count(option::depth).value_or(deepest);
  if (question.depth > deepest)
    throw Error(ErrorCode::bad_value,
                "--depth must be 1 or 2, found " + std::to_string(question.depth));
  if (terms.empty()) {
    check_inputs(sources);
    return question;
  }
  question.asked = terms.front();
  // What the loss asked for cannot read, the others need not try.
  show_notes(bind_inputs(terms, sources, options).inputs, options);
  return question;
}

/// Targets may be words for one loss and numbers for another, and so are read more than once.
void require_files(const ParsedOptions& options) {
  for (const OptionRow& input : {option::target, option::input}) {
    for (const std::string& value : options.values(input)) {
      if (value != "-" && !value.ends_with("=-")) continue;
      throw Error(ErrorCode::not_supported,
                  "match may read targets several times, and standard input can be read once", {},
                  "write it to a file first, or give the predictions by -p -");
    }
  }
}

/// Whether it takes too long: every sample with every other, of a loss that nobody asked for.
bool is_too_long(const evaluation::Term& term) {
  constexpr std::size_t max_samples = 512;
  if (term.loss->domain != Domain::batch) return false;
  const std::string first(term.loss->roles.front().name);
  const Shape& shape = term.inputs.at(first).front().shape;
  return !shape.empty() && shape.front() > max_samples;
}

/// The term on the data, where these fit it.
std::optional<evaluation::Term> bound(const ParsedOptions& options, Sources& sources,
                                      const Loss* asked, const matching::Candidate& candidate) {
  try {
    evaluation::Term term = bind_inputs({candidate.term}, sources, options).terms.front();
    if (candidate.term.loss != asked && is_too_long(term)) return {};
    return term;
  } catch (const Error& error) {
    if (error.status() == Status::system) throw;
    return {};
  }
}

Status run_match(const ParsedOptions& options) {
  report::MatchReport report = report_of(options);
  require_files(options);
  const std::size_t threads = thread_count(options);
  ProgressLine line(!options.has(option::quiet));
  const std::vector<spec::Term> terms = terms_of(options);
  Sources sources(options, terms);
  const matching::Question question = question_of(terms, sources, options);
  const Loss* const asked = question.asked ? question.asked->loss : nullptr;
  const matching::Binding bind = [&](const matching::Candidate& candidate) {
    return bound(options, sources, asked, candidate);
  };
  const auto valuation = [&](const std::vector<const matching::Candidate*>& candidates) {
    return matching::values(candidates, bind, threads, [&line](double share) { line.show(share); });
  };
  report.result =
      matching::search(matching::candidates(question), report.number, report.tolerance, valuation);
  line.clear();
  if (report.result.tried == 0) {
    throw Error(ErrorCode::not_supported, "no loss takes these inputs", {},
                "name one with -l to see what it needs");
  }
  print_result(options, {{OutputFormat::text, [&] { return report::match_text(report); }},
                         {OutputFormat::json, [&] { return report::match_json(report); }}});
  return report.result.matches.empty() ? Status::check_failed : Status::done;
}

}  // namespace

Command match_command() {
  return {.name = "match",
          .arguments = "--value X [-l SPEC] [OPTIONS] [FILE...]",
          .summary = "find the loss, conventions and libraries that give a number",
          .examples = {"losscalc match --value 0.8108 -p logits.csv -t labels.csv",
                       "losscalc match --value 0.2761 -l cross-entropy -p probs.csv -t labels.csv"},
          .options = with_inputs({option::value, option::tolerance, option::depth,
                                  option::top.with_help("show at most K matches (default: 10)"),
                                  option::json.with_help("print one JSON object with all matches"),
                                  option::output, option::threads, option::quiet}),
          .takes_loss_options = true,
          .operands = any,
          .run = run_match};
}

}  // namespace losscalc::commands
