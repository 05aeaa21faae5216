#include <optional>
#include <span>
#include <utility>

#include "generation/domains.h"

namespace losscalc::generation {
namespace {

using Vector = std::vector<double>;

/// A tuple of vectors and its label.
struct Unit {
  std::vector<Vector> vectors;
  double label = 0.0;
};

double loss_of(const TupleKernel& kernel, const Unit& unit) {
  const std::vector<std::span<const double>> views(unit.vectors.begin(), unit.vectors.end());
  return kernel.value(views, unit.label);
}

void place_last(Unit& unit, const Vector& direction, double scale) {
  for (std::size_t d = 0; d < direction.size(); ++d)
    unit.vectors.back()[d] = unit.vectors.front()[d] + scale * direction[d];
}

bool is_flat(const TupleKernel& kernel, Unit& unit, const Vector& direction, double scale) {
  place_last(unit, direction, scale);
  return loss_of(kernel, unit) == 0.0;
}

/// How far the last vector has to go from the first for the loss to vanish; nothing if it is 0 at
/// once, or nowhere on this way. The kernel itself is asked, so that it holds for every distance,
/// margin and swap.
std::optional<double> edge_of_zero(const TupleKernel& kernel, Unit unit, const Vector& direction) {
  double outside = 0.0;
  double inside = 1.0;
  constexpr double farthest = 1e6;
  if (is_flat(kernel, unit, direction, outside)) return {};
  while (!is_flat(kernel, unit, direction, inside)) {
    outside = inside;
    inside *= 4.0;
    if (inside > farthest) return {};
  }
  for (;;) {
    const double middle = 0.5 * (outside + inside);
    if (middle == outside || middle == inside) return inside;
    (is_flat(kernel, unit, direction, middle) ? inside : outside) = middle;
  }
}

/// Puts the last vector where the hinge of the loss bends. False if no such place was found.
bool move_to_margin(const TupleKernel& kernel, Unit& unit, Random& random) {
  const Vector& first = unit.vectors.front();
  Vector onward(first.size());
  Vector backward(first.size());
  for (std::size_t d = 0; d < first.size(); ++d) {
    onward[d] = unit.vectors.back()[d] - first[d];
    backward[d] = -first[d];  // the way to the largest cosine distance
  }
  for (const Vector& direction : {onward, backward}) {
    const std::optional<double> edge = edge_of_zero(kernel, unit, direction);
    if (!edge) continue;
    const double distance = random.kink_distance();
    place_last(unit, direction, *edge * (1.0 + distance));
    return true;
  }
  return false;
}

/// Makes two of the vectors nearly or wholly equal: in all coordinates (where a norm has its kink)
/// or in single ones (where absolute values have theirs).
void move_together(Unit& unit, Random& random) {
  const std::size_t from = random.below(unit.vectors.size());
  const std::size_t to = (from + 1 + random.below(unit.vectors.size() - 1)) % unit.vectors.size();
  const bool all = random.chance(0.5);
  const std::size_t chosen = random.below(unit.vectors[to].size());
  const bool exactly = random.chance(0.25);
  for (std::size_t d = 0; d < unit.vectors[to].size(); ++d) {
    if (!all && d != chosen) continue;
    unit.vectors[to][d] = unit.vectors[from][d] + (exactly ? 0.0 : random.kink_distance());
  }
}

/// Puts the third vector (nearly) as far from the second as from the first, by symmetry and so in
/// every distance: the second is the first with two coordinates exchanged, which are equal in the
/// third.
void move_midway(Unit& unit, Random& random) {
  Vector& second = unit.vectors[1];
  Vector& third = unit.vectors[2];
  second = unit.vectors[0];
  std::swap(second[0], second[1]);
  third[0] = third[1] + random.kink_distance();
}

void move_to_kink(const TupleKernel& kernel, Unit& unit, Random& random) {
  const bool at_margin = random.chance(0.6);
  if (at_margin && move_to_margin(kernel, unit, random)) return;
  const bool can_tie = unit.vectors.size() == 3 && unit.vectors[0].size() >= 2;
  if (can_tie && random.chance(0.5)) {
    move_midway(unit, random);
  } else {
    move_together(unit, random);
  }
}

}  // namespace

evaluation::Inputs random_tuples(const Loss& loss, const Arguments& parameters,
                                 const evaluation::Shape& shape, Regime regime, Random& random) {
  std::vector<std::string> vector_roles;
  std::optional<std::string> label_role;
  for (const Role& role : loss.roles) {
    if (role.optional) continue;
    if (role.differentiable) vector_roles.emplace_back(role.name);
    if (!role.differentiable) label_role = role.name;
  }
  const Kernels kernels = loss.kernels(parameters);
  std::vector<Vector> arrays(vector_roles.size());
  Vector labels;
  for (std::size_t n = 0; n < shape[0]; ++n) {
    Unit unit{.vectors = std::vector<Vector>(vector_roles.size(), Vector(shape[1]))};
    unit.label = label_role && random.chance(0.5) ? 1.0 : 0.0;
    for (Vector& vector : unit.vectors) {
      const double scale = regime == Regime::extreme ? random.power_of_ten(-4.0, 4.0) : 1.0;
      for (double& x : vector) x = scale * random.normal();
    }
    if (regime == Regime::kinks) move_to_kink(*kernels.tuple, unit, random);
    labels.push_back(unit.label);
    for (std::size_t k = 0; k < arrays.size(); ++k)
      arrays[k].insert(arrays[k].end(), unit.vectors[k].begin(), unit.vectors[k].end());
  }
  evaluation::Inputs inputs;
  for (std::size_t k = 0; k < arrays.size(); ++k) {
    inputs[vector_roles[k]] = {evaluation::in_memory(std::move(arrays[k]), shape, vector_roles[k])};
  }
  if (label_role)
    inputs[*label_role] = {evaluation::in_memory(std::move(labels), {shape[0]}, *label_role)};
  return inputs;
}

}  // namespace losscalc::generation
