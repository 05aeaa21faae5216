"""Triplet and contrastive losses on rows of embeddings."""

import numpy as np
import torch
import torch.nn.functional as F

from cases import (Answer, Case, Reference, array_of, describe, given, normal, random, reduce,
                   weights)

DISTANCES = ("l2", "squared-l2", "l1", "cosine")


def squared_length(xp, rows):
    return xp.sum(rows * rows, -1)


def distance(xp, x, y, parameters):
    """Between the rows of x and y. `distance_eps` is added to each signed difference of l2 and l1,
    as torch.nn.functional.pairwise_distance does."""
    kind = parameters.get("distance", "l2")
    if kind == "cosine":
        return 1 - xp.sum(x * y, -1) / xp.sqrt(squared_length(xp, x) * squared_length(xp, y))
    if kind == "squared-l2":
        return squared_length(xp, x - y)
    shifted = x - y + parameters.get("distance_eps", 0.0)
    if kind == "l1":
        return xp.sum(xp.abs(shifted), -1)
    return xp.sqrt(squared_length(xp, shifted))


def reduce_rows(xp, losses, inputs, parameters):
    a = array_of(inputs, parameters, "sample_weight")
    weight = xp.array(np.ones(len(losses))) if a is None else a
    return reduce(xp, losses * weight, weight, len(losses), parameters.get("reduction", "mean"),
                  len(losses))


def triplet(xp, inputs, parameters):
    """max(0, d(a,p) - d(a,n) + margin); swap takes min(d(a,n), d(p,n)). Schroff et al. 2015
    (squared distance), Balntas et al. 2016 (swap)."""
    anchor, positive, negative = (inputs[k] for k in ("anchor", "positive", "negative"))
    near, far = (distance(xp, anchor, other, parameters) for other in (positive, negative))
    if parameters.get("swap", False):
        far = xp.minimum(far, distance(xp, positive, negative, parameters))
    losses = xp.maximum(near - far + parameters.get("margin", 1.0), 0.0)
    return reduce_rows(xp, losses, inputs, parameters)


def contrastive(xp, inputs, parameters):
    """d^2 of similar pairs, max(0, margin - d)^2 of the others, halved or not: Hadsell et al. 2006,
    eq. 4 (there halved, and label 0 means similar)."""
    x1, x2 = inputs["x1"], inputs["x2"]
    similar = xp.array((inputs["label"] == parameters.get("similar", 1)) * 1.0)
    if parameters.get("distance", "l2") == "l2":  # similar pairs need no root: it has a corner at 0
        square = squared_length(xp, x1 - x2 + parameters.get("distance_eps", 0.0))
        d = xp.sqrt(similar + (1 - similar) * square)
    else:
        d = distance(xp, x1, x2, parameters)
        square = d * d
    gap = xp.maximum(parameters.get("margin", 1.0) - d, 0.0)
    losses = similar * square + (1 - similar) * gap * gap
    return reduce_rows(xp, losses / 2 if parameters["half"] else losses, inputs, parameters)


def torch_distance(parameters):
    kind, eps = parameters.get("distance", "l2"), parameters.get("distance_eps", 0.0)
    if kind == "cosine":
        return lambda x, y: 1 - F.cosine_similarity(x, y, eps=0.0)
    if kind == "squared-l2":
        return lambda x, y: (x - y).pow(2).sum(-1)
    return lambda x, y: F.pairwise_distance(x, y, p=2 if kind == "l2" else 1, eps=eps)


def torch_triplet(inputs, parameters):
    """F.triplet_margin_loss for l2 and l1, F.triplet_margin_with_distance_loss for the others."""
    options = {"margin": parameters.get("margin", 1.0), "swap": parameters.get("swap", False)}
    kind = parameters.get("distance", "l2")
    if kind in ("l2", "l1"):
        name, function = "triplet_margin_loss", F.triplet_margin_loss
        options |= {"p": 2 if kind == "l2" else 1, "eps": parameters.get("distance_eps", 0.0)}
    else:
        name, function = "triplet_margin_with_distance_loss", F.triplet_margin_with_distance_loss
        options["distance_function"] = torch_distance(parameters)
    rows = [inputs[k] for k in ("anchor", "positive", "negative")]
    reduction = parameters.get("reduction", "mean").replace("count-mean", "mean")
    reduction = reduction.replace("batchmean", "mean")
    label = f"torch.nn.functional.{name}"
    if "sample_weight" not in parameters:
        return Answer(label, function(*rows, reduction=reduction, **options))
    losses = function(*rows, reduction="none", **options) * inputs["a"]
    if reduction == "mean":
        count_mean = parameters["reduction"] == "count-mean"
        losses = losses.sum() / (len(losses) if count_mean else inputs["a"].sum())
    return Answer(f"{label}, weighted here", losses.sum() if reduction == "sum" else losses)


def rows_case(loss, names, parameters, shape, scale=1.0):
    rng = random(loss, parameters, shape, scale)
    inputs = {name: normal(rng, shape, scale) for name in names}
    if "label" in names:
        inputs["label"] = rng.permutation(np.arange(shape[0]) % 2)
    if "sample_weight" in parameters:
        inputs["a"] = weights(rng, shape[:1])
    suffix = "" if scale == 1 else f", scale {scale}"
    return Case(describe(parameters, shape) + suffix, parameters, inputs)


def triplet_cases():
    names = ("anchor", "positive", "negative")

    def make(shape=(5, 3), scale=1.0, **parameters):
        return rows_case("triplet", names, parameters, shape, scale)

    origin = {"anchor": [[0.0, 0]], "positive": [[1.0, 0]], "negative": [[0, 1.2]]}
    cases = [
        given("witness: l2", {"distance": "l2", "reduction": "mean"}, 0.8, **origin),
        given("witness: squared", {"distance": "squared-l2", "reduction": "mean"}, 0.56, **origin),
    ]
    torch_eps = {"distance_eps": 1e-6}
    cases += [make(**torch_eps, reduction=r) for r in ("mean", "sum", "none", "count-mean",
                                                       "batchmean")]
    for kind in DISTANCES:
        cases += [
            make(distance=kind, reduction="mean"), make(distance=kind, swap=True, reduction="none"),
            make(distance=kind, margin=0.2, reduction="sum"),
            make(distance=kind, margin=3.5, swap=True, reduction="mean"),
            make(distance=kind, sample_weight="a", reduction="mean"),
        ]
        if kind in ("l2", "l1"):
            cases += [
                make(distance=kind, **torch_eps, swap=True, reduction="mean"),
                make(distance=kind, distance_eps=0.01, margin=2.0, reduction="none"),
                make((4, 2), 1e-6, distance=kind, **torch_eps, reduction="none"),
            ]
        cases.append(make((4, 2), 100.0, distance=kind, reduction="none"))
    cases += [
        make((1, 8), **torch_eps, reduction="mean"), make((6, 1), **torch_eps, reduction="mean"),
        make((4, 2), 1e-6, reduction="none"), make((4, 2), 1e8, reduction="none"),
        make(swap=True, sample_weight="a", reduction="count-mean", **torch_eps),
        given("all inactive: 0", {"reduction": "mean"}, anchor=[[0.0, 0]], positive=[[0.1, 0]],
              negative=[[9.0, 9]]),
        given("anchor = positive, PyTorch's eps", {**torch_eps, "reduction": "mean"},
              anchor=[[0.5, 0.25]], positive=[[0.5, 0.25]], negative=[[0.75, 0]]),
        given("anchor = positive: no derivative", {"reduction": "mean"},
              anchor=[[0.5, 0.25]], positive=[[0.5, 0.25]], negative=[[0.75, 0]]),
        given("anchor = positive, squared", {"distance": "squared-l2", "reduction": "mean"},
              anchor=[[0.5, 0.25]], positive=[[0.5, 0.25]], negative=[[0.75, 0]]),
        given("nearly parallel, cosine", {"distance": "cosine", "reduction": "mean"},
              anchor=[[1, 2, 3.0]], positive=[[2, 4, 6.001]], negative=[[-1, -2, -2.999]]),
    ]
    return cases


def contrastive_cases():
    names = ("x1", "x2", "label")

    def make(shape=(6, 3), scale=0.6, **parameters):
        return rows_case("contrastive", names, parameters, shape, scale)

    pair = {"x1": [[0.6, 0.0]], "x2": [[0.0, 0.0]]}
    cases = [
        given(f"witness: {'similar' if label else 'dissimilar'}, half {half}",
              {"half": half, "reduction": "mean"}, value, **pair, label=[label])
        for label, half,
        value in ((1, True, 0.18), (1, False, 0.36), (0, True, 0.08), (0, False, 0.16))
    ]
    cases += [make(half=True, reduction=r) for r in ("mean", "sum", "none", "count-mean",
                                                     "batchmean")]
    for kind in DISTANCES:
        cases += [
            make(distance=kind, half=True, reduction="mean"),
            make(distance=kind, half=False, similar=0, reduction="none"),
            make(distance=kind, half=True, margin=2.5, similar=0, reduction="mean"),
            make(distance=kind, half=False, sample_weight="a", reduction="mean"),
            make((4, 2), 50.0, distance=kind, half=True, reduction="none"),
        ]
    cases += [
        make(distance="l2", distance_eps=1e-6, half=True, reduction="mean"),
        make(distance="l1", distance_eps=0.01, half=False, reduction="mean"),
        make((4, 2), 1e-7, half=True, reduction="none"), make((3, 1), half=False, reduction="mean"),
        make((1, 5), half=True, similar=1, margin=0.5, reduction="mean"),
    ]
    same = {"x1": [[0.5, 0.25]], "x2": [[0.5, 0.25]]}
    for kind in ("l2", "squared-l2", "l1"):
        cases.append(given(f"equal and similar, {kind}: 0", {"distance": kind, "half": True,
                           "reduction": "mean"}, **same, label=[1]))
        cases.append(given(f"equal and dissimilar, {kind}", {"distance": kind, "half": True,
                           "reduction": "mean"}, **same, label=[0]))
    cases.append(given("dissimilar at the margin: derivative 0",
                       {"half": False, "reduction": "mean"},
                       x1=[[3.0, 4]], x2=[[3.0, 3]], label=[0]))
    return cases


def torch_contrastive(inputs, parameters):
    """The formula over F.pairwise_distance and F.cosine_similarity."""
    d = torch_distance(parameters)(inputs["x1"], inputs["x2"])
    similar = torch.tensor(inputs["label"] == parameters.get("similar", 1))
    losses = torch.where(similar, d**2, F.relu(parameters.get("margin", 1.0) - d) ** 2)
    losses = losses * (0.5 if parameters["half"] else 1.0)
    if "sample_weight" in parameters:
        losses = losses * inputs["a"]
    reduction = parameters["reduction"]
    if reduction not in ("none", "sum"):
        weighted = "sample_weight" in parameters and reduction == "mean"
        losses = losses.sum() / (inputs["a"].sum() if weighted else len(losses))
    return Answer("its formula over torch.nn.functional.pairwise_distance or cosine_similarity",
                  losses if reduction == "none" else losses.sum())


def references():
    return [
        Reference("triplet", "torch.nn.functional.triplet_margin_loss", triplet, triplet_cases(),
                  wrt=("anchor", "positive", "negative"), libraries=[torch_triplet]),
        Reference("contrastive", "Hadsell, Chopra & LeCun 2006, eq. 4, transcribed", contrastive,
                  contrastive_cases(), wrt=("x1", "x2"), libraries=[torch_contrastive]),
    ]
