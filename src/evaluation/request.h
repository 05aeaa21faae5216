/// Which part of the data is evaluated, how, and which tables are made.
#pragma once

#include <cstddef>
#include <functional>

namespace losscalc::evaluation {

/// The index-th of `count` nearly equal parts of the samples, from 1.
struct Shard {
  std::size_t index = 1;
  std::size_t count = 1;
};

struct Request {
  bool per_sample = false;
  bool per_class = false;
  Shard shard = {};
  std::size_t threads = 1;
  /// Called now and then with the share of the work that is done, in [0,1]; may be empty.
  std::function<void(double)> progress = {};
};

}  // namespace losscalc::evaluation
