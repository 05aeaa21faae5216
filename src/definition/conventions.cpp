#include "definition/conventions.h"

#include <algorithm>

#include "definition/loss.h"

namespace losscalc {
namespace {

bool has_classes(const Loss& l) {
  return l.domain == Domain::classwise || l.domain == Domain::region;
}
bool has_class_axis(const Loss& l) { return has_classes(l) || l.domain == Domain::elementwise; }
bool has_units(const Loss& l) { return l.domain != Domain::parameters; }
bool is_region(const Loss& l) { return l.domain == Domain::region; }
bool is_box(const Loss& l) { return l.domain == Domain::box; }
bool has_forms(const Loss& l) { return !l.from.empty(); }
bool has_probabilities(const Loss& l) {
  return std::ranges::find(l.from, From::probs) != l.from.end();
}
bool has_clipped_logarithms(const Loss& l) { return has_probabilities(l) && !is_region(l); }
bool has_probability_rows(const Loss& l) {
  return (l.domain == Domain::classwise || l.domain == Domain::sequence) && has_probabilities(l);
}
bool has_elements(const Loss& l) { return l.domain == Domain::elementwise; }
bool has_rows(const Loss& l) { return has_class_axis(l); }
bool has_rows_of_any_axis(const Loss& l) { return has_rows(l) && !is_region(l); }
bool is_sequence(const Loss& l) { return l.domain == Domain::sequence; }
bool is_batch(const Loss& l) { return l.domain == Domain::batch; }
bool has_vectors(const Loss& l) {
  return is_batch(l) || (l.domain == Domain::tuple && !l.of_elements);
}
bool has_target_kind(const Loss& l) {
  return has_class_axis(l) || (l.domain == Domain::tuple && l.target_values == TargetValues::signs);
}
bool has_pairs(const Loss& l) {
  return l.domain == Domain::elementwise || l.domain == Domain::classwise;
}
bool any_loss(const Loss& /*l*/) { return true; }
bool has_links(const Loss& l) { return !l.links.empty(); }
bool has_smoothing(const Loss& l) { return l.label_smoothing; }
bool is_classwise(const Loss& l) { return l.domain == Domain::classwise; }

}  // namespace

std::string_view name(Domain domain) {
  switch (domain) {
    case Domain::elementwise: return "elementwise";
    case Domain::classwise: return "classwise";
    case Domain::region: return "region";
    case Domain::tuple: return "tuple";
    case Domain::batch: return "batch";
    case Domain::sequence: return "sequence";
    case Domain::box: return "box";
    case Domain::parameters: return "parameters";
  }
  return "";
}

std::string_view name(From from) {
  switch (from) {
    case From::probs: return "probs";
    case From::logits: return "logits";
    case From::log_probs: return "log-probs";
  }
  return "";
}

std::string_view name(Reduction reduction) {
  switch (reduction) {
    case Reduction::none: return "none";
    case Reduction::sum: return "sum";
    case Reduction::mean: return "mean";
    case Reduction::count_mean: return "count-mean";
    case Reduction::batchmean: return "batchmean";
    case Reduction::median: return "median";
  }
  return "";
}

bool gives_array(const Conventions& conventions) {
  return conventions.reduction == Reduction::none || conventions.outputs == Outputs::each;
}

const std::vector<Convention>& all_conventions() {
  static const std::vector<Convention> table{
      {{"from", &Conventions::from, {"probs", "logits", "log-probs"}, "what the prediction holds"},
       has_forms},
      {{"link",
        &Conventions::link,
        {"softmax", "sigmoid"},
        "how logits become probabilities: over the classes, or each class by itself (one-vs-rest)"},
       has_links},
      {{"reduction",
        &Conventions::reduction,
        {"none", "sum", "mean", "count-mean", "batchmean", "median"},
        "none: each unit; mean: sum w l / sum w; count-mean: / units; batchmean: / N; median: the "
        "loss in the middle, or the two; with weights the first up to which half of them lie"},
       has_units},
      {{"scale", &Conventions::scale, interval::finite, "multiplies the result"}, any_loss},
      {{"rows",
        &Conventions::rows,
        {"each", "mean", "sum", "max"},
        "each unit by itself; or the units along their last axis are one, with their mean, sum or "
        "(of "
        "losses without gradient) largest"},
       has_rows},
      {{"rows_axis", &Conventions::rows_axis, interval::finite,
        "the axis whose units rows=mean and rows=sum join; -1 is the last"},
       has_rows_of_any_axis},
      {{"outputs",
        &Conventions::outputs,
        {"together", "average", "each"},
        "all units are reduced together; or those of each output (column of pred), then averaged "
        "by "
        "output_weight or shown one by one"},
       has_elements},
      {{"root", &Conventions::root,
        "takes the square root of what is reduced, of each output its own"},
       has_elements},
      {{"eps", &Conventions::clip_epsilon, interval::unit_half_open,
        "probabilities are clipped to [eps, 1 - eps]"},
       has_clipped_logarithms},
      {{"eps_high", &Conventions::eps_high, interval::unit_half_open,
        "clips probabilities to 1 - eps_high where that is not 1 - eps: 2^-23 where a library has "
        "1 - 1e-7 in float32"},
       has_clipped_logarithms},
      {{"eps_of",
        &Conventions::eps_of,
        {"given", "stored"},
        "eps as given, or at least the machine epsilon of the type in which pred is stored"},
       has_clipped_logarithms},
      {{"eps_on",
        &Conventions::eps_on,
        {"given", "all"},
        "eps clips probabilities that are given, or also those that softmax makes of logits"},
       has_probability_rows},
      {{"log_floor", &Conventions::log_floor, Interval{.high = 0.0},
        "logarithms of probabilities are not below it"},
       has_clipped_logarithms},
      {{"normalize",
        &Conventions::normalize,
        {"no", "before-clip", "after-clip"},
        "whether probabilities are divided by their sum over the classes, and when"},
       has_probability_rows},
      {{"class_axis", &Conventions::class_axis, interval::finite,
        "the axis of the classes; -1 for channels last"},
       has_class_axis},
      {{"axis", &Conventions::axis, interval::finite, "the axis of the vectors; -1 is the last"},
       has_vectors},
      {{"target_kind",
        &Conventions::target_kind,
        {"auto", "index", "onehot", "signs", "numbers", "bits-or-numbers"},
        "what the target holds: class indices, one-hot or soft probabilities, nothing but -1 and "
        "1; "
        "where signs are expected, also any numbers as they are, or 0 and 1 as signs if there are "
        "no others"},
       has_target_kind},
      {{"squeeze", &Conventions::squeeze,
        "a last axis of length 1 that only one of pred and target has does not count"},
       has_pairs},
      {{"without_target",
        &Conventions::without_target,
        {"error", "zero"},
        "what stands for targets that are not given"},
       has_elements},
      {{"ignore_index", &Conventions::ignore_index, interval::finite,
        "units with this target index are left out"},
       has_classes},
      {{"ignored",
        &Conventions::ignored,
        {"drop", "zero"},
        "whether units of ignore_index leave the mean's divisor, or stay in it with a loss of 0"},
       is_classwise},
      {{"label_smoothing", &Conventions::label_smoothing, interval::unit,
        "targets become t (1 - e) + e / C"},
       has_smoothing},
      {{"smoothing",
        &Conventions::smoothing,
        {"uniform", "others", "half", "flip", "classy"},
        "where label_smoothing e goes: e / C to all classes; e / (C - 1) to the others; of "
        "two-class "
        "targets e / 2 to both, or e to the other; as uniform with e / (1 + e)"},
       has_smoothing},
      {{"class_weight_in",
        &Conventions::class_weight_in,
        {"terms", "unit"},
        "where class weights enter: each class's term of the loss, or the unit by its target"},
       is_classwise},
      {{"mean_weights",
        &Conventions::mean_weights,
        {"all", "index"},
        "whether mean divides by the class weights of all targets, or of class indices only"},
       is_classwise},
      {{"empty", &Conventions::empty, {"error", "nan", "zero"}, "what a mean over no unit is"},
       has_units},
      {{"check", &Conventions::check,
        "rows of probabilities must sum to 1 within 0.001, and soft targets lie in [0, 1]"},
       has_probabilities},
      {{"region",
        &Conventions::region,
        {"class", "batch", "image", "all"},
        "a unit is a map of: an image and class, a class over the batch, an image, everything"},
       is_region},
      {{"map_axes", &Conventions::map_axes, interval::finite,
        "the axes of pred that a map spans, instead of what region says"},
       is_region},
      {{"cardinality",
        &Conventions::cardinality,
        {"plain", "squared"},
        "sum p and sum t, or sum p^2 and sum t^2"},
       is_region},
      {{"absent",
        &Conventions::absent,
        {"value", "zero", "skip"},
        "what a class without target pixels gives: the formula's value, 0, or nothing"},
       is_region},
      {{"background", &Conventions::background, {"keep", "drop"}, "whether class 0 takes part"},
       is_region},
      {{"similarity",
        &Conventions::similarity,
        {"cosine", "dot"},
        "of two vectors: their cosine, 0 where one has length 0, or their product"},
       is_batch},
      {{"time_axis", &Conventions::time_axis, Interval{.low = 0.0, .high = 1.0},
        "the axis of the steps of pred: 1, or 0 where the sequences are axis 1"},
       is_sequence},
      {{"per",
        &Conventions::per,
        {"sequence", "label", "step"},
        "what the loss of a sequence is divided by: nothing, its labels (or 1) or its steps"},
       is_sequence},
      {{"boxes",
        &Conventions::boxes,
        {"xyxy", "cxcywh", "xywh"},
        "corners, centre and size, or corner and size"},
       is_box},
  };
  return table;
}

}  // namespace losscalc
