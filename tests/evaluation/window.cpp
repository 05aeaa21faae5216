#include "evaluation/arrays/window.h"

#include <doctest/doctest.h>

#include <numeric>
#include <utility>
#include <vector>

using namespace losscalc::evaluation;

namespace {

/// 0, 1, 2, ... that remembers what was asked of it.
struct Numbers {
  using Asked = std::vector<std::pair<std::size_t, std::size_t>>;

  StoredElements<double> stored() {
    return [this](std::size_t first, std::size_t count) {
      asked.emplace_back(first, count);
      auto values = std::make_shared<double[]>(count);
      std::iota(values.get(), values.get() + count, static_cast<double>(first));
      return std::shared_ptr<const double[]>(values);
    };
  }
  Asked asked;
};

constexpr std::size_t whole_window = (std::size_t{1} << 19U) / sizeof(double);

}  // namespace

TEST_CASE("blocks that follow each other come from one stretch, up to where asking ends") {
  Numbers numbers;
  const StoredElements<double> stored = numbers.stored();
  Window<double> window(100);
  for (std::size_t first = 10; first < 100; first += 30) {
    const std::span<const double> block = window.get(stored, first, 30);
    REQUIRE(block.size() == 30);
    CHECK(block.front() == static_cast<double>(first));
    CHECK(block.back() == static_cast<double>(first + 29));
  }
  CHECK(numbers.asked == Numbers::Asked{{10, 90}});
}

TEST_CASE("a stretch is no longer than a window, and another follows it") {
  Numbers numbers;
  const StoredElements<double> stored = numbers.stored();
  Window<double> window(3 * whole_window);
  CHECK(window.get(stored, 0, whole_window - 1).back() == whole_window - 2);
  CHECK(window.get(stored, whole_window - 1, 2).back() == whole_window);
  CHECK(numbers.asked == Numbers::Asked{{0, whole_window}, {whole_window - 1, whole_window}});
}

TEST_CASE("a block longer than a window is asked for whole, and one before the stretch anew") {
  Numbers numbers;
  const StoredElements<double> stored = numbers.stored();
  Window<double> window(2 * whole_window);
  CHECK(window.get(stored, 5, 2 * whole_window).back() == 2 * whole_window + 4);
  CHECK(window.get(stored, 4, 1).front() == 4.0);
  CHECK(numbers.asked == Numbers::Asked{{5, 2 * whole_window}, {4, whole_window}});
}

TEST_CASE("without an end nothing is asked for ahead") {
  Numbers numbers;
  const StoredElements<double> stored = numbers.stored();
  Window<double> window;
  CHECK(window.get(stored, 7, 2).front() == 7.0);
  CHECK(window.get(stored, 9, 2).front() == 9.0);
  CHECK(numbers.asked == Numbers::Asked{{7, 2}, {9, 2}});
}
