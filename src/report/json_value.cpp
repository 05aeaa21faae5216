#include "report/json_value.h"

#include <cmath>

#include "text/number.h"

namespace losscalc::report {

Json json_number(double value) {
  if (!std::isfinite(value)) return text::shortest(value);
  return value;
}

Json json_value(const ParameterValue& value) {
  struct Converter {
    Json operator()(std::monostate) const { return nullptr; }
    Json operator()(bool flag) const { return flag; }
    Json operator()(double number) const { return json_number(number); }
    Json operator()(const std::string& word) const { return word; }
    Json operator()(const std::vector<double>& list) const {
      Json array = Json::array();
      for (const double number : list) array.push_back(json_number(number));
      return array;
    }
    Json operator()(const std::vector<std::string>& list) const { return list; }
  };
  return std::visit(Converter{}, value);
}

std::string printed(const Json& document, bool indent) {
  return document.dump(indent ? 2 : -1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace losscalc::report
