#include "differentiation/directions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "differentiation/check.h"
#include "numeric/limits.h"
#include "numeric/splitmix64.h"

namespace losscalc::differentiation {
namespace {

class Directions {
 public:
  Directions(const std::function<double(std::span<const double>)>& f, std::span<const double> point,
             std::span<const double> gradient, const DirectionRequest& request)
      : f_(f), point_(point), gradient_(gradient), request_(request) {}

  DirectionResult run() {
    for (std::uint64_t d = 0; d < request_.directions; ++d) {
      std::vector<double> along(point_.size());
      for (std::size_t i = 0; i < along.size(); ++i)
        along[i] = (splitmix64(request_.seed + d, i) & 1U) != 0 ? -1.0 : 1.0;
      const Measured measured = measure(along);
      if (measured.passes()) {
        ++(measured.is_fine() ? result_.passed : result_.inconclusive);
        continue;
      }
      if (result_.failed++ == 0) narrow_down(std::move(along));
    }
    return result_;
  }

 private:
  /// A derivative along a direction against what the gradient says of it.
  struct Measured {
    Estimate estimate;
    double claimed = 0.0;
    double tolerance = 0.0;
    double size = 0.0;  ///< of the terms of the claim

    /// Nothing where the values are not finite, which says nothing of the gradient.
    double excess() const {
      if (!std::isfinite(estimate.value)) return 0.0;
      const double deviation = std::fabs(claimed - estimate.value);
      return deviation / (estimate.error + tolerance);
    }
    bool passes() const { return excess() <= 1.0; }
    bool is_fine() const { return estimate.error <= 1e-3 * size + tolerance; }
  };

  Measured measure(const std::vector<double>& along) const {
    Measured measured;
    measured.estimate = derivative(along);
    for (std::size_t i = 0; i < along.size(); ++i) {
      measured.claimed += gradient_[i] * along[i];
      measured.size += std::fabs(gradient_[i] * along[i]);
    }
    const auto terms = static_cast<double>(along.size());
    measured.tolerance = request_.tolerance * std::max(std::fabs(measured.claimed),
                                                       std::fabs(measured.estimate.value)) +
                         16.0 * request_.round_off * measured.size +
                         request_.round_off * std::sqrt(terms) * measured.size;
    return measured;
  }

  Estimate derivative(const std::vector<double>& along) const {
    constexpr double step = 0x1p-10;
    std::array<double, 3> central{};
    double largest = 0.0;
    for (std::size_t k = 0; k < central.size(); ++k) {
      const double h = std::ldexp(step, static_cast<int>(k));
      const double above = at(along, h);
      const double below = at(along, -h);
      largest = std::max({largest, std::fabs(above), std::fabs(below)});
      central[k] = (above - below) / (2.0 * h);
    }
    const double near = (4.0 * central[0] - central[1]) / 3.0;
    const double far = (4.0 * central[1] - central[2]) / 3.0;
    const double value = (16.0 * near - far) / 15.0;
    const double noise = 6.0 * std::max(4.0 * epsilon * largest, request_.noise) / step;
    return {value, std::fabs(value - near) + noise};
  }

  double at(const std::vector<double>& along, double h) const {
    std::vector<double> moved(point_.begin(), point_.end());
    for (std::size_t i = 0; i < moved.size(); ++i) moved[i] += h * along[i];
    return f_(moved);
  }

  void narrow_down(std::vector<double> along) {
    std::vector<std::size_t> support(along.size());
    for (std::size_t i = 0; i < support.size(); ++i) support[i] = i;
    while (support.size() > 1) {
      const auto middle = support.begin() + static_cast<std::ptrdiff_t>(support.size() / 2);
      const std::vector<std::size_t> first(support.begin(), middle);
      const std::vector<std::size_t> second(middle, support.end());
      const double excess_of_first = measure(restricted(along, first)).excess();
      const double excess_of_second = measure(restricted(along, second)).excess();
      support = excess_of_second > excess_of_first ? second : first;
    }
    const Measured single = measure(restricted(along, support));
    result_.found = true;
    result_.entry = support.front();
    const double sign = along[result_.entry];
    result_.derivative = {single.estimate.value * sign, single.estimate.error};
  }

  static std::vector<double> restricted(const std::vector<double>& along,
                                        const std::vector<std::size_t>& support) {
    std::vector<double> some(along.size(), 0.0);
    for (const std::size_t i : support) some[i] = along[i];
    return some;
  }

  const std::function<double(std::span<const double>)>& f_;
  std::span<const double> point_;
  std::span<const double> gradient_;
  const DirectionRequest& request_;
  DirectionResult result_;
};

}  // namespace

DirectionResult check_directions(const std::function<double(std::span<const double>)>& f,
                                 std::span<const double> point, std::span<const double> gradient,
                                 const DirectionRequest& request) {
  return Directions(f, point, gradient, request).run();
}

}  // namespace losscalc::differentiation
