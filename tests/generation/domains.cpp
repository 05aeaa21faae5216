/// A domain has a row in the table of each layer.
#include "generation/domains.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "evaluation/domains/make_driver.h"

using namespace losscalc;

TEST_CASE("every loss's domain has one driver and one kind of random inputs") {
  for (const Loss* loss : all_losses()) {
    CAPTURE(name(loss->domain));
    CHECK(std::ranges::count(evaluation::driver_rows(), loss->domain,
                             &evaluation::DriverRow::domain) == 1);
    CHECK(std::ranges::count(generation::domain_rows(), loss->domain,
                             &generation::DomainRow::domain) == 1);
  }
}
