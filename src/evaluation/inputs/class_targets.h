/// Targets of classwise and region losses: class indices, or a distribution over the classes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "definition/conventions.h"
#include "evaluation/arrays/aligned.h"
#include "evaluation/arrays/class_layout.h"
#include "evaluation/arrays/data.h"
#include "evaluation/reduction/data_issues.h"

namespace losscalc::evaluation {

/// What a target without a class axis means where there is one class only.
enum class SingleClass : std::uint8_t {
  index,  ///< 0, the index of that class
  mask,   ///< 1 where the position belongs to it, else 0
};

/// A block of targets, read by ClassTargets.
struct TargetBlock {
  std::vector<std::uint32_t> classes;  ///< the index, or the class of the largest target
  std::vector<std::uint8_t> ignored;   ///< 1 where the unit is left out
  AlignedVector distribution;          ///< class-major, where targets are a distribution
  bool any_ignored = false;
};

/// Adds the first `count` targets that are not ignored to the numbers of targets of each class.
void count_classes(const TargetBlock& targets, std::size_t count, std::span<std::size_t> counts);

class ClassTargets {
 public:
  /// Decides by shape and by target_kind what the target array holds. Throws Error(shape_mismatch)
  /// with a hint if it fits neither reading; Error(not_supported) for an ignore index with a
  /// distribution.
  ClassTargets(const ClassLayout& layout, const Data& prediction, Data target,
               const Conventions& conventions, SingleClass single);

  /// Whether read() gives only indices and no distribution.
  bool are_indices() const { return kind_ == Kind::index; }

  /// Reads positions first .. first+count-1. What is wrong is noted in `issues` at its position
  /// in the target array, and left out.
  void read(std::size_t first, std::size_t count, std::size_t stride, TargetBlock& block,
            DataIssues& issues, std::vector<double>& scratch) const;

  /// Notes the positions of a block whose distribution is not one 1 among zeros, and leaves them
  /// out.
  void require_one_hot(std::size_t first, std::size_t count, std::size_t stride, TargetBlock& block,
                       DataIssues& issues) const;

  /// The class-major distribution of a block that read() filled: indices become one-hot.
  void expand(std::size_t count, std::size_t stride, TargetBlock& block) const;

  void warn(const DataIssues& issues, std::vector<Warning>& warnings) const;

  /// Throws the error that the issues about targets call for, if there is one.
  void raise(const DataIssues& issues) const;

 private:
  enum class Kind : std::uint8_t {
    index,
    distribution,
    mask,  ///< one class only: 1 where the position belongs to it, else 0
  };

  std::string hint_for_index(const std::string& found) const;
  bool takes_plain_indices() const;
  bool read_plain_indices(std::size_t first, std::size_t count, TargetBlock& block) const;
  void read_indices(std::size_t first, std::size_t count, TargetBlock& block,
                    DataIssues& issues) const;
  void read_mask(std::size_t first, std::size_t count, TargetBlock& block,
                 DataIssues& issues) const;
  void read_distribution(std::size_t first, std::size_t count, std::size_t stride,
                         TargetBlock& block, DataIssues& issues,
                         std::vector<double>& scratch) const;

  ClassLayout layout_;
  Data target_;
  Kind kind_ = Kind::index;
  std::vector<double> ignore_index_;
  bool in_unit_interval_;  ///< whether targets must be
};

}  // namespace losscalc::evaluation
