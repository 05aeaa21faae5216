#include "differentiation/check.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "differentiation/entry_checker.h"
#include "differentiation/kink_directions.h"
#include "numeric/limits.h"

namespace losscalc::differentiation {
namespace {

/// What a first look at an entry left open.
struct Open {
  EntryId id;
  double deviation = 0.0;  ///< in multiples of what is allowed; infinite for NaN
};

/// Runs work(index, thread) for all indices, in any order.
void for_each_index(std::size_t count, std::size_t threads,
                    const std::function<void(std::size_t, std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto run = [&](std::size_t thread) {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i, thread);
    } catch (...) {
      const std::scoped_lock lock(mutex);
      if (!failure) failure = std::current_exception();
      next = count;
    }
  };
  threads = std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(count, 1));
  {
    std::vector<std::jthread> workers;
    for (std::size_t t = 1; t < threads; ++t) workers.emplace_back(run, t);
    run(0);
  }
  if (failure) std::rethrow_exception(failure);
}

class Checker {
 public:
  Checker(const std::vector<CheckedArray>& arrays,
          const std::function<std::unique_ptr<Subject>()>& make_subject,
          const CheckRequest& request)
      : arrays_(arrays), request_(request), entries_(arrays), judge_(entries_, request) {
    for (std::size_t t = 0; t < std::max<std::size_t>(request.threads, 1); ++t)
      subjects_.push_back(make_subject());
  }

  CheckResult run() {
    const std::vector<EntryId> chosen = chosen_entries();
    std::vector<Open> open;
    if (uses_dual()) {
      open = compare_with_duals(chosen);
    } else {
      for_all(chosen, [&](EntryId id) { open.push_back({.id = id}); });
    }
    judge(open);
    judge_directions();
    gather();
    return std::move(result_);
  }

 private:
  bool uses_dual() const {
    return request_.method == Method::automatic || is_exact(request_.method);
  }

  /// Empty: all.
  std::vector<EntryId> chosen_entries() const {
    if (request_.entries == 0 || request_.entries >= entries_.total()) return {};
    return entries_.stratified(request_.entries, request_.seed);
  }

  template <class Visit>
  void for_all(const std::vector<EntryId>& chosen, Visit visit) {
    if (!chosen.empty()) {
      for (const EntryId id : chosen) visit(id);
      result_.counts.entries = chosen.size();
      return;
    }
    for (std::size_t input = 0; input < arrays_.size(); ++input) {
      for (std::size_t entry = 0; entry < arrays_[input].analytic.size(); ++entry)
        visit(EntryId{input, entry});
    }
    result_.counts.entries = entries_.total();
  }

  /// Passes what agrees with dual numbers and is not to be looked at more closely.
  std::vector<Open> compare_with_duals(const std::vector<EntryId>& chosen) {
    std::vector<Open> open;
    const auto by_differences = sampled();
    std::size_t next_sampled = 0;
    for_all(chosen, [&](EntryId id) {
      const double deviation = std::fabs(entries_.analytic(id) - entries_.dual(id));
      const double allowed = entries_.relative_part(id, entries_.dual(id));
      while (next_sampled < by_differences.size() && before(by_differences[next_sampled], id))
        ++next_sampled;
      const bool in_sample =
          next_sampled < by_differences.size() && !before(id, by_differences[next_sampled]);
      // What is allowed beside an infinite number is infinite itself.
      const bool agrees = std::isfinite(deviation) && deviation <= allowed;
      if (agrees && !in_sample &&
          !(entries_.suspected(id) && request_.method == Method::automatic)) {
        ++result_.counts.passed;
        return;
      }
      double multiple = deviation / allowed;
      if (!agrees) {
        const double wide =
            allowed + entries_.rounding_part(id, entries_.unit_size(id, *subjects_[0]));
        multiple = std::isfinite(deviation) ? deviation / wide : infinity;
        if (multiple <= 1.0 && !in_sample && !entries_.suspected(id)) {
          ++result_.counts.passed;
          return;
        }
      }
      open.push_back({id, multiple});
    });
    return open;
  }

  /// Entries to be held against differences whatever their dual numbers say, in order.
  std::vector<EntryId> sampled() const {
    if (request_.method != Method::automatic) return {};
    return entries_.stratified(request_.sample, request_.seed ^ 0x5a5a5a5a);
  }

  /// Judges the open entries by differences; where all of a large gradient deviates, only the worst
  /// of what lies at no kink.
  void judge(const std::vector<Open>& open) {
    constexpr std::size_t max_failures = 500;
    std::vector<Open> failures;
    std::vector<EntryId> closer;
    for (const Open& entry : open) {
      if (uses_dual() && entry.deviation > 1.0 && !entries_.suspected(entry.id)) {
        failures.push_back(entry);
      } else {
        closer.push_back(entry.id);
      }
    }
    std::ranges::sort(failures, [](const Open& a, const Open& b) {
      if (a.deviation != b.deviation) return a.deviation > b.deviation;
      return before(a.id, b.id);
    });
    for (std::size_t i = 0; i < failures.size(); ++i) {
      if (i < max_failures && request_.method == Method::automatic) {
        closer.push_back(failures[i].id);
      } else {
        findings_.push_back(judge_.by_dual(failures[i].id, *subjects_[0]));
      }
    }
    std::vector<JudgedEntry> judged_entries(closer.size());
    std::atomic<std::size_t> done = 0;
    for_each_index(closer.size(), subjects_.size(), [&](std::size_t i, std::size_t thread) {
      judged_entries[i] = judge_.look_closer(closer[i], *subjects_[thread]);
      if (thread == 0 && request_.progress)
        request_.progress(static_cast<double>(++done) / static_cast<double>(closer.size()));
      else
        ++done;
    });
    if (!is_exact(request_.method)) result_.by_differences = closer.size();
    for (const JudgedEntry& judged : judged_entries) {
      if (judged.contradiction) result_.defects.push_back(judged.finding);
      findings_.push_back(judged.finding);
    }
  }

  /// Units with a kink are tested along directions through all their entries too.
  void judge_directions() {
    std::map<std::pair<std::size_t, std::size_t>, std::vector<std::size_t>> units;
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      if (findings_[i].verdict != Verdict::kink) continue;
      const std::vector<Displacement> unit =
          subjects_[0]->unit_of(findings_[i].input, findings_[i].entry);
      const auto first =
          std::ranges::min_element(unit, [](const Displacement& a, const Displacement& b) {
            return before({a.input, a.entry}, {b.input, b.entry});
          });
      if (unit.size() > 1) units[{first->input, first->entry}].push_back(i);
    }
    std::vector<std::vector<std::size_t>> groups;
    groups.reserve(units.size());
    for (auto& [unit, members] : units) groups.push_back(std::move(members));
    for_each_index(groups.size(), subjects_.size(), [&](std::size_t g, std::size_t thread) {
      const EntryVerdict& one = findings_[groups[g].front()];
      if (holds_along_directions(entries_, {one.input, one.entry}, *subjects_[thread],
                                 request_.seed))
        return;
      for (const std::size_t member : groups[g]) {
        findings_[member].verdict = Verdict::failed;
        findings_[member].reason = Reason::along_direction;
      }
    });
  }

  /// Worse findings go first.
  static bool is_worse(const EntryVerdict& a, const EntryVerdict& b) {
    const auto rank = [](const EntryVerdict& f) {
      switch (f.verdict) {
        case Verdict::failed: return 0;
        case Verdict::inconclusive: return 1;
        case Verdict::kink: return 2;
        case Verdict::passed: break;
      }
      return 3;
    };
    const auto excess = [](const EntryVerdict& f) {
      const double multiple = std::fabs(f.analytic - f.reference) / f.allowed;
      if (std::isnan(multiple)) return infinity;
      return multiple;
    };
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    if (excess(a) != excess(b)) return excess(a) > excess(b);
    return before({a.input, a.entry}, {b.input, b.entry});
  }

  void gather() {
    for (const EntryVerdict& finding : findings_) {
      switch (finding.verdict) {
        case Verdict::passed: ++result_.counts.passed; break;
        case Verdict::failed: ++result_.counts.failed; break;
        case Verdict::kink: ++result_.counts.kinks; break;
        case Verdict::inconclusive: ++result_.counts.inconclusive; break;
      }
      if (finding.reason == Reason::not_finite) ++result_.counts.not_finite;
    }
    const std::size_t kept = std::min(request_.worst, findings_.size());
    std::ranges::partial_sort(findings_, findings_.begin() + static_cast<std::ptrdiff_t>(kept),
                              is_worse);
    findings_.resize(kept);
    result_.worst = std::move(findings_);
    std::ranges::sort(result_.defects, is_worse);
  }

  const std::vector<CheckedArray>& arrays_;
  const CheckRequest& request_;
  CheckedEntries entries_;
  EntryChecker judge_;
  std::vector<std::unique_ptr<Subject>> subjects_;
  std::vector<EntryVerdict> findings_;
  CheckResult result_;
};

}  // namespace

const std::vector<text::Named<Method>>& methods() {
  static const std::vector<text::Named<Method>> names{
      {Method::automatic, "auto", "dual numbers, and differences for a sample, failures and kinks"},
      {Method::dual, "dual", "dual numbers alone"},
      {Method::complex, "complex", "complex steps"},
      {Method::differences, "differences"},
      {Method::forward, "forward"},
      {Method::central, "central"},
      {Method::ridders, "ridders"}};
  return names;
}

double EntryVerdict::relative() const {
  const double size = std::max(std::fabs(analytic), std::fabs(reference));
  return size == 0.0 ? 0.0 : std::fabs(analytic - reference) / size;
}

CheckResult check(const std::vector<CheckedArray>& arrays,
                  const std::function<std::unique_ptr<Subject>()>& make_subject,
                  const CheckRequest& request) {
  return Checker(arrays, make_subject, request).run();
}

}  // namespace losscalc::differentiation
