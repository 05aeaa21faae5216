/// The result of a computation as text, JSON (schema losscalc.compute/1) and CSV.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/report.h"
#include "evaluation/request.h"
#include "evaluation/term.h"
#include "report/input_note.h"

namespace losscalc::report {

/// What was computed, beside the numbers.
struct Computation {
  std::string specification;  ///< canonical
  std::vector<evaluation::Term> terms;
  /// The names of optional arrays (weights) that took part, and where they came from.
  std::vector<std::string> weights_used;
  std::vector<std::string> class_names;
  std::vector<InputNote> inputs = {};
  /// The key of a sample by its position, where samples have keys.
  std::function<std::string(std::size_t sample)> sample_key = {};
  evaluation::Shard shard = {};  ///< of the samples that were computed
  evaluation::Report result;
};

struct ComputeFormat {
  std::optional<int> digits = {};  ///< of text and CSV; otherwise shortest
  bool color = false;              ///< of text
  bool per_sample = false;
  bool per_class = false;
  std::optional<std::size_t> top = {};  ///< only the largest losses of the table by sample
};

std::string compute_text(const Computation& computation, const ComputeFormat& format);
std::string compute_json(const Computation& computation, const ComputeFormat& format);

/// The table by sample or by class, else a single row with the value.
std::string compute_csv(const Computation& computation, const ComputeFormat& format);

}  // namespace losscalc::report
