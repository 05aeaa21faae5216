#include "differentiation/kink_directions.h"

#include <algorithm>
#include <cmath>

#include "numeric/limits.h"
#include "numeric/splitmix64.h"

namespace losscalc::differentiation {
namespace {

/// Whether all kinks along the unit's coordinates bend the same way. Where some bend up and
/// others down, the slopes along a direction are no bounds for the gradients around the point.
bool bends_one_way(const std::vector<Displacement>& unit, Subject& subject) {
  bool up = false;
  bool down = false;
  for (const Displacement& entry : unit) {
    const Point point = subject.point(entry.input, entry.entry);
    if (!(point.room() > 0.0)) return false;
    const Function f = along_entry({entry.input, entry.entry}, subject);
    const Derivative derivative = adaptive_difference(f, point, subject.noise());
    if (!derivative.kink && quick_difference(f, point, f(point.x), subject.noise()).suspects_kink)
      return false;
    if (!derivative.kink) continue;
    if (derivative.kink_within > 0.0) return false;
    (derivative.right.value > derivative.left.value ? up : down) = true;
  }
  return !(up && down);
}

/// +1 or -1 for each entry of the unit; the first direction is all +1.
std::vector<double> direction(const std::vector<Displacement>& unit, std::uint64_t number,
                              std::uint64_t seed) {
  std::vector<double> along(unit.size(), 1.0);
  if (number == 0) return along;
  for (std::size_t k = 0; k < unit.size(); ++k) {
    const std::uint64_t stream = number * 0x9e3779b97f4a7c15U + unit[k].input;
    if ((splitmix64(seed ^ stream, unit[k].entry) & 1U) != 0) along[k] = -1.0;
  }
  return along;
}

bool holds_along(const std::vector<double>& along, const std::vector<Displacement>& unit,
                 const CheckedEntries& entries, Subject& subject) {
  double slope = 0.0;
  double size = 0.0;
  double rounded_away = 0.0;  // by moving large numbers by small steps
  double room = infinity;
  for (std::size_t k = 0; k < unit.size(); ++k) {
    const EntryId id{unit[k].input, unit[k].entry};
    slope += along[k] * entries.analytic(id);
    size += std::fabs(entries.analytic(id));
    rounded_away += 0x1p-52 * std::fabs(unit[k].number * entries.analytic(id));
    room = std::min(room, subject.point(id.input, id.entry).room());
  }
  std::vector<Displacement> moved = unit;
  const Derivative derivative = adaptive_difference(
      [&](double t) {
        for (std::size_t k = 0; k < unit.size(); ++k)
          moved[k].number = unit[k].number + t * along[k];
        return subject.at(moved);
      },
      {0.0, -room, room}, std::max(subject.noise(), rounded_away));
  if (derivative.kink_within > 0.0) return true;
  const auto [low, high] = std::minmax(derivative.left.value, derivative.right.value);
  // A tie that is missed is off by as much as its slopes; corners that lie too close together to be
  // told apart are off by little.
  const double tolerance = entries.tolerance({unit.front().input, unit.front().entry});
  const double pad = 3.0 * (derivative.left.error + derivative.right.error) +
                     std::max(tolerance, coarse_tolerance) * (size + entries.typical_size());
  return !(slope < low - pad || slope > high + pad);
}

}  // namespace

bool holds_along_directions(const CheckedEntries& entries, EntryId id, Subject& subject,
                            std::uint64_t seed) {
  const std::vector<Displacement> unit = subject.unit_of(id.input, id.entry);
  if (!bends_one_way(unit, subject)) return true;
  constexpr std::uint64_t directions = 8;
  for (std::uint64_t d = 0; d < directions; ++d) {
    if (!holds_along(direction(unit, d, seed), unit, entries, subject)) return false;
  }
  return true;
}

}  // namespace losscalc::differentiation
