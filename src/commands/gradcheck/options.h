/// The options of gradcheck, read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "commands/options/parse.h"
#include "commands/options/rows.h"
#include "differentiation/check.h"
#include "generation/random_inputs.h"

namespace losscalc::commands {

namespace option {

inline constexpr OptionRow random{
    .name = "random",
    .value_name = "SHAPE",
    .category = "Input",
    .help = "use random inputs instead of files; SHAPE is that of the prediction: 1000x10"};
inline constexpr OptionRow regime{.name = "regime",
                                  .value_name = "NAME",
                                  .category = "Input",
                                  .help = "kind of random inputs",
                                  .values = values_of<generation::regimes>,
                                  .lists_values = true};
inline constexpr OptionRow all{.name = "all",
                               .category = "Input",
                               .help = "check every loss on random inputs, in every regime",
                               .arity = Arity::flag};
inline constexpr OptionRow grad{
    .name = "grad",
    .value_name = "FILE",
    .category = "Gradient",
    .help =
        "check this gradient instead of losscalc's own: FILE, NAME=FILE, or a .npz with an array "
        "for each input by name (repeatable)",
    .arity = Arity::repeated};
inline constexpr OptionRow exec{
    .name = "exec",
    .value_name = "PROGRAM",
    .category = "Gradient",
    .help =
        "check the gradient of your own program, which reads inputs and prints value and gradient "
        "as JSON lines; everything after this option is the program's command line",
    .arity = Arity::rest};
inline constexpr OptionRow timeout{.name = "timeout",
                                   .value_name = "SECONDS",
                                   .category = "Gradient",
                                   .help = "time limit per reply (default: 60)"};
inline constexpr OptionRow wrt{
    .name = "wrt",
    .value_name = "NAMES",
    .category = "Gradient",
    .help = "check only the gradients with respect to these inputs: anchor,positive (default: all)",
    .arity = Arity::repeated};
inline constexpr OptionRow method{.name = "method",
                                  .value_name = "NAME",
                                  .category = "Check",
                                  .help = "where the derivatives come from",
                                  .values = values_of<differentiation::methods>,
                                  .lists_values = true};
inline constexpr OptionRow step{.name = "step",
                                .value_name = "H",
                                .category = "Check",
                                .help = "step size of forward, central and ridders"};
inline constexpr OptionRow rtol{.name = "rtol",
                                .value_name = "X",
                                .category = "Check",
                                .help =
                                    "relative tolerance (default: 1e-7; for gradients stored as "
                                    "float32 1e-5, as float16 1e-2, as bfloat16 8e-2)"};
inline constexpr OptionRow entries{
    .name = "entries",
    .value_name = "K",
    .category = "Check",
    .help = "check K entries, spread over all of them; with --all, the number of entries per loss"};
inline constexpr OptionRow seed{
    .name = "seed", .value_name = "S", .category = "Check", .help = "random seed (default: 1)"};
inline constexpr OptionRow sweep{.name = "sweep",
                                 .value_name = "INDEX",
                                 .category = "Check",
                                 .help =
                                     "instead of checking, show the error of differences against "
                                     "their step size at one entry: 3,1 or 'anchor[3,1]'"};
inline constexpr OptionRow plot{.name = "plot",
                                .value_name = "FILE.svg",
                                .category = "Output",
                                .help = "draw the sweep as SVG"};
inline constexpr OptionRow hessian{
    .name = "hessian",
    .category = "Check",
    .help =
        "check second derivatives instead: the Jacobian of the gradient must be symmetric and "
        "agree with second differences of the values",
    .arity = Arity::flag};

}  // namespace option

// Each throws Error(bad_value), saying what was expected.

/// --method, --step, --entries, --seed, --threads. Throws Error(conflicting_arguments) for a step
/// that no scheme takes.
differentiation::CheckRequest request_of(const ParsedOptions& options);

std::uint64_t seed_of(const ParsedOptions& options);
generation::Regime regime_of(const ParsedOptions& options);

double positive_number(const ParsedOptions& options, const OptionRow& option, double otherwise);

/// The words of an option that takes lists and may be repeated.
std::vector<std::string> listed(const ParsedOptions& options, const OptionRow& option);

std::string method_name(differentiation::Method method);
std::string regime_name(generation::Regime regime);

/// Whether text on standard output is to be coloured.
bool wants_color(const ParsedOptions& options);

}  // namespace losscalc::commands
