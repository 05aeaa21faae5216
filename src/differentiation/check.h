/// Arrays of derivatives held against the function that they are said to belong to, entry by entry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "differentiation/difference.h"
#include "numeric/point.h"
#include "text/names.h"

namespace losscalc::differentiation {

/// What is differentiated, as a function of few entries at a time. Each thread has its own.
class Subject {
 public:
  virtual ~Subject() = default;
  /// That part of the function which the moved entries change.
  virtual double at(std::span<const Displacement> moves) = 0;
  /// How far two values of the same point are known to differ.
  virtual double noise() const { return 0.0; }
  virtual Point point(std::size_t input, std::size_t entry) const = 0;
  /// All entries, as they are, on which the same terms of the function depend.
  virtual std::vector<Displacement> unit_of(std::size_t input, std::size_t entry) const = 0;
};

/// Roundings of intermediate results that an entry may suffer from.
inline constexpr double round_offs = 16.0;

/// The derivative by one input.
struct CheckedArray {
  std::span<const double> analytic;
  /// The same in dual numbers; empty where differences alone can judge.
  std::span<const double> dual = {};
  /// Entries that may lie at a kink, where dual numbers know one branch only; empty: none.
  std::span<const std::uint8_t> suspected = {};
  /// Relative tolerance, and the unit round-off of the type in which `analytic` was stored.
  double tolerance = 1e-7;
  double round_off = 0x1p-53;
  double smallest_normal = 1e-290;  ///< below it, that type has no digits left
  /// How far each entry may be from the derivative since intermediate results are rounded; empty:
  /// `round_offs` of the unit's largest entry.
  std::span<const double> rounding = {};
};

/// Where the derivatives come from that entries are held against.
enum class Method : std::uint8_t {
  automatic,    ///< dual numbers for all; differences for a sample, failures and suspected kinks
  dual,         ///< dual numbers alone
  complex,      ///< complex steps, which stand in the place of dual numbers
  differences,  ///< differences for all
  forward,
  central,
  ridders,
};

const std::vector<text::Named<Method>>& methods();

struct CheckRequest {
  Method method = Method::automatic;
  double step = 0.0;          ///< of forward, central and ridders; 0: the usual one
  std::size_t sample = 1000;  ///< of entries that automatic holds against differences too
  std::size_t entries = 0;    ///< how many are looked at; 0: all
  std::uint64_t seed = 1;
  std::size_t threads = 1;
  std::size_t worst = 10;  ///< findings to keep
  std::function<void(double)> progress = {};
};

enum class Verdict : std::uint8_t { passed, failed, kink, inconclusive };

enum class Reason : std::uint8_t {
  none,
  differs,          ///< from the derivative
  not_finite,       ///< the analytic derivative is NaN or infinite
  between_slopes,   ///< at a kink, between the slopes of its two sides
  outside_slopes,   ///< at a kink, but not between
  along_direction,  ///< at a kink, and wrong along a direction through several entries
  too_noisy,        ///< differences are too inexact to tell
  at_edge,          ///< there is no room for differences
};

struct EntryVerdict {
  std::size_t input = 0;
  std::size_t entry = 0;
  double analytic = 0.0;
  double reference = 0.0;
  double error = 0.0;  ///< bound on the reference's
  double allowed = 0.0;
  Estimate left = {};
  Estimate right = {};
  double kink_within = 0.0;
  Verdict verdict = Verdict::passed;
  Reason reason = Reason::none;

  double relative() const;
};

struct Counts {
  std::size_t entries = 0;
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t kinks = 0;
  std::size_t inconclusive = 0;
  std::size_t not_finite = 0;  ///< among the failed
};

struct CheckResult {
  Counts counts = {};
  std::size_t by_differences = 0;  ///< entries that were held against differences
  /// The worst entries first: failed, inconclusive, kinks, and the largest deviations that passed.
  std::vector<EntryVerdict> worst = {};
  /// Where dual numbers and differences contradict each other beyond their errors.
  std::vector<EntryVerdict> defects = {};
};

/// The same for any number of threads. `make_subject` is called once for each of them.
CheckResult check(const std::vector<CheckedArray>& arrays,
                  const std::function<std::unique_ptr<Subject>()>& make_subject,
                  const CheckRequest& request);

}  // namespace losscalc::differentiation
