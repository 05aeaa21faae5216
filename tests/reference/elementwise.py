"""Cases and library calls that the modules of elementwise losses share."""

import numpy as np
import sklearn.metrics
import torch
import torch.nn.functional as F

from cases import Answer, Case, describe, per_sample, random, reduce_elements, weights

#: Reductions and weights in every combination that differs, with shapes of one to four axes.
SETTINGS = [
    *(({"reduction": r}, (4, 3)) for r in ("mean", "sum", "none", "count-mean", "batchmean")),
    ({"reduction": "mean"}, (7,)),
    ({"reduction": "mean"}, (2, 2, 2, 2)),
    ({"sample_weight": "a", "reduction": "mean"}, (6,)),
    ({"sample_weight": "a", "reduction": "none"}, (4, 3)),
    ({"element_weight": "e", "reduction": "mean"}, (4, 3)),
    ({"sample_weight": "a", "element_weight": "e", "reduction": "count-mean"}, (2, 3, 2)),
]


def reduced(unit):
    """The formula of a loss from unit(xp, pred, target, parameters), target as it is given."""

    def formula(xp, inputs, parameters):
        losses = unit(xp, inputs["pred"], inputs["target"], parameters)
        return reduce_elements(xp, losses, inputs, parameters)

    return formula


def signs(target):
    """{0,1} is mapped to {-1,1}."""
    return 2 * target - 1 if target.min() >= 0 else target


def elementwise_cases(loss, draw, variants):
    """`draw(rng, shape, parameters)` gives pred and target; `variants` are parameters of the loss,
    the first of which meets every setting, the others a few."""
    cases = []
    for number, variant in enumerate(variants):
        for setting, shape in SETTINGS if number == 0 else (SETTINGS[2], SETTINGS[5], SETTINGS[7]):
            parameters = {**variant, **setting}
            rng = random(loss, parameters, shape)
            pred, target = draw(rng, shape, parameters)
            inputs = {"pred": pred, "target": target}
            if "sample_weight" in parameters:
                inputs["a"] = weights(rng, shape[:1])
            if "element_weight" in parameters:
                inputs["e"] = weights(rng, shape[-1:])
            cases.append(Case(describe(parameters, shape), parameters, inputs))
    return cases


def from_torch(name, *options, applies=lambda inputs, parameters: True):
    """F.<name>, unreduced; `options` are the parameters that it takes under the same names."""

    def library(inputs, parameters):
        if not applies(inputs, parameters):
            return None
        target = inputs["target"]
        if not isinstance(target, torch.Tensor):
            target = torch.tensor(signs(target)).double()
        chosen = {k: parameters[k] for k in options if k in parameters}
        losses = getattr(F, name)(inputs["pred"], target, reduction="none", **chosen)
        weight = torch.ones_like(losses)
        if "sample_weight" in parameters:
            weight = weight * per_sample(inputs["a"], losses.ndim)
        if "element_weight" in parameters:
            weight = weight * inputs["e"]
        total = losses * weight
        label = f"torch.nn.functional.{name}"
        reduction = parameters.get("reduction", "mean")
        if reduction == "none":
            return Answer(label, total)
        divisor = {"sum": 1, "batchmean": len(losses), "count-mean": losses.numel(),
                   "mean": weight.sum()}[reduction]
        return Answer(f"{label}, reduced here", total.sum() / divisor)

    return library


def from_sklearn(name, *options, dimensions=2, applies=lambda inputs, parameters: True):
    """A weighted mean over samples, then a plain one over outputs."""

    def library(inputs, parameters):
        known = {"reduction", "sample_weight", *options}
        pred, target = inputs["pred"].detach().numpy(), np.asarray(inputs["target"])
        if set(parameters) - known or parameters.get("reduction", "mean") != "mean":
            return None
        if pred.ndim > dimensions or not applies({"pred": pred, "target": target}, parameters):
            return None
        a = inputs["a"].numpy() if "sample_weight" in parameters else None
        chosen = {k: parameters[k] for k in options if k in parameters}
        value = getattr(sklearn.metrics, name)(target, pred, sample_weight=a, **chosen)
        return Answer(f"sklearn.metrics.{name}", value, gradient=False)

    return library
