/// The parts of one computation: files that belong together, each once, and all of them.
#pragma once

#include <string>
#include <vector>

#include "diagnostics/error.h"
#include "sharding/partial_file.h"

namespace losscalc::sharding {

struct Part {
  PartialFile content;
  Place place;  ///< the line that it was read from
};

/// The parts by their numbers. Throws Error(shards_mismatch) if they are of different computations,
/// or one is missing or there twice. At least one must be given.
std::vector<Part> complete(std::vector<Part> parts);

/// The parts that these files hold, one on each line, by their numbers. Throws Error: no_data for a
/// file without any, malformed_partial, shards_mismatch, and what reading throws.
std::vector<Part> read_parts(const std::vector<std::string>& files);

/// Whether another process's part would be lost by writing this one: throws
/// Error(conflicting_arguments) if the file holds another shard of the same computation. Of
/// `partial`, the sums may still be missing.
void check_replaces_no_other(const std::string& file, const PartialFile& partial);

}  // namespace losscalc::sharding
