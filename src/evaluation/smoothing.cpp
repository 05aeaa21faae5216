#include "evaluation/smoothing.h"

#include "diagnostics/error.h"

namespace losscalc::evaluation {

void check_smoothing(const Choices& choices, bool yes_or_no, const std::string& loss_name) {
  const bool for_two = choices.smoothing == Smoothing::half || choices.smoothing == Smoothing::flip;
  if (choices.label_smoothing == 0.0 || yes_or_no == for_two) return;
  throw Error(ErrorCode::not_supported,
              loss_name + ": smoothing=" +
                  (for_two ? "half and flip are for targets of yes or no (link=sigmoid)"
                           : "uniform, others and classy spread a target over the classes; with "
                             "link=sigmoid it may be half or flip"));
}

}  // namespace losscalc::evaluation
