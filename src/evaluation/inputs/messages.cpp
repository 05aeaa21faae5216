#include "evaluation/inputs/messages.h"

namespace losscalc::evaluation {

std::string counted(std::size_t count, std::string_view singular, std::string_view plural) {
  return std::to_string(count) + " " + std::string(count == 1 ? singular : plural);
}

std::string and_more(std::size_t count, std::string_view singular, std::string_view plural) {
  if (count <= 1) return {};
  return " (and " + std::to_string(count - 1) + " more " +
         std::string(count == 2 ? singular : plural) + ")";
}

Warning taken_as_numbers(std::size_t count, std::string_view singular, std::string_view plural) {
  return {"not-signs", counted(count, singular, plural) +
                           (count == 1 ? " is neither -1 nor 1 and is used as given"
                                       : " are neither -1 nor 1 and are used as given")};
}

}  // namespace losscalc::evaluation
