"""Losses of pairs of numbers and of vectors, and of a number with its variance."""

import math

import numpy as np
import torch
import torch.nn.functional as F

from cases import Answer, Case, Reference, array_of, describe, given, normal, random, uniform, weights
from class_rows import REDUCTIONS, reduce_rows


def sign_of(label):
    label = np.asarray(label)
    return np.where(label > 0, 1.0, -1.0)


def margin_ranking(xp, inputs, parameters):
    """torch.nn.MarginRankingLoss."""
    y = xp.array(sign_of(inputs["label"]))
    gap = parameters.get("margin", 0.0) - y * (inputs["x1"] - inputs["x2"])
    return reduce_rows(xp, xp.maximum(gap, 0.0), inputs, parameters)


def gaussian_nll(xp, inputs, parameters):
    """torch.nn.GaussianNLLLoss; var may have one number for all of the last axis."""
    var = inputs["var"]
    if len(var.shape) < len(inputs["pred"].shape):
        var = var.reshape(tuple(var.shape) + (1,))
    v = xp.maximum(var, parameters.get("eps", 1e-6))
    r = inputs["pred"] - inputs["target"]
    losses = (xp.log(v) + r * r / v) / 2
    if parameters.get("full"):
        losses = losses + xp.log(xp.array(2.0) * xp.pi) / 2
    return reduce_rows(xp, losses, inputs, parameters)


def cosine(xp, x, y, axis, eps=0.0, floor=0.0):
    def length(v):
        return xp.sqrt(xp.maximum(xp.sum(v * v, axis), floor) + eps)
    return xp.sum(x * y, axis) / (length(x) * length(y))


def cosine_embedding(xp, inputs, parameters):
    """torch.nn.CosineEmbeddingLoss, whose norm_eps is 1e-12 in float32."""
    c = cosine(xp, inputs["x1"], inputs["x2"], -1, eps=parameters.get("norm_eps", 0.0))
    y = sign_of(inputs["label"])
    losses = xp.where(y > 0, 1 - c, xp.maximum(c - parameters.get("margin", 0.0), 0.0))
    return reduce_rows(xp, losses, inputs, parameters)


def cosine_similarity(xp, inputs, parameters):
    """keras.losses.CosineSimilarity and optax's cosine_similarity and cosine_distance."""
    c = cosine(xp, inputs["pred"], inputs["target"], parameters.get("axis", -1),
               floor=parameters.get("norm_floor", 0.0))
    form = parameters.get("form", "distance")
    losses = {"distance": 1 - c, "negative": -c, "similarity": c}[form]
    return reduce_rows(xp, losses, inputs, parameters)


def case(loss, draw, shape, **parameters):
    rng = random(loss, parameters, shape)
    inputs = draw(rng, shape)
    if "sample_weight" in parameters:
        inputs["a"] = weights(rng, shape[:1])
    return Case(describe(parameters, shape), parameters, inputs)


def several(loss, draw, variants, shape):
    cases = [case(loss, draw, shape, reduction=r) for r in REDUCTIONS]
    cases += [case(loss, draw, shape, sample_weight="a", reduction=r) for r in REDUCTIONS[:4]]
    for variant in variants:
        cases += [case(loss, draw, shape, **variant, reduction=r) for r in ("mean", "none")]
    return cases


def scores(rng, shape):
    return {"x1": normal(rng, shape), "x2": normal(rng, shape),
            "label": 2 * rng.integers(0, 2, shape) - 1}


def measured(var_shape=None):
    def draw(rng, shape):
        return {"pred": normal(rng, shape), "target": normal(rng, shape),
                "var": uniform(rng, var_shape or shape, 0.2, 3.0)}
    return draw


def embedded(rng, shape):
    return {"x1": normal(rng, shape), "x2": normal(rng, shape),
            "label": 2 * rng.integers(0, 2, shape[:1]) - 1}


def vectors(rng, shape):
    return {"pred": normal(rng, shape), "target": normal(rng, shape)}


def reduction_of(parameters):
    return parameters["reduction"].replace("count-mean", "mean").replace("batchmean", "mean")


def torch_margin_ranking(inputs, parameters):
    if "sample_weight" in parameters or len(inputs["x1"].shape) != 1:
        return None
    label = torch.as_tensor(sign_of(inputs["label"]))
    return Answer("torch.nn.functional.margin_ranking_loss",
                  F.margin_ranking_loss(inputs["x1"], inputs["x2"], label,
                                        margin=parameters.get("margin", 0.0),
                                        reduction=reduction_of(parameters)))


def torch_gaussian_nll(inputs, parameters):
    if "sample_weight" in parameters or parameters["reduction"] == "batchmean":
        return None
    eps = parameters.get("eps", 1e-6)
    if bool((inputs["var"] < eps).any()):
        return None  # its gradient by var passes through the floor
    return Answer("torch.nn.functional.gaussian_nll_loss",
                  F.gaussian_nll_loss(inputs["pred"], inputs["target"], inputs["var"],
                                      full=parameters.get("full", False), eps=eps,
                                      reduction=reduction_of(parameters)))


def torch_cosine_embedding(inputs, parameters):
    if "sample_weight" in parameters or parameters.get("norm_eps") != float(np.float32(1e-12)):
        return None
    label = torch.as_tensor(sign_of(inputs["label"]))
    return Answer("torch.nn.functional.cosine_embedding_loss",
                  F.cosine_embedding_loss(inputs["x1"], inputs["x2"], label,
                                          margin=parameters.get("margin", 0.0),
                                          reduction=reduction_of(parameters)))


def gaussian_cases():
    cases = several("gaussian-nll", measured(), [{"full": True}, {"eps": 0.5}, {"eps": 1e-3}],
                    (3, 4))
    for var_shape in ((3, 1), (3,)):
        for reduction in ("mean", "none"):
            made = case("gaussian-nll", measured(var_shape), (3, 4), reduction=reduction)
            made.name += f", var {list(var_shape)}"
            cases.append(made)
    cases.append(given("variances at and below the floor", {"eps": 0.25, "reduction": "none"},
                       pred=[1.0, 2.0, 3.0], target=[0.5, 2.5, 3.0], var=[0.0, 0.1, 0.2]))
    cases.append(given("no constant, one number", {"reduction": "mean"}, pred=[1.0],
                       target=[3.0], var=[4.0]))
    assert math.isclose(0.5 * (math.log(4.0) + 1.0), 1.1931471805599454)
    return cases


def references():
    torch_eps = {"norm_eps": float(np.float32(1e-12))}
    return [
        Reference("margin-ranking", "torch.nn.MarginRankingLoss", margin_ranking,
                  several("margin-ranking", scores, [{"margin": 0.5}, {"margin": -0.5}], (7,)) +
                  [case("margin-ranking", scores, (3, 4), margin=1.0, reduction="mean"),
                   given("labels 0 and 1", {"margin": 0.5, "reduction": "none"}, x1=[1.0, 2.0],
                         x2=[0.75, 3.0], label=np.array([1, 0]))],
                  wrt=("x1", "x2"), libraries=[torch_margin_ranking]),
        Reference("gaussian-nll", "torch.nn.GaussianNLLLoss", gaussian_nll, gaussian_cases(),
                  wrt=("pred", "var"), libraries=[torch_gaussian_nll]),
        Reference("cosine-embedding", "torch.nn.CosineEmbeddingLoss", cosine_embedding,
                  several("cosine-embedding", embedded,
                          [{"margin": 0.3}, {"margin": -0.5}, {"norm_eps": 0.5}, torch_eps,
                           {**torch_eps, "margin": 0.25}], (6, 3)),
                  wrt=("x1", "x2"), libraries=[torch_cosine_embedding]),
        Reference("cosine-similarity", "p.t / (|p| |t|), with the guard of Keras and optax",
                  cosine_similarity,
                  several("cosine-similarity", vectors,
                          [{"form": "negative", "norm_floor": 1e-14}, {"form": "similarity"},
                           {"norm_floor": 2.0}, {"axis": 0}], (4, 3)) +
                  [case("cosine-similarity", vectors, (2, 3, 4), axis=axis, reduction="none")
                   for axis in (0, 1, -1)],
                  wrt=("pred", "target")),
    ]
