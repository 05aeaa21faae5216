/// losscalc: computes loss functions on files. Here every failure becomes a message and an exit
/// status.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "commands/command.h"
#include "report/diagnostics.h"

namespace {

using losscalc::Error;
using losscalc::ErrorCode;

int reported(const Error& error, bool as_json) {
  std::fputs(
      (as_json ? losscalc::report::error_json(error) : losscalc::report::error_text(error)).c_str(),
      stderr);
  return static_cast<int>(error.status());
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  const bool as_json = std::ranges::find(arguments, "--json") != arguments.end();
  try {
    return static_cast<int>(losscalc::commands::run(arguments));
  } catch (const Error& error) {
    return reported(error, as_json);
  } catch (const std::bad_alloc&) {
    return reported(Error(ErrorCode::out_of_memory, "out of memory"), as_json);
  } catch (const std::exception& error) {
    return reported(Error(ErrorCode::internal, std::string("unexpected failure: ") + error.what()),
                    as_json);
  }
}
