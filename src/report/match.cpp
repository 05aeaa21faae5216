#include "report/match.h"

#include <algorithm>

#include "report/diagnostics.h"
#include "report/json_document.h"
#include "text/nearest.h"
#include "text/number.h"

namespace losscalc::report {
namespace {

std::string entry_text(const matching::Match& match) {
  std::string text =
      "\n" + printable(match.specification) + "\n    " + text::shortest(match.value) + "\n";
  for (const std::string& difference : match.differences) text += "    " + difference + "\n";
  if (match.differences.empty()) text += "    the loss as given, unchanged\n";
  for (const std::string& dialect : match.dialects) text += "    = " + dialect + "\n";
  return text;
}

Json entry_json(const matching::Match& match) {
  return {{"spec", match.specification},
          {"value", json_number(match.value)},
          {"differences", match.differences},
          {"dialects", match.dialects}};
}

std::string tried_text(std::size_t tried) {
  return std::to_string(tried) + (tried == 1 ? " candidate" : " candidates");
}

}  // namespace

std::string match_text(const MatchReport& report) {
  const auto& [matches, nearest, tried] = report.result;
  const std::string wanted =
      printable(report.value) + " (+- " + text::rounded(report.tolerance, 2) + ")";
  if (matches.empty()) {
    std::string text = "nothing gives " + wanted + "; the nearest of " + tried_text(tried) + ":\n";
    for (const matching::Match& match : nearest) text += entry_text(match);
    return text;
  }
  const std::size_t shown = std::min(report.shown, matches.size());
  std::string text = wanted + ": " + std::to_string(matches.size()) +
                     (matches.size() == 1 ? " match" : " matches") + " among " + tried_text(tried);
  if (shown < matches.size())
    text += "; showing the best" + (shown == 1 ? std::string() : " " + std::to_string(shown));
  text += "\n";
  for (std::size_t i = 0; i < shown; ++i) text += entry_text(matches[i]);
  return text;
}

std::string match_json(const MatchReport& report) {
  JsonDocument document;
  document.add("schema", "losscalc.match/1");
  document.add("value", json_number(report.number));
  document.add("tolerance", report.tolerance);
  document.add("tried", report.result.tried);
  const auto rows = [&](std::string_view key, const std::vector<matching::Match>& matches) {
    document.add_rows(key, matches.size(), [&](std::size_t i) { return entry_json(matches[i]); });
  };
  rows("matches", report.result.matches);
  rows("nearest", report.result.nearest);
  return document.text();
}

}  // namespace losscalc::report
