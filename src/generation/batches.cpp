#include <algorithm>

#include "generation/domains.h"

namespace losscalc::generation {

evaluation::Inputs batch_inputs(const InputRequest& request, Random& random) {
  const auto& [loss, parameters, conventions, shape, regime] = request;
  const std::size_t dimensions = shape.back();
  std::vector<double> vectors;
  std::vector<double> labels;
  for (std::size_t i = 0; i < shape[0]; ++i) {
    const double scale = regime == Regime::extreme ? random.power_of_ten(-4.0, 4.0) : 1.0;
    for (std::size_t d = 0; d < dimensions; ++d) vectors.push_back(scale * random.normal());
    labels.push_back(static_cast<double>(random.below(std::max<std::size_t>(shape[0] / 3, 2))));
    // Half of the vectors at right angles to the one before, where absolute cosines have kinks.
    if (regime != Regime::kinks || i == 0 || dimensions < 2 || random.chance(0.5)) continue;
    const std::size_t here = i * dimensions;
    std::fill_n(vectors.begin() + static_cast<std::ptrdiff_t>(here), dimensions, 0.0);
    vectors[here] = vectors[here - dimensions + 1] + random.kink_distance();
    vectors[here + 1] = -vectors[here - dimensions];
  }
  evaluation::Inputs inputs;
  const std::string name(loss.roles.front().name);
  inputs[name] = {evaluation::in_memory(std::move(vectors), shape, name)};
  if (find_role(loss, "target") != nullptr)
    inputs["target"] = {evaluation::in_memory(std::move(labels), {shape[0]}, "target")};
  return inputs;
}

}  // namespace losscalc::generation
