/// The conventions that evaluation can be asked to follow: one record of named conventions, the
/// same for every loss.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "definition/parameter.h"
#include "numeric/limits.h"

namespace losscalc {

/// What a unit of a loss is and how its inputs are shaped.
enum class Domain : std::uint8_t {
  elementwise,
  classwise,
  region,
  tuple,
  batch,
  sequence,
  box,
  parameters
};
std::string_view name(Domain domain);

/// What the prediction holds.
enum class From : std::uint8_t { probs, logits, log_probs };
std::string_view name(From from);

enum class Link : std::uint8_t { softmax, sigmoid };
enum class Reduction : std::uint8_t { none, sum, mean, count_mean, batchmean, median };
std::string_view name(Reduction reduction);
enum class TargetKind : std::uint8_t { automatic, index, onehot, signs, numbers, bits_or_numbers };
enum class Ignored : std::uint8_t { drop, zero };
enum class ClassWeightIn : std::uint8_t { terms, unit };
enum class WhenEmpty : std::uint8_t { error, nan, zero };
enum class RegionOver : std::uint8_t { per_class, batch, image, all };
enum class Cardinality : std::uint8_t { plain, squared };
enum class WhenAbsent : std::uint8_t { value, zero, skip };
enum class Background : std::uint8_t { keep, drop };
enum class EpsilonOn : std::uint8_t { given, all };
enum class EpsilonOf : std::uint8_t { given, stored };
enum class AxisReduce : std::uint8_t { each, mean, sum, max };
enum class Outputs : std::uint8_t { together, average, each };
enum class WithoutTarget : std::uint8_t { error, zero };
enum class Normalize : std::uint8_t { no, before_clip, after_clip };
enum class Smoothing : std::uint8_t { uniform, others, half, flip, classy };
enum class MeanWeights : std::uint8_t { all, index };
enum class Similarity : std::uint8_t { cosine, dot };
enum class SequenceUnit : std::uint8_t { sequence, label, step };
enum class BoxFormat : std::uint8_t { xyxy, cxcywh, xywh };

inline constexpr std::int64_t no_ignore_index = std::numeric_limits<std::int64_t>::min();

struct Conventions {
  From from = From::probs;  ///< each loss states its default
  Link link = Link::softmax;
  Reduction reduction = Reduction::mean;
  double scale = 1.0;
  AxisReduce rows = AxisReduce::each;
  std::int64_t rows_axis = -1;
  Outputs outputs = Outputs::together;
  bool root = false;
  double clip_epsilon = 1e-15;
  std::vector<double> eps_high;  ///< empty: as eps
  EpsilonOf eps_of = EpsilonOf::given;
  EpsilonOn eps_on = EpsilonOn::given;
  double log_floor = -infinity;
  Normalize normalize = Normalize::no;
  std::vector<double> ignore_index;  ///< empty: no unit is ignored
  Ignored ignored = Ignored::drop;
  double label_smoothing = 0.0;
  Smoothing smoothing = Smoothing::uniform;
  std::int64_t class_axis = 1;
  std::int64_t axis = -1;
  TargetKind target_kind = TargetKind::automatic;
  WithoutTarget without_target = WithoutTarget::error;
  bool squeeze = false;
  ClassWeightIn class_weight_in = ClassWeightIn::terms;
  MeanWeights mean_weights = MeanWeights::all;
  WhenEmpty empty = WhenEmpty::error;
  bool check = true;
  RegionOver region = RegionOver::per_class;
  std::vector<double> map_axes;  ///< empty: as `region` says
  Cardinality cardinality = Cardinality::plain;
  WhenAbsent absent = WhenAbsent::value;
  Background background = Background::keep;
  Similarity similarity = Similarity::cosine;
  std::int64_t time_axis = 1;
  SequenceUnit per = SequenceUnit::sequence;
  BoxFormat boxes = BoxFormat::xyxy;
};

/// Whether the result is an array: of the losses of units, or the values of outputs.
bool gives_array(const Conventions& conventions);

struct Loss;

/// A value that programs commonly have, and what it means, where it alone does not tell.
struct CommonValue {
  ParameterValue value;
  std::string_view meaning = {};
};

/// A row of the table of conventions.
struct Convention {
  Parameter<Conventions> parameter;
  bool (*applies)(const Loss& loss);  ///< whether it means something for the loss
  /// Values of a number that a search for a convention tries, the likeliest first.
  std::vector<CommonValue> common = {};
  /// Whether such a search tries other values at all: not of what leaves the result as it is, or
  /// says how the data is laid out.
  bool searched = true;
};

const std::vector<Convention>& all_conventions();

}  // namespace losscalc
