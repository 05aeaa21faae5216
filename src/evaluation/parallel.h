/// Work in numbered chunks on several threads, with results taken in the order of the chunks.
#pragma once

#include <cstddef>
#include <functional>

namespace losscalc::evaluation {

/// Calls work(i) for i = 0 .. count-1 on `threads` threads and then take(i), never two at a time
/// and in ascending order. If calls throw, the exception of the lowest chunk is thrown again here,
/// so that the same error is reported for any number of threads. At most a few chunks per thread
/// are finished and not yet taken.
void for_each_in_order(std::size_t count, std::size_t threads,
                       const std::function<void(std::size_t)>& work,
                       const std::function<void(std::size_t)>& take);

}  // namespace losscalc::evaluation
