#include "generation/domains.h"

#include <algorithm>
#include <array>

#include "numeric/shape.h"

namespace losscalc::generation {
namespace {

constexpr std::size_t usual_classes = 5;
constexpr std::size_t usual_length = 12;  // pixels of a map, steps of a sequence
constexpr std::size_t usual_dimensions = 8;

std::size_t samples(std::size_t entries, std::size_t size) {
  return std::max(entries / size, std::size_t{1});
}

Shape one_axis(const Loss& /*loss*/, const Conventions& /*conventions*/, std::size_t entries) {
  return {samples(entries, 1)};
}

std::string any_shape(const Loss& /*loss*/, const Conventions& /*conventions*/,
                      const Shape& /*shape*/) {
  return {};
}

/// The class axis counted from the start; the end of the shape if it has no such axis.
std::size_t class_axis_of(const Conventions& conventions, std::size_t axes) {
  return resolved_axis(conventions.class_axis, axes).value_or(axes);
}

/// Samples take the first axis that classes leave, pixels the last.
Shape with_classes(const Conventions& conventions, std::size_t pixels, std::size_t entries) {
  const std::int64_t axis = conventions.class_axis;
  const auto needed = static_cast<std::size_t>(axis < 0 ? -axis : axis + 1);
  Shape shape(std::max<std::size_t>(needed, pixels > 1 ? 3 : 2), 1);
  shape[class_axis_of(conventions, shape.size())] = usual_classes;
  *std::ranges::find(shape, 1U) = samples(entries, usual_classes * pixels);
  if (pixels > 1) *std::find(shape.rbegin(), shape.rend(), 1U) = pixels;
  return shape;
}

Shape classwise_shape(const Loss& /*loss*/, const Conventions& conventions, std::size_t entries) {
  return with_classes(conventions, 1, entries);
}

Shape region_shape(const Loss& /*loss*/, const Conventions& conventions, std::size_t entries) {
  return with_classes(conventions, usual_length, entries);
}

std::string classes_misfit(const Loss& /*loss*/, const Conventions& conventions,
                           const Shape& shape) {
  if (shape.size() >= 2 && class_axis_of(conventions, shape.size()) < shape.size()) return {};
  return "a shape of at least 2 axes with the classes along axis " +
         std::to_string(conventions.class_axis);
}

Shape tuple_shape(const Loss& loss, const Conventions& /*conventions*/, std::size_t entries) {
  if (loss.of_elements) return {samples(entries, 1)};
  return {samples(entries, usual_dimensions), usual_dimensions};
}

std::string tuple_misfit(const Loss& loss, const Conventions& /*conventions*/, const Shape& shape) {
  return loss.of_elements || shape.size() == 2 ? "" : "the 2 axes [N,D]";
}

Shape batch_shape(const Loss& /*loss*/, const Conventions& /*conventions*/, std::size_t entries) {
  constexpr std::size_t max_samples = 64;
  return {std::min(samples(entries, usual_dimensions), max_samples), usual_dimensions};
}

std::string batch_misfit(const Loss& /*loss*/, const Conventions& /*conventions*/,
                         const Shape& shape) {
  return shape.size() == 2 ? "" : "the 2 axes [N,D]";
}

Shape sequence_shape(const Loss& /*loss*/, const Conventions& conventions, std::size_t entries) {
  const std::size_t sequences = samples(entries, usual_classes * usual_length);
  if (conventions.time_axis == 0) return {usual_length, sequences, usual_classes};
  return {sequences, usual_length, usual_classes};
}

std::string sequence_misfit(const Loss& /*loss*/, const Conventions& conventions,
                            const Shape& shape) {
  if (shape.size() == 3 && shape.back() >= 2) return {};
  return conventions.time_axis == 0 ? "the 3 axes [T,N,C] with at least 2 classes"
                                    : "the 3 axes [N,T,C] with at least 2 classes";
}

Shape box_shape(const Loss& /*loss*/, const Conventions& /*conventions*/, std::size_t entries) {
  return {samples(entries, 4), 4};
}

std::string box_misfit(const Loss& /*loss*/, const Conventions& /*conventions*/,
                       const Shape& shape) {
  return shape.size() >= 2 && shape.back() == 4 ? "" : "at least 2 axes, the last of length 4";
}

}  // namespace

std::span<const DomainRow> domain_rows() {
  static constexpr std::array rows{
      DomainRow{Domain::elementwise, one_axis, any_shape, elementwise_inputs},
      DomainRow{Domain::classwise, classwise_shape, classes_misfit, class_inputs},
      DomainRow{Domain::region, region_shape, classes_misfit, class_inputs},
      DomainRow{Domain::tuple, tuple_shape, tuple_misfit, tuple_inputs},
      DomainRow{Domain::batch, batch_shape, batch_misfit, batch_inputs},
      DomainRow{Domain::sequence, sequence_shape, sequence_misfit, sequence_inputs},
      DomainRow{Domain::box, box_shape, box_misfit, box_inputs},
      DomainRow{Domain::parameters, one_axis, any_shape, penalty_inputs}};
  return rows;
}

const DomainRow& row_of(Domain domain) {
  return *std::ranges::find(domain_rows(), domain, &DomainRow::domain);
}

}  // namespace losscalc::generation
