#include "matching/search.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "numeric/limits.h"

namespace losscalc::matching {
namespace {

bool is_close(double value, double wanted, double tolerance) {
  if (std::isnan(wanted)) return std::isnan(value);
  return value == wanted || std::fabs(value - wanted) <= tolerance;
}

constexpr std::size_t nearest_shown = 3;

std::string loss_of(const Match& match) {
  return match.specification.substr(0, match.specification.find('('));
}

/// A library's loss of every version stands for those of single ones.
void drop_versions(std::vector<std::string>& dialects) {
  const std::vector<std::string> all = dialects;
  std::erase_if(dialects, [&all](const std::string& dialect) {
    const std::size_t version = dialect.find(" (from ");
    return version != std::string::npos &&
           std::ranges::find(all, dialect.substr(0, version)) != all.end();
  });
}

/// Whether they differ by no more than the order of a sum may make them.
bool is_same_number(double one, double other) {
  constexpr double rounding = 1e-13;
  if (one == other || (std::isnan(one) && std::isnan(other))) return true;
  return std::fabs(one - other) <= rounding * std::max(std::fabs(one), std::fabs(other));
}

/// Changes that change nothing on these data only hide the others: of one loss and one value the
/// nearest stands for all, with the libraries of all.
std::vector<Match> distinct(const std::vector<Match>& matches) {
  std::vector<Match> kept;
  for (const Match& match : matches) {
    const auto same = std::ranges::find_if(kept, [&](const Match& other) {
      return loss_of(other) == loss_of(match) && is_same_number(other.value, match.value);
    });
    if (same == kept.end()) {
      kept.push_back(match);
    } else {
      same->dialects.insert(same->dialects.end(), match.dialects.begin(), match.dialects.end());
    }
  }
  for (Match& match : kept) drop_versions(match.dialects);
  return kept;
}

/// The different candidates, and the libraries' names of each.
struct Different {
  std::vector<const Candidate*> candidates = {};
  std::vector<std::string> texts = {};
  std::vector<std::vector<std::string>> dialects = {};
};

Different different(const std::vector<Candidate>& candidates) {
  Different result;
  std::map<std::string, std::size_t> seen;
  for (const Candidate& candidate : candidates) {
    const std::string text = spec::to_string(candidate.term);
    const auto [known, is_new] =
        seen.try_emplace(text + in_words(candidate.preprocessing), result.candidates.size());
    if (is_new) {
      result.candidates.push_back(&candidate);
      result.texts.push_back(text);
      result.dialects.emplace_back();
    }
    if (!candidate.dialect.empty()) result.dialects[known->second].push_back(candidate.dialect);
  }
  return result;
}

/// The different candidates that the data fit, with their values.
std::vector<Match> valued(const std::vector<Candidate>& candidates, const Valuation& valuation) {
  Different all = different(candidates);
  const std::vector<std::optional<double>> values = valuation(all.candidates);
  std::vector<Match> found;
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (!values[k]) continue;
    const Candidate& candidate = *all.candidates[k];
    found.push_back({.specification = std::move(all.texts[k]),
                     .value = *values[k],
                     .differences = candidate.differences,
                     .dialects = std::move(all.dialects[k]),
                     .distance = candidate.distance});
  }
  return found;
}

}  // namespace

Result search(const std::vector<Candidate>& candidates, double value, double tolerance,
              const Valuation& valuation) {
  Result result;
  std::vector<Match> found = valued(candidates, valuation);
  result.tried = found.size();
  for (const Match& match : found) {
    if (is_close(match.value, value, tolerance)) result.matches.push_back(match);
  }
  const auto error = [value](const Match& match) {
    if (std::isnan(match.value)) return infinity;
    return std::fabs(match.value - value);
  };
  // A loss that libraries have is likelier than one that only its parts make up.
  const auto unlikely = [&](const Match& match) {
    return match.distance + (match.dialects.empty() && match.distance > 0 ? 1U : 0U);
  };
  std::ranges::stable_sort(result.matches, [&](const Match& one, const Match& other) {
    return unlikely(one) < unlikely(other);
  });
  result.matches = distinct(result.matches);
  if (!result.matches.empty()) return result;
  std::ranges::stable_sort(
      found, [&](const Match& one, const Match& other) { return error(one) < error(other); });
  result.nearest = distinct(found);
  if (result.nearest.size() > nearest_shown)
    result.nearest.erase(result.nearest.begin() + nearest_shown, result.nearest.end());
  return result;
}

}  // namespace losscalc::matching
