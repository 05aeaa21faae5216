/// Points at which a function of many numbers is looked at.
#pragma once

#include <cstddef>

namespace losscalc {

/// An entry of an input, and the number to put there.
struct Displacement {
  std::size_t input = 0;
  std::size_t entry = 0;
  double number = 0.0;
};

/// An open interval of numbers for which a loss is defined and not clipped.
struct Interior {
  double lower = 0.0;
  double upper = 0.0;
};

}  // namespace losscalc
