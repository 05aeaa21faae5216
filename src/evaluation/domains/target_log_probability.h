/// The log-probability of the target's class at each position: all that a loss of index targets
/// needs of the predictions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "evaluation/arrays/aligned.h"
#include "evaluation/arrays/window.h"
#include "evaluation/inputs/predictions.h"
#include "evaluation/links/softmax.h"
#include "evaluation/reduction/data_issues.h"

namespace losscalc::evaluation {

class TargetLogProbability {
 public:
  /// `predictions` must outlive this.
  explicit TargetLogProbability(const ClassPredictions& predictions);

  struct Workspace {
    AlignedVector values = {};  ///< a class-major block, or rows
    Window<float> stored_rows = Window<float>();
    std::vector<double> scratch = {};
    RowStatistics statistics = {};
  };

  /// Reads positions first, first+1, ... and writes log p of the class `targets[j]` of each; and
  /// into `predicted`, unless it is empty, the class of the largest prediction. Notes what is wrong
  /// or suspicious, and which of those that are not `ignored` were clipped.
  void read(std::size_t first, std::span<const std::uint32_t> targets,
            std::span<const std::uint8_t> ignored, std::span<double> log_p,
            std::span<double> predicted, Workspace& work, DataIssues& issues) const;

 private:
  bool read_floats(std::size_t first, std::span<const std::uint32_t> targets,
                   std::span<double> log_p, Workspace& work) const;
  bool read_float_rows(std::size_t first, std::span<const std::uint32_t> targets,
                       std::span<double> log_p, Workspace& work) const;
  bool read_float_planes(std::size_t first, std::span<const std::uint32_t> targets,
                         std::span<double> log_p, Workspace& work) const;
  void take_probabilities(std::span<const std::uint32_t> targets, std::span<double> log_p,
                          const Workspace& work) const;
  std::size_t place(std::size_t position, std::size_t class_index) const;

  const ClassPredictions& predictions_;
  std::size_t classes_;
  /// Whether a position's classes lie side by side and are many: then rows are worked on as they
  /// lie, and else class-major blocks.
  bool in_rows_;
  std::size_t stride_;
};

}  // namespace losscalc::evaluation
