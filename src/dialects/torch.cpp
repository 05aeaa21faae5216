/// PyTorch's torch.nn and torch.nn.functional.

#include "dialects/dialect.h"

namespace losscalc::dialects {
namespace {

/// 'mean' divides by the number of elements, whatever the weights.
const Meaning reduction{
    "reduction",
    "",
    {{"mean", "reduction=count-mean"}, {"sum", "reduction=sum"}, {"none", "reduction=none"}}};

/// 'mean' divides by the sum of the weights.
const Meaning weighted_reduction{
    "reduction",
    "",
    {{"mean", "reduction=mean"}, {"sum", "reduction=sum"}, {"none", "reduction=none"}}};

/// The old names of reduction; reduce=False overrules size_average.
const Meaning size_average{
    "size_average", "", {{"None", ""}, {"True", "reduction=mean"}, {"False", "reduction=sum"}}};
const Meaning reduce{"reduce", "", {{"None", ""}, {"True", ""}, {"False", "reduction=none"}}};

const std::vector<InputName> input_and_target{{"input", "pred"}, {"target", "target"}};

}  // namespace

extern const Library torch;
const Library torch{
    .name = "torch",
    .read_from = "1.13",
    .prefixes = {{"torch.nn.functional.", {"F.", "nn.functional."}}, {"torch.nn.", {"nn."}}},
    .entries = {
        {.names = {"torch.nn.L1Loss", "torch.nn.functional.l1_loss"},
         .signature = "size_average=None, reduce=None, reduction='mean'",
         .loss = "l1",
         .fixed = "empty=nan",
         .inputs = input_and_target,
         .meanings = {reduction, size_average, reduce}},
        {.names = {"torch.nn.MSELoss", "torch.nn.functional.mse_loss"},
         .signature = "size_average=None, reduce=None, reduction='mean'",
         .loss = "mse",
         .fixed = "empty=nan",
         .inputs = input_and_target,
         .meanings = {reduction, size_average, reduce}},
        {.names = {"torch.nn.CrossEntropyLoss", "torch.nn.functional.cross_entropy"},
         .signature = "weight=None, size_average=None, ignore_index=-100, reduce=None, "
                      "reduction='mean', label_smoothing=0.0",
         .loss = "cross-entropy",
         .fixed = "from=logits, empty=nan",
         .inputs = input_and_target,
         .meanings = {{"weight", "class_weight"},
                      {"ignore_index", "ignore_index"},
                      {"label_smoothing", "label_smoothing"},
                      weighted_reduction,
                      size_average,
                      reduce}},
    }};

}  // namespace losscalc::dialects
