#include <algorithm>

#include "evaluation/links/clip.h"
#include "report/compute.h"
#include "report/compute_tables.h"
#include "report/diagnostics.h"
#include "report/terminal.h"
#include "text/nearest.h"
#include "text/number.h"

namespace losscalc::report {
namespace {

/// `weighted`: whether the weights are not all 1.
std::string reduction_text(Reduction reduction, bool weighted) {
  switch (reduction) {
    case Reduction::none: return "none: one loss per unit; the value shown is their sum";
    case Reduction::sum: return weighted ? "sum of w l over the units" : "sum over the units";
    case Reduction::mean:
      return weighted ? "mean over the units: sum of w l / sum of w" : "mean over the units";
    case Reduction::count_mean: return "count-mean: sum of w l / number of units";
    case Reduction::batchmean: return "batchmean: sum over the units / number of samples";
    case Reduction::median:
      return weighted ? "weighted median over the units" : "median over the units";
  }
  return "";
}

/// What is done with reduced losses.
std::string outputs_text(const Conventions& conventions) {
  std::string text;
  if (conventions.outputs != Outputs::together) text += ", for each output";
  if (conventions.root) text += ", then the square root";
  if (conventions.outputs == Outputs::average) text += ", averaged over the outputs";
  if (conventions.outputs == Outputs::each) text += "; the value is the sum of all outputs";
  return text;
}

/// What the predictions were taken for, in words.
std::string from_text(const evaluation::Term& term) {
  const Conventions& conventions = term.conventions;
  std::string text(name(conventions.from));
  if (conventions.from == From::logits) {
    const bool sigmoid =
        term.loss->domain == Domain::elementwise || conventions.link == Link::sigmoid;
    text += sigmoid ? ", through sigmoid" : ", through softmax";
  }
  if (conventions.from == From::probs && term.loss->domain != Domain::region) {
    const auto found = term.inputs.find("pred");
    const bool is_given = found != term.inputs.end() && !found->second.empty();
    const evaluation::Data prediction = is_given ? found->second.front() : evaluation::Data{};
    text += ", clipped to " +
            evaluation::interval_text(evaluation::clip_bounds(conventions, prediction));
  }
  return text;
}

/// What holds for a single term.
void append_term_facts(const Computation& computation, const Numbers& number, bool averaged,
                       std::vector<Cells>& facts) {
  const evaluation::TermReport& report = computation.result.terms.front();
  const evaluation::Term& term = computation.terms.front();
  facts.push_back({averaged ? "units" : "weights", std::to_string(report.units)});
  if (report.ignored > 0) facts.push_back({"ignored", std::to_string(report.ignored)});
  if (report.weight != static_cast<double>(report.units))
    facts.push_back({"sum of w", number(report.weight)});
  if (!term.loss->from.empty()) facts.push_back({"from", from_text(term)});
}

std::vector<Cells> facts_of(const Computation& computation, const ComputeFormat& format) {
  const Numbers number(format.digits);
  const evaluation::Report& result = computation.result;
  std::vector<Cells> facts{{"value", colored(number(result.value), Color::bold, format.color)},
                           {"loss", printable(computation.specification)}};
  const bool averaged = std::ranges::any_of(computation.terms, [](const evaluation::Term& term) {
    return term.loss->domain != Domain::parameters;
  });
  if (averaged) {
    const auto reduction = common_reduction(computation);
    const bool weighted = result.weight != static_cast<double>(result.units);
    std::string text = reduction ? reduction_text(*reduction, weighted) : "each term has its own";
    if (result.terms.size() == 1) text += outputs_text(computation.terms.front().conventions);
    facts.push_back({"reduction", text});
    std::string samples = std::to_string(result.samples);
    if (computation.shard.count > 1) {
      samples += " (shard " + std::to_string(computation.shard.index) + " of " +
                 std::to_string(computation.shard.count) + ")";
    }
    facts.push_back({"samples", samples});
  }
  if (result.terms.size() == 1) append_term_facts(computation, number, averaged, facts);
  if (!computation.weights_used.empty())
    facts.push_back({"with", printable(text::joined(computation.weights_used))});
  for (const InputNote& note : computation.inputs) {
    for (const std::string& sentence : sentences(note)) facts.push_back({"input", sentence});
  }
  return facts;
}

/// Labels and what follows them, both aligned to the left.
std::string facts_text(const std::vector<Cells>& facts) {
  std::size_t width = 0;
  for (const Cells& fact : facts) width = std::max(width, fact[0].size());
  std::string text;
  for (const Cells& fact : facts)
    text += fact[0] + std::string(width - fact[0].size() + 2, ' ') + fact[1] + "\n";
  return text;
}

}  // namespace

std::string compute_text(const Computation& computation, const ComputeFormat& format) {
  std::string text = facts_text(facts_of(computation, format));
  const auto append = [&text](const Table& table) { text += "\n" + aligned(table); };
  if (computation.terms.size() > 1) append(term_table(computation, format));
  if (shows_array(computation)) append(unit_table(computation, format));
  if (format.per_sample) append(sample_table(computation, format));
  if (format.per_class) append(class_table(computation, format));
  return text;
}

}  // namespace losscalc::report
