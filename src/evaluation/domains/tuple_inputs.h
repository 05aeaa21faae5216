/// The arrays of a tuple loss, cut into tuples.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "evaluation/arrays/class_layout.h"
#include "evaluation/reduction/data_issues.h"
#include "evaluation/term.h"

namespace losscalc::evaluation {

/// The vectors and labels of units that follow each other.
struct TupleBlock {
  std::size_t count = 0;                          ///< of units
  std::vector<std::vector<double>> vectors = {};  ///< by role; empty for those not given
  std::vector<double> label = {};
  std::vector<std::span<const double>> current = {};
};

/// An item is a unit, or the units of the last axis where an array has one number for all of them.
class TupleInputs {
 public:
  /// Throws Error(missing_argument, shape_mismatch, not_supported) unless all arrays have one shape
  /// and labels that of the units. An array that the loss is differentiated by beside another may
  /// lack the last axis, or have it with length 1, where units are elements: it repeats.
  explicit TupleInputs(const Term& term);

  const Shape& unit_shape() const { return unit_shape_; }
  std::size_t units() const { return units_; }
  std::size_t units_per_item() const { return units_per_item_; }
  /// The length of a vector.
  std::size_t dimensions() const { return layout_.classes; }
  /// The number of vectors of a tuple.
  std::size_t count() const { return vectors_.size(); }
  std::string_view name(std::size_t vector) const { return vectors_[vector].role->name; }
  bool is_differentiable(std::size_t vector) const { return vectors_[vector].role->differentiable; }
  const Data* label() const { return label_.get(); }

  TupleBlock read(std::size_t first_item, std::size_t last_item, DataIssues& issues) const;
  /// The i-th tuple of a block; valid until the next call.
  Tuple tuple(TupleBlock& block, std::size_t i) const;

  /// Where one coordinate of a unit's vector stands in its array.
  std::size_t place(std::size_t vector, std::size_t unit, std::size_t coordinate) const;

  std::size_t entries_per_item(std::string_view role) const;
  std::size_t entry(std::string_view role, std::size_t item, std::size_t k) const;
  std::size_t item_of(std::string_view role, std::size_t entry) const;

  /// Throws Error(out_of_range) for numbers that a vector may not hold.
  void raise(const DataIssues& issues) const;

 private:
  struct Vector {
    const Role* role = nullptr;
    Data data = {};
    bool given = false;
    std::size_t units_per_entry = 1;  ///< how many units one entry is of
  };

  void add_vector(const Term& term, const Role& role);
  void check_label(const Term& term);
  std::size_t units_per_entry(const Role& role, const Data& data) const;
  const Vector& vector_of(std::string_view role) const;
  void read_vectors(const Vector& vector, std::size_t first_unit, std::span<double> out) const;
  /// Where a coordinate stands in its array, of vectors that are numbered one after the other.
  std::size_t stored(std::size_t coordinate) const {
    return layout_.flat(coordinate / dimensions(), coordinate % dimensions());
  }
  void check(const Vector& vector, std::size_t first_unit, std::span<double> numbers,
             DataIssues& issues) const;
  /// Empties rows with wrong labels: kernels index by labels.
  void check_labels(std::size_t first_unit, std::span<double> labels, DataIssues& issues) const;
  void raise_outside(const DataIssueCount& bad, bool differentiable) const;
  void raise_labels(const DataIssueCount& bad, const std::string& expected) const;

  const Loss& loss_;
  Shape shape_;  ///< of the vectors' arrays
  ClassLayout layout_;
  Shape unit_shape_;
  std::size_t units_ = 0;
  std::size_t units_per_item_ = 1;
  std::vector<Vector> vectors_;
  std::shared_ptr<const Data> label_;
};

/// Room for the derivatives of one tuple: empty for the vectors that have none.
struct TupleSlopes {
  explicit TupleSlopes(const TupleInputs& inputs);

  std::vector<std::vector<double>> numbers;
  std::vector<std::span<double>> spans;
};

}  // namespace losscalc::evaluation
