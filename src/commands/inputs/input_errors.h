/// What is wrong with the inputs of a term, beside what reading them finds.
#pragma once

#include <string>
#include <vector>

#include "commands/inputs/sources.h"
#include "definition/loss.h"
#include "io/array.h"
#include "spec/specification.h"

namespace losscalc::commands {

/// Error(missing_argument) for an input that a loss needs and nobody gives, with what to type.
[[noreturn]] void throw_missing(const spec::Term& term, const Role& role, const Sources& sources);

/// Error(missing_argument) for a name that is neither an input nor a file.
[[noreturn]] void throw_unknown_input(const spec::Term& term, const Role& role,
                                      const std::string& word, const Sources& sources);

/// Error(conflicting_arguments) for an input that no term uses.
[[noreturn]] void throw_unused(const std::string& name, const std::vector<spec::Term>& terms);

/// Targets and labels may be names of classes; what is differentiated or weighs can't. Throws
/// Error(not_a_number).
void check_may_be_words(const io::Array& array, const Role& role);

/// --classes must fit the predictions. Throws Error(bad_value).
void check_class_count(const spec::Term& term, const Shape& shape,
                       const std::vector<std::string>& class_names);

/// A header that says another order than --classes is not overruled in silence. Throws
/// Error(conflicting_arguments).
void check_class_order(const spec::Term& term, const io::Array& predictions,
                       const std::vector<std::string>& class_names);

/// Classes by name for a library that takes columns in the sorted order of the names. Throws
/// Error(conflicting_arguments) if they stand in another one.
void check_sorted_classes(const spec::Term& term, const io::Array& words,
                          const std::vector<std::string>& class_names);

/// Names of columns that contradict the box format are not passed over. Throws
/// Error(conflicting_arguments).
void check_box_names(const spec::Term& term, const io::Array& boxes);

}  // namespace losscalc::commands
