#include "definition/conventions.h"

#include <algorithm>

#include "definition/loss.h"
#include "text/names.h"

namespace losscalc {
namespace {

const std::vector<text::Named<From>>& from_names() {
  static const std::vector<text::Named<From>> names{
      {From::probs, "probs", "pred taken as probabilities"},
      {From::logits, "logits", "pred taken as logits"},
      {From::log_probs, "log-probs", "pred taken as log-probabilities"}};
  return names;
}

const std::vector<text::Named<Reduction>>& reduction_names() {
  static const std::vector<text::Named<Reduction>> names{
      {Reduction::none, "none"},
      {Reduction::sum, "sum", "the sum"},
      {Reduction::mean, "mean", "the mean over all units, by their weights"},
      {Reduction::count_mean, "count-mean", "divided by the number of units, not by their weights"},
      {Reduction::batchmean, "batchmean", "divided by the length of the first axis"},
      {Reduction::median, "median"}};
  return names;
}

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

std::string_view name(From from) { return text::name_of(from_names(), from); }

std::string_view name(Reduction reduction) { return text::name_of(reduction_names(), reduction); }

bool gives_array(const Conventions& conventions) {
  return conventions.reduction == Reduction::none || conventions.outputs == Outputs::each;
}

const std::vector<Convention>& all_conventions() {
  static const std::vector<Convention> table{
      {.parameter = {"from", &Conventions::from, from_names(), "what the prediction holds"},
       .applies = has_forms},
      {.parameter = {"link",
                     &Conventions::link,
                     {{Link::softmax, "softmax", "the classes together, by softmax"},
                      {Link::sigmoid, "sigmoid", "each class by itself, by a sigmoid"}},
                     "how logits become probabilities: over the classes, or each class by itself "
                     "(one-vs-rest)"},
       .applies = has_links},
      {.parameter = {"reduction", &Conventions::reduction, reduction_names(),
                     "none: each unit; mean: sum w l / sum w; count-mean: / units; batchmean: / N; "
                     "median: the loss in the middle, or the two; with weights the first up to "
                     "which half of them lie"},
       .applies = has_units},
      {.parameter = {"scale", &Conventions::scale, interval::finite, "multiplies the result"},
       .applies = any_loss,
       .common = {{0.5, "half of it"}, {2.0, "twice it"}, {100.0, "a hundred times it: percents"}}},
      {.parameter = {"rows",
                     &Conventions::rows,
                     {{AxisReduce::each, "each", "every element by itself"},
                      {AxisReduce::mean, "mean", "rows of the last axis averaged"},
                      {AxisReduce::sum, "sum", "rows of the last axis summed"},
                      {AxisReduce::max, "max"}},
                     "each unit by itself; or the units along their last axis are one, with their "
                     "mean, sum or (of losses without gradient) largest"},
       .applies = has_rows},
      {.parameter = {"rows_axis", &Conventions::rows_axis, interval::finite,
                     "the axis whose units rows=mean and rows=sum join; -1 is the last"},
       .applies = has_rows_of_any_axis},
      {.parameter = {"outputs",
                     &Conventions::outputs,
                     {{Outputs::together, "together"},
                      {Outputs::average, "average"},
                      {Outputs::each, "each"}},
                     "all units are reduced together; or those of each output (column of pred), "
                     "then averaged by output_weight or shown one by one"},
       .applies = has_elements},
      {.parameter = {"root", &Conventions::root,
                     "takes the square root of what is reduced, of each output its own"},
       .applies = has_elements},
      {.parameter = {"eps", &Conventions::clip_epsilon, interval::unit_half_open,
                     "probabilities are clipped to [eps, 1 - eps]"},
       .applies = has_clipped_logarithms,
       .common = {{1e-7}, {0.0}, {2.220446049250313e-16}, {1e-8}}},
      {.parameter = {"eps_high", &Conventions::eps_high, interval::unit_half_open,
                     "clips probabilities to 1 - eps_high where that is not 1 - eps: 2^-23 where a "
                     "library has 1 - 1e-7 in float32"},
       .applies = has_clipped_logarithms},
      {.parameter =
           {"eps_of",
            &Conventions::eps_of,
            {{EpsilonOf::given, "given"}, {EpsilonOf::stored, "stored"}},
            "eps as given, or at least the machine epsilon of the type in which pred is stored"},
       .applies = has_clipped_logarithms},
      {.parameter =
           {"eps_on",
            &Conventions::eps_on,
            {{EpsilonOn::given, "given"}, {EpsilonOn::all, "all"}},
            "eps clips probabilities that are given, or also those that softmax makes of logits"},
       .applies = has_probability_rows},
      {.parameter = {"log_floor", &Conventions::log_floor, Interval{.high = 0.0},
                     "logarithms of probabilities are not below it"},
       .applies = has_clipped_logarithms,
       .common = {{-100.0, "logarithms not below -100, as PyTorch's BCELoss has them"}}},
      {.parameter =
           {"normalize",
            &Conventions::normalize,
            {{Normalize::no, "no", "rows not divided by their sum"},
             {Normalize::before_clip, "before-clip", "rows divided by their sum, then clipped"},
             {Normalize::after_clip, "after-clip", "rows clipped, then divided by their sum"}},
            "whether probabilities are divided by their sum over the classes, and when"},
       .applies = has_probability_rows},
      {.parameter = {"class_axis", &Conventions::class_axis, interval::finite,
                     "the axis of the classes; -1 for channels last"},
       .applies = has_class_axis,
       .common = {{-1.0, "the classes along the last axis"}, {1.0, "the classes along axis 1"}}},
      {.parameter = {"axis", &Conventions::axis, interval::finite,
                     "the axis of the vectors; -1 is the last"},
       .applies = has_vectors,
       .common = {{0.0}, {1.0}}},
      {.parameter = {"target_kind",
                     &Conventions::target_kind,
                     {{TargetKind::automatic, "auto"},
                      {TargetKind::index, "index"},
                      {TargetKind::onehot, "onehot"},
                      {TargetKind::signs, "signs"},
                      {TargetKind::numbers, "numbers"},
                      {TargetKind::bits_or_numbers, "bits-or-numbers"}},
                     "what the target holds: class indices, one-hot or soft probabilities, nothing "
                     "but -1 and 1; where signs are expected, also any numbers as they are, or 0 "
                     "and 1 as signs if there are no others"},
       .applies = has_target_kind},
      {.parameter = {"squeeze", &Conventions::squeeze,
                     "a last axis of length 1 that only one of pred and target has does not count"},
       .applies = has_pairs,
       .searched = false},
      {.parameter = {"without_target",
                     &Conventions::without_target,
                     {{WithoutTarget::error, "error"}, {WithoutTarget::zero, "zero"}},
                     "what stands for targets that are not given"},
       .applies = has_elements,
       .searched = false},
      {.parameter = {"ignore_index", &Conventions::ignore_index, interval::finite,
                     "units with this target index are left out"},
       .applies = has_classes,
       .common = {{-100.0}, {0.0}, {255.0}, {-1.0}}},
      {.parameter = {"ignored",
                     &Conventions::ignored,
                     {{Ignored::drop, "drop", "ignored units are not counted"},
                      {Ignored::zero, "zero", "ignored units are 0, and counted"}},
                     "whether units of ignore_index leave the mean's divisor, or stay in it with a "
                     "loss of 0"},
       .applies = is_classwise},
      {.parameter = {"label_smoothing", &Conventions::label_smoothing, interval::unit,
                     "targets become t (1 - e) + e / C"},
       .applies = has_smoothing,
       .common = {{0.1}, {0.0}, {0.2}, {0.05}}},
      {.parameter =
           {"smoothing",
            &Conventions::smoothing,
            {{Smoothing::uniform, "uniform", "smoothing towards all K classes"},
             {Smoothing::others, "others", "smoothing towards the K - 1 other classes"},
             {Smoothing::half, "half", "smoothing towards 1/2"},
             {Smoothing::flip, "flip", "smoothing towards the other answer"},
             {Smoothing::classy, "classy"}},
            "where label_smoothing e goes: e / C to all classes; e / (C - 1) to the others; of "
            "two-class targets e / 2 to both, or e to the other; as uniform with e / (1 + e)"},
       .applies = has_smoothing},
      {.parameter =
           {"class_weight_in",
            &Conventions::class_weight_in,
            {{ClassWeightIn::terms, "terms"}, {ClassWeightIn::unit, "unit"}},
            "where class weights enter: each class's term of the loss, or the unit by its target"},
       .applies = is_classwise},
      {.parameter =
           {"mean_weights",
            &Conventions::mean_weights,
            {{MeanWeights::all, "all"}, {MeanWeights::index, "index"}},
            "whether mean divides by the class weights of all targets, or of class indices only"},
       .applies = is_classwise},
      {.parameter = {"empty",
                     &Conventions::empty,
                     {{WhenEmpty::error, "error"},
                      {WhenEmpty::nan, "nan", "a mean of nothing is NaN"},
                      {WhenEmpty::zero, "zero", "a mean of nothing is 0"}},
                     "what a mean over no unit is"},
       .applies = has_units},
      {.parameter =
           {"check", &Conventions::check,
            "rows of probabilities must sum to 1 within 0.001, and soft targets lie in [0, 1]"},
       .applies = has_probabilities,
       .searched = false},
      {.parameter =
           {"region",
            &Conventions::region,
            {{RegionOver::per_class, "class"},
             {RegionOver::batch, "batch", "each class over the batch"},
             {RegionOver::image, "image", "each image over its classes"},
             {RegionOver::all, "all", "everything as one map"}},
            "a unit is a map of: an image and class, a class over the batch, an image, everything"},
       .applies = is_region},
      {.parameter = {"map_axes", &Conventions::map_axes, interval::finite,
                     "the axes of pred that a map spans, instead of what region says"},
       .applies = is_region,
       .searched = false},
      {.parameter = {"cardinality",
                     &Conventions::cardinality,
                     {{Cardinality::plain, "plain"}, {Cardinality::squared, "squared"}},
                     "sum p and sum t, or sum p^2 and sum t^2"},
       .applies = is_region},
      {.parameter =
           {"absent",
            &Conventions::absent,
            {{WhenAbsent::value, "value"}, {WhenAbsent::zero, "zero"}, {WhenAbsent::skip, "skip"}},
            "what a class without target pixels gives: the formula's value, 0, or nothing"},
       .applies = is_region},
      {.parameter = {"background",
                     &Conventions::background,
                     {{Background::keep, "keep", "with class 0, the background"},
                      {Background::drop, "drop", "without class 0, the background"}},
                     "whether class 0 takes part"},
       .applies = is_region},
      {.parameter = {"similarity",
                     &Conventions::similarity,
                     {{Similarity::cosine, "cosine"}, {Similarity::dot, "dot"}},
                     "of two vectors: their cosine, 0 where one has length 0, or their product"},
       .applies = is_batch},
      {.parameter = {"time_axis", &Conventions::time_axis, Interval{.low = 0.0, .high = 1.0},
                     "the axis of the steps of pred: 1, or 0 where the sequences are axis 1"},
       .applies = is_sequence,
       .common = {{0.0, "the steps along axis 0, sequences along axis 1"},
                  {1.0, "the sequences along axis 0, steps along axis 1"}}},
      {.parameter =
           {"per",
            &Conventions::per,
            {{SequenceUnit::sequence, "sequence"},
             {SequenceUnit::label, "label",
              "each sequence divided by its number of labels, as PyTorch's mean has it"},
             {SequenceUnit::step, "step", "each sequence divided by its number of steps"}},
            "what the loss of a sequence is divided by: nothing, its labels (or 1) or its steps"},
       .applies = is_sequence},
      {.parameter = {"boxes",
                     &Conventions::boxes,
                     {{BoxFormat::xyxy, "xyxy"},
                      {BoxFormat::cxcywh, "cxcywh"},
                      {BoxFormat::xywh, "xywh"}},
                     "corners, centre and size, or corner and size"},
       .applies = is_box,
       .searched = false},
  };
  return table;
}

}  // namespace losscalc
