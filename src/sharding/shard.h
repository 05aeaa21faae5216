/// --shard: which part of the samples this process takes.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "evaluation/request.h"

namespace losscalc::sharding {

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// `I/N` with 1 <= I <= N, or `auto`: rank and size as the launcher says them (torchrun, Open MPI,
/// MPICH, Slurm). Throws Error(bad_value); Error(missing_argument) if no launcher is seen.
evaluation::Shard parse_shard(const std::string& text, const Environment& environment);

/// `part-{shard}.json` with the shard's number for {shard}: a name for each process of a launcher.
/// Throws Error(bad_value) if another word stands in braces.
std::string shard_file(std::string file, const evaluation::Shard& shard);

}  // namespace losscalc::sharding
