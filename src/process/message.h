/// Requests as lines of JSON, and replies out of them; program.h describes both.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "process/program.h"

namespace losscalc::process {

struct Request {
  std::size_t id;
  const Arrays& inputs;
  bool with_gradient;
  std::size_t samples;  ///< so many losses of single samples are expected, if any
};

/// With the newline.
std::string to_line(const Request& request);

/// Throws Error(program_failed).
Reply parse_reply(std::string_view line, const Request& request, const std::string& command);

}  // namespace losscalc::process
