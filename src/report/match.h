/// What the search for a number found.
#pragma once

#include <string>

#include "matching/search.h"

namespace losscalc::report {

struct MatchReport {
  std::string value;  ///< as it was typed
  double number = 0.0;
  double tolerance = 0.0;
  std::size_t shown = 10;  ///< at most
  matching::Result result;
};

std::string match_text(const MatchReport& report);
/// Schema losscalc.match/1.
std::string match_json(const MatchReport& report);

}  // namespace losscalc::report
