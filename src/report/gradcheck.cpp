#include "report/gradcheck.h"

#include <algorithm>
#include <cmath>

#include "report/diagnostics.h"
#include "report/json_document.h"
#include "report/table.h"
#include "report/terminal.h"
#include "text/number.h"

namespace losscalc::report {
namespace {

using differentiation::Counts;
using differentiation::EntryVerdict;
using differentiation::Reason;
using differentiation::Verdict;

constexpr std::size_t max_rows = 10;
constexpr std::size_t max_defects = 3;

std::string few_digits(double value) { return text::rounded(value, 3); }

std::string verdicts(const Counts& counts) {
  const auto count = [](std::size_t n, const char* what) { return std::to_string(n) + " " + what; };
  std::string text = count(counts.passed, "passed, ") + count(counts.failed, "failed");
  if (counts.not_finite > 0) text += " (" + count(counts.not_finite, "not finite)");
  text += ", " + count(counts.kinks, "at kinks (accepted), ");
  return text + count(counts.inconclusive, "inconclusive");
}

std::string inputs_text(const GradientCheckReport& report) {
  std::string text;
  for (const CheckedInput& input : report.inputs)
    text += (text.empty() ? "" : ", ") + input.name + " " + to_string(input.shape);
  return text;
}

/// The reference, or the slopes of the two sides of a kink.
std::string reference_text(const EntryVerdict& finding) {
  const bool at_kink = finding.reason == Reason::between_slopes ||
                       finding.reason == Reason::outside_slopes ||
                       finding.reason == Reason::along_direction;
  if (!at_kink) return text::rounded(finding.reference, 10);
  return text::rounded(finding.left.value, 6) + " | " + text::rounded(finding.right.value, 6);
}

Table findings_table(const GradientCheckReport& report, const std::vector<EntryVerdict>& findings,
                     std::size_t most) {
  std::vector<Cells> rows;
  for (const EntryVerdict& finding : findings) {
    if (rows.size() == most) break;
    rows.push_back({entry_name(report.inputs[finding.input], finding.entry),
                    text::rounded(finding.analytic, 10), reference_text(finding),
                    few_digits(finding.error), few_digits(finding.relative()),
                    std::string(name(finding.verdict)), std::string(help(finding.reason))});
  }
  return table_of({"entry", "gradient", "reference", "+-", "relative", "verdict", ""},
                  std::move(rows));
}

std::vector<EntryVerdict> troubling(const GradientCheckReport& report) {
  std::vector<EntryVerdict> findings;
  for (const EntryVerdict& finding : report.result.worst) {
    if (finding.verdict == Verdict::failed || finding.verdict == Verdict::inconclusive)
      findings.push_back(finding);
  }
  return findings;
}

Json json_estimate(const differentiation::Estimate& estimate) {
  return {{"value", json_number(estimate.value)}, {"error", json_number(estimate.error)}};
}

Json json_finding(const GradientCheckReport& report, const EntryVerdict& finding) {
  const CheckedInput& input = report.inputs[finding.input];
  Json entry{{"input", input.name},
             {"index", multi_index(finding.entry, input.shape)},
             {"analytic", json_number(finding.analytic)},
             {"reference", json_number(finding.reference)},
             {"error", json_number(finding.error)},
             {"allowed", json_number(finding.allowed)},
             {"relative", json_number(finding.relative())},
             {"verdict", name(finding.verdict)}};
  if (finding.reason != Reason::none) entry["reason"] = help(finding.reason);
  if (finding.left.error != 0.0 || finding.right.error != 0.0) {
    entry["left"] = json_estimate(finding.left);
    entry["right"] = json_estimate(finding.right);
    if (finding.kink_within > 0.0) entry["kink_within"] = finding.kink_within;
  }
  return entry;
}

}  // namespace

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed: return "passed";
    case Verdict::failed: return "failed";
    case Verdict::kink: return "kink";
    case Verdict::inconclusive: return "inconclusive";
  }
  return "";
}

std::string_view help(Reason reason) {
  switch (reason) {
    case Reason::none: return "";
    case Reason::differs: return "differs from the derivative";
    case Reason::not_finite: return "not a finite number";
    case Reason::between_slopes: return "between the slopes of a kink";
    case Reason::outside_slopes: return "outside the slopes of a kink";
    case Reason::along_direction: return "wrong along a direction through a kink";
    case Reason::too_noisy: return "differences are too inexact to tell";
    case Reason::at_edge: return "no room for differences";
  }
  return "";
}

std::string entry_name(const CheckedInput& input, std::size_t entry) {
  return input.name + to_string(multi_index(entry, input.shape));
}

bool passed(const GradientCheckReport& report) {
  const Counts& counts = report.result.counts;
  if (counts.failed > 0 || !report.result.defects.empty()) return false;
  if (counts.inconclusive == 0) return true;
  return !report.strict && counts.inconclusive < counts.entries;
}

std::string gradcheck_text(const GradientCheckReport& report, bool color) {
  const Counts& counts = report.result.counts;
  const bool good = passed(report);
  std::vector<Cells> facts{
      {"gradient", colored(good ? "passed" : "FAILED", good ? Color::bold : Color::error, color)},
      {"loss", printable(report.subject)},
      {"source", report.gradient},
      {"wrt", printable(inputs_text(report))},
      {"entries", std::to_string(counts.entries) + ": " + verdicts(counts)},
      {"method", report.method + ", " + std::to_string(report.result.by_differences) +
                     " entries by differences"},
      {"rtol", text::shortest(report.tolerance)},
      {"seed", std::to_string(report.seed)}};
  if (!report.result.worst.empty()) {
    const EntryVerdict& worst = report.result.worst.front();
    facts.push_back(
        {"largest", "deviation " + few_digits(std::fabs(worst.analytic - worst.reference)) +
                        " (relative " + few_digits(worst.relative()) + "), at " +
                        printable(entry_name(report.inputs[worst.input], worst.entry))});
  }
  if (report.diagnosis) facts.push_back({"diagnosis", printable(report.diagnosis->message)});
  std::string text;
  for (const Cells& fact : facts)
    text += fact[0] + std::string(11 - fact[0].size(), ' ') + fact[1] + "\n";
  const std::vector<EntryVerdict> rows = troubling(report);
  if (!rows.empty()) {
    text += "\n" + aligned(findings_table(report, rows, max_rows));
    if (!report.look_closer.empty())
      text += "\nto look closer: " + printable(report.look_closer) + "\n";
  }
  if (!report.result.defects.empty()) {
    text += "\nDual numbers and differences contradict each other at " +
            std::to_string(report.result.defects.size()) +
            " entries: this is a defect of losscalc.\n" +
            aligned(findings_table(report, report.result.defects, max_defects));
  }
  return text;
}

std::string gradcheck_json(const GradientCheckReport& report, const GradientCheckReport* against) {
  const Counts& counts = report.result.counts;
  JsonDocument document;
  document.add("schema", "losscalc.gradcheck/1");
  document.add("version", LOSSCALC_VERSION);
  document.add("loss", report.subject);
  document.add("gradient", report.gradient);
  document.add("passed", passed(report) && (against == nullptr || passed(*against)));
  document.add("counts", Json{{"entries", counts.entries},
                              {"passed", counts.passed},
                              {"failed", counts.failed},
                              {"kinks", counts.kinks},
                              {"inconclusive", counts.inconclusive},
                              {"not_finite", counts.not_finite},
                              {"by_differences", report.result.by_differences}});
  document.add_rows("inputs", report.inputs.size(), [&](std::size_t k) {
    return Json{{"name", report.inputs[k].name}, {"shape", report.inputs[k].shape}};
  });
  document.add_rows("worst", report.result.worst.size(),
                    [&](std::size_t k) { return json_finding(report, report.result.worst[k]); });
  document.add_rows("defects", report.result.defects.size(),
                    [&](std::size_t k) { return json_finding(report, report.result.defects[k]); });
  Json diagnosis = nullptr;
  if (report.diagnosis) {
    diagnosis = {{"code", report.diagnosis->code}, {"message", report.diagnosis->message}};
    if (report.diagnosis->factor) diagnosis["factor"] = json_number(*report.diagnosis->factor);
  }
  document.add("diagnosis", diagnosis);
  document.add("method", report.method);
  document.add("rtol", json_number(report.tolerance));
  document.add("seed", report.seed);
  if (against != nullptr) document.add("against_loss", Json::parse(gradcheck_json(*against)));
  return document.text();
}

std::string gradcheck_all_text(const std::vector<GradientCheckReport>& reports) {
  constexpr std::size_t max_in_full = 3;
  std::vector<Cells> rows;
  std::string failures;
  std::size_t failed = 0;
  for (const GradientCheckReport& report : reports) {
    const Counts& counts = report.result.counts;
    rows.push_back({report.subject, std::to_string(counts.entries), std::to_string(counts.failed),
                    std::to_string(counts.kinks), std::to_string(counts.inconclusive),
                    passed(report) ? "passed" : "FAILED"});
    if (passed(report)) continue;
    if (++failed <= max_in_full) failures += "\n" + gradcheck_text(report, false);
  }
  return aligned(table_of({"loss", "entries", "failed", "kinks", "inconclusive", "verdict"},
                          std::move(rows))) +
         failures;
}

std::string gradcheck_all_json(const std::vector<GradientCheckReport>& reports) {
  JsonDocument document;
  document.add("schema", "losscalc.gradcheck-all/1");
  document.add("version", LOSSCALC_VERSION);
  document.add("passed", std::ranges::all_of(reports, passed));
  document.add_rows("checks", reports.size(), [&](std::size_t k) {
    const Counts& counts = reports[k].result.counts;
    return Json{{"loss", reports[k].subject},
                {"passed", passed(reports[k])},
                {"counts",
                 {{"entries", counts.entries},
                  {"passed", counts.passed},
                  {"failed", counts.failed},
                  {"kinks", counts.kinks},
                  {"inconclusive", counts.inconclusive}}},
                {"defects", reports[k].result.defects.size()},
                {"seed", reports[k].seed}};
  });
  return document.text();
}

}  // namespace losscalc::report
