/// The error of differences against their step, as a picture of characters and as SVG.
#pragma once

#include <string>
#include <vector>

#include "differentiation/difference.h"

namespace losscalc::report {

struct Sweep {
  std::string entry;  ///< `pred[3,1]`
  double number = 0.0;
  double analytic = 0.0;
  differentiation::Derivative derivative;
  double reference = 0.0;
  std::vector<differentiation::SweepRow> rows;
};

/// A row for each step: the central difference, its relative deviation from the reference, and that
/// of central (o), forward (>) and backward (<) differences on a logarithmic scale; a right
/// gradient gives a V, a wrong one a flat line.
std::string sweep_text(const Sweep& sweep);
std::string sweep_json(const Sweep& sweep);

/// A plot of both axes by powers of ten: central, forward and backward differences against the
/// reference, and the analytic gradient's own deviation as a line.
std::string sweep_svg(const Sweep& sweep);

}  // namespace losscalc::report
