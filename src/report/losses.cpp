#include "report/losses.h"

#include <algorithm>

#include "report/json_value.h"
#include "report/wrap.h"
#include "text/nearest.h"

namespace losscalc::report {
namespace {

std::string padded(std::string_view text, std::size_t width) {
  return std::string(text) + std::string(width > text.size() ? width - text.size() : 0, ' ');
}

std::size_t longest_name(const std::vector<const Loss*>& losses) {
  std::size_t width = 0;
  for (const Loss* loss : losses) width = std::max(width, loss->description.name.size());
  return width;
}

std::vector<std::string> words(const std::vector<std::string_view>& views) {
  return {views.begin(), views.end()};
}

std::vector<std::string> form_names(const Loss& loss) {
  std::vector<std::string> names;
  for (const From from : loss.from) names.emplace_back(name(from));
  return names;
}

std::string properties_text(const Loss& loss) {
  const Properties& properties = loss.description.properties;
  std::vector<std::string> facts{"range: " + to_string(properties.range)};
  if (properties.convex) facts.emplace_back("convex");
  if (properties.zero_at_target) facts.emplace_back("0 where the prediction is the target");
  if (properties.symmetric) facts.emplace_back("symmetric in prediction and target");
  return text::joined(facts, "; ");
}

std::string role_text(const Role& role) {
  std::string text =
      std::string(role.name) + " " + std::string(role.shape) + ": " + std::string(role.help);
  if (role.optional) text += " (optional)";
  if (role.repeated) text += " (repeatable)";
  return text;
}

std::string parameter_text(const ParameterInfo& info) {
  return std::string(info.name) + " = " + to_string(info.default_value) + ": " +
         std::string(info.help) + " (" + valid_values(info) + ")";
}

Json parameter_json(const ParameterInfo& info) {
  Json entry{{"name", info.name},
             {"type", name(info.type)},
             {"default", json_value(info.default_value)},
             {"valid", valid_values(info)},
             {"description", info.help}};
  if (!info.choices.empty()) entry["choices"] = choice_names(info);
  return entry;
}

Json role_json(const Role& role) {
  return {{"name", role.name},
          {"shape", role.shape},
          {"description", role.help},
          {"optional", role.optional},
          {"differentiable", role.differentiable},
          {"repeated", role.repeated}};
}

}  // namespace

std::string list_text(const std::vector<const Loss*>& losses) {
  const std::size_t width = longest_name(losses);
  std::string text;
  for (const auto& [task, task_name, meaning] : tasks()) {
    std::string rows;
    for (const Loss* loss : losses) {
      if (loss->description.task != task) continue;
      rows += "  " + padded(loss->description.name, width) + "  " +
              std::string(loss->description.summary) + "\n";
    }
    if (rows.empty()) continue;
    if (!text.empty()) text += "\n";
    text += std::string(task_name) + "\n" + rows;
  }
  return text;
}

std::string list_json(const std::vector<const Loss*>& losses) {
  Json array = Json::array();
  for (const Loss* loss : losses) {
    array.push_back({{"name", loss->description.name},
                     {"aliases", words(loss->description.aliases)},
                     {"task", name(loss->description.task)},
                     {"summary", loss->description.summary}});
  }
  return printed(Json{{"schema", "losscalc.list/1"}, {"losses", array}}, true) + "\n";
}

std::string describe_text(const Loss& loss) {
  const Description& about = loss.description;
  std::string text = std::string(about.name) + " - " + std::string(about.summary) + "\n";
  text += wrapped("task: " + std::string(name(about.task)), 0, 0);
  if (!about.aliases.empty()) text += wrapped("also: " + text::joined(words(about.aliases)), 0, 6);
  append_section(text, "formula", {std::string(about.formula)});
  append_section(text, "gradient", {std::string(about.gradient)});
  std::vector<std::string> inputs;
  for (const Role& role : loss.roles) inputs.push_back(role_text(role));
  append_section(text, "inputs", inputs);
  std::vector<std::string> parameters;
  for (const ParameterInfo& info : loss.parameters) parameters.push_back(parameter_text(info));
  append_section(text, "parameters", parameters);
  std::vector<std::string> choices;
  for (const Convention* row : conventions_of(loss))
    choices.push_back(parameter_text(convention_info(loss, *row)));
  append_section(text, "conventions", choices);
  append_section(
      text, "properties",
      {properties_text(loss), "smoothness: " + std::string(about.smoothness),
       "outliers: " + std::string(about.outliers), "imbalance: " + std::string(about.imbalance)});
  append_section(text, "use", {std::string(about.use)});
  append_section(text, "source", {std::string(about.source)});
  append_section(text, "elsewhere", {std::string(about.elsewhere)});
  return text;
}

std::string describe_json(const Loss& loss) {
  const Description& about = loss.description;
  Json document{{"schema", "losscalc.describe/1"}, {"name", about.name},
                {"aliases", words(about.aliases)}, {"task", name(about.task)},
                {"domain", name(loss.domain)},     {"summary", about.summary},
                {"formula", about.formula},        {"formula_tex", about.formula_tex},
                {"gradient", about.gradient},      {"gradient_tex", about.gradient_tex},
                {"from", form_names(loss)}};
  document["inputs"] = Json::array();
  for (const Role& role : loss.roles) document["inputs"].push_back(role_json(role));
  document["parameters"] = Json::array();
  for (const ParameterInfo& info : loss.parameters)
    document["parameters"].push_back(parameter_json(info));
  document["conventions"] = Json::array();
  for (const Convention* row : conventions_of(loss)) {
    document["conventions"].push_back(parameter_json(convention_info(loss, *row)));
  }
  const Properties& properties = about.properties;
  document["properties"] = {
      {"range", {json_number(properties.range.low), json_number(properties.range.high)}},
      {"convex", properties.convex},
      {"zero_at_target", properties.zero_at_target},
      {"symmetric", properties.symmetric},
      {"smoothness", about.smoothness},
      {"outliers", about.outliers},
      {"imbalance", about.imbalance}};
  document["use"] = about.use;
  document["source"] = about.source;
  document["elsewhere"] = about.elsewhere;
  return printed(document, true) + "\n";
}

}  // namespace losscalc::report
