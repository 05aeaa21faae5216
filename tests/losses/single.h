/// One unit at a time: the value and the slope of a loss found by its name.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "definition/loss.h"
#include "diagnostics/error.h"
#include "numeric/limits.h"

namespace losscalc::single {

using losscalc::infinity;

inline Kernels kernels(std::string_view name, const Arguments& arguments = {}) {
  const Loss* loss = find_loss(name);
  REQUIRE(loss != nullptr);
  return loss->kernels(arguments);
}

/// The message with which the loss refuses these arguments.
inline std::string refusal(std::string_view name, const Arguments& arguments) {
  try {
    kernels(name, arguments);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::bad_value);
    return error.what();
  }
  return "";
}

struct ElementwiseResult {
  double value = 0.0;
  double slope = 0.0;
};

inline ElementwiseResult elementwise(std::string_view name, double prediction, double target,
                                     const Arguments& arguments = {}) {
  const Kernels k = kernels(name, arguments);
  ElementwiseResult result;
  k.elementwise->value({&prediction, 1}, {&target, 1}, {&result.value, 1});
  k.elementwise->gradient(DerivativeBy::analytic, {&prediction, 1}, {&target, 1},
                          {&result.slope, 1});
  return result;
}

inline ElementwiseResult penalty(std::string_view name, double weight,
                                 const Arguments& arguments = {}) {
  const Kernels k = kernels(name, arguments);
  ElementwiseResult result;
  k.parameters->value({&weight, 1}, {&result.value, 1});
  k.parameters->gradient(DerivativeBy::analytic, {&weight, 1}, {&result.slope, 1});
  return result;
}

/// The term of one class, by its log-probability.
inline ElementwiseResult class_term(std::string_view name, double log_p,
                                    const Arguments& arguments = {},
                                    std::uint32_t class_index = 0) {
  const Kernels k = kernels(name, arguments);
  ElementwiseResult result;
  k.class_terms->value({&log_p, 1}, {&class_index, 1}, {&result.value, 1});
  k.class_terms->gradient(DerivativeBy::analytic, {&log_p, 1}, {&class_index, 1},
                          {&result.slope, 1});
  return result;
}

struct BinaryResult {
  double value = 0.0;
  double by_log_p = 0.0;
  double by_log_q = 0.0;
};

/// A Bernoulli prediction by log p and log(1 - p).
inline BinaryResult bernoulli(std::string_view name, double log_p, double log_q, double target,
                              const Arguments& arguments = {}, double positive_weight = 1.0,
                              std::uint32_t class_index = 0) {
  const Kernels k = kernels(name, arguments);
  const BinaryBlock block{.log_p = {&log_p, 1},
                          .log_q = {&log_q, 1},
                          .target = {&target, 1},
                          .positive_weight = {&positive_weight, 1},
                          .classes = {&class_index, 1}};
  BinaryResult result;
  k.binary->value(block, {&result.value, 1});
  k.binary->gradient(DerivativeBy::analytic, block, {&result.by_log_p, 1}, {&result.by_log_q, 1});
  return result;
}

inline BinaryResult binary(std::string_view name, double p, double target,
                           const Arguments& arguments = {}, double positive_weight = 1.0,
                           std::uint32_t class_index = 0) {
  return bernoulli(name, std::log(p), std::log1p(-p), target, arguments, positive_weight,
                   class_index);
}

struct RowResult {
  double value = 0.0;
  std::vector<double> slope = {};
};

inline RowResult scores(std::string_view name, const std::vector<double>& row, std::size_t target,
                        const Arguments& arguments = {}) {
  const Kernels k = kernels(name, arguments);
  RowResult result{.value = k.scores->value(row, target), .slope = std::vector<double>(row.size())};
  k.scores->gradient(DerivativeBy::analytic, row, target, result.slope);
  return result;
}

struct OverlapResult {
  double value = 0.0;
  Overlap<double> slope = {};
};

/// The loss of the map of probabilities p against targets t, and its slope by the three sums.
inline OverlapResult map(std::string_view name, const std::vector<double>& p,
                         const std::vector<double>& t, const Arguments& arguments = {}) {
  Overlap<double> sums;
  for (std::size_t i = 0; i < p.size(); ++i) {
    sums.intersection += p[i] * t[i];
    sums.prediction += p[i];
    sums.target += t[i];
  }
  const Kernels k = kernels(name, arguments);
  return {.value = k.overlap->value(sums),
          .slope = k.overlap->gradient(DerivativeBy::analytic, sums)};
}

struct BoxResult {
  double value = 0.0;
  Box<double> slope = {};
};

inline BoxResult box(std::string_view name, const Box<double>& prediction,
                     const Box<double>& target, const Arguments& arguments = {}) {
  const Kernels k = kernels(name, arguments);
  return {.value = k.box->value(prediction, target),
          .slope = k.box->gradient(DerivativeBy::analytic, prediction, target)};
}

struct TupleResult {
  double value = 0.0;
  std::vector<std::vector<double>> slopes = {};
};

inline TupleResult tuple(std::string_view name, const std::vector<std::vector<double>>& vectors,
                         double label = 0.0, const Arguments& arguments = {}) {
  const Kernels k = kernels(name, arguments);
  const std::vector<std::span<const double>> spans(vectors.begin(), vectors.end());
  TupleResult result;
  result.value = k.tuple->value(spans, label);
  for (const auto& vector : vectors) result.slopes.emplace_back(vector.size());
  const std::vector<std::span<double>> slopes(result.slopes.begin(), result.slopes.end());
  k.tuple->gradient(DerivativeBy::analytic, spans, label, slopes);
  return result;
}

/// A sample of a batch by its similarities to all samples, itself among them.
inline RowResult similarities(std::string_view name, const std::vector<double>& row,
                              const std::vector<double>& labels, std::size_t sample,
                              const Arguments& arguments = {}) {
  const Kernels k = kernels(name, arguments);
  RowResult result{.value = k.batch->value(row, labels, sample),
                   .slope = std::vector<double>(row.size())};
  k.batch->gradient(DerivativeBy::analytic, row, labels, sample, result.slope);
  return result;
}

/// A sequence by the log-probabilities of its steps, one step after the other.
inline RowResult sequence(std::string_view name, const std::vector<double>& log_p,
                          std::size_t classes, const std::vector<std::uint32_t>& labels,
                          const Arguments& arguments = {}) {
  const Kernels k = kernels(name, arguments);
  RowResult result{.value = k.sequence->value(log_p, classes, labels),
                   .slope = std::vector<double>(log_p.size())};
  k.sequence->gradient(DerivativeBy::analytic, log_p, classes, labels, result.slope);
  return result;
}

/// A word among the values of a parameter.
inline Argument word(std::string name, std::string value) {
  return {std::move(name), ParameterValue(std::move(value))};
}

}  // namespace losscalc::single
