/// scikit-learn's sklearn.metrics. Means divide by the sum of the sample weights.

#include "dialects/dialect.h"

namespace losscalc::dialects {
namespace {

const std::vector<InputName> true_and_predicted{{"y_pred", "pred"}, {"y_true", "target"}};

const Meaning normalize{"normalize", "", {{"True", "reduction=mean"}, {"False", "reduction=sum"}}};
const Meaning sample_weight{"sample_weight", "sample_weight"};
/// Weights of the outputs are those of the elements of each row.
const Meaning multioutput{"multioutput", "element_weight", {{"'uniform_average'", ""}}};
/// Only the mean over all outputs is one number.
const Meaning uniform_outputs{"multioutput", "", {{"'uniform_average'", ""}}};
const Meaning squared{"squared", "", {{"True", "root=false"}, {"False", "root=true"}}};
const Meaning labels{"labels", "", {{"None", ""}}};

}  // namespace

extern const Library sklearn;
const Library sklearn{
    .name = "sklearn",
    .read_from = "1.5",
    .prefixes = {{"sklearn.metrics.", {"metrics."}}},
    .entries = {
        {.names = {"sklearn.metrics.log_loss"},
         .signature = "eps='auto', normalize=True, sample_weight=None, labels=None",
         .loss = "cross-entropy",
         .fixed = "target_kind=index, normalize=after-clip",
         .inputs = true_and_predicted,
         .meanings = {{"eps", "eps", {{"'auto'", "eps=2.220446049250313e-16"}}},
                      normalize,
                      sample_weight,
                      labels},
         .axes = 2,
         .note =
             "clips to [eps, 1 - eps] with the machine epsilon of float64, then divides each row "
             "by its sum; of P(1) alone it is binary-cross-entropy with the same eps"},
        {.names = {"sklearn.metrics.log_loss"},
         .since = "1.5",
         .signature = "normalize=True, sample_weight=None, labels=None",
         .loss = "cross-entropy",
         .fixed = "target_kind=index, eps=2.220446049250313e-16, check=false",
         .inputs = true_and_predicted,
         .meanings = {normalize, sample_weight, labels},
         .axes = 2,
         .note =
             "clips to [eps, 1 - eps] with the machine epsilon of float64; rows are taken as they "
             "are; of P(1) alone it is binary-cross-entropy with the same eps"},
        {.names = {"sklearn.metrics.hinge_loss"},
         .signature = "labels=None, sample_weight=None",
         .loss = "binary-hinge",
         .inputs = {{"pred_decision", "pred"}, {"y_true", "target"}},
         .meanings = {labels, sample_weight},
         .axes = 1,
         .note = "of two classes; of more it is hinge(form=max)"},
        {.names = {"sklearn.metrics.brier_score_loss"},
         .signature = "sample_weight=None, pos_label=None",
         .loss = "brier",
         .inputs = {{"y_prob", "pred"}, {"y_proba", "pred"}, {"y_true", "target"}},
         .meanings = {sample_weight, {"pos_label", "positive"}},
         .note = "of labels 0 and 1, or -1 and 1"},
        {.names = {"sklearn.metrics.mean_squared_error"},
         .signature = "sample_weight=None, multioutput='uniform_average', squared=True",
         .loss = "mse",
         .inputs = true_and_predicted,
         .meanings = {sample_weight, multioutput, squared}},
        {.names = {"sklearn.metrics.root_mean_squared_error"},
         .signature = "sample_weight=None, multioutput='uniform_average'",
         .loss = "mse",
         .fixed = "root=true",
         .inputs = true_and_predicted,
         .meanings = {sample_weight, uniform_outputs},
         .note = "the root of each output's mean, then the mean of these"},
        {.names = {"sklearn.metrics.root_mean_squared_log_error"},
         .signature = "sample_weight=None, multioutput='uniform_average'",
         .loss = "msle",
         .fixed = "root=true",
         .inputs = true_and_predicted,
         .meanings = {sample_weight, uniform_outputs}},
        {.names = {"sklearn.metrics.mean_absolute_error"},
         .signature = "sample_weight=None, multioutput='uniform_average'",
         .loss = "l1",
         .inputs = true_and_predicted,
         .meanings = {sample_weight, multioutput}},
        {.names = {"sklearn.metrics.mean_absolute_percentage_error"},
         .signature = "sample_weight=None, multioutput='uniform_average'",
         .loss = "mape",
         .inputs = true_and_predicted,
         .meanings = {sample_weight, multioutput},
         .note = "a share, not percents"},
        {.names = {"sklearn.metrics.mean_squared_log_error"},
         .signature = "sample_weight=None, multioutput='uniform_average', squared=True",
         .loss = "msle",
         .inputs = true_and_predicted,
         .meanings = {sample_weight, multioutput, squared}},
        {.names = {"sklearn.metrics.mean_pinball_loss"},
         .signature = "sample_weight=None, alpha=0.5, multioutput='uniform_average'",
         .loss = "pinball",
         .inputs = true_and_predicted,
         .meanings = {sample_weight, {"alpha", "alpha"}, multioutput}},
        {.names = {"sklearn.metrics.mean_poisson_deviance"},
         .signature = "sample_weight=None",
         .loss = "tweedie-deviance",
         .fixed = "power=1",
         .inputs = true_and_predicted,
         .meanings = {sample_weight}},
        {.names = {"sklearn.metrics.mean_gamma_deviance"},
         .signature = "sample_weight=None",
         .loss = "tweedie-deviance",
         .fixed = "power=2",
         .inputs = true_and_predicted,
         .meanings = {sample_weight}},
        {.names = {"sklearn.metrics.mean_tweedie_deviance"},
         .signature = "sample_weight=None, power=0",
         .loss = "tweedie-deviance",
         .inputs = true_and_predicted,
         .meanings = {sample_weight, {"power", "power"}}},
        {.names = {"sklearn.metrics.zero_one_loss"},
         .signature = "normalize=True, sample_weight=None",
         .loss = "zero-one",
         .inputs = true_and_predicted,
         .meanings = {normalize, sample_weight},
         .axes = 1,
         .note = "of one label for each sample; of several, hamming_loss counts them one by one"},
        {.names = {"sklearn.metrics.hamming_loss"},
         .signature = "sample_weight=None",
         .loss = "zero-one",
         .inputs = true_and_predicted,
         .meanings = {sample_weight}},
    }};

}  // namespace losscalc::dialects
