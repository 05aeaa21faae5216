#include "diagnostics/error.h"

#include <array>
#include <utility>

namespace losscalc {
namespace {

struct ErrorRow {
  ErrorCode code;
  std::string_view name;
  Status status;
};

constexpr std::array error_table{
    ErrorRow{ErrorCode::unknown_command, "unknown-command", Status::usage},
    ErrorRow{ErrorCode::unknown_option, "unknown-option", Status::usage},
    ErrorRow{ErrorCode::unknown_loss, "unknown-loss", Status::usage},
    ErrorRow{ErrorCode::unknown_parameter, "unknown-parameter", Status::usage},
    ErrorRow{ErrorCode::bad_value, "bad-value", Status::usage},
    ErrorRow{ErrorCode::bad_specification, "bad-specification", Status::usage},
    ErrorRow{ErrorCode::bad_fragment, "bad-fragment", Status::usage},
    ErrorRow{ErrorCode::missing_argument, "missing-argument", Status::usage},
    ErrorRow{ErrorCode::conflicting_arguments, "conflicting-arguments", Status::usage},
    ErrorRow{ErrorCode::not_supported, "not-supported", Status::usage},
    ErrorRow{ErrorCode::unknown_format, "unknown-format", Status::data},
    ErrorRow{ErrorCode::malformed_csv, "malformed-csv", Status::data},
    ErrorRow{ErrorCode::malformed_json, "malformed-json", Status::data},
    ErrorRow{ErrorCode::malformed_npy, "malformed-npy", Status::data},
    ErrorRow{ErrorCode::malformed_npz, "malformed-npz", Status::data},
    ErrorRow{ErrorCode::malformed_safetensors, "malformed-safetensors", Status::data},
    ErrorRow{ErrorCode::malformed_torch, "malformed-torch", Status::data},
    ErrorRow{ErrorCode::malformed_png, "malformed-png", Status::data},
    ErrorRow{ErrorCode::malformed_compression, "malformed-compression", Status::data},
    ErrorRow{ErrorCode::unsupported_type, "unsupported-type", Status::data},
    ErrorRow{ErrorCode::not_a_number, "not-a-number", Status::data},
    ErrorRow{ErrorCode::unknown_class, "unknown-class", Status::data},
    ErrorRow{ErrorCode::ragged, "ragged", Status::data},
    ErrorRow{ErrorCode::no_data, "no-data", Status::data},
    ErrorRow{ErrorCode::missing_array, "missing-array", Status::data},
    ErrorRow{ErrorCode::shape_mismatch, "shape-mismatch", Status::data},
    ErrorRow{ErrorCode::out_of_range, "out-of-range", Status::data},
    ErrorRow{ErrorCode::not_normalized, "not-normalized", Status::data},
    ErrorRow{ErrorCode::empty_mean, "empty-mean", Status::data},
    ErrorRow{ErrorCode::malformed_partial, "malformed-partial", Status::data},
    ErrorRow{ErrorCode::shards_mismatch, "shards-mismatch", Status::data},
    ErrorRow{ErrorCode::strict_warning, "strict-warning", Status::data},
    ErrorRow{ErrorCode::cannot_read, "cannot-read", Status::system},
    ErrorRow{ErrorCode::cannot_write, "cannot-write", Status::system},
    ErrorRow{ErrorCode::program_failed, "program-failed", Status::system},
    ErrorRow{ErrorCode::out_of_memory, "out-of-memory", Status::system},
    ErrorRow{ErrorCode::internal, "internal", Status::system},
};

const ErrorRow& row_of(ErrorCode code) noexcept {
  for (const ErrorRow& row : error_table) {
    if (row.code == code) return row;
  }
  return error_table.back();
}

}  // namespace

Error::Error(ErrorCode code, const std::string& message, Place place, std::string hint)
    : std::runtime_error(message), code_(code), place_(std::move(place)), hint_(std::move(hint)) {}

Status Error::status() const noexcept { return row_of(code_).status; }

std::string_view error_name(ErrorCode code) noexcept { return row_of(code).name; }

std::string to_string(const Place& place) {
  std::string text = place.file;
  if (place.line > 0) {
    text += ":" + std::to_string(place.line);
    if (place.column > 0) text += ":" + std::to_string(place.column);
  }
  if (!place.path.empty()) text += "#" + place.path;
  if (!place.index.empty()) {
    text += "[";
    for (std::size_t axis = 0; axis < place.index.size(); ++axis) {
      if (axis > 0) text += ",";
      text += std::to_string(place.index[axis]);
    }
    text += "]";
  }
  return text;
}

}  // namespace losscalc
