/// The entries of drivers whose items are positions with a prediction for each class.
#pragma once

#include "evaluation/arrays/class_layout.h"
#include "evaluation/driver.h"

namespace losscalc::evaluation {

class PositionDriver : public Driver {
 public:
  std::size_t entries_per_item(std::string_view role) const override {
    return role == "pred" ? layout().classes : 0;
  }
  std::size_t entry(std::string_view /*role*/, std::size_t /*position*/, std::size_t item,
                    std::size_t k) const override {
    return layout().flat(item, k);
  }
  std::size_t item_of(std::string_view /*role*/, std::size_t /*position*/,
                      std::size_t entry) const override {
    return layout().position_of(entry);
  }

 protected:
  virtual const ClassLayout& layout() const = 0;
};

}  // namespace losscalc::evaluation
