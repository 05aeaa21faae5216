#include "definition/loss.h"

#include <algorithm>

#include "definition/registry.h"

namespace losscalc {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](char x, char y) { return (x == '_' ? '-' : x) == (y == '_' ? '-' : y); });
}

void drop_choice(ParameterInfo& info, std::string_view name) {
  std::erase_if(info.choices, [name](const Choice& choice) { return choice.name == name; });
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

const std::vector<text::Named<Task>>& tasks() {
  static const std::vector<text::Named<Task>> table{
      {Task::classification, "classification"},   {Task::regression, "regression"},
      {Task::segmentation, "segmentation"},       {Task::detection, "detection"},
      {Task::metric_learning, "metric learning"}, {Task::sequence, "sequence"},
      {Task::regularization, "regularization"},
  };
  return table;
}

std::string_view name(Task task) { return text::name_of(tasks(), task); }

std::string described(const Role& role) {
  const std::string shape = role.shape == "any" ? "any shape" : "shape " + std::string(role.shape);
  return std::string(role.help) + ", of " + shape;
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
    std::vector<Choice> taken;
    for (const From from : loss.from)
      taken.push_back(*std::ranges::find(info.choices, name(from), &Choice::name));
    info.choices = std::move(taken);
  }
  if (info.name == "reduction" && loss.domain != Domain::elementwise)
    drop_choice(info, name(Reduction::median));
  if (info.name == "rows" && is_differentiable(loss)) drop_choice(info, "max");
  return info;
}

Conventions default_conventions(const Loss& loss) {
  Conventions conventions;
  if (!loss.from.empty()) conventions.from = loss.from.front();
  if (!loss.links.empty()) conventions.link = loss.links.front();
  return conventions;
}

}  // namespace losscalc
