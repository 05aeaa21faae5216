#include "evaluation/ranges.h"

#include <algorithm>
#include <numeric>

#include "diagnostics/error.h"

namespace losscalc::evaluation {
namespace {

/// The shard's part of `count` things: the first count % shards parts have one more.
Range part_of(std::size_t count, const Shard& shard) {
  const auto start = [&](std::size_t parts) {
    return count / shard.count * parts + std::min(parts, count % shard.count);
  };
  return {start(shard.index - 1), start(shard.index)};
}

/// The shard's part of `count` things in whole blocks, where there are enough.
Range blocks_of(std::size_t count, std::size_t block, const Shard& shard) {
  if (count / block < shard.count) return part_of(count, shard);
  const Range blocks = part_of(count / block, shard);
  return {blocks.first * block, shard.index == shard.count ? count : blocks.last * block};
}

void require_all_samples(const Shard& shard) {
  if (shard.count == 1) return;
  throw Error(ErrorCode::not_supported,
              "a shard of the samples has no part of a loss that compares each with all others", {},
              "run it once over all samples, without --shard");
}

}  // namespace

Range samples_of(const Driver& driver, const Shard& shard) {
  const std::size_t samples = driver.samples();
  if (samples == 0) return {};
  if (!driver.is_decomposable()) {
    require_all_samples(shard);
    return {0, samples};
  }
  const std::size_t per_sample = std::max(driver.items() / samples, std::size_t{1});
  const std::size_t block = driver.items_per_block();
  return blocks_of(samples, block / std::gcd(block, per_sample), shard);
}

Range items_of(const Driver& driver, const Shard& shard) {
  const std::size_t samples = driver.samples();
  if (!driver.is_decomposable()) {
    require_all_samples(shard);
    return {0, driver.items()};
  }
  if (samples == 0) return blocks_of(driver.items(), driver.items_per_block(), shard);
  const std::size_t per_sample = driver.items() / samples;
  const Range range = samples_of(driver, shard);
  return {range.first * per_sample, range.last * per_sample};
}

std::size_t chunk_count(const Driver& driver, Range items) {
  return (items.last - items.first + driver.items_per_chunk() - 1) / driver.items_per_chunk();
}

Range chunk(const Driver& driver, Range items, std::size_t number) {
  const std::size_t first = items.first + number * driver.items_per_chunk();
  return {first, std::min(first + driver.items_per_chunk(), items.last)};
}

}  // namespace losscalc::evaluation
