#include "evaluation/parallel.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace losscalc::evaluation {
namespace {

/// The shared state of one run: which chunk is handed out next, and which is taken next.
class OrderedRun {
 public:
  OrderedRun(std::size_t count, std::size_t window, const std::function<void(std::size_t)>& work,
             const std::function<void(std::size_t)>& take)
      : count_(count), window_(window), work_(work), take_(take) {}

  void run_worker() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return failure_ || next_ == count_ || next_ < taken_ + window_; });
      if (failure_ || next_ == count_) return;
      const std::size_t chunk = next_++;
      lock.unlock();
      std::exception_ptr error;
      try {
        work_(chunk);
      } catch (...) {
        error = std::current_exception();
      }
      lock.lock();
      changed_.wait(lock, [&] { return failure_ || taken_ == chunk; });
      if (failure_) return;
      take_in_turn(chunk, error);
      changed_.notify_all();
    }
  }

  void rethrow_failure() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void take_in_turn(std::size_t chunk, std::exception_ptr error) {
    if (!error) {
      try {
        take_(chunk);
      } catch (...) {
        error = std::current_exception();
      }
    }
    failure_ = error;
    ++taken_;
  }

  const std::size_t count_;
  const std::size_t window_;
  const std::function<void(std::size_t)>& work_;
  const std::function<void(std::size_t)>& take_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t next_ = 0;
  std::size_t taken_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

void for_each_in_order(std::size_t count, std::size_t threads,
                       const std::function<void(std::size_t)>& work,
                       const std::function<void(std::size_t)>& take) {
  if (threads <= 1 || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) {
      work(i);
      take(i);
    }
    return;
  }
  threads = std::min(threads, count);
  OrderedRun run(count, threads, work, take);
  {
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < threads; ++i) workers.emplace_back([&run] { run.run_worker(); });
  }
  run.rethrow_failure();
}

}  // namespace losscalc::evaluation
