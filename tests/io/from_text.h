/// Arrays and errors out of texts, for the tests of formats.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/error.h"
#include "io/array.h"
#include "io/bytes.h"

namespace losscalc::io {

/// The bytes of a text as those of a file.
inline Bytes bytes_of(std::string_view text, std::string file) {
  const auto held = std::make_shared<const std::string>(text);
  return {std::move(file), std::as_bytes(std::span<const char>(*held)), held};
}

inline std::vector<double> values_of(const Array& array) {
  std::vector<double> values(array.size());
  array.read(0, values);
  return values;
}

/// `code|place: message` of the error that `act` throws.
template <class Act>
std::string error_of(const Act& act) {
  try {
    act();
  } catch (const Error& error) {
    return std::string(error_name(error.code())) + "|" + to_string(error.place()) + ": " +
           error.what();
  }
  return "no error";
}

/// The hint of the error that `act` throws.
template <class Act>
std::string hint_of(const Act& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.hint();
  }
  return "no error";
}

}  // namespace losscalc::io
