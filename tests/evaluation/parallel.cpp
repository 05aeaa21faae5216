#include "evaluation/parallel.h"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

using losscalc::evaluation::for_each_in_order;

TEST_CASE("results are taken in the order of the chunks for any number of threads") {
  for (const std::size_t threads : {1U, 2U, 3U, 8U, 100U}) {
    std::atomic<std::size_t> worked = 0;
    std::vector<std::size_t> taken;
    for_each_in_order(
        50, threads, [&](std::size_t) { ++worked; }, [&](std::size_t i) { taken.push_back(i); });
    CHECK(worked == 50);
    REQUIRE(taken.size() == 50);
    for (std::size_t i = 0; i < taken.size(); ++i) CHECK(taken[i] == i);
  }
}

TEST_CASE("the failure of the lowest chunk is the one that is reported") {
  for (const std::size_t threads : {1U, 2U, 8U}) {
    const auto run = [threads] {
      for_each_in_order(
          40, threads,
          [](std::size_t i) {
            if (i >= 7) throw std::runtime_error("chunk " + std::to_string(i));
          },
          [](std::size_t) {});
    };
    CHECK_THROWS_WITH_AS(run(), "chunk 7", std::runtime_error);
  }
}

TEST_CASE("no chunk at all is no work") {
  for_each_in_order(
      0, 4, [](std::size_t) { FAIL("called"); }, [](std::size_t) { FAIL("called"); });
}
