#include "matching/preprocessing.h"

#include <algorithm>

namespace losscalc::matching {
namespace {

bool is_weight(const Role& role) { return role.optional && role.name.ends_with("weight"); }

}  // namespace

std::string in_words(const Preprocessing& preprocessing) {
  switch (preprocessing.kind) {
    case Preprocessing::Kind::none: break;
    case Preprocessing::Kind::left_out: return preprocessing.from + " not used";
    case Preprocessing::Kind::moved:
      return "the input given as " + preprocessing.from + " used as " + preprocessing.to;
    case Preprocessing::Kind::broadcast:
      return "[N,1] against [N] broadcast to [N,N], as NumPy does, and PyTorch with a warning";
    case Preprocessing::Kind::linked: return "softmax or sigmoid applied first";
    case Preprocessing::Kind::linked_floats: return "softmax or sigmoid applied first, in float32";
    case Preprocessing::Kind::unit_vectors: return "vectors normalized to unit length first";
    case Preprocessing::Kind::positives_weighted:
      return "pos_weight used as the weight of positive elements, which the mean also divides by";
    case Preprocessing::Kind::mean_of_means:
      if (preprocessing.parts == 0) return "the mean over samples of each sample's mean";
      return "the mean of the means of " + std::to_string(preprocessing.parts) +
             " parts of the samples, as with accumulated batches or several devices";
  }
  return {};
}

std::vector<Preprocessing> preprocessings_of(const Loss& loss) {
  std::vector<Preprocessing> treatments;
  if (loss.domain == Domain::elementwise)
    treatments.push_back({.kind = Preprocessing::Kind::broadcast});
  if (loss.domain == Domain::tuple && !loss.of_elements &&
      loss.target_values != TargetValues::label_lists)
    treatments.push_back({.kind = Preprocessing::Kind::unit_vectors});
  for (const Role& role : loss.roles) {
    if (is_weight(role))
      treatments.push_back({.kind = Preprocessing::Kind::left_out, .from = std::string(role.name)});
  }
  for (const Role& from : loss.roles) {
    for (const Role& to : loss.roles) {
      if (is_weight(from) && is_weight(to) && from.name != to.name) {
        treatments.push_back({.kind = Preprocessing::Kind::moved,
                              .from = std::string(from.name),
                              .to = std::string(to.name)});
      }
    }
  }
  if (loss.domain == Domain::parameters) return treatments;
  for (const unsigned parts : {0U, 2U, 4U, 8U})
    treatments.push_back({.kind = Preprocessing::Kind::mean_of_means, .parts = parts});
  return treatments;
}

}  // namespace losscalc::matching
