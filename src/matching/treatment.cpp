#include "matching/treatment.h"

#include <algorithm>

namespace losscalc::matching {
namespace {

bool is_weight(const Role& role) { return role.optional && role.name.ends_with("weight"); }

}  // namespace

std::string in_words(const Treatment& treatment) {
  switch (treatment.kind) {
    case Treatment::Kind::none: break;
    case Treatment::Kind::left_out: return treatment.from + " not used";
    case Treatment::Kind::moved:
      return "what is given as " + treatment.from + " used as " + treatment.to;
    case Treatment::Kind::broadcast:
      return "[N,1] against [N] broadcast to [N,N], as NumPy does, and PyTorch with a warning";
    case Treatment::Kind::linked: return "softmax or sigmoid taken first";
    case Treatment::Kind::linked_floats: return "softmax or sigmoid taken first, in float32";
    case Treatment::Kind::unit_vectors: return "vectors divided by their length first";
    case Treatment::Kind::positives_weighted:
      return "pos_weight as the weight of positive elements, by which the mean is divided too";
    case Treatment::Kind::mean_of_means:
      if (treatment.parts == 0) return "the mean of the mean of each sample";
      return "the mean of the means of " + std::to_string(treatment.parts) +
             " parts of the samples, as of accumulated batches or of devices";
  }
  return {};
}

std::vector<Treatment> treatments_of(const Loss& loss) {
  std::vector<Treatment> treatments;
  if (loss.domain == Domain::elementwise)
    treatments.push_back({.kind = Treatment::Kind::broadcast});
  if (loss.domain == Domain::tuple && !loss.of_elements &&
      loss.target_values != TargetValues::label_lists)
    treatments.push_back({.kind = Treatment::Kind::unit_vectors});
  for (const Role& role : loss.roles) {
    if (is_weight(role))
      treatments.push_back({.kind = Treatment::Kind::left_out, .from = std::string(role.name)});
  }
  for (const Role& from : loss.roles) {
    for (const Role& to : loss.roles) {
      if (is_weight(from) && is_weight(to) && from.name != to.name) {
        treatments.push_back({.kind = Treatment::Kind::moved,
                              .from = std::string(from.name),
                              .to = std::string(to.name)});
      }
    }
  }
  if (loss.domain == Domain::parameters) return treatments;
  for (const unsigned parts : {0U, 2U, 4U, 8U})
    treatments.push_back({.kind = Treatment::Kind::mean_of_means, .parts = parts});
  return treatments;
}

}  // namespace losscalc::matching
