/// Which items of the data a shard takes, and the chunks of them that threads take.
#pragma once

#include <cstddef>

#include "evaluation/driver.h"
#include "evaluation/request.h"

namespace losscalc::evaluation {

/// Items or samples first .. last-1.
struct Range {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t size() const { return last - first; }
};

/// The shard's samples: whole blocks of them, if that gives each shard some, because sums then
/// begin anew at the same places as without shards, and merge to the same bits.
Range samples_of(const Driver& driver, const Shard& shard);

/// The items of the shard's samples; of what has no samples, a part of the items themselves.
Range items_of(const Driver& driver, const Shard& shard);

std::size_t chunk_count(const Driver& driver, Range items);

/// The items of a chunk.
Range chunk(const Driver& driver, Range items, std::size_t number);

}  // namespace losscalc::evaluation
