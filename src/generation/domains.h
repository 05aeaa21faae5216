/// What random inputs of each domain are made of.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "definition/loss.h"
#include "evaluation/term.h"
#include "generation/random.h"
#include "generation/random_inputs.h"
#include "numeric/shape.h"

namespace losscalc::generation {

/// A loss under its parameters and conventions, the shape of its inputs, and how they lie.
struct InputRequest {
  const Loss& loss;
  const Arguments& parameters;
  const Conventions& conventions;
  const Shape& shape;
  Regime regime;
};

struct DomainRow {
  Domain domain;
  /// A shape with about `entries` entries of the (first) differentiable input.
  Shape (*default_shape)(const Loss& loss, const Conventions& conventions, std::size_t entries);
  /// What is expected of a shape that doesn't fit; empty for one that does.
  std::string (*misfit)(const Loss& loss, const Conventions& conventions, const Shape& shape);
  /// The inputs that the loss requires, by role.
  evaluation::Inputs (*inputs)(const InputRequest& request, Random& random);
};

/// A row for each domain.
std::span<const DomainRow> domain_rows();

const DomainRow& row_of(Domain domain);

evaluation::Inputs elementwise_inputs(const InputRequest& request, Random& random);
evaluation::Inputs class_inputs(const InputRequest& request, Random& random);
evaluation::Inputs tuple_inputs(const InputRequest& request, Random& random);
evaluation::Inputs batch_inputs(const InputRequest& request, Random& random);
evaluation::Inputs sequence_inputs(const InputRequest& request, Random& random);
evaluation::Inputs box_inputs(const InputRequest& request, Random& random);
evaluation::Inputs penalty_inputs(const InputRequest& request, Random& random);

}  // namespace losscalc::generation
