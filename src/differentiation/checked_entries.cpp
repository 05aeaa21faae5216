#include "differentiation/checked_entries.h"

#include <algorithm>
#include <cmath>

#include "numeric/splitmix64.h"

namespace losscalc::differentiation {
namespace {

double mean_size(const CheckedEntries& entries) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const EntryId id : entries.stratified(501, 0x7776)) {
    const double size = std::fabs(entries.has_dual(id) ? entries.dual(id) : entries.analytic(id));
    if (!std::isfinite(size)) continue;
    sum += size;
    ++count;
  }
  return count == 0 || !std::isfinite(sum) ? 0.0 : sum / static_cast<double>(count);
}

}  // namespace

bool before(EntryId a, EntryId b) {
  return a.input != b.input ? a.input < b.input : a.entry < b.entry;
}

Function along_entry(EntryId id, Subject& subject) {
  return [id, &subject](double x) {
    const Displacement move{id.input, id.entry, x};
    return subject.at(std::span(&move, 1));
  };
}

CheckedEntries::CheckedEntries(const std::vector<CheckedArray>& arrays) : arrays_(arrays) {
  typical_size_ = mean_size(*this);
}

std::size_t CheckedEntries::total() const {
  std::size_t total = 0;
  for (const CheckedArray& array : arrays_) total += array.analytic.size();
  return total;
}

EntryId CheckedEntries::id_of(std::size_t number) const {
  std::size_t input = 0;
  while (number >= arrays_[input].analytic.size()) number -= arrays_[input++].analytic.size();
  return {input, number};
}

std::vector<EntryId> CheckedEntries::stratified(std::size_t count, std::uint64_t seed) const {
  const std::size_t all = total();
  count = std::min(count, all);
  std::vector<EntryId> ids;
  ids.reserve(count);
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t first = k * (all / count) + std::min(k, all % count);
    const std::size_t length = all / count + (k < all % count ? 1 : 0);
    ids.push_back(id_of(first + splitmix64(seed, k) % length));
  }
  return ids;
}

double CheckedEntries::relative_part(EntryId id, double reference) const {
  const CheckedArray& array = arrays_[id.input];
  return array.tolerance * std::max(std::fabs(analytic(id)), std::fabs(reference)) +
         array.smallest_normal;
}

double CheckedEntries::rounding_part(EntryId id, double unit_size) const {
  const CheckedArray& array = arrays_[id.input];
  const double u = array.round_off;
  const double intermediate =
      array.rounding.empty() ? round_offs * u * unit_size : array.rounding[id.entry];
  return intermediate + (u < 1e-12 ? 1e-12 : 0.0) * unit_size + u * typical_size_;
}

double CheckedEntries::unit_size(EntryId id, const Subject& subject) const {
  double largest = 0.0;
  for (const Displacement& other : subject.unit_of(id.input, id.entry)) {
    const EntryId its{other.input, other.entry};
    const double d = has_dual(its) ? dual(its) : analytic(its);
    if (std::isfinite(d)) largest = std::max(largest, std::fabs(d));
  }
  return largest;
}

}  // namespace losscalc::differentiation
