#include "definition/conventions.h"

#include <algorithm>

#include "definition/loss.h"
#include "text/names.h"

namespace losscalc {
namespace {

const std::vector<text::Named<From>>& from_names() {
  static const std::vector<text::Named<From>> names{
      {From::probs, "probs", "pred interpreted as probabilities"},
      {From::logits, "logits", "pred interpreted as logits"},
      {From::log_probs, "log-probs", "pred interpreted as log-probabilities"}};
  return names;
}

const std::vector<text::Named<Reduction>>& reduction_names() {
  static const std::vector<text::Named<Reduction>> names{
      {Reduction::none, "none"},
      {Reduction::sum, "sum", "summed over the units"},
      {Reduction::mean, "mean", "weighted mean over all units"},
      {Reduction::count_mean, "count-mean",
       "divided by the number of units, not by the sum of their weights"},
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
      {.parameter = {"from", &Conventions::from, from_names(),
                     "what pred contains: probabilities, logits or log-probabilities"},
       .applies = has_forms},
      {.parameter = {"link",
                     &Conventions::link,
                     {{Link::softmax, "softmax", "softmax over the classes"},
                      {Link::sigmoid, "sigmoid", "a sigmoid for each class (one-vs-rest)"}},
                     "how logits become probabilities: softmax over the classes, or a sigmoid for "
                     "each class (one-vs-rest)"},
       .applies = has_links},
      {.parameter = {"reduction", &Conventions::reduction, reduction_names(),
                     "none: one loss per unit; sum: sum w l; mean: sum w l / sum w; count-mean: "
                     "sum w l / number of units; batchmean: sum w l / N; median: the median loss; "
                     "with weights, the weighted median"},
       .applies = has_units},
      {.parameter = {"scale", &Conventions::scale, interval::finite, "factor on the result"},
       .applies = any_loss,
       .common = {{0.5, "multiplied by 0.5"},
                  {2.0, "multiplied by 2"},
                  {100.0, "multiplied by 100 (a percentage)"}}},
      {.parameter = {"rows",
                     &Conventions::rows,
                     {{AxisReduce::each, "each", "every element is a unit"},
                      {AxisReduce::mean, "mean", "averaged over the last axis first"},
                      {AxisReduce::sum, "sum", "summed over the last axis first"},
                      {AxisReduce::max, "max"}},
                     "reduce over the last axis first, so that each row is one unit: no (each), by "
                     "mean, sum or max (max only for losses without gradient)"},
       .applies = has_rows},
      {.parameter = {"rows_axis", &Conventions::rows_axis, interval::finite,
                     "axis that rows=mean and rows=sum reduce over; -1 is the last"},
       .applies = has_rows_of_any_axis},
      {.parameter = {"outputs",
                     &Conventions::outputs,
                     {{Outputs::together, "together"},
                      {Outputs::average, "average"},
                      {Outputs::each, "each"}},
                     "how outputs (columns of pred) are reduced: all together, or each separately "
                     "and then averaged with output_weight (average) or shown one by one (each)"},
       .applies = has_elements},
      {.parameter = {"root", &Conventions::root,
                     "take the square root after the reduction, for each output if outputs are "
                     "reduced separately"},
       .applies = has_elements},
      {.parameter = {"eps", &Conventions::clip_epsilon, interval::unit_half_open,
                     "clip probabilities to [X, 1 - X]"},
       .applies = has_clipped_logarithms,
       .common = {{1e-7}, {0.0}, {2.220446049250313e-16}, {1e-8}}},
      {.parameter = {"eps_high", &Conventions::eps_high, interval::unit_half_open,
                     "upper clipping bound 1 - X (default: 1 - eps)"},
       .applies = has_clipped_logarithms},
      {.parameter = {"eps_of",
                     &Conventions::eps_of,
                     {{EpsilonOf::given, "given"}, {EpsilonOf::stored, "stored"}},
                     "use eps as given, or at least the machine epsilon of the type in which pred "
                     "is stored (stored)"},
       .applies = has_clipped_logarithms},
      {.parameter =
           {"eps_on",
            &Conventions::eps_on,
            {{EpsilonOn::given, "given"}, {EpsilonOn::all, "all"}},
            "clip only given probabilities, or also those that softmax computes from logits (all)"},
       .applies = has_probability_rows},
      {.parameter = {"log_floor", &Conventions::log_floor, Interval{.high = 0.0},
                     "clamp log-probabilities to at least X"},
       .applies = has_clipped_logarithms,
       .common = {{-100.0, "log-probabilities clamped to at least -100, as in PyTorch's BCELoss"}}},
      {.parameter =
           {"normalize",
            &Conventions::normalize,
            {{Normalize::no, "no", "rows not divided by their sum"},
             {Normalize::before_clip, "before-clip", "rows divided by their sum, then clipped"},
             {Normalize::after_clip, "after-clip", "rows clipped, then divided by their sum"}},
            "divide probabilities by their sum over the classes: no, before clipping or after it"},
       .applies = has_probability_rows},
      {.parameter = {"class_axis", &Conventions::class_axis, interval::finite,
                     "axis of the classes; -1 for channels last"},
       .applies = has_class_axis,
       .common = {{-1.0, "classes along the last axis"}, {1.0, "classes along axis 1"}}},
      {.parameter = {"axis", &Conventions::axis, interval::finite,
                     "axis of the vectors; -1 is the last"},
       .applies = has_vectors,
       .common = {{0.0}, {1.0}}},
      {.parameter =
           {"target_kind",
            &Conventions::target_kind,
            {{TargetKind::automatic, "auto"},
             {TargetKind::index, "index"},
             {TargetKind::onehot, "onehot"},
             {TargetKind::signs, "signs"},
             {TargetKind::numbers, "numbers"},
             {TargetKind::bits_or_numbers, "bits-or-numbers"}},
            "what target contains: class indices (index), one-hot or soft probabilities (onehot), "
            "only -1 and 1 (signs); for losses of signs also any numbers used as given (numbers), "
            "or 0 and 1 as signs if there are no other values (bits-or-numbers)"},
       .applies = has_target_kind},
      {.parameter = {"squeeze", &Conventions::squeeze,
                     "ignore a last axis of length 1 that only one of pred and target has"},
       .applies = has_pairs,
       .searched = false},
      {.parameter = {"without_target",
                     &Conventions::without_target,
                     {{WithoutTarget::error, "error"}, {WithoutTarget::zero, "zero"}},
                     "if no target is given: report an error, or use zeros"},
       .applies = has_elements,
       .searched = false},
      {.parameter = {"ignore_index", &Conventions::ignore_index, interval::finite,
                     "ignore units with this target index"},
       .applies = has_classes,
       .common = {{-100.0}, {0.0}, {255.0}, {-1.0}}},
      {.parameter = {"ignored",
                     &Conventions::ignored,
                     {{Ignored::drop, "drop", "ignored units do not count in the mean"},
                      {Ignored::zero, "zero", "ignored units count in the mean, with loss 0"}},
                     "drop: ignored units do not count in the mean; zero: they count, with loss 0"},
       .applies = is_classwise},
      {.parameter = {"label_smoothing", &Conventions::label_smoothing, interval::unit,
                     "smooth targets to t (1 - X) + X / C"},
       .applies = has_smoothing,
       .common = {{0.1}, {0.0}, {0.2}, {0.05}}},
      {.parameter = {"smoothing",
                     &Conventions::smoothing,
                     {{Smoothing::uniform, "uniform", "smoothing towards all K classes"},
                      {Smoothing::others, "others", "smoothing towards the K - 1 other classes"},
                      {Smoothing::half, "half", "smoothing towards 1/2"},
                      {Smoothing::flip, "flip", "smoothing towards the other class"},
                      {Smoothing::classy, "classy"}},
                     "where label_smoothing X goes: X / C to every class (uniform); X / (C - 1) to "
                     "the other classes (others); for two classes X / 2 to both (half) or X to the "
                     "other (flip); uniform with X / (1 + X) (classy, as in ClassyVision)"},
       .applies = has_smoothing},
      {.parameter = {"class_weight_in",
                     &Conventions::class_weight_in,
                     {{ClassWeightIn::terms, "terms"}, {ClassWeightIn::unit, "unit"}},
                     "where class weights apply: to each class's term of the loss (terms), or to "
                     "the unit by its target class (unit)"},
       .applies = is_classwise},
      {.parameter = {"mean_weights",
                     &Conventions::mean_weights,
                     {{MeanWeights::all, "all"}, {MeanWeights::index, "index"}},
                     "which class weights the mean divides by: those of all targets (all), or only "
                     "of class indices (index)"},
       .applies = is_classwise},
      {.parameter = {"empty",
                     &Conventions::empty,
                     {{WhenEmpty::error, "error"},
                      {WhenEmpty::nan, "nan", "NaN when every unit is ignored"},
                      {WhenEmpty::zero, "zero", "0 when every unit is ignored"}},
                     "result when every unit is ignored"},
       .applies = has_units},
      {.parameter =
           {"check", &Conventions::check,
            "require rows of probabilities to sum to 1 within 0.001, and soft targets in [0, 1]"},
       .applies = has_probabilities,
       .searched = false},
      {.parameter = {"region",
                     &Conventions::region,
                     {{RegionOver::per_class, "class"},
                      {RegionOver::batch, "batch", "one map per class over the whole batch"},
                      {RegionOver::image, "image", "one map per image, over all classes"},
                      {RegionOver::all, "all", "everything as one map"}},
                     "the map that forms a unit: one class of an image (class), one class over the "
                     "batch (batch), one image (image), or everything (all)"},
       .applies = is_region},
      {.parameter = {"map_axes", &Conventions::map_axes, interval::finite,
                     "axes of pred that a map spans, instead of those that region implies"},
       .applies = is_region,
       .searched = false},
      {.parameter = {"cardinality",
                     &Conventions::cardinality,
                     {{Cardinality::plain, "plain"}, {Cardinality::squared, "squared"}},
                     "sum p and sum t (plain), or sum p^2 and sum t^2 (squared)"},
       .applies = is_region},
      {.parameter =
           {"absent",
            &Conventions::absent,
            {{WhenAbsent::value, "value"}, {WhenAbsent::zero, "zero"}, {WhenAbsent::skip, "skip"}},
            "loss of a class without target pixels: the formula's value, 0, or left out (skip)"},
       .applies = is_region},
      {.parameter = {"background",
                     &Conventions::background,
                     {{Background::keep, "keep", "with class 0, the background"},
                      {Background::drop, "drop", "without class 0, the background"}},
                     "keep or drop class 0"},
       .applies = is_region},
      {.parameter = {"similarity",
                     &Conventions::similarity,
                     {{Similarity::cosine, "cosine"}, {Similarity::dot, "dot"}},
                     "cosine of two vectors (0 for a vector of length 0), or their dot product"},
       .applies = is_batch},
      {.parameter = {"time_axis", &Conventions::time_axis, Interval{.low = 0.0, .high = 1.0},
                     "axis of the time steps in pred: 1, or 0 if the sequences are axis 1"},
       .applies = is_sequence,
       .common = {{0.0, "time steps along axis 0, sequences along axis 1"},
                  {1.0, "sequences along axis 0, time steps along axis 1"}}},
      {.parameter =
           {"per",
            &Conventions::per,
            {{SequenceUnit::sequence, "sequence"},
             {SequenceUnit::label, "label",
              "each sequence's loss divided by its number of labels, as in PyTorch's mean"},
             {SequenceUnit::step, "step", "each sequence's loss divided by its number of steps"}},
            "divide the loss of a sequence by nothing (sequence), by its number of labels, at "
            "least 1 (label), or by its number of steps (step)"},
       .applies = is_sequence},
      {.parameter =
           {"boxes",
            &Conventions::boxes,
            {{BoxFormat::xyxy, "xyxy"}, {BoxFormat::cxcywh, "cxcywh"}, {BoxFormat::xywh, "xywh"}},
            "box format: corners (xyxy), centre and size (cxcywh), or corner and size (xywh)"},
       .applies = is_box,
       .searched = false},
  };
  return table;
}

}  // namespace losscalc
