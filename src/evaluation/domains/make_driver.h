/// The driver of each domain.
#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <span>

#include "definition/conventions.h"
#include "evaluation/driver.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {

inline constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

/// The driver of the term's domain, with buffers for blocks of at most so many items. Throws
/// Error for inputs that are missing or don't fit.
std::unique_ptr<Driver> make_driver(const Term& term, std::size_t max_items = any_number);

struct DriverRow {
  Domain domain;
  std::unique_ptr<Driver> (*make)(const Term& term, std::size_t max_items);
};

/// A row for each domain.
std::span<const DriverRow> driver_rows();

std::unique_ptr<Driver> make_elementwise_driver(const Term& term, std::size_t max_items);
std::unique_ptr<Driver> make_classwise_driver(const Term& term, std::size_t max_items);
std::unique_ptr<Driver> make_region_driver(const Term& term, std::size_t max_items);
std::unique_ptr<Driver> make_tuple_driver(const Term& term, std::size_t max_items);
std::unique_ptr<Driver> make_batch_driver(const Term& term, std::size_t max_items);
std::unique_ptr<Driver> make_sequence_driver(const Term& term, std::size_t max_items);
std::unique_ptr<Driver> make_box_driver(const Term& term, std::size_t max_items);
std::unique_ptr<Driver> make_penalty_driver(const Term& term, std::size_t max_items);

}  // namespace losscalc::evaluation
