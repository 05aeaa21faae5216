/// PyTorch's torch.nn and torch.nn.functional.

#include "dialects/dialect.h"

namespace losscalc::dialects {
namespace {

/// 'mean' divides by the number of elements, whatever the weights.
const Meaning element_reduction{"reduction",
                                "",
                                {{"mean", "reduction=count-mean"},
                                 {"elementwise_mean", "reduction=count-mean"},
                                 {"sum", "reduction=sum"},
                                 {"none", "reduction=none"}}};
const Meaning element_size_average{
    "size_average",
    "",
    {{"None", ""}, {"True", "reduction=count-mean"}, {"False", "reduction=sum"}}};

/// 'mean' divides by the sum of the weights, which is the number of units where there are none.
const Meaning mean_reduction{"reduction",
                             "",
                             {{"mean", "reduction=mean"},
                              {"elementwise_mean", "reduction=mean"},
                              {"sum", "reduction=sum"},
                              {"none", "reduction=none"}}};
const Meaning mean_size_average{
    "size_average", "", {{"None", ""}, {"True", "reduction=mean"}, {"False", "reduction=sum"}}};

/// Of the old names of reduction, this one overrules the other where it is False; where it is True
/// the other may still make a sum of the mean, whatever reduction says.
const Meaning element_reduce{
    "reduce", "", {{"None", ""}, {"True", "reduction=count-mean"}, {"False", ""}}};
const Meaning mean_reduce{"reduce", "", {{"None", ""}, {"True", "reduction=mean"}, {"False", ""}}};
const Meaning reduce{"reduce", "", {{"None", ""}, {"True", ""}, {"False", "reduction=none"}}};

const Meaning divergence_reduction{"reduction",
                                   "",
                                   {{"mean", "reduction=mean"},
                                    {"batchmean", "reduction=batchmean"},
                                    {"sum", "reduction=sum"},
                                    {"none", "reduction=none"}}};

const std::vector<InputName> input_and_target{{"input", "pred"}, {"target", "target"}};

const std::vector<InputName> two_inputs_and_target{
    {"input1", "x1"}, {"input2", "x2"}, {"target", "label"}};

const std::vector<InputName> triplets{
    {"anchor", "anchor"}, {"positive", "positive"}, {"negative", "negative"}};

constexpr std::string_view plain = "size_average=None, reduce=None, reduction='mean'";

/// Up to 1.10 the mean of targets that are all ignored is 0, from 1.11 on NaN.
Entry cross_entropy(std::string_view since, std::string_view fixed) {
  return {.names = {"torch.nn.CrossEntropyLoss", "torch.nn.functional.cross_entropy"},
          .since = since,
          .signature =
              "weight=None, size_average=None, ignore_index=-100, reduce=None, "
              "reduction='mean', label_smoothing=0.0",
          .loss = "cross-entropy",
          .fixed = fixed,
          .inputs = input_and_target,
          .meanings = {{"weight", "class_weight"},
                       {"ignore_index", "ignore_index"},
                       {"label_smoothing", "label_smoothing"},
                       mean_reduction,
                       mean_reduce,
                       mean_size_average,
                       reduce},
          .note = "for soft targets, mean divides by their number, not by class weights"};
}
Entry nll(std::string_view since, std::string_view fixed) {
  return {.names = {"torch.nn.NLLLoss", "torch.nn.functional.nll_loss"},
          .since = since,
          .signature =
              "weight=None, size_average=None, ignore_index=-100, reduce=None, "
              "reduction='mean'",
          .loss = "nll",
          .fixed = fixed,
          .inputs = input_and_target,
          .meanings = {{"weight", "class_weight"},
                       {"ignore_index", "ignore_index"},
                       mean_reduction,
                       mean_reduce,
                       mean_size_average,
                       reduce}};
}

}  // namespace

extern const Library torch;
const Library torch{
    .name = "torch",
    .read_from = "1.13",
    .oldest = "1.10",
    .prefixes = {{"torch.nn.functional.", {"F.", "nn.functional."}}, {"torch.nn.", {"nn."}}},
    .entries = {
        {.names = {"torch.nn.L1Loss", "torch.nn.functional.l1_loss"},
         .signature = plain,
         .loss = "l1",
         .fixed = "empty=nan",
         .inputs = input_and_target,
         .meanings = {mean_reduction, mean_reduce, mean_size_average, reduce}},
        {.names = {"torch.nn.MSELoss", "torch.nn.functional.mse_loss"},
         .signature = plain,
         .loss = "mse",
         .fixed = "empty=nan",
         .inputs = input_and_target,
         .meanings = {mean_reduction, mean_reduce, mean_size_average, reduce}},
        {.names = {"torch.nn.SmoothL1Loss", "torch.nn.functional.smooth_l1_loss"},
         .signature = "size_average=None, reduce=None, reduction='mean', beta=1.0",
         .loss = "smooth-l1",
         .fixed = "empty=nan",
         .inputs = input_and_target,
         .meanings = {{"beta", "beta"}, mean_reduction, mean_reduce, mean_size_average, reduce}},
        {.names = {"torch.nn.HuberLoss", "torch.nn.functional.huber_loss"},
         .signature = "reduction='mean', delta=1.0",
         .loss = "huber",
         .fixed = "empty=nan",
         .inputs = input_and_target,
         .meanings = {{"delta", "delta"}, mean_reduction}},
        cross_entropy({}, "from=logits, empty=zero, mean_weights=index"),
        cross_entropy("1.11", "from=logits, empty=nan, mean_weights=index"),
        nll({}, "target_kind=index, empty=zero"),
        nll("1.11", "target_kind=index, empty=nan"),
        {.names = {"torch.nn.BCELoss", "torch.nn.functional.binary_cross_entropy"},
         .signature = "weight=None, size_average=None, reduce=None, reduction='mean'",
         .loss = "binary-cross-entropy",
         .fixed = "from=probs, eps=0, log_floor=-100, empty=nan",
         .inputs = input_and_target,
         .meanings = {{"weight", "element_weight"},
                      element_reduction,
                      element_reduce,
                      element_size_average,
                      reduce},
         .note = "log-probabilities are clamped to at least -100"},
        {.names = {"torch.nn.BCEWithLogitsLoss",
                   "torch.nn.functional.binary_cross_entropy_with_logits"},
         .signature = "weight=None, size_average=None, reduce=None, reduction='mean', "
                      "pos_weight=None",
         .loss = "binary-cross-entropy",
         .fixed = "from=logits, empty=nan",
         .inputs = input_and_target,
         .meanings = {{"weight", "element_weight"},
                      {"pos_weight", "pos_weight"},
                      element_reduction,
                      element_reduce,
                      element_size_average,
                      reduce},
         .note = "mean divides by the number of elements, not by their weights"},
        {.names = {"torch.nn.CTCLoss", "torch.nn.functional.ctc_loss"},
         .signature = "blank=0, reduction='mean', zero_infinity=False",
         .loss = "ctc",
         .fixed = "from=log-probs, time_axis=0, empty=nan",
         .inputs = {{"log_probs", "pred"},
                    {"targets", "target"},
                    {"input_lengths", "pred_lengths"},
                    {"target_lengths", "target_lengths"}},
         .meanings = {{"blank", "blank"},
                      {"zero_infinity", "zero_infinity"},
                      {"reduction",
                       "",
                       {{"mean", "reduction=count-mean, per=label"},
                        {"sum", "reduction=sum"},
                        {"none", "reduction=none"}}}},
         .note = "log_probs are [T,N,C] and not checked; PyTorch's gradient with respect to them "
                 "is the one with respect to logits whose log_softmax they are: use from=logits to "
                 "get it"},
        {.names = {"torch.nn.MultiLabelSoftMarginLoss",
                   "torch.nn.functional.multilabel_soft_margin_loss"},
         .signature = "weight=None, size_average=None, reduce=None, reduction='mean'",
         .loss = "binary-cross-entropy",
         .fixed = "from=logits, rows=mean, empty=nan",
         .inputs = input_and_target,
         .meanings = {{"weight", "element_weight"},
                      element_reduction,
                      element_reduce,
                      element_size_average,
                      reduce},
         .note = "each sample is one unit, with the mean over its classes"},
        {.names = {"torch.nn.MultiMarginLoss", "torch.nn.functional.multi_margin_loss"},
         .signature = "p=1, margin=1.0, weight=None, size_average=None, reduce=None, "
                      "reduction='mean'",
         .loss = "hinge",
         .fixed = "form=mean, class_weight_in=unit, empty=nan",
         .inputs = input_and_target,
         .meanings = {{"p", "power"},
                      {"margin", "margin"},
                      {"weight", "class_weight"},
                      element_reduction,
                      element_reduce,
                      element_size_average,
                      reduce},
         .note = "the sum over the wrong classes is divided by the number of classes"},
        {.names = {"torch.nn.SoftMarginLoss", "torch.nn.functional.soft_margin_loss"},
         .signature = plain,
         .loss = "soft-margin",
         .fixed = "target_kind=numbers, empty=nan",
         .inputs = input_and_target,
         .meanings = {mean_reduction, mean_reduce, mean_size_average, reduce}},
        {.names = {"torch.nn.HingeEmbeddingLoss", "torch.nn.functional.hinge_embedding_loss"},
         .signature = "margin=1.0, size_average=None, reduce=None, reduction='mean'",
         .loss = "hinge-embedding",
         .fixed = "target_kind=numbers, empty=nan",
         .inputs = input_and_target,
         .meanings =
             {{"margin", "margin"}, mean_reduction, mean_reduce, mean_size_average, reduce}},
        {.names = {"torch.nn.PoissonNLLLoss", "torch.nn.functional.poisson_nll_loss"},
         .signature = "log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, "
                      "reduction='mean'",
         .loss = "poisson-nll",
         .fixed = "empty=nan",
         .inputs = input_and_target,
         .meanings = {{"log_input", "log_input"},
                      {"full", "full"},
                      {"eps", "eps"},
                      mean_reduction,
                      mean_reduce,
                      mean_size_average,
                      reduce}},
        {.names = {"torch.nn.KLDivLoss", "torch.nn.functional.kl_div"},
         .signature = "size_average=None, reduce=None, reduction='mean', log_target=False",
         .loss = "kl-divergence",
         .fixed = "log_pred=true, empty=nan",
         .inputs = input_and_target,
         .meanings = {{"log_target", "log_target"},
                      divergence_reduction,
                      mean_reduce,
                      mean_size_average,
                      reduce},
         .note = "mean divides by the number of elements; batchmean gives the divergence"},
        {.names = {"torch.nn.TripletMarginLoss", "torch.nn.functional.triplet_margin_loss"},
         .signature = "margin=1.0, p=2.0, eps=1e-06, swap=False, size_average=None, reduce=None, "
                      "reduction='mean'",
         .loss = "triplet",
         .fixed = "distance=lp, empty=nan",
         .inputs = triplets,
         .meanings = {{"margin", "margin"},
                      {"p", "norm", {{"1", "distance=l1"}, {"2", "distance=l2"}}},
                      {"eps", "distance_eps"},
                      {"swap", "swap"},
                      mean_reduction,
                      mean_reduce,
                      mean_size_average,
                      reduce}},
        {.names = {"torch.nn.TripletMarginWithDistanceLoss",
                   "torch.nn.functional.triplet_margin_with_distance_loss"},
         .signature = "distance_function=None, margin=1.0, swap=False, reduction='mean'",
         .loss = "triplet",
         .fixed = "distance=l2, distance_eps=1e-6, empty=nan",
         .inputs = triplets,
         .meanings = {{"distance_function", "", {{"None", ""}}},
                      {"margin", "margin"},
                      {"swap", "swap"},
                      mean_reduction},
         .note = "the distance is torch's pairwise_distance; other distance functions are code, "
                 "which losscalc does not run"},
        {.names = {"torch.nn.MarginRankingLoss", "torch.nn.functional.margin_ranking_loss"},
         .signature = "margin=0.0, size_average=None, reduce=None, reduction='mean'",
         .loss = "margin-ranking",
         .fixed = "target_kind=numbers, empty=nan",
         .inputs = two_inputs_and_target,
         .meanings =
             {{"margin", "margin"}, mean_reduction, mean_reduce, mean_size_average, reduce}},
        {.names = {"torch.nn.CosineEmbeddingLoss", "torch.nn.functional.cosine_embedding_loss"},
         .signature = "margin=0.0, size_average=None, reduce=None, reduction='mean'",
         .loss = "cosine-embedding",
         .fixed = "norm_eps=9.999999960041972e-13, target_kind=numbers, empty=nan",
         .inputs = two_inputs_and_target,
         .meanings = {{"margin", "margin"}, mean_reduction, mean_reduce, mean_size_average, reduce},
         .note = "1e-12, rounded to float32, is added to each squared length"},
        {.names = {"torch.nn.MultiLabelMarginLoss", "torch.nn.functional.multilabel_margin_loss"},
         .signature = plain,
         .loss = "multilabel-margin",
         .fixed = "empty=nan",
         .inputs = input_and_target,
         .meanings = {mean_reduction, mean_reduce, mean_size_average, reduce}},
        {.names = {"torch.nn.GaussianNLLLoss", "torch.nn.functional.gaussian_nll_loss"},
         .signature = "full=False, eps=1e-06, reduction='mean'",
         .loss = "gaussian-nll",
         .fixed = "empty=nan",
         .inputs = {{"input", "pred"}, {"target", "target"}, {"var", "var"}},
         .meanings = {{"full", "full"}, {"eps", "eps"}, mean_reduction},
         .note = "for var < eps, PyTorch's gradient with respect to var is the one at eps, "
                 "although the value is constant there"},
    }};

}  // namespace losscalc::dialects
