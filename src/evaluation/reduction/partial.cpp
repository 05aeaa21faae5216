#include "evaluation/reduction/partial.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "numeric/limits.h"

namespace losscalc::evaluation {
namespace {

template <class T>
std::span<const T> part_of(std::span<const T> values, std::size_t first, std::size_t count) {
  return values.empty() ? values : values.subspan(first, count);
}

void add_units(UnitSums& sums, std::span<const double> losses, std::span<const double> weights,
               std::span<const std::uint8_t> ignored, bool ignored_count) {
  const auto ignored_units = static_cast<std::size_t>(
      std::ranges::count_if(ignored, [](std::uint8_t flag) { return flag != 0; }));
  const std::size_t kept = losses.size() - (ignored_count ? 0 : ignored_units);
  sums.loss.add_blocked(losses);
  if (weights.empty()) {
    sums.weight.add(static_cast<double>(kept));
  } else {
    sums.weight.add_blocked(weights);
  }
  sums.units += kept;
  sums.ignored += ignored_units;
}

void record_classes(const UnitBlock& block, Partial& partial) {
  for (std::size_t i = 0; i < block.losses.size(); ++i) {
    if (!block.ignored.empty() && block.ignored[i] != 0) continue;
    UnitSums& sums = partial.by_class[block.classes[i]];
    sums.loss.add(block.losses[i]);
    sums.weight.add(block.weights.empty() ? 1.0 : block.weights[i]);
    ++sums.units;
  }
}

void merge_each(std::vector<UnitSums>& all, const std::vector<UnitSums>& next) {
  all.resize(std::max(all.size(), next.size()));
  for (std::size_t k = 0; k < next.size(); ++k) all[k].merge(next[k]);
}

bool all_finite(std::span<const double> losses) {
  // A product with 0 is 0, but for infinities and NaN. Several sums, as one would wait for itself.
  std::array<double, 8> products{};
  std::size_t i = 0;
  for (; i + products.size() <= losses.size(); i += products.size()) {
    for (std::size_t k = 0; k < products.size(); ++k) products[k] += 0.0 * losses[i + k];
  }
  for (; i < losses.size(); ++i) products[0] += 0.0 * losses[i];
  return std::ranges::all_of(products, [](double product) { return product == 0.0; });
}

void find_non_finite(const UnitBlock& block, DataIssues& issues) {
  if (all_finite(block.losses)) return;
  for (std::size_t i = 0; i < block.losses.size(); ++i) {
    if (!std::isfinite(block.losses[i]))
      issues.add(DataIssue::non_finite_loss, block.first_position + i);
  }
}

}  // namespace

void UnitSums::merge(const UnitSums& other) {
  loss.merge(other.loss);
  weight.merge(other.weight);
  units += other.units;
  ignored += other.ignored;
}

double divisor(const UnitSums& sums, Reduction reduction, std::size_t samples) {
  switch (reduction) {
    case Reduction::none:
    case Reduction::sum: return 1.0;
    case Reduction::mean:
    case Reduction::median: return sums.weight.value();
    case Reduction::count_mean: return static_cast<double>(sums.units);
    case Reduction::batchmean: return static_cast<double>(samples);
  }
  return quiet_nan;
}

double reduced(const UnitSums& sums, Reduction reduction, std::size_t samples) {
  const double by = divisor(sums, reduction, samples);
  return by == 0.0 ? quiet_nan : sums.loss.value() / by;
}

void MapSums::merge(const MapSums& other) {
  intersection.merge(other.intersection);
  prediction.merge(other.prediction);
  target.merge(other.target);
  pixels += other.pixels;
}

Overlap<double> MapSums::overlap() const {
  return {intersection.value(), prediction.value(), target.value()};
}

MapSums& MapRange::at(std::size_t index) {
  if (maps.empty()) first = index;
  if (index < first) {
    maps.insert(maps.begin(), first - index, MapSums{});
    first = index;
  }
  if (index - first >= maps.size()) maps.resize(index - first + 1);
  return maps[index - first];
}

void MapRange::drop_before(std::size_t index) {
  if (index <= first) return;
  const std::size_t count = std::min(index - first, maps.size());
  maps.erase(maps.begin(), maps.begin() + static_cast<std::ptrdiff_t>(count));
  first += count;
}

void MapRange::merge(const MapRange& other) {
  if (maps.empty()) {
    *this = other;
    return;
  }
  for (std::size_t i = 0; i < other.maps.size(); ++i) at(other.first + i).merge(other.maps[i]);
}

void Partial::merge(const Partial& next) {
  total.merge(next.total);
  auto rest = next.by_sample.begin();
  if (!by_sample.empty() && rest != next.by_sample.end() &&
      by_sample.back().sample == rest->sample) {
    by_sample.back().sums.merge(rest->sums);
    ++rest;
  }
  by_sample.insert(by_sample.end(), rest, next.by_sample.end());
  merge_each(by_class, next.by_class);
  merge_each(by_output, next.by_output);
  target_counts.resize(std::max(target_counts.size(), next.target_counts.size()));
  for (std::size_t c = 0; c < next.target_counts.size(); ++c)
    target_counts[c] += next.target_counts[c];
  maps.merge(next.maps);
  sample_maps.merge(next.sample_maps);
  issues.merge(next.issues);
}

void record_samples(const UnitBlock& block, std::size_t positions_per_sample, Partial& partial) {
  const std::size_t count = block.losses.size();
  for (std::size_t i = 0; i < count;) {
    const std::size_t sample = (block.first_position + i) / positions_per_sample;
    const std::size_t run =
        std::min(count - i, (sample + 1) * positions_per_sample - block.first_position - i);
    // Units of earlier classes may have visited later samples of the block, so the entry is not
    // always the last.
    auto entry = std::ranges::lower_bound(partial.by_sample, sample, {}, &SampleSums::sample);
    if (entry == partial.by_sample.end() || entry->sample != sample) {
      entry = partial.by_sample.insert(entry, SampleSums{.sample = sample});
    }
    add_units(entry->sums, block.losses.subspan(i, run), part_of(block.weights, i, run),
              part_of(block.ignored, i, run), block.ignored_count);
    if (!block.targets.empty()) entry->target = block.targets[i];
    if (!block.predicted.empty()) entry->predicted = block.predicted[i];
    i += run;
  }
}

void record(const UnitBlock& block, const PassOutputs& tables, std::size_t positions_per_sample,
            Partial& partial) {
  add_units(partial.total, block.losses, block.weights, block.ignored, block.ignored_count);
  find_non_finite(block, partial.issues);
  if (tables.by_sample) record_samples(block, positions_per_sample, partial);
  if (tables.by_class && !block.classes.empty()) record_classes(block, partial);
}

}  // namespace losscalc::evaluation
