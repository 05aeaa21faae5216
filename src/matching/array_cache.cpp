#include "matching/array_cache.h"

#include <algorithm>
#include <mutex>
#include <span>
#include <vector>

namespace losscalc::matching {
namespace {

/// Elements that are read when one is asked for.
class HeldElements {
 public:
  explicit HeldElements(evaluation::Data data) : data_(std::move(data)) {}

  void read(std::size_t first, std::span<double> out) {
    std::call_once(once_, [this] { elements_ = read_all(data_); });
    const auto from = elements_.begin() + static_cast<std::ptrdiff_t>(first);
    std::copy_n(from, out.size(), out.begin());
  }

 private:
  evaluation::Data data_;
  std::once_flag once_;
  std::vector<double> elements_;
};

}  // namespace

evaluation::Data ArrayCache::held(const evaluation::Data& data) {
  const auto make = [&]() -> std::optional<evaluation::Data> {
    const std::size_t count = element_count(data.shape);
    if (count > max_elements - elements_) return data;
    elements_ += count;
    evaluation::Data result = data;
    result.read = [elements = std::make_shared<HeldElements>(data)](
                      std::size_t first, std::span<double> out) { elements->read(first, out); };
    return result;
  };
  return *derived(data, "held", make);
}

std::optional<evaluation::Data> ArrayCache::derived(
    const evaluation::Data& data, const std::string& how,
    const std::function<std::optional<evaluation::Data>()>& make) {
  if (!data.identity) return make();
  const Key key{data.identity, how};
  if (const auto known = derived_.find(key); known != derived_.end()) return known->second;
  std::optional<evaluation::Data> made = make();
  if (made && !made->identity) made->identity = std::make_shared<const bool>();
  return derived_.emplace(key, std::move(made)).first->second;
}

}  // namespace losscalc::matching
