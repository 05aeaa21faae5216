/// optax's losses, which reduce nothing: the caller takes the mean, or adds --reduction mean here.

#include "dialects/dialect.h"

namespace losscalc::dialects {
namespace {

const std::vector<InputName> predictions{{"predictions", "pred"}, {"targets", "target"}};
const std::vector<InputName> logits{{"logits", "pred"}, {"labels", "target"}};
const std::vector<InputName> scores{{"scores", "pred"}, {"labels", "target"}};
const std::vector<InputName> outputs{{"predictor_outputs", "pred"}, {"targets", "target"}};
const std::vector<InputName> log_predictions{{"log_predictions", "pred"}, {"targets", "target"}};

const Meaning where{"where", "", {{"None", ""}}};
const Meaning last_axis{"axis", "", {{"-1", ""}}};
const Meaning class_axis{"axis", "class_axis"};

}  // namespace

extern const Library optax;
const Library optax{
    .name = "optax",
    .read_from = "0.2.8",
    .prefixes = {{"optax.losses.", {"optax."}}},
    .entries = {
        {.names = {"optax.losses.squared_error"},
         .loss = "mse",
         .fixed = "reduction=none",
         .inputs = predictions},
        {.names = {"optax.losses.l2_loss"},
         .loss = "mse",
         .fixed = "scale=0.5, reduction=none",
         .inputs = predictions,
         .note = "half of the squared error"},
        {.names = {"optax.losses.huber_loss"},
         .signature = "delta=1.0",
         .loss = "huber",
         .fixed = "reduction=none",
         .inputs = predictions,
         .meanings = {{"delta", "delta"}}},
        {.names = {"optax.losses.log_cosh"},
         .loss = "log-cosh",
         .fixed = "reduction=none",
         .inputs = predictions},
        {.names = {"optax.losses.hinge_loss"},
         .loss = "binary-hinge",
         .fixed = "reduction=none, target_kind=signs",
         .inputs = outputs,
         .note = "targets are -1 and 1"},
        {.names = {"optax.losses.perceptron_loss"},
         .loss = "binary-hinge",
         .fixed = "margin=0, reduction=none, target_kind=signs",
         .inputs = outputs,
         .note = "targets are -1 and 1"},
        {.names = {"optax.losses.multiclass_hinge_loss"},
         .loss = "hinge",
         .fixed = "form=max, class_axis=-1, target_kind=index, reduction=none",
         .inputs = scores},
        {.names = {"optax.losses.multiclass_perceptron_loss"},
         .loss = "hinge",
         .fixed = "form=max, margin=0, class_axis=-1, target_kind=index, reduction=none",
         .inputs = scores},
        {.names = {"optax.losses.sigmoid_binary_cross_entropy"},
         .loss = "binary-cross-entropy",
         .fixed = "from=logits, reduction=none",
         .inputs = logits},
        {.names = {"optax.losses.softmax_cross_entropy"},
         .signature = "axis=-1, where=None",
         .loss = "cross-entropy",
         .fixed = "from=logits, target_kind=onehot, reduction=none",
         .inputs = logits,
         .meanings = {class_axis, where},
         .note = "a logit of minus infinity whose target is 0 counts nothing; there it gives NaN"},
        {.names = {"optax.losses.safe_softmax_cross_entropy"},
         .loss = "cross-entropy",
         .fixed = "from=logits, target_kind=onehot, class_axis=-1, reduction=none",
         .inputs = logits},
        {.names = {"optax.losses.softmax_cross_entropy_with_integer_labels"},
         .signature = "axis=-1, where=None",
         .loss = "cross-entropy",
         .fixed = "from=logits, target_kind=index, reduction=none",
         .inputs = logits,
         .meanings = {class_axis, where}},
        {.names = {"optax.losses.kl_divergence"},
         .signature = "axis=-1, where=None",
         .loss = "kl-divergence",
         .fixed = "log_pred=true, rows=sum, reduction=none",
         .inputs = log_predictions,
         .meanings = {last_axis, where}},
        {.names = {"optax.losses.kl_divergence_with_log_targets"},
         .signature = "axis=-1, where=None",
         .loss = "kl-divergence",
         .fixed = "log_pred=true, log_target=true, rows=sum, reduction=none",
         .inputs = {{"log_predictions", "pred"}, {"log_targets", "target"}},
         .meanings = {last_axis, where}},
        {.names = {"optax.losses.convex_kl_divergence"},
         .signature = "axis=-1, where=None",
         .loss = "kl-divergence",
         .fixed = "log_pred=true, generalized=true, rows=sum, reduction=none",
         .inputs = log_predictions,
         .meanings = {last_axis, where}},
        {.names = {"optax.losses.generalized_kl_divergence"},
         .loss = "kl-divergence",
         .fixed = "log_pred=true, generalized=true, rows=sum, reduction=none",
         .inputs = log_predictions},
        {.names = {"optax.losses.triplet_margin_loss"},
         .signature = "axis=-1, norm_degree=2, margin=1.0, eps=1e-06",
         .loss = "triplet",
         .fixed = "eps_at=sum, distance=lp, reduction=none",
         .inputs = {{"anchors", "anchor"}, {"positives", "positive"}, {"negatives", "negative"}},
         .meanings = {last_axis,
                      {"norm_degree", "", {{"2", "distance=l2"}, {"4", "norm=4"}}},
                      {"margin", "margin"},
                      {"eps", "distance_eps"}},
         .note = "eps is added to the sum under the root; odd degrees take differences with their "
                 "sign there, and have no meaning here"},
    }};

}  // namespace losscalc::dialects
