#include "differentiation/entry_checker.h"

#include <algorithm>
#include <cmath>

#include "numeric/limits.h"

namespace losscalc::differentiation {
namespace {

/// Slopes so much smaller than those of other units are lost in the rounding of the values around a
/// kink, where corners of many kinds lie close together.
constexpr double negligible = 1e-8;

void decide(EntryVerdict& finding, bool passes, Reason otherwise) {
  if (!std::isfinite(finding.analytic)) {
    finding.verdict = Verdict::failed;
    finding.reason = Reason::not_finite;
  } else {
    finding.verdict = passes ? Verdict::passed : Verdict::failed;
    finding.reason = passes ? Reason::none : otherwise;
  }
}

/// Takes back that an entry passed.
void call_inconclusive(EntryVerdict& finding, Reason reason) {
  if (finding.verdict != Verdict::passed) return;
  finding.verdict = Verdict::inconclusive;
  finding.reason = reason;
}

Scheme scheme_of(Method method) {
  if (method == Method::forward) return Scheme::forward;
  return method == Method::central ? Scheme::central : Scheme::ridders;
}

}  // namespace

EntryVerdict EntryChecker::by_dual(EntryId id, const Subject& subject) const {
  EntryVerdict finding{.input = id.input,
                       .entry = id.entry,
                       .analytic = entries_.analytic(id),
                       .reference = entries_.dual(id),
                       .error = 4.0 * 0x1p-52 * std::fabs(entries_.dual(id))};
  finding.allowed = entries_.relative_part(id, entries_.dual(id)) +
                    entries_.rounding_part(id, entries_.unit_size(id, subject));
  const double deviation = std::fabs(finding.analytic - finding.reference);
  decide(finding, std::isfinite(deviation) && deviation <= finding.allowed, Reason::differs);
  return finding;
}

EntryVerdict EntryChecker::by_scheme(EntryId id, Subject& subject) const {
  EntryVerdict finding{.input = id.input, .entry = id.entry, .analytic = entries_.analytic(id)};
  const Estimate estimate = scheme_difference(scheme_of(request_.method), along_entry(id, subject),
                                              subject.point(id.input, id.entry), request_.step);
  judge_by_estimate(estimate, entries_.rounding_part(id, entries_.unit_size(id, subject)), finding);
  return finding;
}

JudgedEntry EntryChecker::look_closer(EntryId id, Subject& subject) const {
  if (is_exact(request_.method)) return {by_dual(id, subject)};
  if (request_.method != Method::automatic && request_.method != Method::differences)
    return {by_scheme(id, subject)};
  const Point point = subject.point(id.input, id.entry);
  if (!(point.room() > 0.0) || !std::isfinite(entries_.analytic(id)))
    return {without_differences(id, subject)};
  const Function f = along_entry(id, subject);
  EntryVerdict finding{.input = id.input, .entry = id.entry, .analytic = entries_.analytic(id)};
  const double unit = entries_.unit_size(id, subject);
  const double rounding = entries_.rounding_part(id, unit);
  const Quick quick = quick_difference(f, point, f(point.x), subject.noise());
  if (!quick.suspects_kink && !entries_.suspected(id) &&
      decides(quick.estimate, id, rounding, unit)) {
    if (entries_.has_dual(id)) return {by_dual(id, subject)};
    judge_by_estimate(quick.estimate, rounding, finding);
    return {finding};
  }
  const Derivative derivative = adaptive_difference(f, point, subject.noise());
  finding.left = derivative.left;
  finding.right = derivative.right;
  finding.kink_within = derivative.kink_within;
  if (derivative.kink) {
    judge_kink(derivative, rounding, finding);
    return {finding};
  }
  judge_by_estimate(derivative.both, rounding, finding);
  if (!entries_.has_dual(id)) return {finding};
  return with_dual(finding, derivative.both, subject);
}

EntryVerdict EntryChecker::without_differences(EntryId id, const Subject& subject) const {
  if (entries_.has_dual(id)) return by_dual(id, subject);
  EntryVerdict finding{.input = id.input, .entry = id.entry, .analytic = entries_.analytic(id)};
  finding.reference = quiet_nan;
  finding.error = infinity;
  decide(finding, true, Reason::differs);
  call_inconclusive(finding, Reason::at_edge);
  return finding;
}

bool EntryChecker::is_conclusive(const Estimate& estimate, EntryId id, double rounding) const {
  return std::isfinite(estimate.value) &&
         estimate.error <= 5.0 * entries_.relative_part(id, estimate.value) + rounding;
}

bool EntryChecker::decides(const Estimate& estimate, EntryId id, double rounding,
                           double unit) const {
  if (!std::isfinite(estimate.value)) return false;
  const double analytic = entries_.analytic(id);
  const double allowed = estimate.error + entries_.relative_part(id, estimate.value) + rounding;
  if (!(std::fabs(analytic - estimate.value) <= allowed)) return false;
  if (!entries_.has_dual(id)) return is_conclusive(estimate, id, rounding);
  const double dual = entries_.dual(id);
  if (!(std::fabs(dual - estimate.value) <= allowed)) return false;
  const bool confirms = estimate.error <= coarse_tolerance * unit &&
                        std::fabs(analytic - dual) <= entries_.relative_part(id, dual);
  return confirms || is_conclusive(estimate, id, rounding);
}

void EntryChecker::judge_by_estimate(const Estimate& estimate, double rounding,
                                     EntryVerdict& finding) const {
  const EntryId id{finding.input, finding.entry};
  finding.reference = estimate.value;
  finding.error = estimate.error;
  const double tolerance = entries_.relative_part(id, estimate.value) + rounding;
  finding.allowed = estimate.error + tolerance;
  const double deviation = std::fabs(finding.analytic - estimate.value);
  if (is_conclusive(estimate, id, rounding)) {
    decide(finding, deviation <= finding.allowed, Reason::differs);
    return;
  }
  decide(finding, !(deviation > 3.0 * estimate.error + tolerance), Reason::differs);
  call_inconclusive(finding, Reason::too_noisy);
}

JudgedEntry EntryChecker::with_dual(const EntryVerdict& finding, const Estimate& differences,
                                    const Subject& subject) const {
  const EntryId id{finding.input, finding.entry};
  const double dual = entries_.dual(id);
  const double rounding = entries_.rounding_part(id, entries_.unit_size(id, subject));
  const bool conclusive = is_conclusive(differences, id, rounding);
  const double deviation = std::fabs(dual - differences.value);
  const double allowed = differences.error + entries_.relative_part(id, dual) + rounding;
  const bool agree = std::isfinite(deviation) && deviation <= allowed;
  if (!agree && conclusive) return {finding, true};
  if (!std::isfinite(dual)) return {finding};
  EntryVerdict decided = by_dual(id, subject);
  decided.left = finding.left;
  decided.right = finding.right;
  if (decided.verdict == Verdict::failed && entries_.suspected(id) && !conclusive) return {finding};
  return {decided};
}

void EntryChecker::judge_kink(const Derivative& derivative, double rounding,
                              EntryVerdict& finding) const {
  const EntryId id{finding.input, finding.entry};
  const auto [low, high] = std::minmax(derivative.left.value, derivative.right.value);
  const double pad = 3.0 * (derivative.left.error + derivative.right.error) + rounding +
                     entries_.relative_part(id, std::max(std::fabs(low), std::fabs(high))) +
                     negligible * entries_.typical_size();
  finding.reference =
      finding.analytic < low ? low : (finding.analytic > high ? high : finding.analytic);
  finding.error = derivative.left.error + derivative.right.error;
  finding.allowed = pad;
  if (!std::isfinite(pad)) {
    decide(finding, true, Reason::none);
    call_inconclusive(finding, Reason::too_noisy);
    return;
  }
  decide(finding, finding.analytic >= low - pad && finding.analytic <= high + pad,
         Reason::outside_slopes);
  if (finding.verdict == Verdict::passed) {
    finding.verdict = Verdict::kink;
    finding.reason = Reason::between_slopes;
  }
}

}  // namespace losscalc::differentiation
