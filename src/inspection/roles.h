/// What an array may be to a loss.
#pragma once

#include <string>

#include "inspection/statistics.h"

namespace losscalc::inspection {

/// A sentence without capital and full stop: `looks like logits of 10 classes`; and what to add to
/// the command, where its defaults do not fit: `--from logits`.
struct Guess {
  std::string text;
  std::string options = {};
  bool is_target = false;  ///< rather than predictions
};

Guess guess_of(const io::Array& array, const Statistics& statistics);

}  // namespace losscalc::inspection
