/// Losses on data: values and tables by sample and class of a weighted sum of losses.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "definition/loss.h"
#include "diagnostics/error.h"
#include "evaluation/arrays/data.h"
#include "evaluation/reduction/partial.h"

namespace losscalc::evaluation {

/// The arrays of a loss by role; every role has one array but those that Role::repeated marks.
using Inputs = std::map<std::string, std::vector<Data>, std::less<>>;

/// One term of a weighted sum of losses: a loss with its parameters, conventions and arrays.
struct Term {
  double coefficient = 1.0;
  const Loss* loss = nullptr;
  Arguments parameters = {};
  Conventions conventions = {};
  Inputs inputs = {};
};

/// The index-th of `count` nearly equal parts of the samples, from 1.
struct Shard {
  std::size_t index = 1;
  std::size_t count = 1;
};

struct Request {
  bool per_sample = false;
  bool per_class = false;
  Shard shard = {};
  std::size_t threads = 1;
  /// Called now and then with the share of the work that is done, in [0,1]; may be empty.
  std::function<void(double)> progress = {};
};

/// A row of the table by sample or by class: the value that the loss would have with only this
/// sample (class) in the data. `target` and `predicted` are set where a sample is one unit.
struct Row {
  std::size_t index = 0;
  double loss = 0.0;
  double weight = 0.0;
  std::size_t units = 0;
  std::optional<double> target = {};
  std::optional<double> predicted = {};
};

struct TermReport {
  double value = 0.0;
  std::size_t samples = 0;  ///< length of the first axis
  std::size_t units = 0;    ///< units not ignored
  double weight = 0.0;      ///< sum of the weights of these units
  std::size_t ignored = 0;
};

struct Report {
  double value = 0.0;
  std::size_t samples = 0;
  std::size_t units = 0;
  double weight = 0.0;
  std::vector<TermReport> terms = {};
  std::vector<Row> per_sample = {};
  std::vector<Row> per_class = {};
  /// Under reduction none: the weighted losses w_u l_u, C order of `shape`; under outputs=each:
  /// their values. `value` is then their sum.
  std::vector<double> losses = {};
  Shape shape = {};
  std::vector<Warning> warnings = {};
};

/// Evaluates sum_k coefficient_k * loss_k over the request's shard of the samples. The value has
/// the same bits for any number of threads. Throws Error: shape_mismatch, out_of_range,
/// not_normalized, empty_mean, missing_array, not_supported (a table or a reduction that these
/// losses don't have).
Report evaluate(const std::vector<Term>& terms, const Request& request);

/// What the request's shard contributes: one partial for each term. Throws as evaluate().
std::vector<Partial> accumulate(const std::vector<Term>& terms, const Request& request);

/// The report on all data, from the merged partials of all shards: bit for bit that of evaluate().
/// Of the terms' arrays, only shapes and class weights are looked at. The request's tables must
/// have been asked for by each accumulate().
Report finish(const std::vector<Term>& terms, std::vector<Partial> partials,
              const Request& request);

}  // namespace losscalc::evaluation
