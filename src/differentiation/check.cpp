#include "differentiation/check.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <exception>
#include <limits>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace losscalc::differentiation {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Rounding of a gradient that is computed as a difference of numbers as large as its unit's
/// largest entry.
constexpr double round_offs = 16.0;

struct EntryId {
  std::size_t input = 0;
  std::size_t entry = 0;
};

/// Slopes so much smaller than those of other units are lost in the rounding of the values around a
/// kink, where corners of many kinds lie close together.
constexpr double negligible = 1e-8;

/// What counts along directions and beside dual numbers, relative to the unit.
constexpr double gross = 1e-6;

/// What a first look at an entry left open.
struct Open {
  EntryId id;
  double deviation = 0.0;  ///< in multiples of what is allowed; infinite for NaN
  bool suspected = false;
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
      : arrays_(arrays), request_(request) {
    for (std::size_t t = 0; t < std::max<std::size_t>(request.threads, 1); ++t)
      subjects_.push_back(make_subject());
    typical_size_ = typical_size();
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
  /// Whether derivatives without steps alone decide.
  bool is_exact() const {
    return request_.method == Method::dual || request_.method == Method::complex;
  }
  bool uses_dual() const { return request_.method == Method::automatic || is_exact(); }

  std::size_t total() const {
    std::size_t total = 0;
    for (const CheckedArray& array : arrays_) total += array.analytic.size();
    return total;
  }

  EntryId id_of(std::size_t number) const {
    std::size_t input = 0;
    while (number >= arrays_[input].analytic.size()) number -= arrays_[input++].analytic.size();
    return {input, number};
  }

  /// One of each of `count` equal stretches of all entries.
  std::vector<EntryId> stratified(std::size_t count, std::uint64_t stream) const {
    const std::size_t all = total();
    count = std::min(count, all);
    std::vector<EntryId> ids;
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t first = k * (all / count) + std::min(k, all % count);
      const std::size_t length = all / count + (k < all % count ? 1 : 0);
      ids.push_back(id_of(first + mixed(request_.seed ^ stream, k) % length));
    }
    return ids;
  }

  /// Empty: all.
  std::vector<EntryId> chosen_entries() const {
    if (request_.entries == 0 || request_.entries >= total()) return {};
    return stratified(request_.entries, 0);
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
    result_.counts.entries = total();
  }

  double analytic(EntryId id) const { return arrays_[id.input].analytic[id.entry]; }
  double dual(EntryId id) const { return arrays_[id.input].dual[id.entry]; }
  bool has_dual(EntryId id) const { return !arrays_[id.input].dual.empty(); }
  bool suspected(EntryId id) const {
    return !arrays_[id.input].suspected.empty() && arrays_[id.input].suspected[id.entry] != 0;
  }

  double relative_part(EntryId id, double reference) const {
    return arrays_[id.input].tolerance * std::max(std::fabs(analytic(id)), std::fabs(reference)) +
           arrays_[id.input].least;
  }

  /// The rounding that is left to a gradient whose unit's largest entry is `unit_size`.
  double rounding_part(EntryId id, double unit_size) const {
    const double u = arrays_[id.input].round_off;
    return (round_offs * u + (u < 1e-12 ? 1e-12 : 0.0)) * unit_size + u * typical_size_;
  }

  /// The largest derivative of the entry's unit, as far as it is known.
  double unit_size(EntryId id, const Subject& subject) const {
    double largest = 0.0;
    for (const Move& other : subject.unit_of(id.input, id.entry)) {
      const EntryId its{other.input, other.entry};
      const double d = has_dual(its) ? dual(its) : analytic(its);
      if (std::isfinite(d)) largest = std::max(largest, std::fabs(d));
    }
    return largest;
  }

  /// Passes what agrees with dual numbers and is not to be looked at more closely.
  std::vector<Open> compare_with_duals(const std::vector<EntryId>& chosen) {
    std::vector<Open> open;
    std::vector<Finding> largest;
    const auto by_differences = sampled();
    std::size_t next_sampled = 0;
    for_all(chosen, [&](EntryId id) {
      const double deviation = std::fabs(analytic(id) - dual(id));
      const double allowed = relative_part(id, dual(id));
      while (next_sampled < by_differences.size() && before(by_differences[next_sampled], id))
        ++next_sampled;
      const bool in_sample =
          next_sampled < by_differences.size() && !before(id, by_differences[next_sampled]);
      // What is allowed beside an infinite number is infinite itself.
      const bool agrees = std::isfinite(deviation) && deviation <= allowed;
      if (agrees && !in_sample && !(suspected(id) && request_.method == Method::automatic)) {
        ++result_.counts.passed;
        return;
      }
      double multiple = agrees ? deviation / allowed : infinity;
      if (!agrees) {
        const double wide = allowed + rounding_part(id, unit_size(id, *subjects_[0]));
        multiple = deviation / wide;
        if (std::isnan(multiple)) multiple = infinity;
        if (multiple <= 1.0 && !in_sample && !suspected(id)) {
          ++result_.counts.passed;
          return;
        }
      }
      open.push_back({id, multiple, suspected(id)});
    });
    return open;
  }

  static bool before(EntryId a, EntryId b) {
    return a.input != b.input ? a.input < b.input : a.entry < b.entry;
  }

  /// Entries to be held against differences whatever their dual numbers say, in order.
  std::vector<EntryId> sampled() const {
    if (request_.method != Method::automatic) return {};
    return stratified(request_.sample, 0x5a5a5a5a);
  }

  /// Judges the open entries by differences; where all of a large gradient deviates, only the worst
  /// of what lies at no kink.
  void judge(std::vector<Open>& open) {
    constexpr std::size_t most_failures = 500;
    std::vector<Open> failures;
    std::vector<std::size_t> judged;
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (uses_dual() && open[i].deviation > 1.0 && !open[i].suspected) {
        failures.push_back(open[i]);
      } else {
        judged.push_back(i);
      }
    }
    const auto worse = [](const Open& a, const Open& b) {
      if (a.deviation != b.deviation) return a.deviation > b.deviation;
      return before(a.id, b.id);
    };
    std::ranges::sort(failures, worse);
    std::vector<Open> closer;
    closer.reserve(judged.size());
    for (const std::size_t i : judged) closer.push_back(open[i]);
    for (std::size_t i = 0; i < failures.size(); ++i) {
      if (i < most_failures && request_.method == Method::automatic) {
        closer.push_back(failures[i]);
      } else {
        findings_.push_back(by_dual(failures[i].id, *subjects_[0]));
      }
    }
    std::vector<Finding> found(closer.size());
    std::vector<std::uint8_t> contradicted(closer.size(), 0);
    std::atomic<std::size_t> done = 0;
    for_each_index(closer.size(), subjects_.size(), [&](std::size_t i, std::size_t thread) {
      bool contradiction = false;
      found[i] = look_closer(closer[i], *subjects_[thread], contradiction);
      contradicted[i] = contradiction ? 1 : 0;
      if (thread == 0 && request_.progress)
        request_.progress(static_cast<double>(++done) / static_cast<double>(closer.size()));
      else
        ++done;
    });
    if (!is_exact()) result_.by_differences = closer.size();
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (contradicted[i] != 0) result_.defects.push_back(found[i]);
      findings_.push_back(found[i]);
    }
  }

  /// The verdict of dual numbers alone.
  Finding by_dual(EntryId id, const Subject& subject) const {
    Finding finding{.input = id.input,
                    .entry = id.entry,
                    .analytic = analytic(id),
                    .reference = dual(id),
                    .error = 4.0 * 0x1p-52 * std::fabs(dual(id))};
    finding.allowed = relative_part(id, dual(id)) + rounding_part(id, unit_size(id, subject));
    const double deviation = std::fabs(finding.analytic - finding.reference);
    settle(finding, std::isfinite(deviation) && deviation <= finding.allowed, Reason::differs);
    return finding;
  }

  static void settle(Finding& finding, bool passes, Reason otherwise) {
    if (!std::isfinite(finding.analytic)) {
      finding.verdict = Verdict::failed;
      finding.reason = Reason::not_finite;
    } else {
      finding.verdict = passes ? Verdict::passed : Verdict::failed;
      finding.reason = passes ? Reason::none : otherwise;
    }
  }

  /// Holds an entry against differences. `contradiction`: dual numbers and differences exclude each
  /// other.
  Finding look_closer(const Open& open, Subject& subject, bool& contradiction) const {
    const EntryId id = open.id;
    if (is_exact()) return by_dual(id, subject);
    const Point point = subject.point(id.input, id.entry);
    const Function f = [&](double x) {
      const Move move{id.input, id.entry, x};
      return subject.at(std::span(&move, 1));
    };
    Finding finding{.input = id.input, .entry = id.entry, .analytic = analytic(id)};
    const double unit = unit_size(id, subject);
    const double rounding = rounding_part(id, unit);
    if (request_.method != Method::automatic && request_.method != Method::differences) {
      judge_by_estimate(scheme_difference(scheme(), f, point, request_.step), rounding, finding);
      return finding;
    }
    if (!(point.room() > 0.0) || !std::isfinite(analytic(id)))
      return without_differences(id, subject);
    const Quick quick = quick_difference(f, point, f(point.x), subject.noise());
    if (!quick.alarm && !open.suspected && settles(quick.estimate, id, rounding, unit)) {
      if (has_dual(id)) return by_dual(id, subject);
      judge_by_estimate(quick.estimate, rounding, finding);
      return finding;
    }
    const Derivative derivative = thorough_difference(f, point, subject.noise());
    finding.left = derivative.left;
    finding.right = derivative.right;
    finding.kink_within = derivative.kink_within;
    if (derivative.kink) {
      judge_kink(derivative, rounding, finding);
      return finding;
    }
    judge_by_estimate(derivative.both, rounding, finding);
    if (!has_dual(id)) return finding;
    return with_dual(finding, derivative.both, subject, contradiction);
  }

  Scheme scheme() const {
    if (request_.method == Method::forward) return Scheme::forward;
    return request_.method == Method::central ? Scheme::central : Scheme::ridders;
  }

  /// Where differences have no room, dual numbers decide if there are any.
  Finding without_differences(EntryId id, const Subject& subject) const {
    if (has_dual(id)) return by_dual(id, subject);
    Finding finding{.input = id.input, .entry = id.entry, .analytic = analytic(id)};
    finding.reference = std::numeric_limits<double>::quiet_NaN();
    finding.error = infinity;
    settle(finding, true, Reason::differs);
    if (finding.verdict == Verdict::passed) {
      finding.verdict = Verdict::inconclusive;
      finding.reason = Reason::at_edge;
    }
    return finding;
  }

  bool is_conclusive(const Estimate& estimate, EntryId id, double rounding) const {
    return estimate.error <= 5.0 * relative_part(id, estimate.value) + rounding;
  }

  /// Whether a quick estimate is fine enough and agrees with all that is known. Beside dual numbers
  /// that agree with the gradient, it need be no finer than what counts in the entry's unit.
  bool settles(const Estimate& estimate, EntryId id, double rounding, double unit) const {
    const double allowed = estimate.error + relative_part(id, estimate.value) + rounding;
    const bool agrees = std::fabs(analytic(id) - estimate.value) <= allowed;
    const bool dual_agrees = !has_dual(id) || std::fabs(dual(id) - estimate.value) <= allowed;
    if (!agrees || !dual_agrees) return false;
    const bool confirms = has_dual(id) && estimate.error <= gross * unit &&
                          std::fabs(analytic(id) - dual(id)) <= relative_part(id, dual(id));
    return confirms || is_conclusive(estimate, id, rounding);
  }

  void judge_by_estimate(const Estimate& estimate, double rounding, Finding& finding) const {
    const EntryId id{finding.input, finding.entry};
    finding.reference = estimate.value;
    finding.error = estimate.error;
    const double tolerance = relative_part(id, estimate.value) + rounding;
    finding.allowed = estimate.error + tolerance;
    const double deviation = std::fabs(finding.analytic - estimate.value);
    if (is_conclusive(estimate, id, rounding)) {
      settle(finding, deviation <= finding.allowed, Reason::differs);
      return;
    }
    settle(finding, !(deviation > 3.0 * estimate.error + tolerance), Reason::differs);
    if (finding.verdict == Verdict::passed) {
      finding.verdict = Verdict::inconclusive;
      finding.reason = Reason::too_noisy;
    }
  }

  /// Dual numbers decide where differences can't; where both can, they must agree.
  Finding with_dual(const Finding& finding, const Estimate& differences, const Subject& subject,
                    bool& contradiction) const {
    const EntryId id{finding.input, finding.entry};
    const double rounding = rounding_part(id, unit_size(id, subject));
    const double allowed = differences.error + relative_part(id, dual(id)) + rounding;
    const bool conclusive = is_conclusive(differences, id, rounding);
    const bool agree = std::fabs(dual(id) - differences.value) <= allowed;
    if (!agree && conclusive) {
      contradiction = true;
      return finding;
    }
    if (!std::isfinite(dual(id))) return finding;
    Finding decided = by_dual(id, subject);
    decided.left = finding.left;
    decided.right = finding.right;
    if (decided.verdict == Verdict::failed && suspected(id) && !conclusive) return finding;
    return decided;
  }

  void judge_kink(const Derivative& derivative, double rounding, Finding& finding) const {
    const EntryId id{finding.input, finding.entry};
    const auto [low, high] = std::minmax(derivative.left.value, derivative.right.value);
    const double pad = 3.0 * (derivative.left.error + derivative.right.error) + rounding +
                       relative_part(id, std::max(std::fabs(low), std::fabs(high))) +
                       negligible * typical_size_;
    finding.reference =
        finding.analytic < low ? low : (finding.analytic > high ? high : finding.analytic);
    finding.error = derivative.left.error + derivative.right.error;
    finding.allowed = pad;
    settle(finding, finding.analytic >= low - pad && finding.analytic <= high + pad,
           Reason::outside_slopes);
    if (finding.verdict == Verdict::passed) {
      finding.verdict = Verdict::kink;
      finding.reason = Reason::between_slopes;
    }
  }

  /// At a tie of two, each of (1,1) lies between its slopes and yet is no gradient: units with a
  /// kink are tested along directions through all their entries too.
  void judge_directions() {
    std::map<std::pair<std::size_t, std::size_t>, std::vector<std::size_t>> units;
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      if (findings_[i].verdict != Verdict::kink) continue;
      const std::vector<Move> unit = subjects_[0]->unit_of(findings_[i].input, findings_[i].entry);
      const auto first = std::ranges::min_element(unit, [](const Move& a, const Move& b) {
        return before({a.input, a.entry}, {b.input, b.entry});
      });
      if (unit.size() > 1) units[{first->input, first->entry}].push_back(i);
    }
    std::vector<std::vector<std::size_t>> groups;
    groups.reserve(units.size());
    for (auto& [unit, members] : units) groups.push_back(std::move(members));
    for_each_index(groups.size(), subjects_.size(), [&](std::size_t g, std::size_t thread) {
      const Finding& one = findings_[groups[g].front()];
      if (holds_along_directions({one.input, one.entry}, *subjects_[thread])) return;
      for (const std::size_t member : groups[g]) {
        findings_[member].verdict = Verdict::failed;
        findings_[member].reason = Reason::along_direction;
      }
    });
  }

  /// Whether all kinks along the unit's coordinates bend the same way. Where some bend up and
  /// others down, the slopes along a direction are no bounds for the gradients around the point.
  static bool bends_one_way(const std::vector<Move>& unit, Subject& subject) {
    bool up = false;
    bool down = false;
    for (const Move& entry : unit) {
      const Point point = subject.point(entry.input, entry.entry);
      if (!(point.room() > 0.0)) return false;
      const Function f = [&](double x) {
        const Move move{entry.input, entry.entry, x};
        return subject.at(std::span(&move, 1));
      };
      const Derivative derivative = thorough_difference(f, point, subject.noise());
      if (!derivative.kink && quick_difference(f, point, f(point.x), subject.noise()).alarm)
        return false;
      if (!derivative.kink) continue;
      if (derivative.kink_within > 0.0) return false;
      (derivative.right.value > derivative.left.value ? up : down) = true;
    }
    return !(up && down);
  }

  bool holds_along_directions(EntryId id, Subject& subject) const {
    const std::vector<Move> unit = subject.unit_of(id.input, id.entry);
    if (!bends_one_way(unit, subject)) return true;
    constexpr std::uint64_t directions = 8;
    for (std::uint64_t d = 0; d < directions; ++d) {
      std::vector<double> along(unit.size(), 1.0);
      double slope = 0.0;
      double size = 0.0;
      double rounded_away = 0.0;  // by moving large numbers by small steps
      Point line{0.0, -infinity, infinity};
      for (std::size_t k = 0; k < unit.size(); ++k) {
        const EntryId its{unit[k].input, unit[k].entry};
        const std::uint64_t stream = d * 0x9e3779b97f4a7c15U + its.input;
        if (d > 0 && (mixed(request_.seed ^ stream, its.entry) & 1U) != 0) along[k] = -1.0;
        slope += along[k] * analytic(its);
        size += std::fabs(analytic(its));
        rounded_away += 0x1p-52 * std::fabs(unit[k].number * analytic(its));
        const double room = subject.point(its.input, its.entry).room();
        if (!(room > 0.0)) along[k] = 0.0;
        if (room > 0.0) line = {0.0, std::max(line.lower, -room), std::min(line.upper, room)};
      }
      std::vector<Move> moved = unit;
      const Derivative derivative = thorough_difference(
          [&](double t) {
            for (std::size_t k = 0; k < unit.size(); ++k)
              moved[k].number = unit[k].number + t * along[k];
            return subject.at(moved);
          },
          line, std::max(subject.noise(), rounded_away));
      if (derivative.kink_within > 0.0) continue;
      const auto [low, high] = std::minmax(derivative.left.value, derivative.right.value);
      // A tie that is missed is off by as much as its slopes; corners that lie too close together
      // to be told apart are off by little.
      const double pad = 3.0 * (derivative.left.error + derivative.right.error) +
                         std::max(arrays_[id.input].tolerance, gross) * (size + typical_size_);
      if (slope < low - pad || slope > high + pad) return false;
    }
    return true;
  }

  /// The mean size of a sample of derivatives.
  double typical_size() const {
    double sum = 0.0;
    std::size_t count = 0;
    for (const EntryId id : stratified(501, 0x7777)) {
      const double size = std::fabs(has_dual(id) ? dual(id) : analytic(id));
      if (!std::isfinite(size)) continue;
      sum += size;
      ++count;
    }
    return count == 0 || !std::isfinite(sum) ? 0.0 : sum / static_cast<double>(count);
  }

  /// Worse findings go first.
  static bool is_worse(const Finding& a, const Finding& b) {
    const auto rank = [](const Finding& f) {
      switch (f.verdict) {
        case Verdict::failed: return 0;
        case Verdict::inconclusive: return 1;
        case Verdict::kink: return 2;
        case Verdict::passed: break;
      }
      return 3;
    };
    const auto excess = [](const Finding& f) {
      const double multiple = std::fabs(f.analytic - f.reference) / f.allowed;
      if (std::isnan(multiple)) return std::numeric_limits<double>::infinity();
      return multiple;
    };
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    if (excess(a) != excess(b)) return excess(a) > excess(b);
    return before({a.input, a.entry}, {b.input, b.entry});
  }

  void gather() {
    for (const Finding& finding : findings_) {
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
  std::vector<std::unique_ptr<Subject>> subjects_;
  double typical_size_ = 0.0;
  std::vector<Finding> findings_;
  CheckResult result_;
};

}  // namespace

double Finding::relative() const {
  const double size = std::max(std::fabs(analytic), std::fabs(reference));
  return size == 0.0 ? 0.0 : std::fabs(analytic - reference) / size;
}

std::uint64_t mixed(std::uint64_t seed, std::uint64_t counter) {
  std::uint64_t z = seed + (counter + 1) * 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

CheckResult check(const std::vector<CheckedArray>& arrays,
                  const std::function<std::unique_ptr<Subject>()>& make_subject,
                  const CheckRequest& request) {
  return Checker(arrays, make_subject, request).run();
}

}  // namespace losscalc::differentiation
