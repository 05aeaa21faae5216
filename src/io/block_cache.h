/// Blocks of decoded elements, made when they are first asked for and kept for a while.
#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

namespace losscalc::io {

/// Several threads may ask at a time: a block is decoded once, by the thread that asks first, while
/// others go on or wait for this block alone. The blocks asked for last are kept, at most
/// `capacity` of them beside those in use.
template <class Block>
class BlockCache {
 public:
  using Pointer = std::shared_ptr<const Block>;

  /// `decode(number)` makes a block; what it throws goes to everyone who asks for this block.
  BlockCache(std::size_t capacity, std::function<Block(std::size_t number)> decode)
      : capacity_(capacity), decode_(std::move(decode)) {}

  Pointer get(std::size_t number) {
    std::promise<Pointer> promise;
    {
      std::unique_lock lock(mutex_);
      for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
        if (entry->number != number) continue;
        entries_.splice(entries_.begin(), entries_, entry);
        const std::shared_future<Pointer> block = entry->block;
        lock.unlock();
        return block.get();
      }
      entries_.push_front({number, promise.get_future().share()});
      if (entries_.size() > capacity_) entries_.pop_back();
    }
    try {
      auto block = std::make_shared<const Block>(decode_(number));
      promise.set_value(block);
      return block;
    } catch (...) {
      promise.set_exception(std::current_exception());
      throw;
    }
  }

 private:
  struct Entry {
    std::size_t number;
    std::shared_future<Pointer> block;
  };

  std::size_t capacity_;
  std::function<Block(std::size_t)> decode_;
  std::mutex mutex_;
  std::list<Entry> entries_;  ///< the one asked for last stands first
};

}  // namespace losscalc::io
