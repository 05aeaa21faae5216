"""Losses that compare every sample of a batch with all others."""

import numpy as np

from cases import Case, Reference, describe, given, normal, random, reduce, uniform, weights


def similarities(xp, x, parameters, kind="cosine"):
    """Cosines of the rows of x, or their products."""
    if parameters.get("axis", -1) == 0:
        x = xp.moveaxis(x, 0, 1)
    if parameters.get("similarity", kind) == "cosine":
        x = x / xp.sqrt(xp.sum(x * x, 1, keepdims=True))
    return [[xp.sum(a * b) for b in x] for a in x]


def reduced(xp, losses, unit_weights, inputs, parameters):
    """Units of weight 0 are left out."""
    weight = xp.array(np.asarray(unit_weights, float))
    if "sample_weight" in parameters:
        weight = weight * inputs["a"]
    kept = sum(w != 0 for w in unit_weights)
    return reduce(xp, xp.stack(losses, 0) * weight, weight, kept,
                  parameters.get("reduction", "mean"), len(losses))


def nt_xent(xp, inputs, parameters):
    """optax.losses.ntxent: the mean over all pairs of positives."""
    s, y = similarities(xp, inputs["pred"], parameters), inputs["target"]
    temperature = parameters.get("temperature", 0.5)
    losses, unit_weights = [], []
    for i in range(len(y)):
        negatives = [xp.exp(s[i][j] / temperature) for j in range(len(y)) if y[j] != y[i]]
        positives = [xp.exp(s[i][j] / temperature) for j in range(len(y)) if j != i and y[j] == y[i]]
        total = xp.array(0.0)
        for p in positives:
            total = total - xp.log(p / (p + sum(negatives)))
        losses.append(total / max(len(positives), 1))
        unit_weights.append(len(positives))
    return reduced(xp, losses, unit_weights, inputs, parameters)


def circle(xp, inputs, parameters):
    """keras.losses.Circle on the given similarities, with weights that are differentiated."""
    s, y = similarities(xp, inputs["pred"], parameters), inputs["target"]
    gamma, m = parameters.get("gamma", 80.0), parameters.get("margin", 0.4)
    losses, unit_weights = [], []
    for i in range(len(y)):
        positives, negatives = [], []
        for j in range(len(y)):
            d = xp.maximum(1 - s[i][j], 0.0)
            if y[j] != y[i]:
                negatives.append(xp.exp(gamma * xp.maximum(1 + m - d, 0.0) * (1 - m - d)))
            elif j != i or parameters.get("self", False):
                positives.append(xp.exp(-gamma * xp.maximum(m + d, 0.0) * (m - d)))
        has_both = bool(positives) and bool(negatives)
        losses.append(xp.log(1 + sum(positives) * sum(negatives)) if has_both else xp.array(0.0))
        unit_weights.append(int(has_both))
    return reduced(xp, losses, unit_weights, inputs, parameters)


def orthogonality(xp, inputs, parameters):
    """keras.regularizers.OrthogonalRegularizer: the mean of |cos| over pairs of rows."""
    s = similarities(xp, inputs["w"], parameters)
    n = len(s)
    factor = parameters.get("lambda", 1.0) / (n - 1)
    losses = [factor * sum(xp.abs(s[i][j]) for j in range(n) if j != i) for i in range(n)]
    return reduced(xp, losses, [1] * n, inputs, parameters)


def make(loss, shape, **parameters):
    rng = random(loss, parameters, shape)
    inputs = {"pred": normal(rng, shape), "target": np.arange(shape[0]) // 2}
    if parameters.get("similarity") == "dot":
        inputs["pred"] = uniform(rng, shape, -0.5, 0.5)
    if "sample_weight" in parameters:
        inputs["a"] = weights(rng, shape[:1])
    return Case(describe(parameters, shape), parameters, inputs)


def several(loss, variants, shape=(6, 3)):
    cases = [make(loss, shape, reduction=r)
             for r in ("mean", "sum", "none", "count-mean", "batchmean")]
    cases += [make(loss, shape, sample_weight="a", reduction=r) for r in ("mean", "none")]
    cases += [make(loss, (5, 4), reduction="mean")]  # one without a positive
    for variant in variants:
        cases += [make(loss, shape, **variant, reduction=r) for r in ("mean", "none")]
    rng = random(loss, "several")
    cases.append(given("labels of several samples", {"reduction": "mean"},
                       pred=normal(rng, (7, 3)), target=np.array([0, 1, 0, 2, 0, 1, 3])))
    return cases


def weights_of(**parameters):
    rng = random("orthogonality", parameters)
    parameters["params"] = "w"
    return Case(describe(parameters, (4, 3)), parameters, {"w": normal(rng, (4, 3))})


def references():
    return [
        Reference("nt-xent", "optax.losses.ntxent", nt_xent,
                  several("nt-xent", [{"temperature": 0.07}, {"temperature": 2.0},
                                      {"similarity": "dot"}, {"similarity": "dot", "axis": -1}])),
        Reference("circle", "keras.losses.Circle", circle,
                  several("circle", [{"gamma": 4.0}, {"gamma": 16.0, "margin": 0.25},
                                     {"gamma": 2.0, "similarity": "dot"},
                                     {"gamma": 4.0, "self": True}])),
        Reference("orthogonality", "keras.regularizers.OrthogonalRegularizer", orthogonality,
                  [weights_of(reduction=r) for r in ("mean", "sum", "none")] +
                  [weights_of(**{"lambda": 0.01}), weights_of(**{"lambda": 0.5, "axis": 0})]),
    ]
