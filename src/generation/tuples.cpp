#include <algorithm>
#include <cmath>
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
  std::vector<const Role*> roles;  ///< of the vectors

  /// The last vector whose numbers are free; the first for a loss that has no other.
  Vector& moved() {
    for (std::size_t k = vectors.size(); k-- > 1;) {
      if (is_free(*roles[k])) return vectors[k];
    }
    return vectors.front();
  }
  static bool is_free(const Role& role) {
    return role.differentiable && !std::isfinite(role.valid.low);
  }
};

double loss_of(const TupleKernel& kernel, const Unit& unit) {
  const std::vector<std::span<const double>> views(unit.vectors.begin(), unit.vectors.end());
  return kernel.value(views, unit.label);
}

/// A way on which the moved vector goes.
struct Way {
  Vector start;
  Vector direction;
};

void move_along(const Way& way, double distance, Unit& unit) {
  for (std::size_t d = 0; d < way.start.size(); ++d)
    unit.moved()[d] = way.start[d] + distance * way.direction[d];
}

bool is_flat(const TupleKernel& kernel, Unit& unit, const Way& way, double distance) {
  move_along(way, distance, unit);
  return loss_of(kernel, unit) == 0.0;
}

/// How far the moved vector has to go for the loss to vanish; nothing if it is 0 at once, or
/// nowhere on this way. The kernel itself is asked, so that it holds for every distance, margin and
/// swap.
std::optional<double> edge_of_zero(const TupleKernel& kernel, Unit unit, const Way& way) {
  double outside = 0.0;
  double inside = 1.0;
  constexpr double farthest = 1e6;
  if (is_flat(kernel, unit, way, outside)) return {};
  while (!is_flat(kernel, unit, way, inside)) {
    outside = inside;
    inside *= 4.0;
    if (inside > farthest) return {};
  }
  for (;;) {
    const double middle = 0.5 * (outside + inside);
    if (middle == outside || middle == inside) return inside;
    (is_flat(kernel, unit, way, middle) ? inside : outside) = middle;
  }
}

/// From the first vector on to the moved one, and back through 0, where cosine distances are
/// largest. Where the first is the only one to move, up by what the target says.
std::vector<Way> ways_of(Unit& unit) {
  const Vector& first = unit.vectors.front();
  const Vector& moved = unit.moved();
  Way onward{.start = first, .direction = Vector(first.size())};
  Way backward{.start = first, .direction = Vector(first.size())};
  for (std::size_t d = 0; d < first.size(); ++d) {
    const bool alone = &moved == &first;
    onward.direction[d] = alone ? unit.vectors[1][d] : moved[d] - first[d];
    backward.direction[d] = -first[d];
  }
  return {onward, backward};
}

double largest(const Vector& vector) {
  return std::fabs(*std::ranges::max_element(vector, {}, [](double x) { return std::fabs(x); }));
}

/// Puts the moved vector where the hinge of the loss bends. False if no such place was found.
bool move_to_margin(const TupleKernel& kernel, Unit& unit, Random& random) {
  for (const Way& way : ways_of(unit)) {
    const std::optional<double> edge = edge_of_zero(kernel, unit, way);
    if (!edge) continue;
    const Vector before = unit.moved();
    move_along(way, *edge * (1.0 + random.kink_distance()), unit);
    // A cosine jumps at a vector of zeros; that is no kink.
    if (way.start.size() == 1 || largest(unit.moved()) > 1e-3 * largest(way.start)) return true;
    unit.moved() = before;
  }
  return false;
}

/// Makes two of the vectors nearly or wholly equal: in all coordinates (where a norm has its kink)
/// or in single ones (where absolute values have theirs).
void move_together(std::vector<Vector>& vectors, Random& random) {
  const std::size_t from = random.below(vectors.size());
  const std::size_t to = (from + 1 + random.below(vectors.size() - 1)) % vectors.size();
  const bool all = random.chance(0.5);
  const std::size_t chosen = random.below(vectors[to].size());
  const bool exactly = random.chance(0.25);
  for (std::size_t d = 0; d < vectors[to].size(); ++d) {
    if (!all && d != chosen) continue;
    vectors[to][d] = vectors[from][d] + (exactly ? 0.0 : random.kink_distance());
  }
}

/// Makes two coordinates of a vector nearly equal, where the largest changes.
void tie_coordinates(Vector& vector, Random& random) {
  if (vector.size() < 2) return;
  const std::size_t to = random.below(vector.size());
  vector[to] = vector[(to + 1) % vector.size()] + random.kink_distance();
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
  const bool all_free =
      std::ranges::all_of(unit.roles, [](const Role* role) { return Unit::is_free(*role); });
  const bool can_tie = unit.vectors.size() == 3 && unit.vectors[0].size() >= 2;
  if (!all_free) {
    tie_coordinates(unit.vectors.front(), random);
  } else if (can_tie && random.chance(0.5)) {
    move_midway(unit, random);
  } else {
    move_together(unit.vectors, random);
  }
}

/// Some of the classes in random order, then -1.
Vector random_labels(std::size_t classes, Random& random) {
  Vector labels(classes, -1.0);
  std::size_t count = 0;
  const std::size_t first = random.below(classes);
  for (std::size_t c = 0; c < classes; ++c) {
    if (random.chance(0.4)) labels[count++] = static_cast<double>((first + c) % classes);
  }
  return labels;
}

/// One class in most rows, shares of two in the others.
Vector random_one_hot(std::size_t classes, Random& random) {
  Vector target(classes, 0.0);
  const double share = random.chance(0.75) ? 1.0 : 0.75;
  const std::size_t right = random.below(classes);
  target[right] = share;
  target[(right + 1) % classes] += 1.0 - share;
  return target;
}

Vector random_vector(const Loss& loss, const Role& role, std::size_t dimensions, Regime regime,
                     Random& random) {
  if (!role.differentiable && loss.target_values == TargetValues::label_lists)
    return random_labels(dimensions, random);
  if (!role.differentiable && !loss.of_elements) return random_one_hot(dimensions, random);
  Vector vector(dimensions);
  const double scale = regime == Regime::extreme ? random.power_of_ten(-4.0, 4.0) : 1.0;
  const bool positive = std::isfinite(role.valid.low);
  for (double& x : vector) x = scale * (positive ? std::exp(random.normal()) : random.normal());
  return vector;
}

double random_label(const Loss& loss, Random& random) {
  if (random.chance(0.5)) return 1.0;
  return loss.target_values == TargetValues::signs ? -1.0 : 0.0;
}

}  // namespace

evaluation::Inputs tuple_inputs(const InputRequest& request, Random& random) {
  const auto& [loss, parameters, conventions, shape, regime] = request;
  std::vector<const Role*> roles;
  for (std::size_t k = 0; k < loss.vectors; ++k) roles.push_back(&loss.roles[k]);
  const Kernels kernels = loss.kernels(parameters);
  const std::size_t dimensions = loss.of_elements ? 1 : shape.back();
  const std::size_t units = element_count(shape) / dimensions;
  std::vector<Vector> arrays(roles.size());
  Vector labels;
  for (std::size_t n = 0; n < units; ++n) {
    Unit unit{.vectors = {}, .label = random_label(loss, random), .roles = roles};
    for (const Role* role : roles) {
      unit.vectors.push_back(
          role->optional ? Vector{} : random_vector(loss, *role, dimensions, regime, random));
    }
    if (regime == Regime::kinks) move_to_kink(*kernels.tuple, unit, random);
    labels.push_back(unit.label);
    for (std::size_t k = 0; k < arrays.size(); ++k)
      arrays[k].insert(arrays[k].end(), unit.vectors[k].begin(), unit.vectors[k].end());
  }
  evaluation::Inputs inputs;
  for (std::size_t k = 0; k < arrays.size(); ++k) {
    if (roles[k]->optional) continue;
    const std::string name(roles[k]->name);
    inputs[name] = {evaluation::in_memory(std::move(arrays[k]), shape, name)};
  }
  if (find_role(loss, "label") != nullptr) {
    Shape label_shape = shape;
    if (!loss.of_elements) label_shape.pop_back();
    inputs["label"] = {evaluation::in_memory(std::move(labels), label_shape, "label")};
  }
  return inputs;
}

}  // namespace losscalc::generation
