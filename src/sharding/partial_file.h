/// What a part of the data contributes to a result, as a line of JSON (schema losscalc.partial/1)
/// that merges without loss.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evaluation/reduction/partial.h"
#include "evaluation/request.h"
#include "evaluation/term.h"

namespace losscalc::sharding {

/// The shapes of a term's arrays by role, with the numbers of those that finish() looks at.
using ArrayDescriptions = evaluation::Inputs;

struct PartialFile {
  std::string specification;  ///< canonical
  evaluation::Shard shard = {};
  bool per_sample = false;
  bool per_class = false;
  std::vector<std::string> weights_used = {};
  std::vector<std::string> class_names = {};
  std::vector<ArrayDescriptions> inputs = {};  ///< of each term
  std::vector<evaluation::Partial> partials = {};
};

/// One line, with the line break.
std::string partial_json(const PartialFile& file);

/// Reads a line back; arrays have shapes, and numbers where these were written. Throws
/// Error(malformed_partial) at `place`.
PartialFile parse_partial(std::string_view line, const Place& place);

/// Whether two partials are of one computation on arrays of the same shapes.
bool belong_together(const PartialFile& one, const PartialFile& other);

}  // namespace losscalc::sharding
