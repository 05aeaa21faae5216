/// Arrays that many candidates read: in memory once they are read, and preprocessed once.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "evaluation/arrays/data.h"

namespace losscalc::matching {

class ArrayCache {
 public:
  /// The same array, whose elements are read once for all: by the first who asks for one, if there
  /// is room for them. Arrays without identity stay as they are.
  evaluation::Data held(const evaluation::Data& data);

  /// What make() gives of an array, called once for each array and `how`.
  std::optional<evaluation::Data> derived(
      const evaluation::Data& data, const std::string& how,
      const std::function<std::optional<evaluation::Data>()>& make);

 private:
  /// Of all arrays together.
  static constexpr std::size_t max_elements = std::size_t{1} << 25U;

  using Key = std::pair<std::shared_ptr<const void>, std::string>;
  std::map<Key, std::optional<evaluation::Data>> derived_;
  std::size_t elements_ = 0;
};

}  // namespace losscalc::matching
