#include "registry/units.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "text/number.h"

namespace losscalc {

double within(const Interval& interval, double x) {
  if (!std::isfinite(interval.low)) return x;
  const double distance = 0.5 + std::fabs(x - interval.low);
  const double width = interval.high - interval.low;
  return interval.low + (std::isfinite(width) ? width * distance / (1.0 + distance) : distance);
}

Numbers UnitSource::uniforms(std::size_t count, double low, double high) {
  Numbers numbers(count);
  for (double& number : numbers) number = uniform(low, high);
  return numbers;
}

Numbers log_softmax(std::span<const double> logits) {
  const double largest = *std::ranges::max_element(logits);
  double sum = 0.0;
  for (const double z : logits) sum += std::exp(z - largest);
  Numbers log_p;
  for (const double z : logits) log_p.push_back(z - largest - std::log(sum));
  return log_p;
}

Numbers log_bernoulli(double z) {
  const double tail = std::log1p(std::exp(-std::fabs(z)));
  return {std::min(z, 0.0) - tail, std::min(-z, 0.0) - tail};
}

std::string to_string(const Arguments& arguments) {
  std::string text;
  for (const Argument& argument : arguments)
    text += argument.name + "=" + to_string(argument.value) + " ";
  return text;
}

std::string to_string(const Numbers& numbers) {
  std::string text;
  for (const double number : numbers) text += text::shortest(number) + " ";
  return text;
}

std::function<double(std::span<const double>)> convex_function(const Loss& loss, UnitSource& source,
                                                               std::size_t& dimension) {
  const Unit unit = source.interior(loss, {});
  dimension = unit.at.size();
  const auto kernels = std::make_shared<const Kernels>(loss.kernels({}));
  if (kernels->binary) {
    dimension = 1;
    return
        [value = unit.value](std::span<const double> z) { return value(log_bernoulli(z.front())); };
  }
  if (kernels->class_terms && std::ranges::find(loss.from, From::logits) != loss.from.end()) {
    dimension = test_classes;
    Numbers target = source.uniforms(test_classes, 0, 1);
    return [kernels, target](std::span<const double> z) {
      const Numbers log_p = log_softmax(z);
      Numbers terms(test_classes);
      kernels->class_terms->value(log_p, std::array<std::uint32_t, test_classes>{0, 1, 2, 3},
                                  terms);
      double sum = 0.0;
      for (std::size_t c = 0; c < test_classes; ++c) sum += target[c] * terms[c];
      return sum;
    };
  }
  return unit.value;
}

}  // namespace losscalc
