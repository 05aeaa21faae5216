/// losscalc: computes loss functions on files. Here every failure becomes a message and an exit
/// status.

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "commands/command.h"
#include "report/diagnostics.h"
#include "report/terminal.h"

namespace {

using losscalc::Error;
using losscalc::ErrorCode;

/// An error may precede the parsing of options, so --json and --color are looked up in the raw
/// arguments.
int reported(const Error& error, const std::vector<std::string>& arguments) {
  const bool as_json = std::ranges::find(arguments, "--json") != arguments.end();
  const bool color =
      losscalc::report::uses_color(losscalc::commands::color_of(arguments), STDERR_FILENO);
  const std::string text =
      as_json ? losscalc::report::error_json(error) : losscalc::report::error_text(error, color);
  std::fputs(text.c_str(), stderr);
  return static_cast<int>(error.status());
}

/// Threads take the same buffers again for each part of the data; pages handed back in between
/// would have to be cleared again.
void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_TOP_PAD, 1 << 20);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  try {
    return static_cast<int>(losscalc::commands::run(arguments));
  } catch (const Error& error) {
    return reported(error, arguments);
  } catch (const std::bad_alloc&) {
    return reported(Error(ErrorCode::out_of_memory, "out of memory"), arguments);
  } catch (const std::exception& error) {
    return reported(Error(ErrorCode::internal, std::string("unexpected failure: ") + error.what()),
                    arguments);
  }
}
