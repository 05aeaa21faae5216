/// Units at random places, for each kernel.
#include <array>
#include <cmath>

#include "registry/kernel_units.h"

namespace losscalc {
namespace {

Unit random_elementwise(const Configured& configured, UnitSource& source,
                        std::uint32_t /*class_index*/) {
  const Loss& loss = configured.loss;
  const Kernels& kernels = configured.kernels;
  const bool signs = loss.target_values == TargetValues::signs;
  const ElementDomain domain = kernels.elementwise->domain();
  const double target = signs ? std::copysign(1.0, source.uniform(-1, 1))
                              : within(domain.target, source.uniform(-2, 2));
  Unit unit = elementwise_unit(kernels.elementwise.get(),
                               within(domain.prediction, source.uniform(-3, 3)), target);
  unit.cancelled = cancelled_in(loss, domain);
  return unit;
}

Unit random_binary(const Configured& configured, UnitSource& source, std::uint32_t class_index) {
  const Kernels& kernels = configured.kernels;
  const double kind = source.uniform(0, 3);
  const double target = kind < 1.0 ? 0.0 : (kind < 2.0 ? 1.0 : source.uniform(0, 1));
  const double logit = source.uniform(-6, 6);
  const double positive_weight = source.uniform(0.5, 3.0);
  return binary_unit(kernels.binary.get(), log_bernoulli(logit), target, positive_weight,
                     class_index);
}

Unit random_class_terms(const Configured& configured, UnitSource& source,
                        std::uint32_t class_index) {
  const Kernels& kernels = configured.kernels;
  return class_term_unit(kernels.class_terms.get(), source.uniform(-8, -1e-2), class_index);
}

Unit random_scores(const Configured& configured, UnitSource& source, std::uint32_t class_index) {
  const Kernels& kernels = configured.kernels;
  Unit unit = score_unit(kernels.scores.get(), source.uniforms(test_classes, -2, 2), class_index);
  unit.cancelled = 1.0;  // probabilities less that of the right class
  return unit;
}

Unit random_overlap(const Configured& configured, UnitSource& source,
                    std::uint32_t /*class_index*/) {
  const Kernels& kernels = configured.kernels;
  const Numbers p = source.uniforms(20, 0, 1);
  Numbers sums(3);
  for (const double probability : p) {
    const double t = source.uniform(0, 1) < 0.4 ? 1.0 : 0.0;
    sums[0] += probability * t;
    sums[1] += probability;
    sums[2] += t;
  }
  return overlap_unit(kernels.overlap.get(), sums);
}

Unit random_tuple(const Configured& configured, UnitSource& source, std::uint32_t /*class_index*/) {
  const Loss& loss = configured.loss;
  const Kernels& kernels = configured.kernels;
  const TupleForm form(loss, 5);
  const double label = form.labels[source.uniform(0, 1) < 0.5 ? 0 : 1];
  Numbers vectors;
  for (std::size_t k = 0; k < loss.vectors; ++k) {
    if (!form.free[k]) continue;
    const bool positive = std::isfinite(loss.roles[k].valid.low);
    const Numbers more =
        source.uniforms(form.dimensions, positive ? 0.6 : -0.6, positive ? 2.0 : 0.6);
    vectors.insert(vectors.end(), more.begin(), more.end());
  }
  Unit unit = tuple_unit(kernels.tuple.get(), form, vectors, label);
  unit.cancelled = 1.0;  // the cosine's slopes vanish between vectors of one direction
  return unit;
}

Unit random_batch(const Configured& configured, UnitSource& source, std::uint32_t /*class_index*/) {
  const Kernels& kernels = configured.kernels;
  Unit unit = batch_unit(kernels.batch.get(), source.uniforms(7, -0.9, 0.9));
  unit.step = 2e-6;  // exponents of a hundred times the similarity bend within 1e-4
  unit.cancelled = rounded_exponents;
  return unit;
}

Unit random_sequence(const Configured& configured, UnitSource& source, std::uint32_t class_index) {
  const Kernels& kernels = configured.kernels;
  const std::vector<std::vector<std::uint32_t>> labels{{}, {1}, {2, 2}, {1, 2, 1}};
  Numbers log_p;
  for (std::size_t step = 0; step < 5; ++step) {
    const Numbers row = log_softmax(source.uniforms(test_classes, -3, 3));
    log_p.insert(log_p.end(), row.begin(), row.end());
  }
  return sequence_unit(kernels.sequence.get(), log_p, labels[class_index]);
}

Unit random_box(const Configured& configured, UnitSource& source, std::uint32_t /*class_index*/) {
  const Kernels& kernels = configured.kernels;
  const auto box = [&] {
    const double x = source.uniform(-1, 1);
    const double y = source.uniform(-1, 1);
    return Numbers{x, y, x + source.uniform(0.3, 2.0), y + source.uniform(0.3, 2.0)};
  };
  const Numbers target = box();
  return box_unit(kernels.box.get(), box(), target);
}

Unit random_parameters(const Configured& configured, UnitSource& source,
                       std::uint32_t /*class_index*/) {
  const Kernels& kernels = configured.kernels;
  return parameter_unit(kernels.parameters.get(), source.uniform(-3, 3));
}

struct RandomRow {
  bool (*applies)(const Kernels& kernels);
  Unit (*unit)(const Configured& configured, UnitSource& source, std::uint32_t class_index);
};

constexpr std::array rows{RandomRow{has<&Kernels::elementwise>, random_elementwise},
                          RandomRow{has<&Kernels::binary>, random_binary},
                          RandomRow{has<&Kernels::class_terms>, random_class_terms},
                          RandomRow{has<&Kernels::scores>, random_scores},
                          RandomRow{has<&Kernels::overlap>, random_overlap},
                          RandomRow{has<&Kernels::tuple>, random_tuple},
                          RandomRow{has<&Kernels::batch>, random_batch},
                          RandomRow{has<&Kernels::sequence>, random_sequence},
                          RandomRow{has<&Kernels::box>, random_box},
                          RandomRow{has<&Kernels::parameters>, random_parameters}};

/// The row of the loss's kernel; of class terms and their binary form, either.
const RandomRow& chosen_row(const Kernels& kernels, UnitSource& source) {
  const RandomRow* chosen = nullptr;
  for (const RandomRow& row : rows) {
    if (!row.applies(kernels)) continue;
    if (chosen == nullptr || source.uniform(0, 1) >= 0.5) chosen = &row;
  }
  return *chosen;
}

}  // namespace

Unit UnitSource::interior(const Loss& loss, const Arguments& arguments) {
  const auto kernels = std::make_shared<const Kernels>(loss.kernels(arguments));
  const auto class_index =
      static_cast<std::uint32_t>(uniform(0.0, static_cast<double>(test_classes)));
  const RandomRow& row = chosen_row(*kernels, *this);
  return owning(row.unit({loss, arguments, *kernels}, *this, class_index), kernels);
}

}  // namespace losscalc
