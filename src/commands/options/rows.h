/// The options that several commands have, each as its row; a command's own stand beside it.
#pragma once

#include <string>
#include <vector>

#include "commands/options/option.h"

namespace losscalc::commands {

/// The tasks as --task takes them: `metric-learning`.
std::vector<std::string> task_names();

namespace option {

std::vector<OptionValue> loss_names();
std::vector<OptionValue> input_formats();
std::vector<OptionValue> color_modes();
std::vector<OptionValue> unmatched_modes();
std::vector<OptionValue> header_answers();

inline constexpr OptionRow loss{
    .name = "loss",
    .short_name = 'l',
    .value_name = "SPEC",
    .category = "Loss",
    .help = "a loss or a weighted sum of losses: 'dice', 'focal(gamma=1)', 'mse + 0.1*l2-penalty'",
    .values = loss_names};
inline constexpr OptionRow pred{
    .name = "pred",
    .short_name = 'p',
    .value_name = "FILE",
    .category = "Input",
    .help =
        "predictions: FILE, FILE#FRAGMENT or - for standard input; several files, or a pattern "
        "such as 'part-*.npy', are concatenated along the first axis",
    .arity = Arity::repeated};
inline constexpr OptionRow target{.name = "target",
                                  .short_name = 't',
                                  .value_name = "FILE",
                                  .category = "Input",
                                  .help = "targets, given in the same ways",
                                  .arity = Arity::repeated};
inline constexpr OptionRow input{.name = "input",
                                 .short_name = 'i',
                                 .value_name = "NAME=FILE",
                                 .category = "Input",
                                 .help = "any input by name (repeatable)",
                                 .arity = Arity::repeated};
inline constexpr OptionRow classes{
    .name = "classes",
    .value_name = "NAMES",
    .category = "Input",
    .help = "names of classes 0, 1, ..., for targets given by name: cat,dog"};
inline constexpr OptionRow input_format{.name = "input-format",
                                        .value_name = "FORMAT",
                                        .category = "Input",
                                        .help = "the format, regardless of the file names",
                                        .values = input_formats,
                                        .lists_values = true};
inline constexpr OptionRow id{
    .name = "id",
    .value_name = "NAME",
    .category = "Input",
    .help =
        "pair samples by the key NAME (a column, a key of records, an array of an archive) in "
        "whatever order files have them; pred=NAME,target=NAME where names differ; none pairs by "
        "position whatever keys say"};
inline constexpr OptionRow unmatched{
    .name = "unmatched",
    .value_name = "WHAT",
    .category = "Input",
    .help = "keys that one file lacks are an error, or their samples are dropped",
    .values = unmatched_modes,
    .lists_values = true};
inline constexpr OptionRow label_base{
    .name = "label-base",
    .value_name = "N",
    .category = "Input",
    .help = "the label of the first class: 1 where labels count from 1 (default: 0)"};
inline constexpr OptionRow header{
    .name = "header",
    .value_name = "yes|no",
    .category = "Input",
    .help =
        "whether the first row of tables is a header (default: found out); FILE#header=no says "
        "it of one file",
    .values = header_answers};
inline constexpr OptionRow decimal{
    .name = "decimal",
    .value_name = "CHAR",
    .category = "Input",
    .help = "the decimal point of tables, or the comma that stands for it (default: found out)"};

inline constexpr OptionRow per_sample{.name = "per-sample",
                                      .category = "Output",
                                      .help = "add a table of the losses per sample",
                                      .arity = Arity::flag};
inline constexpr OptionRow per_class{.name = "per-class",
                                     .category = "Output",
                                     .help = "add a table of the losses per class",
                                     .arity = Arity::flag};
inline constexpr OptionRow top{.name = "top", .value_name = "K", .category = "Output"};
inline constexpr OptionRow json{
    .name = "json", .category = "Output", .help = "print one JSON object", .arity = Arity::flag};
inline constexpr OptionRow csv{.name = "csv",
                               .category = "Output",
                               .help = "print the table or the value as CSV",
                               .arity = Arity::flag};
inline constexpr OptionRow output{.name = "output",
                                  .short_name = 'o',
                                  .value_name = "FILE",
                                  .category = "Output",
                                  .help = "write the result to FILE instead of standard output"};
inline constexpr OptionRow digits{
    .name = "digits",
    .value_name = "N",
    .category = "Output",
    .help = "round printed numbers to N significant digits; JSON always has all digits"};
inline constexpr OptionRow shard{
    .name = "shard",
    .value_name = "I/N",
    .category = "Parts",
    .help =
        "compute only the I-th of N parts of the samples; auto takes I and N from the launcher "
        "(mpirun, srun, sbatch --array, torchrun)"};
inline constexpr OptionRow threads{
    .name = "threads",
    .value_name = "N",
    .category = "General",
    .help = "number of threads (default: all cores); the result does not depend on it"};
inline constexpr OptionRow quiet{.name = "quiet",
                                 .short_name = 'q',
                                 .category = "General",
                                 .help = "show no progress",
                                 .arity = Arity::flag};
inline constexpr OptionRow strict{.name = "strict",
                                  .category = "General",
                                  .help = "treat warnings as errors (exit status 3)",
                                  .arity = Arity::flag};

inline constexpr OptionRow help{.name = "help",
                                .short_name = 'h',
                                .category = "General",
                                .help = "show this help and exit",
                                .arity = Arity::flag};
inline constexpr OptionRow version{.name = "version",
                                   .short_name = 'V',
                                   .category = "General",
                                   .help = "show the version and how the program was built",
                                   .arity = Arity::flag};
inline constexpr OptionRow color{.name = "color",
                                 .value_name = "WHEN",
                                 .category = "General",
                                 .values = color_modes,
                                 .lists_values = true};

}  // namespace option

/// Those of a command that computes losses of files: what is computed, from which files, and then
/// its own.
std::vector<OptionRow> with_inputs(const std::vector<OptionRow>& own);

/// Those that every command has.
const std::vector<OptionRow>& common_options();

}  // namespace losscalc::commands
