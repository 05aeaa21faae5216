#include "evaluation/domains/make_driver.h"

#include "diagnostics/error.h"

namespace losscalc::evaluation {

std::unique_ptr<Driver> make_driver(const Term& term, std::size_t max_items) {
  switch (term.loss->domain) {
    case Domain::elementwise: return make_elementwise_driver(term);
    case Domain::classwise: return make_classwise_driver(term, max_items);
    case Domain::region: return make_region_driver(term, max_items);
    case Domain::tuple: return make_tuple_driver(term);
    case Domain::batch: return make_batch_driver(term);
    case Domain::sequence: return make_sequence_driver(term);
    case Domain::box: return make_box_driver(term);
    case Domain::parameters: return make_penalty_driver(term);
  }
  throw Error(ErrorCode::not_supported, "unknown domain");
}

}  // namespace losscalc::evaluation
