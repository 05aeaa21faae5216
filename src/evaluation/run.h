/// Runs over the data of terms.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "evaluation/pass.h"
#include "evaluation/reduction/partial.h"
#include "evaluation/request.h"

namespace losscalc::evaluation {

/// Shows the share of all terms' items that is done.
class Progress {
 public:
  Progress(const Request& request, const std::vector<Pass>& passes);
  void advance(std::size_t items);

 private:
  const std::function<void(double)>& show_;
  std::size_t total_ = 0;
  std::size_t done_ = 0;
};

/// What is kept of a pass.
enum class Keep : std::uint8_t {
  all,   ///< for derivatives, which need the sums of every map
  sums,  ///< for a partial: no maps but those that span samples
  rows,  ///< for a report: of samples, their rows alone
};

/// Sums up the shard's items. Throws Error for what is wrong with the data.
void run(Pass& pass, const PassOutputs& tables, const Request& request, Keep keep,
         Progress& progress);

/// Room for what a pass of these tables keeps of single units.
PassOutputs with_room(Pass& pass, PassOutputs tables);

/// Rows of the table by sample for the samples before the last `open` ones, whose sums are dropped.
void emit_sample_rows(Pass& pass, std::size_t open);

}  // namespace losscalc::evaluation
