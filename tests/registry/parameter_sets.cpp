/// The arguments with which properties of a loss are tried.
#include "definition/loss.h"
#include "diagnostics/error.h"
#include "registry/units.h"

namespace losscalc {
namespace {

/// Whether values that are valid one by one are so together.
bool is_accepted(const Loss& loss, const Arguments& arguments) {
  try {
    loss.kernels(arguments);
  } catch (const Error& error) {
    return error.code() != ErrorCode::bad_value;
  }
  return true;
}

}  // namespace

std::vector<Arguments> parameter_sets(const Loss& loss) {
  std::vector<Arguments> sets{{}};
  const auto cross = [&](const ParameterInfo& info, const std::vector<ParameterValue>& values) {
    std::vector<Arguments> crossed;
    for (const Arguments& set : sets) {
      for (const ParameterValue& value : values) {
        crossed.push_back(set);
        crossed.back().push_back({std::string(info.name), value});
      }
    }
    sets = std::move(crossed);
  };
  for (const ParameterInfo& info : loss.parameters) {
    if (info.type == ParameterType::boolean) cross(info, {false, true});
    if (info.type == ParameterType::choice) {
      std::vector<ParameterValue> names;
      for (const std::string& choice : choice_names(info)) names.emplace_back(choice);
      cross(info, names);
    }
    if (info.type == ParameterType::integer && info.valid.high - info.valid.low < 10.0) {
      std::vector<ParameterValue> integers;
      for (double i = info.valid.low; i <= info.valid.high; ++i) integers.emplace_back(i);
      cross(info, integers);
    }
  }
  const std::vector<Arguments> discrete = sets;
  const auto vary = [&](const ParameterInfo& info, const ParameterValue& value) {
    for (Arguments set : discrete) {
      set.push_back({std::string(info.name), value});
      sets.push_back(std::move(set));
    }
  };
  for (const ParameterInfo& info : loss.parameters) {
    if (info.type == ParameterType::number) {
      for (const double number : {0.0, 1e-3, 0.3, 0.5, 1.0, 2.5, 4.0})
        if (info.valid.contains(number)) vary(info, number);
    }
    if (info.type == ParameterType::integer && !std::isfinite(info.valid.low)) vary(info, -1.0);
    if (info.type == ParameterType::numbers) {
      vary(info, 0.25);
      vary(info, Numbers{0.25, 0.5, 0.75, 1.0});
    }
  }
  std::erase_if(sets, [&](const Arguments& set) { return !is_accepted(loss, set); });
  return sets;
}

}  // namespace losscalc
