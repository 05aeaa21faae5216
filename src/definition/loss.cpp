#include "definition/loss.h"

#include <algorithm>

#include "definition/registry.h"

namespace losscalc {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](char x, char y) { return (x == '_' ? '-' : x) == (y == '_' ? '-' : y); });
}

std::vector<const Loss*> sorted_registry() {
  std::vector<const Loss*> losses(registry().begin(), registry().end());
  std::ranges::sort(losses, [](const Loss* a, const Loss* b) {
    return std::pair(a->description.task, a->description.name) <
           std::pair(b->description.task, b->description.name);
  });
  return losses;
}

}  // namespace

std::string_view name(Task task) {
  switch (task) {
    case Task::classification: return "classification";
    case Task::regression: return "regression";
    case Task::segmentation: return "segmentation";
    case Task::detection: return "detection";
    case Task::metric_learning: return "metric learning";
    case Task::sequence: return "sequence";
    case Task::regularization: return "regularization";
  }
  return "";
}

const std::vector<Task>& tasks() {
  static const std::vector<Task> all{
      Task::classification,  Task::regression, Task::segmentation,  Task::detection,
      Task::metric_learning, Task::sequence,   Task::regularization};
  return all;
}

const Role* find_role(const Loss& loss, std::string_view role) {
  const auto found = std::ranges::find(loss.roles, role, &Role::name);
  return found == loss.roles.end() ? nullptr : &*found;
}

bool is_differentiable(const Loss& loss) {
  return std::ranges::any_of(loss.roles, &Role::differentiable);
}

const std::vector<const Loss*>& all_losses() {
  static const std::vector<const Loss*> losses = sorted_registry();
  return losses;
}

const Loss* find_loss(std::string_view name) {
  for (const Loss* loss : registry()) {
    if (same_name(loss->description.name, name)) return loss;
    for (const std::string_view alias : loss->description.aliases) {
      if (same_name(alias, name)) return loss;
    }
  }
  return nullptr;
}

std::vector<const Convention*> conventions_of(const Loss& loss) {
  std::vector<const Convention*> rows;
  for (const Convention& row : all_conventions()) {
    if (row.applies(loss)) rows.push_back(&row);
  }
  return rows;
}

ParameterInfo convention_info(const Loss& loss, const Convention& row) {
  ParameterInfo info = row.parameter.info;
  info.default_value = row.parameter.get(default_conventions(loss));
  if (info.name == "from") {
    info.choices.clear();
    for (const From from : loss.from) info.choices.push_back(name(from));
  }
  if (info.name == "reduction" && loss.domain != Domain::elementwise)
    std::erase(info.choices, name(Reduction::median));
  if (info.name == "rows" && is_differentiable(loss)) std::erase(info.choices, "max");
  return info;
}

Conventions default_conventions(const Loss& loss) {
  Conventions conventions;
  if (!loss.from.empty()) conventions.from = loss.from.front();
  if (!loss.links.empty()) conventions.link = loss.links.front();
  return conventions;
}

}  // namespace losscalc
