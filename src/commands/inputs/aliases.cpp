#include "commands/inputs/aliases.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace losscalc::commands {
namespace {

struct Alias {
  std::string_view name;
  std::string_view role;
};

/// Hugging Face's PredictionOutput, scikit-learn's parameters, and plurals.
constexpr std::array aliases{
    Alias{"predictions", "pred"}, Alias{"y_pred", "pred"},   Alias{"preds", "pred"},
    Alias{"label_ids", "target"}, Alias{"labels", "target"}, Alias{"y_true", "target"},
    Alias{"targets", "target"},
};

}  // namespace

std::map<std::string, std::string> role_aliases(const std::vector<std::string>& names) {
  const auto has = [&names](std::string_view name) {
    return std::ranges::find(names, name) != names.end();
  };
  std::map<std::string, std::string> found;
  for (const std::string_view role : {"pred", "target"}) {
    const auto stands_for_role = [&](const Alias& alias) {
      return alias.role == role && has(alias.name);
    };
    if (has(role) || std::ranges::count_if(aliases, stands_for_role) != 1) continue;
    found.emplace(role, std::ranges::find_if(aliases, stands_for_role)->name);
  }
  return found;
}

}  // namespace losscalc::commands
