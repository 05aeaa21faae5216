#include "matching/values.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "diagnostics/error.h"
#include "evaluation/evaluate.h"
#include "evaluation/parallel.h"
#include "evaluation/summed_term.h"
#include "matching/array_cache.h"
#include "matching/preprocessed_data.h"
#include "matching/shared_pass.h"

namespace losscalc::matching {
namespace {

using evaluation::SummedTerm;
using evaluation::Term;

/// What is computed together: candidates whose terms differ only in what is made of their sums.
struct Group {
  Term term;
  bool mean_of_means = false;
  std::size_t parts = 0;
  std::vector<std::size_t> members = {};  ///< numbers of candidates
  std::vector<Conventions> conventions = {};
};

using Values = std::vector<std::optional<double>>;

/// The result of compute(), or nothing where the data don't fit.
template <class Compute>
auto where_data_fit(Compute compute) -> std::optional<decltype(compute())> {
  try {
    return compute();
  } catch (const Error& error) {
    if (error.status() == Status::system) throw;
    return {};
  }
}

/// The mean of means that are not NaN.
class MeanOfMeans {
 public:
  void add(double mean) {
    if (std::isnan(mean)) return;
    sum_ += mean;
    ++count_;
  }
  std::optional<double> value() const {
    return count_ == 0 ? std::nullopt : std::optional(sum_ / static_cast<double>(count_));
  }

 private:
  double sum_ = 0.0;
  std::size_t count_ = 0;
};

bool is_mean(const Conventions& conventions) {
  return conventions.reduction == Reduction::mean || conventions.reduction == Reduction::count_mean;
}

std::optional<double> mean_over_samples(Term term, const Conventions& conventions) {
  term.conventions = conventions;
  MeanOfMeans means;
  for (const evaluation::Row& row : evaluation::evaluate({term}, {.per_sample = true}).per_sample)
    means.add(row.loss);
  return means.value();
}

std::optional<double> mean_over_parts(std::vector<SummedTerm>& parts,
                                      const Conventions& conventions) {
  MeanOfMeans means;
  for (SummedTerm& part : parts) means.add(part.value(conventions));
  return means.value();
}

Values means_of_means(const Group& group) {
  Values values(group.members.size());
  std::optional<std::vector<SummedTerm>> parts;
  if (group.parts > 0) {
    parts = where_data_fit([&] {
      std::vector<SummedTerm> summed;
      for (std::size_t part = 1; part <= group.parts; ++part)
        summed.emplace_back(group.term, evaluation::Request{.shard = {part, group.parts}});
      return summed;
    });
    if (!parts) return values;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Conventions& conventions = group.conventions[i];
    if (!is_mean(conventions)) continue;
    const auto value = where_data_fit([&] {
      return parts ? mean_over_parts(*parts, conventions)
                   : mean_over_samples(group.term, conventions);
    });
    values[i] = value.value_or(std::nullopt);
  }
  return values;
}

Values values_of(const Group& group) {
  if (group.mean_of_means) return means_of_means(group);
  Values values(group.members.size());
  auto summed = where_data_fit([&] { return SummedTerm(group.term, {}); });
  for (std::size_t i = 0; summed && i < values.size(); ++i)
    values[i] = where_data_fit([&] { return summed->value(group.conventions[i]); });
  return values;
}

/// An array that nobody knows is like no other.
void require_identity(Term& term) {
  for (auto& [role, arrays] : term.inputs) {
    for (evaluation::Data& array : arrays) {
      if (!array.identity) array.identity = std::make_shared<const bool>();
    }
  }
}

/// The candidates that fit the data, by what they share.
std::vector<Group> groups_of(const std::vector<const Candidate*>& candidates, const Binding& bind) {
  std::vector<Group> groups;
  std::map<std::string, std::size_t> known;
  ArrayCache cache;
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    const Preprocessing& preprocessing = candidates[k]->preprocessing;
    std::optional<Term> term = bind(*candidates[k]);
    if (!term) continue;
    for (auto& [role, arrays] : term->inputs) {
      for (evaluation::Data& array : arrays) array = cache.held(array);
    }
    auto made =
        where_data_fit([&] { return preprocessed(std::move(*term), preprocessing, cache); });
    if (!made || !*made) continue;
    require_identity(**made);
    const bool mean_of_means = preprocessing.kind == Preprocessing::Kind::mean_of_means;
    // Classes that there are none of show here first.
    const auto pass = where_data_fit([&] { return pass_key(**made); });
    if (!pass) continue;
    std::string key = *pass;
    if (mean_of_means) key += " of " + std::to_string(preprocessing.parts) + " parts";
    const auto [group, is_new] = known.try_emplace(key, groups.size());
    if (is_new) groups.push_back({**made, mean_of_means, preprocessing.parts});
    groups[group->second].members.push_back(k);
    groups[group->second].conventions.push_back((*made)->conventions);
  }
  return groups;
}

}  // namespace

std::vector<std::optional<double>> values(const std::vector<const Candidate*>& candidates,
                                          const Binding& bind, std::size_t threads,
                                          const std::function<void(double)>& progress) {
  const std::vector<Group> groups = groups_of(candidates, bind);
  Values all(candidates.size());
  const auto compute = [&](std::size_t number) {
    const Values values = values_of(groups[number]);
    for (std::size_t i = 0; i < values.size(); ++i) all[groups[number].members[i]] = values[i];
  };
  std::mutex showing;
  std::size_t done = 0;
  const auto show = [&] {
    const std::scoped_lock lock(showing);
    ++done;
    if (progress) progress(static_cast<double>(done) / static_cast<double>(groups.size()));
  };
  // Groups take very different times, and each has places of its own for its results: who has done
  // one takes the next, whatever the others are at.
  std::atomic<std::size_t> next = 0;
  const auto work = [&](std::size_t /*worker*/) {
    for (std::size_t number = next++; number < groups.size(); number = next++) {
      compute(number);
      show();
    }
  };
  const std::size_t workers =
      std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(groups.size(), 1));
  evaluation::for_each_in_order(workers, workers, work, [](std::size_t /*worker*/) {});
  return all;
}

}  // namespace losscalc::matching
