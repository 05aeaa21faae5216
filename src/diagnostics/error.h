/// The one exception type: everything that a user's input can cause is an Error, thrown anywhere,
/// caught once in main.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace losscalc {

/// Process exit status, by kind of outcome.
enum class Status : std::uint8_t {
  done = 0,
  check_failed = 1,
  usage = 2,
  data = 3,
  system = 4,
};

/// Stable identifiers of failures; error_name() gives the text used in JSON and in the manual's
/// DIAGNOSTICS.
enum class ErrorCode : std::uint8_t {
  // usage
  unknown_command,
  unknown_option,
  unknown_loss,
  unknown_parameter,
  bad_value,
  bad_specification,
  bad_fragment,
  missing_argument,
  conflicting_arguments,
  not_supported,
  // data
  unknown_format,
  malformed_csv,
  malformed_json,
  malformed_npy,
  malformed_npz,
  malformed_safetensors,
  malformed_torch,
  malformed_png,
  malformed_compression,
  unsupported_type,
  not_a_number,
  unknown_class,
  ragged,
  no_data,
  missing_array,
  shape_mismatch,
  out_of_range,
  not_normalized,
  empty_mean,
  malformed_partial,
  shards_mismatch,
  strict_warning,
  // system
  cannot_read,
  cannot_write,
  program_failed,
  out_of_memory,
  internal,
};

/// Where in the input a failure lies. Line and column are 1-based and 0 means "not known"; `index`
/// is the 0-based position in an array; `path` is a JSON Pointer or the name of an archive's
/// member.
struct Place {
  std::string file = {};
  std::size_t line = 0;
  std::size_t column = 0;
  std::string path = {};
  std::vector<std::size_t> index = {};
};

/// `preds.csv:17:3`, `preds.npy[3,1]`, `d.npz#pred[3,1]` or `d.json#/pred/3`; empty without a file.
std::string to_string(const Place& place);

class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message, Place place = {}, std::string hint = {});

  ErrorCode code() const noexcept { return code_; }
  const Place& place() const noexcept { return place_; }
  const std::string& hint() const noexcept { return hint_; }
  Status status() const noexcept;

 private:
  ErrorCode code_;
  Place place_;
  std::string hint_;
};

std::string_view error_name(ErrorCode code) noexcept;

/// A condition worth a person's attention that does not stop the work. `count` is how often it
/// occurred.
struct Warning {
  std::string code;
  std::string message;
};

}  // namespace losscalc
