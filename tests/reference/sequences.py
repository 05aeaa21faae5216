"""Losses of sequences, by counting out all alignments of a few steps."""

import itertools

import numpy as np
import torch

from cases import Answer, Case, Reference, describe, normal, random, reduce, weights


def collapsed(path, blank):
    """A path without repetitions, and then without blanks."""
    kept = [c for i, c in enumerate(path) if i == 0 or c != path[i - 1]]
    return [c for c in kept if c != blank]


def probabilities(xp, x, parameters):
    """[N,T,C] of what the file holds."""
    if parameters.get("time_axis", 1) == 0:
        x = xp.moveaxis(x, 0, 1)
    form = parameters.get("from", "logits")
    if form == "log-probs":
        return xp.exp(x)
    if form == "logits":
        p = xp.exp(x)
        return p / xp.sum(p, -1, keepdims=True)
    eps = parameters.get("eps", 1e-15)
    return xp.minimum(xp.maximum(x, eps), 1 - eps)


def rows_of(target, counts, blank):
    """The labels of each sequence, by their counts or up to the first -1 or blank."""
    if target.ndim == 1 and counts is not None and len(counts) > 1:
        ends = np.cumsum([0] + counts)
        return [target[a:b].tolist() for a, b in zip(ends, ends[1:])]
    rows = np.atleast_2d(target).tolist()
    if counts is not None:
        return [row[:n] for row, n in zip(rows, counts)]
    return [list(itertools.takewhile(lambda c: c not in (-1, blank), row)) for row in rows]


def counted(inputs, name):
    """Lengths, or the number of zeros in each row of a padding."""
    if name + "_lengths" in inputs:
        return [int(n) for n in np.atleast_1d(inputs[name + "_lengths"])]
    if name + "_padding" in inputs:
        return [int((row == 0).sum()) for row in inputs[name + "_padding"]]
    return None


def ctc(xp, inputs, parameters):
    """Graves et al. 2006, equations 2 and 3, as they stand."""
    p = probabilities(xp, inputs["pred"], parameters)
    if p.ndim == 2:
        p = xp.stack([p], 0)
    classes = p.shape[2]
    blank = parameters.get("blank", 0) % classes
    labels = rows_of(inputs["target"], counted(inputs, "target"), blank)
    steps = counted(inputs, "pred") or [p.shape[1]] * len(labels)
    losses = []
    for n, row in enumerate(labels):
        paths = [path for path in itertools.product(range(classes), repeat=steps[n])
                 if collapsed(path, blank) == row]
        total = xp.array(0.0)
        for path in paths:
            product = xp.array(1.0)
            for t, c in enumerate(path):
                product = product * p[n][t][c]
            total = total + product
        if not paths:
            assert parameters["zero_infinity"]
        loss = -xp.log(total) if paths else xp.array(0.0)
        per = {"sequence": 1, "label": max(len(row), 1), "step": max(steps[n], 1)}
        losses.append(loss / per[parameters.get("per", "sequence")])
    weight = inputs["a"] if "sample_weight" in parameters else xp.array(np.ones(len(losses)))
    return reduce(xp, xp.stack(losses, 0) * weight, weight, len(losses),
                  parameters.get("reduction", "mean"), len(losses))


def torch_ctc(inputs, parameters):
    form = parameters.get("from", "logits")
    reduction = parameters.get("reduction", "mean")
    per = parameters.get("per", "sequence")
    plain = inputs["target"].ndim == 2 and "target_lengths" in inputs and "pred_lengths" in inputs
    if form == "probs" or not plain or "sample_weight" in parameters or per == "step":
        return None
    if (per == "label") != (reduction == "mean") or reduction not in ("mean", "sum", "none"):
        return None
    x = inputs["pred"]
    x = x.log_softmax(-1) if form == "logits" else x
    x = x if parameters.get("time_axis", 1) == 0 else x.transpose(0, 1)
    value = torch.nn.functional.ctc_loss(
        x, torch.as_tensor(inputs["target"]), torch.as_tensor(inputs["pred_lengths"]),
        torch.as_tensor(inputs["target_lengths"]), blank=parameters.get("blank", 0) % x.shape[-1],
        reduction=reduction, zero_infinity=parameters.get("zero_infinity", False))
    return Answer("torch.nn.functional.ctc_loss", value, gradient=form == "logits")


def prediction(rng, shape, form):
    x = normal(rng, shape)
    if form == "logits":
        return x
    p = np.exp(x) / np.exp(x).sum(-1, keepdims=True)
    return p if form == "probs" else np.log(p)


def make(name, target, shape=(3, 4, 3), inputs=None, **parameters):
    rng = random("ctc", name, parameters)
    file_shape = shape if parameters.get("time_axis", 1) == 1 else (shape[1], shape[0], shape[2])
    arrays = {"pred": prediction(rng, file_shape, parameters.get("from", "logits")),
              "target": np.array(target)}
    arrays |= {k: np.array(v) for k, v in (inputs or {}).items()}
    if "sample_weight" in parameters:
        arrays["a"] = weights(rng, shape[:1])
    return Case(f"{name}: {describe(parameters, shape)}", parameters, arrays)


def references():
    rows = [[1, 2], [2, -1], [1, 1]]
    both = {"pred_lengths": [4, 3, 4], "target_lengths": [2, 1, 2]}
    cases = [make("padded with -1", rows, reduction=r)
             for r in ("mean", "sum", "none", "count-mean", "batchmean")]
    cases += [make("weights", rows, sample_weight="a", reduction=r)
              for r in ("mean", "none", "count-mean")]
    cases += [make("forms", rows, **{"from": form}, per=per)
              for form in ("logits", "log-probs", "probs")
              for per in ("sequence", "label", "step")]
    cases += [make("lengths", [[1, 2], [2, 2], [1, 1]], inputs=both, time_axis=axis, **{"from": form},
                   reduction=r, **({"per": "label"} if r == "mean" else {}))
              for axis in (0, 1) for form in ("logits", "log-probs") for r in ("mean", "none")]
    cases += [
        make("blank of some index", [[0, 2], [0, 0], [2, 0]], blank=1, reduction="none",
             inputs={"target_lengths": [2, 2, 1]}),
        make("blank last", [[0, 1], [0, 0], [1, 2]], blank=-1, reduction="none"),
        make("padded with the blank", [[1, 2], [2, 0], [0, 0]], reduction="none"),
        make("paddings", rows, reduction="none",
             inputs={"pred_padding": [[0, 0, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1]],
                     "target_padding": [[0, 0], [0, 1], [0, 0]]}),
        make("one after the other", [1, 2, 2, 1, 1], reduction="none",
             inputs={"target_lengths": [2, 1, 2]}),
        make("too short", [[1, 2], [1, 2], [1, 1]], zero_infinity=True, reduction="none",
             inputs={"pred_lengths": [4, 1, 2], "target_lengths": [2, 2, 2]}),
        make("no steps", [[-1], [-1]], shape=(2, 3, 3), reduction="none",
             inputs={"pred_lengths": [0, 3]}),
        make("repetitions that just fit", [[1, 1, 2]], shape=(1, 4, 3)),
        make("two classes", [[1, 1], [1, 0]], shape=(2, 5, 2), reduction="none"),
        make("more labels than two", [[3, 1, 2], [2, 2, -1]], shape=(2, 5, 4), reduction="none"),
    ]
    alone = make("one sequence", [2, 1], shape=(1, 4, 3))
    alone.inputs["pred"] = alone.inputs["pred"][0]
    return [Reference("ctc", "Graves et al., 2006, summed over all alignments", ctc,
                      cases + [alone], libraries=[torch_ctc])]
