/// The driver of penalties on a model's weights: the sum over every weight of any number of arrays.

#include <algorithm>
#include <string>

#include "diagnostics/error.h"
#include "evaluation/domains/make_driver.h"
#include "evaluation/driver.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {
namespace {

class PenaltyDriver final : public Driver {
 public:
  explicit PenaltyDriver(const Term& term) : kernels_(term.loss->kernels(term.parameters)) {
    required_input(term, "params");
    arrays_ = term.inputs.find("params")->second;
    for (const Data& array : arrays_) {
      starts_.push_back(total_);
      total_ += element_count(array.shape);
    }
  }

  std::size_t samples() const override { return 0; }
  std::size_t items() const override { return total_; }
  std::size_t items_per_chunk() const override { return std::size_t{1} << 17U; }
  Shape unit_shape() const override {
    return arrays_.size() == 1 ? arrays_[0].shape : Shape{total_};
  }

  void accumulate(std::size_t first, std::size_t last, const PassOutputs& tables,
                  Partial& partial) const override {
    if (tables.by_class || tables.by_sample) {
      throw Error(ErrorCode::not_supported, "a penalty on weights has neither samples nor classes");
    }
    for_each_block(first, last,
                   [&](std::size_t array, std::size_t start, std::span<double> weights) {
                     std::vector<double> losses(weights.size());
                     kernels_.parameters->value(weights, losses);
                     const std::size_t position = starts_[array] + start;
                     if (!tables.losses.empty()) {
                       std::ranges::copy(
                           losses, tables.losses.begin() + static_cast<std::ptrdiff_t>(position));
                     }
                     record({.first_position = position, .losses = losses}, tables, 1, partial);
                   });
  }

  void add_gradient(std::size_t first, std::size_t last, const GradientPass& pass) const override {
    for_each_block(first, last,
                   [&](std::size_t array, std::size_t start, std::span<double> weights) {
                     const std::span<double> out = pass.buffer("params", array);
                     if (out.empty()) return;
                     std::vector<double> slope(weights.size());
                     kernels_.parameters->gradient(pass.by, weights, slope);
                     for (std::size_t i = 0; i < slope.size(); ++i)
                       out[start + i] += pass.scale * slope[i];
                   });
  }

  std::size_t entries_per_item(std::string_view role) const override {
    return role == "params" ? 1 : 0;
  }
  std::size_t entry(std::string_view /*role*/, std::size_t position, std::size_t item,
                    std::size_t /*k*/) const override {
    return item - starts_[position];
  }
  std::size_t item_of(std::string_view /*role*/, std::size_t position,
                      std::size_t entry) const override {
    return starts_[position] + entry;
  }

  double item_value(std::size_t item, const GradientPass& pass) const override {
    double penalty = 0.0;
    for_each_block(item, item + 1, [&](std::size_t, std::size_t, std::span<double> weights) {
      kernels_.parameters->value(weights, std::span(&penalty, 1));
    });
    return pass.scale * penalty;
  }

 private:
  /// Visits items first .. last-1 of the arrays laid end to end: visit(array, start within it, its
  /// weights).
  template <class Visit>
  void for_each_block(std::size_t first, std::size_t last, Visit visit) const {
    constexpr std::size_t block_size = 4096;
    std::vector<double> buffer(std::min(block_size, last - first));
    while (first < last) {
      const auto after = std::ranges::upper_bound(starts_, first);
      const auto array = static_cast<std::size_t>(after - starts_.begin()) - 1;
      const std::size_t end = std::min(last, starts_[array] + element_count(arrays_[array].shape));
      const std::size_t count = std::min(block_size, end - first);
      const std::span<double> weights = std::span(buffer).first(count);
      arrays_[array].read(first - starts_[array], weights);
      visit(array, first - starts_[array], weights);
      first += count;
    }
  }

  Kernels kernels_;
  std::vector<Data> arrays_;
  std::vector<std::size_t> starts_;  ///< where each array's items begin
  std::size_t total_ = 0;
};

}  // namespace

std::unique_ptr<Driver> make_penalty_driver(const Term& term, std::size_t /*max_items*/) {
  return std::make_unique<PenaltyDriver>(term);
}

}  // namespace losscalc::evaluation
