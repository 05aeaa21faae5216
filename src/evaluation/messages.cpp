#include "evaluation/messages.h"

namespace losscalc::evaluation {

std::string counted(std::size_t count, std::string_view singular, std::string_view plural) {
  return std::to_string(count) + " " + std::string(count == 1 ? singular : plural);
}

std::string and_more(std::size_t count, std::string_view singular, std::string_view plural) {
  if (count <= 1) return {};
  return " (and " + std::to_string(count - 1) + " more " +
         std::string(count == 2 ? singular : plural) + ")";
}

}  // namespace losscalc::evaluation
