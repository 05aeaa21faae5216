#include <algorithm>
#include <optional>

#include "commands/inputs/settle_steps.h"
#include "diagnostics/error.h"
#include "io/column_names.h"
#include "text/phrases.h"

namespace losscalc::commands {
namespace {

bool can_be_read_again(const InputArray& input) {
  return input.array->reading().with_header != nullptr && input.files.size() == 1 &&
         input.has_samples;
}

bool is_open(const InputArray& input) {
  const io::Reading& reading = input.array->reading();
  return !reading.header_doubt.empty() && !reading.header_is_likely;
}

bool is_likely(const InputArray& input) {
  const io::Reading& reading = input.array->reading();
  return !reading.header_doubt.empty() && reading.header_is_likely;
}

[[noreturn]] void throw_open_header(const InputArray& input) {
  throw Error(ErrorCode::malformed_csv, input.array->reading().header_doubt,
              Place{.file = file_of(input), .line = 1},
              "say which: --header yes or --header no, or of one file '" + file_of(input) +
                  "#header=yes' or '" + file_of(input) + "#header=no'");
}

const io::Array* read_again(const InputArray& input, bool header, Sources& sources) {
  const std::string key = derived_key(header ? "with header" : "without header", {input.array});
  return &sources.derived(key, [&] {
    io::Array array = input.array->reading().with_header(header);
    if (header)
      array.add_note("the first row is the header, as the length of the other input tells");
    return array;
  });
}

/// How many samples the other inputs have, if that is settled.
std::optional<std::size_t> other_length(const std::vector<InputArray>& inputs,
                                        const InputArray& input,
                                        bool (*is_doubtful)(const InputArray&)) {
  for (const InputArray& other : inputs) {
    if (&other == &input || !other.has_samples || other.array->rank() == 0) continue;
    if (!is_open(other) && !is_doubtful(other)) return length(*other.array);
  }
  return std::nullopt;
}

void read_with_settled_headers(std::vector<InputArray>& inputs, Sources& sources) {
  for (InputArray& input : inputs) {
    if (!is_likely(input) || !can_be_read_again(input)) continue;
    const auto samples = other_length(inputs, input, is_likely);
    if (samples && *samples == length(*input.array) + 1)
      input.array = read_again(input, false, sources);
  }
  for (InputArray& input : inputs) {
    if (!is_open(input)) continue;
    const auto samples = can_be_read_again(input) ? other_length(inputs, input, is_open)
                                                  : std::optional<std::size_t>();
    const std::size_t rows = length(*input.array);
    if (!samples) throw_open_header(input);
    // One row too many is rather a mistake than a header, if no other file has one of that kind.
    const bool is_header = *samples + 1 == rows && std::ranges::any_of(inputs, is_likely);
    if (*samples + 1 == rows && !is_header) throw_open_header(input);
    input.array = read_again(input, is_header, sources);
  }
}

/// First rows that are the same in both files are more likely quantiles than samples.
void check_quantiles(const std::vector<InputArray>& inputs) {
  for (const InputArray& input : inputs) {
    const auto& quantiles = input.array->reading().quantiles;
    const auto is_same = [&](const InputArray& other) {
      return file_of(other) != file_of(input) && other.array->reading().is_whole &&
             other.array->reading().quantiles == quantiles;
    };
    if (quantiles.empty() || !input.array->reading().is_whole) continue;
    if (std::ranges::none_of(inputs, is_same)) continue;
    throw Error(ErrorCode::malformed_csv,
                "the first row, " + text::quoted(text::listed(quantiles)) +
                    ", is the same as in another input: it may be a header or data",
                Place{.file = file_of(input), .line = 1}, "say which: --header yes or --header no");
  }
}

/// A column that is named after the predictions or targets and is given as weights.
void check_weights(const std::vector<InputArray>& inputs) {
  for (const InputArray& input : inputs) {
    const bool is_weight = input.role.ends_with("weight");
    const io::Array& array = *input.array;
    if (!is_weight || !array.reading().is_whole || array.column_names().size() != 1) continue;
    const std::string& column = array.column_names().front();
    const bool names_other = (column == "pred" || column == "target" || io::names_input(column)) &&
                             column.find("weight") == std::string::npos;
    if (!names_other) continue;
    throw Error(ErrorCode::malformed_csv,
                "column " + text::quoted(column) + " is given as " + input.role,
                Place{.file = file_of(input), .line = 1},
                "name it if it is meant: '" + file_of(input) + "#col=" + column + "'");
  }
}

}  // namespace

void settle_headers(std::vector<InputArray>& inputs, Sources& sources) {
  read_with_settled_headers(inputs, sources);
  check_quantiles(inputs);
  check_weights(inputs);
}

}  // namespace losscalc::commands
