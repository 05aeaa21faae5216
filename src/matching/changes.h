/// What may differ from what was asked: conventions, parameters, and what is done with the data.
#pragma once

#include <string>
#include <vector>

#include "matching/preprocessing.h"
#include "spec/specification.h"

namespace losscalc::matching {

/// One change of a term, or of what is done with the data; what people do in one go is one.
struct Change {
  Arguments arguments;
  std::string words;
  Preprocessing preprocessing = {};
};

/// Of changes with the same number on some data, the one that explains it best is first.
std::vector<Change> changes_of(const spec::Term& term);

/// Whether they cannot be made together.
bool exclude_each_other(const Change& one, const Change& other);

/// For people: `pred interpreted as logits (from=logits)`.
std::string in_words(From from);

/// What makes probabilities of a term's logits: softmax or sigmoid.
std::string link_word(const spec::Term& term);

/// The value of a parameter under the term's arguments.
ParameterValue value_now(const spec::Term& term, const ParameterInfo& info);

}  // namespace losscalc::matching
