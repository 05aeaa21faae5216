"""The elementwise regression losses, r = prediction - target."""

import numpy as np
import sklearn.metrics
import torch.nn.functional as F

from cases import (Answer, Case, Reference, describe, normal, per_sample, random, reduce_elements,
                   weights)

REDUCTIONS = ("mean", "sum", "none", "count-mean", "batchmean")
EXTREME = np.array([0.0, 50, -50, 500, -800, 1e-8, -1e-8, 1e-12, 1e8, 1e-3])


def squared(xp, r, parameters):
    return r * r


def absolute(xp, r, parameters):
    return xp.abs(r)


def huber(xp, r, parameters):
    """Huber 1964: r^2/2 within delta, delta (|r| - delta/2) beyond."""
    delta, size = parameters.get("delta", 1.0), xp.abs(r)
    inside = xp.minimum(size, delta)
    return inside * (size - inside / 2)


def smooth_l1(xp, r, parameters):
    """Girshick 2015 with PyTorch's beta: Huber / beta."""
    beta, size = parameters.get("beta", 1.0), xp.abs(r)
    inside = xp.minimum(size, beta)
    return inside * (size - inside / 2) / beta


def log_cosh(xp, r, parameters):
    """log cosh r = |r| + log((1 + e^(-2|r|)) / 2). Near 0 this cancels, which 80 digits bear and
    float64 does not."""
    size = xp.abs(r)
    return size + xp.log((1 + xp.exp(-2 * size)) / 2)


def cauchy(xp, r, parameters):
    """log(1 + u^2) with u = r/c: Ceres's CauchyLoss without its factor c^2/2. Divided by
    max(|u|, 1)^2, so that the square does not overflow in float64."""
    u = xp.abs(r / parameters.get("c", 1.0))
    size = xp.maximum(u, 1.0)
    return 2 * xp.log(size) + xp.log((1 / size) ** 2 + (u / size) ** 2)


def with_residuals(unit):
    def formula(xp, inputs, parameters):
        losses = unit(xp, inputs["pred"] - inputs["target"], parameters)
        return reduce_elements(xp, losses, inputs, parameters)

    return formula


def from_torch(name, parameter=None):
    """F.<name>, unreduced wherever there are weights or a divisor that PyTorch 1.13 lacks."""

    def library(inputs, parameters):
        function = getattr(F, name)
        options = {parameter: parameters[parameter]} if parameter in parameters else {}
        pred, target = inputs["pred"], inputs["target"]
        reduction, weight = parameters.get("reduction", "mean"), None
        if "sample_weight" in parameters:
            weight = per_sample(inputs["a"], pred.ndim).expand(pred.shape)
        if "element_weight" in parameters:
            weight = inputs["e"].expand(pred.shape) * (1 if weight is None else weight)
        label = f"torch.nn.functional.{name}"
        if weight is None and reduction != "batchmean":
            plain = reduction.replace("count-mean", "mean")
            return Answer(label, function(pred, target, reduction=plain, **options))
        losses = function(pred, target, reduction="none", **options)
        losses = losses if weight is None else losses * weight
        if reduction == "none":
            return Answer(label, losses)
        divisor = {"sum": 1, "batchmean": len(pred), "count-mean": pred.numel(),
                   "mean": None if weight is None else weight.sum()}[reduction]
        return Answer(f"{label}, weighted and divided here", losses.sum() / divisor)

    return library


def from_sklearn(name):
    """A weighted mean over samples, then a plain one over outputs: [N] or [N,D], sample weights."""

    def library(inputs, parameters):
        if set(parameters) - {"reduction", "sample_weight"} or inputs["pred"].ndim > 2:
            return None
        if parameters.get("reduction", "mean") != "mean":
            return None
        a = inputs["a"].numpy() if "sample_weight" in parameters else None
        value = getattr(sklearn.metrics, name)(
            inputs["target"].numpy(), inputs["pred"].detach().numpy(), sample_weight=a)
        return Answer(f"sklearn.metrics.{name}", value, gradient=False)

    return library


def elementwise(loss, parameters, shape, element=None, scale=1.5):
    rng = random(loss, parameters, shape)
    inputs = {"pred": normal(rng, shape, scale), "target": normal(rng, shape, scale)}
    if "sample_weight" in parameters:
        inputs["a"] = weights(rng, shape[:1])
    if "element_weight" in parameters:
        inputs["e"] = weights(rng, element or shape)
    suffix = "" if element is None else f", weights {list(element)}".replace(" [", " of shape [")
    return Case(describe(parameters, shape) + suffix, parameters, inputs)


def residual_case(name, parameters, residuals, target=0.0):
    r = np.asarray(residuals, dtype=np.float64)
    return Case(name, parameters, {"pred": r + target, "target": np.full(r.shape, target)})


def common_cases(loss, knob=None):
    """Shapes, reductions, weights; `knob` = (parameter, other values)."""
    cases = [elementwise(loss, {"reduction": r}, s)
             for r, s in [(r, (5, 3)) for r in REDUCTIONS]
             + [("mean", s) for s in ((7,), (2, 3, 2), (2, 2, 2, 2), (1, 2, 2, 1, 3), (1,))]
             + [("batchmean", (3, 2, 2)), ("none", (2, 3, 2))]]
    for r in ("mean", "count-mean"):
        cases += [
            elementwise(loss, {"sample_weight": "a", "reduction": r}, (6,)),
            elementwise(loss, {"sample_weight": "a", "reduction": r}, (4, 3)),
            elementwise(loss, {"element_weight": "e", "reduction": r}, (4, 3)),
            elementwise(loss, {"element_weight": "e", "reduction": r}, (4, 3), (3,)),
            elementwise(loss, {"sample_weight": "a", "element_weight": "e", "reduction": r},
                        (2, 3, 2), (3, 1)),
        ]
    cases += [elementwise(loss, {"element_weight": "e", "reduction": r}, (2, 2, 3), (2, 3))
              for r in ("none", "sum", "batchmean")]
    if knob:
        key, values = knob
        cases += [elementwise(loss, {key: v, "reduction": "mean"}, (8,)) for v in values]
        cases.append(elementwise(loss, {key: values[0], "sample_weight": "a", "reduction": "none"},
                                 (4, 3)))
        cases.append(elementwise(loss, {key: values[-1], "element_weight": "e",
                                        "reduction": "sum"}, (3, 2)))
    smooth = EXTREME if loss != "l1" else EXTREME[1:]
    for r in ("none", "mean"):
        cases.append(residual_case(f"extreme residuals, reduction {r}", {"reduction": r}, smooth))
        if knob:
            for v in knob[1]:
                cases.append(residual_case(f"extreme residuals, {knob[0]} {v}, reduction {r}",
                                           {knob[0]: v, "reduction": r}, smooth))
    cases.append(residual_case("large residuals beside small ones", {"reduction": "none"},
                               [1e150, -3e100, 1e-8, 2.5]))
    cases.append(residual_case("a common offset of 1e8", {"reduction": "mean"},
                               [0.5, -0.25, 3, 1e4], target=1e8))
    return cases


def witness(loss, parameters, value):
    case = residual_case("witness: r = 3 and 0.2", {**parameters, "reduction": "mean"}, [3, 0.2])
    case.witness = value
    return [case]


def references():
    smooth = [residual_case("zero residuals", {"reduction": "mean"}, [0.0, 0, 0], 1.25)]
    kink = [residual_case(f"some residuals are 0: no derivative, {r}", {"reduction": r},
                          [0.0, 2, -3], 1.25)
            for r in ("mean", "none")]
    overflow = [residual_case(f"overflow, reduction {r}", {"reduction": r}, [1e200, 1.0])
                for r in ("none", "mean")]
    border = [residual_case("on the border of the two branches", {k: 2.0, "reduction": "none"},
                            [2.0, -2, 2 - 1e-12, 2 + 1e-12]) for k in ("delta", "beta")]
    far = [residual_case("residuals whose squares overflow", {"reduction": "none"},
                         [1e200, -1e300, 1e155])]
    functional = "torch.nn.functional."
    return [
        Reference("mse", f"{functional}mse_loss", with_residuals(squared),
                  witness("mse", {}, 4.52) + common_cases("mse") + smooth + overflow,
                  libraries=[from_torch("mse_loss"), from_sklearn("mean_squared_error")]),
        Reference("l1", f"{functional}l1_loss", with_residuals(absolute), common_cases("l1") + kink,
                  libraries=[from_torch("l1_loss"), from_sklearn("mean_absolute_error")]),
        Reference("huber", f"{functional}huber_loss", with_residuals(huber),
                  witness("huber", {"delta": 2.0}, 2.01)
                  + common_cases("huber", ("delta", (0.5, 2.0, 1e-3))) + smooth + border[:1],
                  libraries=[from_torch("huber_loss", "delta")]),
        Reference("smooth-l1", f"{functional}smooth_l1_loss", with_residuals(smooth_l1),
                  witness("smooth-l1", {"beta": 2.0}, 1.005)
                  + common_cases("smooth-l1", ("beta", (0.5, 2.0, 1e-3))) + smooth + border[1:],
                  libraries=[from_torch("smooth_l1_loss", "beta")]),
        Reference("cauchy", "log(1 + (r/c)^2) (Black and Anandan 1996)", with_residuals(cauchy),
                  common_cases("cauchy", ("c", (0.5, 2.0, 1e-3))) + smooth + far),
        Reference("log-cosh", "log cosh r (Green 1990)", with_residuals(log_cosh),
                  witness("log-cosh", {}, 1.16459828821) + common_cases("log-cosh") + smooth),
    ]
