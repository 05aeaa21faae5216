/// Losses on data: values and tables by sample and class of a weighted sum of losses.
#pragma once

#include <vector>

#include "evaluation/reduction/partial.h"
#include "evaluation/report.h"
#include "evaluation/request.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {

/// Evaluates sum_k coefficient_k * loss_k over the request's shard of the samples. The value has
/// the same bits for any number of threads. Throws Error: shape_mismatch, out_of_range,
/// not_normalized, empty_mean, missing_array, not_supported (a table or a reduction that these
/// losses don't have).
Report evaluate(const std::vector<Term>& terms, const Request& request);

/// What the request's shard contributes: one partial for each term. Throws as evaluate().
std::vector<Partial> accumulate(const std::vector<Term>& terms, const Request& request);

/// The report on all data, from the merged partials of all shards: bit for bit that of evaluate().
/// Of the terms' arrays, only shapes and class weights are looked at. The request's tables must
/// have been asked for by each accumulate().
Report finish(const std::vector<Term>& terms, std::vector<Partial> partials,
              const Request& request);

}  // namespace losscalc::evaluation
