#include "commands/treated_value.h"

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

namespace losscalc::commands {
namespace {

using evaluation::Data;
using evaluation::Term;
using matching::Treatment;

bool has_array(const Term& term, const std::string& role) {
  const auto found = term.inputs.find(role);
  return found != term.inputs.end() && !found->second.empty();
}

/// An array [N,N] of which an element is the number of its row, or of its column.
Data repeated(const Data& data, std::size_t length, bool by_row) {
  auto numbers = std::make_shared<std::vector<double>>(length);
  data.read(0, *numbers);
  Data square = data;
  square.shape = {length, length};
  square.in_place = {};
  square.place = [whole = data.whole](std::size_t) { return whole; };
  square.read = [numbers, length, by_row](std::size_t first, std::span<double> out) {
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = (*numbers)[by_row ? (first + i) / length : (first + i) % length];
  };
  return square;
}

bool broadcast(Term& term) {
  constexpr std::size_t longest = 4096;
  if (!has_array(term, "pred") || !has_array(term, "target")) return false;
  Data& prediction = term.inputs.at("pred").front();
  Data& target = term.inputs.at("target").front();
  const Data& row = prediction.shape.size() == 1 ? prediction : target;
  const Data& column = prediction.shape.size() == 1 ? target : prediction;
  const std::size_t length = row.shape.empty() ? 0 : row.shape[0];
  if (row.shape.size() != 1 || length < 2 || length > longest) return false;
  if (column.shape != evaluation::Shape{length, 1}) return false;
  const bool target_is_row = target.shape.size() == 1;
  prediction = repeated(prediction, length, target_is_row);
  target = repeated(target, length, !target_is_row);
  return true;
}

std::optional<double> mean_of_means(const Term& term, std::size_t parts, std::size_t threads) {
  const Reduction reduction = term.choices.reduction;
  if (reduction != Reduction::mean && reduction != Reduction::count_mean) return {};
  double sum = 0.0;
  std::size_t count = 0;
  const auto add = [&](double mean) {
    if (std::isnan(mean)) return;
    sum += mean;
    ++count;
  };
  if (parts == 0) {
    const evaluation::Report report =
        evaluation::evaluate({term}, {.per_sample = true, .threads = threads});
    for (const evaluation::Row& row : report.per_sample) add(row.loss);
  } else {
    for (std::size_t part = 1; part <= parts; ++part)
      add(evaluation::evaluate({term}, {.shard = {part, parts}, .threads = threads}).value);
  }
  return count == 0 ? std::nullopt : std::optional(sum / static_cast<double>(count));
}

}  // namespace

std::optional<double> treated_value(Term term, const Treatment& treatment, std::size_t threads) {
  switch (treatment.kind) {
    case Treatment::Kind::none: break;
    case Treatment::Kind::left_out:
      if (!has_array(term, treatment.from)) return {};
      term.inputs.erase(treatment.from);
      break;
    case Treatment::Kind::moved:
      if (!has_array(term, treatment.from) || has_array(term, treatment.to)) return {};
      term.inputs[treatment.to] = std::exchange(term.inputs[treatment.from], {});
      term.inputs.erase(treatment.from);
      break;
    case Treatment::Kind::broadcast:
      if (!broadcast(term)) return {};
      break;
    case Treatment::Kind::mean_of_means: return mean_of_means(term, treatment.parts, threads);
  }
  return evaluation::evaluate({term}, {.threads = threads}).value;
}

}  // namespace losscalc::commands
