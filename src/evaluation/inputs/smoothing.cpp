#include "evaluation/inputs/smoothing.h"

#include "diagnostics/error.h"

namespace losscalc::evaluation {

void check_smoothing(const Conventions& conventions, bool yes_or_no, const std::string& loss_name) {
  const bool for_two =
      conventions.smoothing == Smoothing::half || conventions.smoothing == Smoothing::flip;
  if (conventions.label_smoothing == 0.0 || yes_or_no == for_two) return;
  throw Error(ErrorCode::not_supported,
              loss_name + ": smoothing=" +
                  (for_two ? "half and flip are for targets of two classes (link=sigmoid)"
                           : "uniform, others and classy spread a target over the classes; with "
                             "link=sigmoid use half or flip"));
}

}  // namespace losscalc::evaluation
