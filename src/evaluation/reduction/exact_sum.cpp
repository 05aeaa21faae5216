#include "evaluation/reduction/exact_sum.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "formula/lanes.h"

namespace losscalc::evaluation {
namespace {

using formula::lane_count;
using formula::Lanes;
using formula::lanes_of;
using formula::load_lanes;
using formula::store_lanes;
using formula::sum_of_lanes;

constexpr std::size_t block_size = 1024;
/// Each extraction takes this many bits: the 53 of a double less those that a sum of a block grows
/// by.
constexpr int growth = 11;
constexpr int bits_per_extraction = 53 - growth;

double largest_magnitude(std::span<const double> values) {
  Lanes largest = lanes_of(0.0);
  Lanes odd = lanes_of(0.0);  // NaN as soon as one value is infinite or NaN
  for (std::size_t i = 0; i < values.size(); i += lane_count) {
    const Lanes x = load_lanes(values.data() + i);
    const Lanes magnitude = x < lanes_of(0.0) ? 0.0 - x : x;
    largest = magnitude > largest ? magnitude : largest;
    odd += 0.0 * x;
  }
  if (sum_of_lanes(odd) != 0.0) return HUGE_VAL;
  return std::max(std::max(largest[0], largest[1]), std::max(largest[2], largest[3]));
}

/// The nearest multiple of an ulp of `origin`, which is a power of two and larger than x by far.
Lanes extracted(Lanes x, Lanes origin) { return (origin + x) - origin; }

/// What two extractions of a block give: two sums without error, and whether anything is left.
struct Extraction {
  double high = 0.0;
  double low = 0.0;
  bool rest = false;
};

/// Takes the leading bits off every value, twice, and leaves what remains of it.
Extraction extract(std::span<double> values, double first_origin, double second_origin) {
  const Lanes first = lanes_of(first_origin);
  const Lanes second = lanes_of(second_origin);
  Lanes high = lanes_of(0.0);
  Lanes low = lanes_of(0.0);
  Lanes rest = lanes_of(0.0);
  for (std::size_t i = 0; i < values.size(); i += lane_count) {
    const Lanes x = load_lanes(values.data() + i);
    const Lanes a = extracted(x, first);
    const Lanes without_a = x - a;
    const Lanes b = extracted(without_a, second);
    const Lanes without_b = without_a - b;
    high += a;
    low += b;
    rest = without_b == lanes_of(0.0) ? rest : lanes_of(1.0);
    store_lanes(without_b, values.data() + i);
  }
  return {sum_of_lanes(high), sum_of_lanes(low), sum_of_lanes(rest) != 0.0};
}

double run_total(std::span<const double> run) {
  Lanes low = lanes_of(0.0);
  Lanes high = lanes_of(0.0);
  std::size_t i = 0;
  for (; i + 2 * lane_count <= run.size(); i += 2 * lane_count) {
    low += load_lanes(run.data() + i);
    high += load_lanes(run.data() + i + lane_count);
  }
  std::array<double, 2 * lane_count> rest{};
  std::ranges::copy(run.subspan(i), rest.begin());
  low += load_lanes(rest.data());
  high += load_lanes(rest.data() + lane_count);
  const Lanes sums = low + high;
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

}  // namespace

void ExactSum::add(double x) {
  if (!std::isfinite(x)) {
    non_finite_ += x;
    return;
  }
  add_exactly(x);
}

/// Shewchuk's Grow-Expansion, with zeros left out.
void ExactSum::add_exactly(double x) {
  std::size_t kept = 0;
  for (const double part : parts_) {
    const double sum = x + part;
    if (!std::isfinite(sum)) {
      non_finite_ += sum;
      parts_.shrink(0);
      return;
    }
    const double virtual_part = sum - x;
    const double error = (x - (sum - virtual_part)) + (part - virtual_part);
    if (error != 0.0) parts_[kept++] = error;
    x = sum;
  }
  parts_.shrink(kept);
  if (x != 0.0) parts_.push_back(x);
}

void ExactSum::add(std::span<const double> values) {
  constexpr std::size_t few = 16;
  while (!values.empty()) {
    const std::span<const double> block = values.first(std::min(values.size(), block_size));
    if (block.size() < few || !add_block(block)) {
      for (const double x : block) add(x);
    }
    values = values.subspan(block.size());
  }
}

void ExactSum::add_blocked(std::span<const double> values) {
  constexpr std::size_t run_length = 64;
  if (values.size() == 1) return add(values.front());
  std::array<double, block_size> totals;
  while (!values.empty()) {
    std::size_t count = 0;
    for (; count < totals.size() && !values.empty(); ++count) {
      const std::size_t length = std::min(values.size(), run_length);
      totals[count] = run_total(values.first(length));
      values = values.subspan(length);
    }
    add(std::span<const double>(totals).first(count));
  }
}

/// Rump, Ogita & Oishi, Accurate floating-point summation part I, 2008, algorithm 3.3
/// (ExtractVector): the leading bits of all values are multiples of one power of two, and few
/// enough for their sum to be exact in any order. False where the range of exponents is too wide.
bool ExactSum::add_block(std::span<const double> block) {
  std::array<double, block_size> rest;
  std::ranges::copy(block, rest.begin());
  const std::size_t whole = (block.size() + lane_count - 1) / lane_count * lane_count;
  std::fill(rest.begin() + static_cast<std::ptrdiff_t>(block.size()),
            rest.begin() + static_cast<std::ptrdiff_t>(whole), 0.0);
  const std::span<double> values = std::span(rest).first(whole);
  constexpr double largest = 0x1p900;
  constexpr int least_exponent = -900;
  const double magnitude = largest_magnitude(values);
  if (magnitude == 0.0) return true;
  if (!(magnitude < largest)) return false;
  int exponent = std::ilogb(magnitude) + 1 + growth;
  if (exponent < least_exponent) return false;
  for (bool more = true; more; exponent -= 2 * bits_per_extraction) {
    if (exponent - bits_per_extraction < least_exponent) {
      for (const double x : values) add_exactly(x);
      return true;
    }
    const Extraction extraction =
        extract(values, std::ldexp(1.0, exponent), std::ldexp(1.0, exponent - bits_per_extraction));
    add_exactly(extraction.high);
    add_exactly(extraction.low);
    more = extraction.rest;
  }
  return true;
}

void ExactSum::merge(const ExactSum& other) {
  if (other.non_finite_ != 0.0) non_finite_ += other.non_finite_;
  // A copy, because a sum may be merged with itself.
  const Parts parts = other.parts_;
  for (const double part : parts) add_exactly(part);
}

double ExactSum::value() const {
  if (non_finite_ != 0.0) return non_finite_;
  if (parts_.empty()) return 0.0;
  std::size_t left = parts_.size() - 1;
  double sum = parts_[left];
  double error = 0.0;
  while (left > 0 && error == 0.0) {
    const double part = parts_[--left];
    const double next = sum + part;
    error = part - (next - sum);
    sum = next;
  }
  // Half an ulp is left and more of the same sign below it: nearest is then the other neighbour
  // than the even one.
  if (left > 0 && ((error < 0.0) == (parts_[left - 1] < 0.0))) {
    const double twice = 2.0 * error;
    const double other = sum + twice;
    if (other - sum == twice) sum = other;
  }
  return sum;
}

std::vector<double> ExactSum::components() const {
  std::vector<double> components(parts_.begin(), parts_.end());
  if (non_finite_ != 0.0) components.push_back(non_finite_);
  return components;
}

}  // namespace losscalc::evaluation
