/// What the functions and classes that pickles of tensors name make of their arguments.
#pragma once

#include <string>
#include <vector>

#include "diagnostics/error.h"
#include "io/torch/globals.h"
#include "io/torch/value.h"

namespace losscalc::io::torch {

/// Throws Error(malformed_torch).
[[noreturn]] void throw_malformed(const Place& place, const std::string& reason);

/// `function(*arguments)`, by what the function means; `values` are those of the pickle. Throws
/// Error: malformed_torch for arguments that it does not take, and for tensors that reach beyond
/// their storage; unsupported_type.
Value called(const Global& function, const Sequence& arguments, const std::vector<Value>& values,
             const Place& place);

/// What Python's __setstate__ does to an object. Throws Error as called() does.
void set_state(const Value& object, const Value& state, const std::vector<Value>& values,
               const Place& place);

/// The storage that the arguments of a persistent id name.
Value persistent(const Value& id, const std::vector<Value>& values, const Place& place);

}  // namespace losscalc::io::torch
