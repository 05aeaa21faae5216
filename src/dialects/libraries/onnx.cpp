/// ONNX's loss operators.

#include "dialects/dialect.h"

namespace losscalc::dialects {
namespace {

const Meaning reduction{
    "reduction",
    "",
    {{"mean", "reduction=mean"}, {"sum", "reduction=sum"}, {"none", "reduction=none"}}};

}  // namespace

extern const Library onnx;
const Library onnx{
    .name = "onnx",
    .read_from = "opset 13",
    .prefixes = {{"onnx.", {}}},
    .entries = {
        {.names = {"onnx.SoftmaxCrossEntropyLoss"},
         .signature = "ignore_index=None, reduction='mean', weights=None",
         .loss = "cross-entropy",
         .fixed = "from=logits, target_kind=index, empty=nan",
         .inputs = {{"scores", "pred"}, {"labels", "target"}, {"weights", "class_weight"}},
         .meanings = {{"ignore_index", "ignore_index"}, {"weights", "class_weight"}, reduction}},
        {.names = {"onnx.NegativeLogLikelihoodLoss"},
         .signature = "ignore_index=None, reduction='mean', weight=None",
         .loss = "nll",
         .fixed = "target_kind=index, empty=nan",
         .inputs = {{"input", "pred"}, {"target", "target"}, {"weight", "class_weight"}},
         .meanings = {{"ignore_index", "ignore_index"}, {"weight", "class_weight"}, reduction}},
    }};

}  // namespace losscalc::dialects
