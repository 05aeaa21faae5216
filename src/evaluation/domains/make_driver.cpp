#include "evaluation/domains/make_driver.h"

#include <algorithm>
#include <array>

namespace losscalc::evaluation {

std::span<const DriverRow> driver_rows() {
  static constexpr std::array rows{DriverRow{Domain::elementwise, make_elementwise_driver},
                                   DriverRow{Domain::classwise, make_classwise_driver},
                                   DriverRow{Domain::region, make_region_driver},
                                   DriverRow{Domain::tuple, make_tuple_driver},
                                   DriverRow{Domain::batch, make_batch_driver},
                                   DriverRow{Domain::sequence, make_sequence_driver},
                                   DriverRow{Domain::box, make_box_driver},
                                   DriverRow{Domain::parameters, make_penalty_driver}};
  return rows;
}

std::unique_ptr<Driver> make_driver(const Term& term, std::size_t max_items) {
  return std::ranges::find(driver_rows(), term.loss->domain, &DriverRow::domain)
      ->make(term, max_items);
}

}  // namespace losscalc::evaluation
