"""Losses of rows of scores or probabilities: sparsemax, margins, polynomials of probabilities,
and lists to be ranked."""

import numpy as np
import torch
import torch.nn.functional as F

from cases import (Answer, Case, Reference, array_of, describe, given, normal, per_sample, random,
                   reduce, uniform, weights)
from classwise import softmax

REDUCTIONS = ("mean", "sum", "none", "count-mean", "batchmean")


def reduce_rows(xp, losses, inputs, parameters, kept=None):
    """Losses of shape [N,...]; `kept` marks those that are not left out."""
    weight = xp.array(np.ones(tuple(losses.shape)) if kept is None else kept * 1.0)
    a = array_of(inputs, parameters, "sample_weight")
    if a is not None:
        weight = weight * per_sample(a, len(losses.shape))
    count = int(np.prod(losses.shape)) if kept is None else int(kept.sum())
    return reduce(xp, losses * weight, weight, count, parameters.get("reduction", "mean"),
                  losses.shape[0])


def plain(values):
    """Numbers of either arithmetic as floats."""
    if isinstance(values, torch.Tensor):
        return values.detach().numpy()
    return np.asarray(values, dtype=float)


def picked(xp, rows, index):
    """rows[n, index[n]]."""
    return xp.stack([rows[n][int(index[n])] for n in range(len(index))], 0)


def sparsemax(xp, inputs, parameters):
    """Martins & Astudillo 2016, equation 14, with the threshold of its algorithm 1."""
    losses = []
    for row, y in zip(inputs["pred"], inputs["target"]):
        order = np.argsort(-plain(row), kind="stable")
        support = [int(order[0])]
        for c in order[1:]:
            tau = (sum(row[i] for i in support) + row[int(c)] - 1) / (len(support) + 1)
            if not row[int(c)] > tau:
                break
            support.append(int(c))
        tau = (sum(row[i] for i in support) - 1) / len(support)
        total = sum(row[i] * row[i] - tau * tau for i in support)
        losses.append(total / 2 + xp.array(0.5) - row[int(y)])
    return reduce_rows(xp, xp.stack(losses, 0), inputs, parameters)


def categorical_hinge(xp, inputs, parameters):
    """keras.losses.categorical_hinge with any margin."""
    p, t = inputs["pred"], xp.array(np.asarray(inputs["target"], float))
    right = xp.sum(t * p, -1)
    rival = xp.max((1 - t) * p, -1)
    losses = xp.maximum(rival - right + parameters.get("margin", 1.0), 0.0)
    return reduce_rows(xp, losses, inputs, parameters)


def multilabel_margin(xp, inputs, parameters):
    """torch.nn.MultiLabelMarginLoss with any margin."""
    losses = []
    margin = parameters.get("margin", 1.0)
    for row, labels in zip(inputs["pred"], np.asarray(inputs["target"])):
        labels = [int(y) for y in labels]
        right = labels[:labels.index(-1)] if -1 in labels else labels
        total = xp.array(0.0)
        for j in right:
            for i in range(len(row)):
                if i not in right:
                    total = total + xp.maximum(margin - row[j] + row[i], 0.0)
        losses.append(total / len(row))
    return reduce_rows(xp, xp.stack(losses, 0), inputs, parameters)


def listwise_softmax(xp, inputs, parameters):
    """optax.losses.ranking_softmax_loss with any reduction."""
    scores, labels = inputs["pred"], inputs["target"]
    mask = np.ones(tuple(scores.shape)) if "mask" not in parameters else inputs["m"]
    extra = inputs["e"] if "element_weight" in parameters else np.ones(tuple(scores.shape))
    losses, kept = [], []
    for n in range(len(scores)):
        items = [i for i in range(len(scores[n])) if mask[n][i]]
        kept.append(bool(items))
        total = xp.array(0.0)
        if items:
            log_sum = xp.log(sum(xp.exp(scores[n][i]) for i in items))
            for i in items:
                total = total + xp.array(float(labels[n][i])) * extra[n][i] * (log_sum - scores[n][i])
        losses.append(total)
    return reduce_rows(xp, xp.stack(losses, 0), inputs, parameters, np.array(kept))


def class_terms(term):
    """sum_c t_c term(p_c), of probabilities or logits."""

    def formula(xp, inputs, parameters):
        p = inputs["pred"]
        if parameters.get("from", "probs") == "logits":
            e = xp.exp(p - xp.max(p, 1, keepdims=True))
            p = e / xp.sum(e, 1, keepdims=True)
        y = inputs["target"]
        one_hot = np.moveaxis(np.eye(p.shape[1])[np.asarray(y, int)], -1, 1) \
            if np.issubdtype(np.asarray(y).dtype, np.integer) else y
        losses = xp.sum(xp.array(one_hot) * term(xp, p, parameters), 1)
        return reduce_rows(xp, losses, inputs, parameters)

    return formula


def poly_term(xp, p, parameters):
    """Leng et al. 2022, equation 6: -log p + epsilon (1 - p)."""
    return -xp.log(p) + parameters.get("epsilon", 1.0) * (1 - p)


def generalized_term(xp, p, parameters):
    """Zhang & Sabuncu 2018, equation 6: (1 - p^q) / q."""
    q = parameters.get("q", 0.7)
    return (1 - xp.power(p, q)) / q


def make(loss, draw, shape, **parameters):
    rng = random(loss, parameters, shape)
    inputs = draw(rng, shape, parameters)
    if "sample_weight" in parameters:
        inputs["a"] = weights(rng, shape[:1])
    return Case(describe(parameters, shape), parameters, inputs)


def several(loss, draw, variants, shape=(6, 4)):
    cases = [make(loss, draw, shape, reduction=r) for r in REDUCTIONS]
    cases += [make(loss, draw, shape, sample_weight="a", reduction=r) for r in REDUCTIONS[:3]]
    cases += [make(loss, draw, s, reduction="mean") for s in ((1, 2), (9, 3), (3, 7))]
    for variant in variants:
        cases += [make(loss, draw, shape, **variant, reduction=r) for r in ("mean", "none")]
    return cases


def scores_and_index(rng, shape, parameters):
    return {"pred": normal(rng, shape, 1.5), "target": rng.integers(0, shape[1], shape[0])}


def scores_and_one_hot(rng, shape, parameters):
    target = np.eye(shape[1])[rng.integers(0, shape[1], shape[0])]
    target[0] = np.round(softmax(rng.normal(size=shape[1]), 0), 3)
    return {"pred": normal(rng, shape, 1.5), "target": target}


def scores_and_labels(rng, shape, parameters):
    target = np.full(shape, -1)
    for row in target:
        count = rng.integers(0, shape[1] + 1)
        row[:count] = rng.permutation(shape[1])[:count]
    return {"pred": normal(rng, shape, 1.5), "target": target}


def lists(rng, shape, parameters):
    inputs = {"pred": normal(rng, shape, 1.5), "target": rng.integers(0, 4, shape) * 1.0}
    if "mask" in parameters:
        inputs["m"] = rng.integers(0, 2, shape)
        inputs["m"][0] = 0
        inputs["m"][1] = 1
    if "element_weight" in parameters:
        inputs["e"] = uniform(rng, shape, 0.2, 3.0, 3)
    return inputs


def classes(rng, shape, parameters):
    z = normal(rng, shape, 2.0)
    spatial = (shape[0], *shape[2:])
    return {"pred": z if parameters.get("from") == "logits" else softmax(z, 1),
            "target": rng.integers(0, shape[1], spatial)}


def term_cases(loss, name, values):
    cases = several(loss, classes, [{name: v} for v in values])
    cases += several(loss, classes, [{name: v, "from": "logits"} for v in values])[-2 * len(values):]
    cases.append(make(loss, classes, (2, 3, 2, 2), reduction="mean"))
    cases.append(make(loss, classes, (2, 3, 2, 2), **{"from": "logits"}, reduction="none"))
    soft = np.array([[0.2, 0.3, 0.5], [0.9, 0.1, 0.0]])
    cases.append(given("soft targets", {"reduction": "mean"}, pred=softmax(soft * 3, 1),
                       target=soft))
    extreme = np.array([[1 - 1e-12, 1e-12], [1e-12, 1 - 1e-12]])
    cases.append(given("extreme probabilities", {"reduction": "none"}, pred=extreme,
                       target=np.array([0, 0])))
    return cases


def torch_multilabel(inputs, parameters):
    if parameters.get("margin", 1.0) != 1.0 or "sample_weight" in parameters:
        return None
    reduction = parameters["reduction"].replace("count-mean", "mean").replace("batchmean", "mean")
    target = torch.as_tensor(np.asarray(inputs["target"]), dtype=torch.long)
    return Answer("torch.nn.functional.multilabel_margin_loss",
                  F.multilabel_margin_loss(inputs["pred"], target, reduction=reduction))


def references():
    ties = np.array([[1.0, 1, 0], [2.0, 1, 0], [0.5, 0.2, -0.1]])
    return [
        Reference("sparsemax", "Martins & Astudillo 2016", sparsemax,
                  several("sparsemax", scores_and_index, []) +
                  [given("large scores", {"reduction": "none"},
                         pred=[[1e6, -1e6, 3.0], [30.0, 29.5, -2.0]], target=np.array([1, 0])),
                   given("one class leads by more than 1", {"reduction": "none"},
                         pred=[[3.0, 1.0, 0.5], [3.0, 1.0, 0.5]], target=np.array([0, 2]))]),
        Reference("categorical-hinge", "keras.losses.categorical_hinge", categorical_hinge,
                  several("categorical-hinge", scores_and_one_hot,
                          [{"margin": 0.5}, {"margin": 2.0}]) +
                  [given("all rivals negative", {"reduction": "none"},
                         pred=[[0.25, -1.0, -2.0], [-0.5, -1.0, -2.0]],
                         target=[[1.0, 0, 0], [1.0, 0, 0]])]),
        Reference("multilabel-margin", "torch.nn.MultiLabelMarginLoss", multilabel_margin,
                  several("multilabel-margin", scores_and_labels,
                          [{"margin": 0.5}, {"margin": 2.0}]) +
                  [given("pairs just at the margin: no derivative", {"reduction": "mean"},
                         pred=ties, target=np.array([[0, -1, -1], [0, -1, 2], [1, 0, 2]]))],
                  libraries=[torch_multilabel]),
        Reference("listwise-softmax", "optax.losses.ranking_softmax_loss", listwise_softmax,
                  several("listwise-softmax", lists,
                          [{"mask": "m"}, {"element_weight": "e"},
                           {"mask": "m", "element_weight": "e"}]) +
                  [given("large scores", {"reduction": "none"},
                         pred=[[50.0, -50, 0], [30.0, 29.0, 28.0]],
                         target=[[1.0, 0, 0], [0, 2.0, 1.0]])]),
        Reference("poly-cross-entropy", "Leng et al. 2022, equation 6", class_terms(poly_term),
                  term_cases("poly-cross-entropy", "epsilon", [2.0, -1.0, 0.0])),
        Reference("generalized-cross-entropy", "Zhang & Sabuncu 2018, equation 6",
                  class_terms(generalized_term),
                  term_cases("generalized-cross-entropy", "q", [0.1, 0.5, 1.0])),
    ]
