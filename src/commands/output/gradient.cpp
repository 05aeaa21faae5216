#include "commands/output/gradient.h"

#include <algorithm>

#include "commands/output/write.h"
#include "diagnostics/error.h"
#include "evaluation/gradient.h"
#include "io/format.h"
#include "io/numpy/write.h"
#include "text/nearest.h"

namespace losscalc::commands {
namespace {

bool is_archive(const std::string& file) {
  return io::format_of_file(file) == io::format_named("npz");
}

/// Every differentiable input with its shape, and no values yet.
std::vector<io::NamedValues> named_inputs(const BoundTerms& bound) {
  std::vector<io::NamedValues> inputs;
  for (const checking::DifferentiableInput& input : checking::differentiable_inputs(bound))
    inputs.push_back({input.name, input.data.shape, {}});
  return inputs;
}

/// Finds the buffer of a term's input by its name.
template <class Find>
evaluation::GradientBuffer by_name(const BoundTerms& bound, Find find) {
  return [&bound, find](std::size_t term, std::string_view role, std::size_t position) {
    return find(bound.names.at({term, std::string(role)}).at(position));
  };
}

void write_single(const BoundTerms& bound, const io::NamedValues& input, const PendingFile& pending,
                  std::size_t threads) {
  io::MappedNpy file(pending.path(), input.shape);
  evaluation::Differentiable(bound.terms, threads)
      .add_gradient(DerivativeBy::analytic,
                    by_name(bound, [&](const std::string&) { return file.values(); }));
  file.close();
}

void write_archive(const BoundTerms& bound, std::vector<io::NamedValues>& inputs,
                   const PendingFile& pending, std::size_t threads) {
  for (io::NamedValues& input : inputs) input.values.assign(element_count(input.shape), 0.0);
  evaluation::Differentiable(bound.terms, threads)
      .add_gradient(DerivativeBy::analytic, by_name(bound, [&](const std::string& name) {
                      return std::span<double>(
                          std::ranges::find(inputs, name, &io::NamedValues::name)->values);
                    }));
  io::write_npz(pending.path(), inputs);
}

}  // namespace

void check_gradient_file(const BoundTerms& bound, const std::string& file) {
  const std::vector<io::NamedValues> inputs = named_inputs(bound);
  if (is_archive(file)) return;
  if (io::format_of_file(file) != io::format_named("npy")) {
    throw Error(ErrorCode::bad_value, "--grad-out must end in .npy or .npz, found '" + file + "'");
  }
  std::vector<std::string> names;
  names.reserve(inputs.size());
  for (const io::NamedValues& input : inputs) names.push_back(input.name);
  if (names.size() == 1) return;
  throw Error(ErrorCode::bad_value,
              "--grad-out: an .npy holds one array, and there are " + std::to_string(names.size()) +
                  " gradients: " + text::joined(names),
              {}, "name a .npz file");
}

void write_gradient(const BoundTerms& bound, const std::string& file, std::size_t threads) {
  check_gradient_file(bound, file);
  std::vector<io::NamedValues> inputs = named_inputs(bound);
  PendingFile pending(file);
  try {
    if (is_archive(file)) {
      write_archive(bound, inputs, pending, threads);
    } else {
      write_single(bound, inputs.front(), pending, threads);
    }
  } catch (const Error& error) {
    // Report the file by its own name, not by that of the temporary one.
    if (error.place().file != pending.path()) throw;
    throw Error(error.code(), error.what(), Place{.file = file}, error.hint());
  }
  pending.commit();
}

}  // namespace losscalc::commands
