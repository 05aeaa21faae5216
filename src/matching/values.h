/// The values of candidates on data.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "evaluation/term.h"
#include "matching/search.h"

namespace losscalc::matching {

/// A candidate's term with its arrays; nothing where the data don't fit it.
using Binding = std::function<std::optional<evaluation::Term>(const Candidate&)>;

/// A value for each candidate: nothing where the data don't fit it, or its preprocessing of them.
/// Candidates that make their values of the same sums share the pass that gives them; passes run
/// side by side on so many threads. `progress` is called with the share that is done; it may be
/// empty. Throws what `bind` throws, and Error for what the system refuses.
std::vector<std::optional<double>> values(const std::vector<const Candidate*>& candidates,
                                          const Binding& bind, std::size_t threads,
                                          const std::function<void(double)>& progress);

}  // namespace losscalc::matching
