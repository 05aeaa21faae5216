/// What gradcheck checks: terms on data from files or on random data, gradients from elsewhere, and
/// the arrays that a program is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checking/gradient_check.h"
#include "commands/inputs/bind.h"
#include "commands/options/parse.h"
#include "generation/random_inputs.h"
#include "process/program.h"
#include "spec/specification.h"

namespace losscalc::commands {

/// The terms of -l. Throws Error(missing_argument) without it.
std::vector<spec::Term> required_terms(const ParsedOptions& options);

/// Random arrays for all terms, of this shape or with about so many entries; those of one name are
/// shared.
BoundTerms bind_random(const std::vector<spec::Term>& terms, const std::optional<Shape>& shape,
                       std::size_t entries, generation::Regime regime, std::uint64_t seed);

/// Arrays from files, or --random.
BoundTerms bound_terms(const std::vector<spec::Term>& terms, const ParsedOptions& options,
                       std::uint64_t seed);

/// --grad: FILE, NAME=FILE, or an archive with a gradient by the name of each input. Throws Error:
/// shape_mismatch, bad_value where it is not clear whose gradient a file is.
std::vector<checking::GivenGradient> given_gradients(
    const ParsedOptions& options, const std::vector<checking::DifferentiableInput>& inputs);

/// The arrays that a program is given: those of the loss, or whatever is named.
process::Arrays program_inputs(const ParsedOptions& options,
                               const std::optional<BoundTerms>& bound);

}  // namespace losscalc::commands
