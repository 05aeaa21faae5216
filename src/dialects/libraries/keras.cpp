/// Keras 3: keras.losses and keras.regularizers. A class reduces what its function gives: one value
/// for each row of the last axis, whose elements the elementwise losses average.

#include <utility>

#include "dialects/dialect.h"

namespace losscalc::dialects {
namespace {

const std::vector<InputName> true_and_predicted{
    {"y_true", "target"}, {"y_pred", "pred"}, {"sample_weight", "sample_weight"}};

/// Means divide by the number of values, whatever the sample weights.
const Meaning reduction{"reduction",
                        "",
                        {{"'sum_over_batch_size'", "reduction=count-mean"},
                         {"mean", "reduction=count-mean"},
                         {"sum", "reduction=sum"},
                         {"'mean_with_sample_weight'", "reduction=mean"},
                         {"None", "reduction=none"},
                         {"none", "reduction=none"}}};
const Meaning name{"name"};
const Meaning dtype{"dtype"};
/// In float32, Keras's default, 1 - 1e-7 is 1 - 2^-23. The fixed arguments of losses that clip say
/// so, and float64 takes it back.
const Meaning dtype_of_clip{
    "dtype", "", {{"None", ""}, {"'float32'", ""}, {"'float64'", "eps_high=None"}}};
const Meaning dtype_of_log_clip{
    "dtype", "", {{"None", ""}, {"'float32'", ""}, {"'float64'", "log_clip_high=None"}}};
const Meaning from_logits{"from_logits", "", {{"False", "from=probs"}, {"True", "from=logits"}}};
const Meaning label_smoothing{"label_smoothing", "label_smoothing"};
const Meaning class_axis{"axis", "class_axis"};
const Meaning rows_axis{"axis", "rows_axis"};
const Meaning axis_of_binary_classes{"axis", "class_axis, rows_axis"};
const Meaning map_axes{"axis", "map_axes", {{"None", "region=all"}}};

constexpr std::string_view tversky_fixed =
    "smooth_nr=0, smooth_dr=1e-7, target_kind=onehot, class_axis=-1, check=false";
constexpr std::string_view tversky_unreduced =
    "smooth_nr=0, smooth_dr=1e-7, target_kind=onehot, class_axis=-1, check=false, reduction=none";

constexpr std::string_view rest = "reduction='sum_over_batch_size', name=None, dtype=None";

/// A class without parameters of its own, and the function of the same loss.
std::vector<Entry> plain(std::string_view class_name, std::vector<std::string_view> function_names,
                         std::string_view loss, std::string_view fixed,
                         std::string_view fixed_in_function, std::string_view note = {}) {
  return {{.names = {class_name},
           .signature = rest,
           .loss = loss,
           .fixed = fixed,
           .inputs = true_and_predicted,
           .meanings = {reduction, name, dtype},
           .note = note},
          {.names = std::move(function_names),
           .loss = loss,
           .fixed = fixed_in_function,
           .inputs = true_and_predicted,
           .note = note}};
}

std::vector<Entry> with(std::vector<Entry> entries, const std::vector<std::vector<Entry>>& more) {
  for (const std::vector<Entry>& some : more)
    entries.insert(entries.end(), some.begin(), some.end());
  return entries;
}

const std::vector<Entry> losses_with_parameters{
    {.names = {"keras.losses.Huber"},
     .signature = "delta=1.0, reduction='sum_over_batch_size', name=None, dtype=None",
     .loss = "huber",
     .fixed = "rows=mean, squeeze=true, empty=zero",
     .inputs = true_and_predicted,
     .meanings = {{"delta", "delta"}, reduction, name, dtype}},
    {.names = {"keras.losses.huber"},
     .signature = "delta=1.0",
     .loss = "huber",
     .fixed = "rows=mean, squeeze=true, reduction=none",
     .inputs = true_and_predicted,
     .meanings = {{"delta", "delta"}}},
    {.names = {"keras.losses.BinaryCrossentropy"},
     .signature = "from_logits=False, label_smoothing=0.0, axis=-1, "
                  "reduction='sum_over_batch_size', name=None, dtype=None",
     .loss = "binary-cross-entropy",
     .fixed = "eps=1e-7, eps_high=1.1920928955078125e-07, smoothing=half, rows=mean, squeeze=true, "
              "check=false",
     .inputs = true_and_predicted,
     .meanings = {from_logits, label_smoothing, rows_axis, reduction, name, dtype_of_clip},
     .note = "probabilities are clipped to [1e-7, 1 - 1e-7]; in float32, 1 - 1e-7 is 1 - 2^-23"},
    {.names = {"keras.losses.binary_crossentropy"},
     .signature = "from_logits=False, label_smoothing=0.0, axis=-1",
     .loss = "binary-cross-entropy",
     .fixed = "eps=1e-7, eps_high=1.1920928955078125e-07, smoothing=half, rows=mean, squeeze=true, "
              "check=false, reduction=none",
     .inputs = true_and_predicted,
     .meanings = {from_logits, label_smoothing, rows_axis}},
    {.names = {"keras.losses.CategoricalCrossentropy"},
     .signature = "from_logits=False, label_smoothing=0.0, axis=-1, "
                  "reduction='sum_over_batch_size', name=None, dtype=None",
     .loss = "cross-entropy",
     .fixed =
         "eps=1e-7, eps_high=1.1920928955078125e-07, normalize=before-clip, target_kind=onehot",
     .inputs = true_and_predicted,
     .meanings = {from_logits, label_smoothing, class_axis, reduction, name, dtype_of_clip},
     .note = "probabilities are divided by their sum, then clipped to [1e-7, 1 - 1e-7]; in "
             "float32, 1 - 1e-7 is 1 - 2^-23"},
    {.names = {"keras.losses.categorical_crossentropy"},
     .signature = "from_logits=False, label_smoothing=0.0, axis=-1",
     .loss = "cross-entropy",
     .fixed = "eps=1e-7, eps_high=1.1920928955078125e-07, normalize=before-clip, "
              "target_kind=onehot, reduction=none",
     .inputs = true_and_predicted,
     .meanings = {from_logits, label_smoothing, class_axis}},
    {.names = {"keras.losses.SparseCategoricalCrossentropy"},
     .signature = "from_logits=False, ignore_class=None, reduction='sum_over_batch_size', axis=-1, "
                  "name=None, dtype=None",
     .loss = "cross-entropy",
     .fixed = "eps=1e-7, eps_high=1.1920928955078125e-07, normalize=before-clip, "
              "target_kind=index, empty=zero",
     .inputs = true_and_predicted,
     .meanings = {from_logits,
                  {"ignore_class", "ignore_index"},
                  class_axis,
                  reduction,
                  name,
                  dtype_of_clip},
     .note = "as with its torch, JAX and NumPy backends; the TensorFlow backend clips before it "
             "normalizes"},
    {.names = {"keras.losses.sparse_categorical_crossentropy"},
     .signature = "from_logits=False, ignore_class=None, axis=-1",
     .loss = "cross-entropy",
     .fixed = "eps=1e-7, eps_high=1.1920928955078125e-07, normalize=before-clip, "
              "target_kind=index, reduction=none",
     .inputs = true_and_predicted,
     .meanings = {from_logits, {"ignore_class", "ignore_index"}, class_axis}},
    {.names = {"keras.losses.CategoricalFocalCrossentropy"},
     .signature = "alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1, "
                  "reduction='sum_over_batch_size', name=None, dtype=None",
     .loss = "focal",
     .fixed = "eps=1e-7, eps_high=1.1920928955078125e-07, eps_on=all, normalize=before-clip, "
              "target_kind=onehot",
     .inputs = true_and_predicted,
     .meanings = {{"alpha", "alpha"},
                  {"gamma", "gamma"},
                  from_logits,
                  label_smoothing,
                  class_axis,
                  reduction,
                  name,
                  dtype_of_clip},
     .note = "alpha is one factor for all classes, or a list with one for each class"},
    {.names = {"keras.losses.categorical_focal_crossentropy"},
     .signature = "alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1",
     .loss = "focal",
     .fixed = "eps=1e-7, eps_high=1.1920928955078125e-07, eps_on=all, normalize=before-clip, "
              "target_kind=onehot, reduction=none",
     .inputs = true_and_predicted,
     .meanings =
         {{"alpha", "alpha"}, {"gamma", "gamma"}, from_logits, label_smoothing, class_axis}},
    {.names = {"keras.losses.BinaryFocalCrossentropy"},
     .signature = "apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False, "
                  "label_smoothing=0.0, axis=-1, reduction='sum_over_batch_size', name=None, "
                  "dtype=None",
     .loss = "focal",
     .fixed = "link=sigmoid, eps=0, log_clip=1e-7, log_clip_high=1.1920928955078125e-07, "
              "smoothing=half, rows=mean, squeeze=true, "
              "target_kind=onehot, "
              "check=false, empty=zero",
     .inputs = true_and_predicted,
     .meanings = {{"alpha", "alpha"},
                  {"apply_class_balancing", "", {{"False", "alpha=None"}, {"True", ""}}},
                  {"gamma", "gamma"},
                  from_logits,
                  label_smoothing,
                  axis_of_binary_classes,
                  reduction,
                  name,
                  dtype_of_log_clip}},
    {.names = {"keras.losses.binary_focal_crossentropy"},
     .signature = "apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False, "
                  "label_smoothing=0.0, axis=-1",
     .loss = "focal",
     .fixed = "link=sigmoid, eps=0, log_clip=1e-7, log_clip_high=1.1920928955078125e-07, "
              "smoothing=half, rows=mean, squeeze=true, "
              "target_kind=onehot, "
              "check=false, reduction=none",
     .inputs = true_and_predicted,
     .meanings = {{"alpha", "alpha"},
                  {"apply_class_balancing", "", {{"False", "alpha=None"}, {"True", ""}}},
                  {"gamma", "gamma"},
                  from_logits,
                  label_smoothing,
                  axis_of_binary_classes}},
    {.names = {"keras.losses.Dice"},
     .signature = "reduction='sum_over_batch_size', name=None, axis=None, dtype=None",
     .loss = "dice",
     .fixed = "smooth_nr=0, smooth_dr=1e-7, target_kind=onehot, class_axis=-1, check=false",
     .inputs = true_and_predicted,
     .meanings = {map_axes, reduction, name, dtype},
     .note = "axis=None: all samples, pixels and classes are one map"},
    {.names = {"keras.losses.dice"},
     .signature = "axis=None",
     .loss = "dice",
     .fixed = "smooth_nr=0, smooth_dr=1e-7, target_kind=onehot, class_axis=-1, check=false, "
              "reduction=none",
     .inputs = true_and_predicted,
     .meanings = {map_axes}},
    {.names = {"keras.losses.Tversky"},
     .signature = "alpha=0.5, beta=0.5, reduction='sum_over_batch_size', name=None, axis=None, "
                  "dtype=None",
     .loss = "tversky",
     .fixed = tversky_fixed,
     .inputs = true_and_predicted,
     .meanings = {{"alpha", "beta"}, {"beta", "alpha"}, map_axes, reduction, name, dtype},
     .note = "up to 3.15.1, alpha is the weight of false negatives and beta of false positives"},
    {.names = {"keras.losses.Tversky"},
     .since = "3.16",
     .signature = "alpha=0.5, beta=0.5, reduction='sum_over_batch_size', name=None, axis=None, "
                  "dtype=None",
     .loss = "tversky",
     .fixed = tversky_fixed,
     .inputs = true_and_predicted,
     .meanings = {{"alpha", "alpha"}, {"beta", "beta"}, map_axes, reduction, name, dtype},
     .note = "alpha is the weight of false positives, beta of false negatives; up to 3.15.1 the "
             "other way round"},
    {.names = {"keras.losses.tversky"},
     .signature = "alpha=0.5, beta=0.5, axis=None",
     .loss = "tversky",
     .fixed = tversky_unreduced,
     .inputs = true_and_predicted,
     .meanings = {{"alpha", "beta"}, {"beta", "alpha"}, map_axes}},
    {.names = {"keras.losses.tversky"},
     .since = "3.16",
     .signature = "alpha=0.5, beta=0.5, axis=None",
     .loss = "tversky",
     .fixed = tversky_unreduced,
     .inputs = true_and_predicted,
     .meanings = {{"alpha", "alpha"}, {"beta", "beta"}, map_axes}},
    {.names = {"keras.losses.CategoricalHinge"},
     .signature = rest,
     .loss = "categorical-hinge",
     .inputs = true_and_predicted,
     .meanings = {reduction, name, dtype},
     .note =
         "the right class counts among the wrong ones with score 0; hinge(form=max) leaves it out"},
    {.names = {"keras.losses.categorical_hinge"},
     .loss = "categorical-hinge",
     .fixed = "reduction=none",
     .inputs = true_and_predicted},
    {.names = {"keras.losses.CosineSimilarity"},
     .signature = "axis=-1, reduction='sum_over_batch_size', name=None, dtype=None",
     .loss = "cosine-similarity",
     .fixed = "form=negative, norm_floor=1e-14",
     .inputs = true_and_predicted,
     .meanings = {{"axis", "axis"}, reduction, name, dtype},
     .note = "minus the cosine: -1 for equal directions, 1 for opposite ones"},
    {.names = {"keras.losses.cosine_similarity"},
     .signature = "axis=-1",
     .loss = "cosine-similarity",
     .fixed = "form=negative, norm_floor=1e-14, reduction=none",
     .inputs = true_and_predicted,
     .meanings = {{"axis", "axis"}}},
    {.names = {"keras.losses.CategoricalGeneralizedCrossEntropy"},
     .signature = "q=0.5, reduction='sum_over_batch_size', name=None, dtype=None",
     .loss = "generalized-cross-entropy",
     .fixed = "eps=0, target_kind=index, class_axis=-1, check=false",
     .inputs = true_and_predicted,
     .meanings = {{"q", "q"}, reduction, name, dtype}},
    {.names = {"keras.losses.categorical_generalized_cross_entropy"},
     .signature = "q=0.5",
     .loss = "generalized-cross-entropy",
     .fixed = "eps=0, target_kind=index, class_axis=-1, check=false, reduction=none",
     .inputs = true_and_predicted,
     .meanings = {{"q", "q"}}},
    {.names = {"keras.losses.Circle"},
     .signature = "gamma=80.0, margin=0.4, remove_diagonal=True, "
                  "reduction='sum_over_batch_size', name=None, dtype=None",
     .loss = "circle",
     .fixed = "similarity=dot, empty=zero",
     .inputs = true_and_predicted,
     .meanings = {{"gamma", "gamma"},
                  {"margin", "margin"},
                  {"remove_diagonal", "", {{"True", "self=false"}, {"False", "self=true"}}},
                  reduction,
                  name,
                  dtype},
     .note = "embeddings are used as given: normalize them first. Keras's gradient treats the "
             "weights of distances as constants"},
    {.names = {"keras.regularizers.OrthogonalRegularizer",
               "keras.regularizers.orthogonal_regularizer"},
     .signature = "factor=0.01, mode='rows'",
     .loss = "orthogonality",
     .meanings = {{"factor", "lambda"},
                  {"mode", "", {{"rows", "axis=-1"}, {"columns", "axis=0"}}}}},
    {.names = {"keras.regularizers.L1L2", "keras.regularizers.l1_l2"},
     .signature = "l1=0.0, l2=0.0",
     .loss = "elastic-net",
     .meanings = {{"l1", "l1"}, {"l2", "l2"}}},
    {.names = {"keras.regularizers.L1", "keras.regularizers.l1"},
     .signature = "l1=0.01",
     .loss = "l1-penalty",
     .meanings = {{"l1", "lambda"}}},
    {.names = {"keras.regularizers.L2", "keras.regularizers.l2"},
     .signature = "l2=0.01",
     .loss = "l2-penalty",
     .meanings = {{"l2", "lambda"}},
     .note = "the sum of squares, not halved"},
};

}  // namespace

extern const Library keras;
const Library keras{
    .name = "keras",
    .read_from = "3.16",
    .oldest = "3.0",
    .prefixes = {{"keras.losses.", {"tf.keras.losses."}},
                 {"keras.regularizers.", {"tf.keras.regularizers.", "regularizers."}}},
    .entries = with(
        losses_with_parameters,
        {plain("keras.losses.MeanSquaredError",
               {"keras.losses.mean_squared_error", "keras.losses.mse", "keras.losses.MSE"}, "mse",
               "rows=mean, squeeze=true, empty=zero", "rows=mean, squeeze=true, reduction=none"),
         plain("keras.losses.MeanAbsoluteError",
               {"keras.losses.mean_absolute_error", "keras.losses.mae", "keras.losses.MAE"}, "l1",
               "rows=mean, squeeze=true, empty=zero", "rows=mean, squeeze=true, reduction=none"),
         plain("keras.losses.MeanAbsolutePercentageError",
               {"keras.losses.mean_absolute_percentage_error", "keras.losses.mape",
                "keras.losses.MAPE"},
               "mape", "rows=mean, squeeze=true, scale=100, floor=1e-7, empty=zero",
               "rows=mean, squeeze=true, scale=100, floor=1e-7, reduction=none",
               "percents: 100 times the share"),
         plain("keras.losses.MeanSquaredLogarithmicError",
               {"keras.losses.mean_squared_logarithmic_error", "keras.losses.msle",
                "keras.losses.MSLE"},
               "msle", "rows=mean, squeeze=true, floor=1e-7, empty=zero",
               "rows=mean, squeeze=true, floor=1e-7, reduction=none",
               "numbers below 1e-7 count as 1e-7"),
         plain("keras.losses.LogCosh", {"keras.losses.log_cosh"}, "log-cosh",
               "rows=mean, squeeze=true, empty=zero", "rows=mean, squeeze=true, reduction=none"),
         plain("keras.losses.Hinge", {"keras.losses.hinge"}, "binary-hinge",
               "target_kind=bits-or-numbers, rows=mean, squeeze=true, empty=zero",
               "target_kind=bits-or-numbers, rows=mean, squeeze=true, reduction=none"),
         plain("keras.losses.SquaredHinge", {"keras.losses.squared_hinge"}, "binary-hinge",
               "target_kind=bits-or-numbers, power=2, rows=mean, squeeze=true, empty=zero",
               "target_kind=bits-or-numbers, power=2, rows=mean, squeeze=true, reduction=none"),
         plain("keras.losses.Poisson", {"keras.losses.poisson"}, "poisson-nll",
               "log_input=false, eps=1e-7, rows=mean, "
               "squeeze=true, empty=zero",
               "log_input=false, eps=1e-7, rows=mean, "
               "squeeze=true, reduction=none",
               "predictions are rates, not their logarithms"),
         plain("keras.losses.KLDivergence",
               {"keras.losses.kl_divergence", "keras.losses.kld", "keras.losses.KLD"},
               "kl-divergence", "clip=1e-7, rows=sum, squeeze=true, empty=zero",
               "clip=1e-7, rows=sum, squeeze=true, reduction=none",
               "both distributions are clipped to [1e-7, 1]"),
         plain("keras.losses.CTC", {"keras.losses.ctc"}, "ctc", "from=logits, empty=zero",
               "from=logits, reduction=none", "labels end with the first 0, which is the blank")})};

}  // namespace losscalc::dialects
