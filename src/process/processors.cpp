#include "process/processors.h"

#include <algorithm>
#include <thread>

namespace losscalc::process {

std::size_t processor_count() {
  static const std::size_t count = std::max(1U, std::thread::hardware_concurrency());
  return count;
}

}  // namespace losscalc::process
