"""Cross-entropy, NLL, binary cross-entropy, focal and hinge losses: their formulas, and the calls
of PyTorch and scikit-learn that give the same numbers."""

import numpy as np
import sklearn.metrics
import torch
import torch.nn.functional as F

from arithmetic import Float64
from cases import Answer, array_of, per_sample, reduce, reduce_elements

DEFAULT_EPSILON = 1e-15


def targets(target, classes, class_axis, ignore_index):
    """The target distribution [N,d...,C] and the mask of the units kept [N,d...]."""
    if np.issubdtype(target.dtype, np.integer):
        kept = np.ones(target.shape, bool) if ignore_index is None else target != ignore_index
        one_hot = np.eye(classes)[np.where(kept, target, 0)] * kept[..., None]
        return one_hot, kept
    soft = np.moveaxis(target, class_axis, -1)
    return soft, np.ones(soft.shape[:-1], bool)


def clip(xp, p, epsilon):
    return xp.minimum(xp.maximum(p, epsilon), 1 - epsilon)


def log_softmax(xp, z):
    """z_c - log sum exp(z), the last axis holding the classes."""
    shifted = z - xp.max(z, -1, keepdims=True)
    exponentials = xp.exp(shifted)
    log_total = xp.log(xp.sum(exponentials, -1, keepdims=True))
    return shifted - log_total


def log_probabilities(xp, pred, parameters):
    """log p with the classes last."""
    z = xp.moveaxis(pred, parameters.get("class_axis", 1), -1)
    source = parameters.get("from", "probs")
    if source == "logits":
        return log_softmax(xp, z)
    if source == "log-probs":
        return z
    return xp.log(clip(xp, z, parameters.get("eps", DEFAULT_EPSILON)))


def distribution(inputs, parameters):
    classes = inputs["pred"].shape[parameters.get("class_axis", 1)]
    target = inputs["target"]
    if isinstance(target, np.ndarray) and target.dtype == object:
        target = np.array([float(v) for v in target.ravel()]).reshape(target.shape)
    if isinstance(target, torch.Tensor):
        target = target.numpy()
    return targets(target, classes, parameters.get("class_axis", 1), parameters.get("ignore_index"))


def reduce_units(xp, losses, weight, inputs, parameters, kept):
    """The reduction of classwise losses; `losses` already has the class weights in it."""
    sample = array_of(inputs, parameters, "sample_weight")
    if sample is not None:
        sample = per_sample(sample, len(losses.shape))
        losses, weight = losses * sample, weight * sample
    reduction = parameters.get("reduction", "mean")
    return reduce(xp, losses, weight, kept, reduction, losses.shape[0])


def cross_entropy(xp, inputs, parameters):
    """-sum_c q_c w_c log p_c with q = t(1-e) + e/K; the unit's weight in the mean is sum_c t_c w_c
    (PyTorch's rule for index targets). Goodfellow et al. 2016, 6.2.2.3; smoothing: Szegedy et al.
    2016, section 7."""
    log_p = log_probabilities(xp, inputs["pred"], parameters)
    t, kept = distribution(inputs, parameters)
    t = xp.array(t)
    classes = log_p.shape[-1]
    smoothing = parameters.get("label_smoothing", 0.0)
    q = (t * (1 - smoothing) + smoothing / classes) * xp.array(kept[..., None] * 1.0)
    w = array_of(inputs, parameters, "class_weight")
    if w is None:
        w = xp.array(np.ones(classes))
    weight = xp.sum(t * w, -1)
    if parameters.get("class_weight_in", "terms") == "terms":
        losses = -xp.sum(q * w * log_p, -1)
    else:
        losses = -xp.sum(q * log_p, -1) * weight
    return reduce_units(xp, losses, weight, inputs, parameters, int(kept.sum()))


def softmax_focal(xp, inputs, parameters):
    """-alpha_y (1-p_y)^gamma log p_y, Lin et al. 2017 over a softmax; 1-p_y is the sum of the other
    classes' probabilities, so that it keeps its digits when p_y is near 1."""
    axis = parameters.get("class_axis", 1)
    log_p = log_probabilities(xp, inputs["pred"], parameters)
    t, kept = distribution(inputs, parameters)
    t = xp.array(t)
    classes = log_p.shape[-1]
    log_py = xp.sum(t * log_p, -1)
    if parameters.get("from", "probs") == "logits":
        miss = xp.sum((1 - t) * xp.exp(log_p), -1)
    else:
        p = clip(xp, xp.moveaxis(inputs["pred"], axis, -1), parameters.get("eps", DEFAULT_EPSILON))
        miss = 1 - xp.sum(t * p, -1)
    alpha = xp.sum(t * xp.array(alphas(parameters, classes)), -1)
    mask = xp.array(kept * 1.0)
    miss = miss * mask + (1 - mask)
    losses = -alpha * xp.power(miss, parameters.get("gamma", 2.0)) * log_py
    w = array_of(inputs, parameters, "class_weight")
    weight = mask if w is None else xp.sum(t * w, -1)
    return reduce_units(xp, losses * weight, weight, inputs, parameters, int(kept.sum()))


def alphas(parameters, classes):
    alpha = parameters.get("alpha", 1.0)
    return np.broadcast_to(np.asarray(alpha, dtype=np.float64), (classes,)).copy()


def softplus(xp, z):
    """log(1 + e^z)"""
    return xp.maximum(z, 0.0) + xp.log(1 + xp.exp(-xp.abs(z)))


def sigmoid_focal(xp, inputs, parameters):
    """a_t (1-p_t)^gamma bce one-vs-rest, p_t = p t + (1-p)(1-t), a_t = alpha t + (1-alpha)(1-t):
    Lin et al. 2017 as torchvision.ops.sigmoid_focal_loss writes it."""
    axis = parameters.get("class_axis", 1)
    t, kept = distribution(inputs, parameters)
    t = xp.array(np.moveaxis(t, -1, axis))
    classes = inputs["pred"].shape[axis]
    pred = inputs["pred"]
    if parameters.get("from", "probs") == "logits":
        bce = t * softplus(xp, -pred) + (1 - t) * softplus(xp, pred)
        p, q = xp.exp(-softplus(xp, -pred)), xp.exp(-softplus(xp, pred))
    else:
        p = clip(xp, pred, parameters.get("eps", DEFAULT_EPSILON))
        q = 1 - p
        bce = -t * xp.log(p) - (1 - t) * xp.log(q)
    miss = q * t + p * (1 - t)
    losses = xp.power(miss, parameters.get("gamma", 2.0)) * bce
    if "alpha" in parameters:
        shape = [1] * len(pred.shape)
        shape[axis] = classes
        alpha = xp.array(alphas(parameters, classes).reshape(shape))
        losses = losses * (alpha * t + (1 - alpha) * (1 - t))
    mask = xp.array(np.broadcast_to(np.expand_dims(kept, axis), tuple(pred.shape)) * 1.0)
    return reduce_units(xp, losses * mask, mask, inputs, parameters, int(kept.sum()) * classes)


def focal(xp, inputs, parameters):
    sigmoid = parameters.get("link", "softmax") == "sigmoid"
    return (sigmoid_focal if sigmoid else softmax_focal)(xp, inputs, parameters)


def binary_cross_entropy(xp, inputs, parameters):
    """-(w_pos t log p + (1-t) log(1-p)), by logits through softplus."""
    t, pred = inputs["target"], inputs["pred"]
    positive = array_of(inputs, parameters, "pos_weight")
    positive = t if positive is None else positive * t
    if parameters.get("from", "probs") == "logits":
        losses = positive * softplus(xp, -pred) + (1 - t) * softplus(xp, pred)
    else:
        p = clip(xp, pred, parameters.get("eps", DEFAULT_EPSILON))
        losses = -positive * xp.log(p) - (1 - t) * xp.log(1 - p)
    return reduce_elements(xp, losses, inputs, parameters)


def hinge(xp, inputs, parameters):
    """sum (Weston & Watkins 1999) or max (Crammer & Singer 2001) over the wrong classes of
    max(0, margin - s_y + s_c)^power."""
    s = xp.moveaxis(inputs["pred"], parameters.get("class_axis", 1), -1)
    t, kept = distribution(inputs, parameters)
    t = xp.array(t)
    own = xp.sum(t * s, -1)
    gaps = xp.maximum(parameters.get("margin", 1.0) - own[..., None] + s, 0.0) * (1 - t)
    if parameters.get("power", 1) == 2:
        gaps = gaps * gaps
    losses = xp.max(gaps, -1) if parameters.get("form", "sum") == "max" else xp.sum(gaps, -1)
    mask = xp.array(kept * 1.0)
    w = array_of(inputs, parameters, "class_weight")
    weight = mask if w is None else xp.sum(t * w, -1)
    return reduce_units(xp, losses * weight, weight, inputs, parameters, int(kept.sum()))


def binary_hinge(xp, inputs, parameters):
    """max(0, margin - y s)^power, y in {-1,1} ({0,1} is mapped to it)."""
    y = inputs["target"]
    if y.min() >= 0:
        y = 2 * y - 1
    gaps = xp.maximum(parameters.get("margin", 1.0) - xp.array(y * 1.0) * inputs["pred"], 0.0)
    losses = gaps * gaps if parameters.get("power", 1) == 2 else gaps
    return reduce_elements(xp, losses, inputs, parameters)


# The same numbers from libraries. `inputs` are tensors (integers stay NumPy).


def class_axis_second(values, parameters):
    return values.movedim(-1, 1) if parameters.get("class_axis") == -1 else values


def torch_cross_entropy(inputs, parameters):
    """F.cross_entropy on logits; F.nll_loss on log-probabilities and log(probabilities)."""
    known = {"from", "class_weight", "ignore_index", "reduction", "label_smoothing", "class_axis"}
    if set(parameters) - known:
        return None
    source = parameters.get("from", "probs")
    pred = class_axis_second(inputs["pred"], parameters)
    soft = isinstance(inputs["target"], torch.Tensor)
    options = {"weight": inputs["w"] if "class_weight" in parameters else None}
    if soft:
        target = class_axis_second(inputs["target"], parameters)
    else:
        target = torch.tensor(inputs["target"])
        if "ignore_index" in parameters:
            options["ignore_index"] = parameters["ignore_index"]
        elif (target == -100).any():
            return None
    if source == "logits":
        name, function = "cross_entropy", F.cross_entropy
        options["label_smoothing"] = parameters.get("label_smoothing", 0.0)
    else:
        name, function = "nll_loss", F.nll_loss
        if soft or "label_smoothing" in parameters:
            return None
        if source == "probs":
            if (clip(Float64, pred, DEFAULT_EPSILON) != pred).any():
                return None
            name, pred = "nll_loss of log p", pred.log()
    label = f"torch.nn.functional.{name}"
    reduction = parameters.get("reduction", "mean")
    if soft and reduction == "mean" and "class_weight" in parameters:
        return None
    if soft and reduction == "count-mean":
        reduction = "mean"
    if reduction in ("mean", "sum", "none"):
        return Answer(label, function(pred, target, reduction=reduction, **options))
    total = function(pred, target, reduction="sum", **options)
    kept = (target != options.get("ignore_index", -100)).sum()
    divisor = kept if reduction == "count-mean" else pred.shape[0]
    return Answer(f"{label}, sum / {'units' if reduction == 'count-mean' else 'N'}",
                  total / divisor)


def sklearn_log_loss(inputs, parameters):
    """metrics.log_loss: probabilities [N,C], index targets, sample weights; value only."""
    if set(parameters) - {"from", "reduction", "sample_weight"}:
        return None
    if parameters.get("from", "probs") != "probs" or parameters.get("reduction") != "mean":
        return None
    if inputs["pred"].ndim != 2 or isinstance(inputs["target"], torch.Tensor):
        return None
    p = inputs["pred"].detach().numpy()
    if p.min() < DEFAULT_EPSILON:
        return None
    a = inputs["a"].numpy() if "sample_weight" in parameters else None
    value = sklearn.metrics.log_loss(
        inputs["target"], p, sample_weight=a, labels=range(p.shape[1])
    )
    return Answer("sklearn.metrics.log_loss", value, gradient=False)


def torch_binary_cross_entropy(inputs, parameters):
    """F.binary_cross_entropy and F.binary_cross_entropy_with_logits; `weight` is the product of
    element and sample weights. PyTorch's gradient by p divides by max(p(1-p), 1e-12), so it is not
    asked below that."""
    if "eps" in parameters:
        return None
    pred, target = inputs["pred"], inputs["target"]
    weight = None
    if "element_weight" in parameters:
        weight = inputs["e"].expand(pred.shape)
    if "sample_weight" in parameters:
        a = per_sample(inputs["a"], pred.ndim).expand(pred.shape)
        weight = a if weight is None else weight * a
    if parameters.get("from", "probs") == "logits":
        name, function = "binary_cross_entropy_with_logits", F.binary_cross_entropy_with_logits
        positive = inputs["pw"] if "pos_weight" in parameters else None
        options, gradient = {"pos_weight": positive}, True
    else:
        name, function, options = "binary_cross_entropy", F.binary_cross_entropy, {}
        gradient = bool((pred * (1 - pred) > 1e-12).all())
        if "pos_weight" in parameters or not ((pred > 1e-15) & (pred < 1 - 1e-15)).all():
            return None
    reduction = parameters.get("reduction", "mean")
    if reduction == "count-mean":
        reduction = "mean"
    elif reduction == "mean" and weight is not None:
        reduction = "weighted"
    if reduction in ("mean", "sum", "none"):
        value = function(pred, target, weight=weight, reduction=reduction, **options)
    else:
        total = function(pred, target, weight=weight, reduction="sum", **options)
        value = total / (weight.sum() if reduction == "weighted" else pred.shape[0])
    return Answer(f"torch.nn.functional.{name}", value, gradient)


def torch_focal(inputs, parameters):
    """torchvision.ops.sigmoid_focal_loss's text for the sigmoid; -alpha (1-e^-ce)^gamma ce with
    ce = F.cross_entropy(reduction="none") for the softmax. Both lose the digits of 1-p as p nears
    1, so they are asked about moderate logits only."""
    if parameters.get("from", "probs") != "logits" or parameters.get("class_axis", 1) != 1:
        return None
    if set(parameters) & {"ignore_index", "class_weight", "sample_weight"}:
        return None
    if not isinstance(parameters.get("alpha", 1.0), float) or inputs["pred"].abs().max() > 8:
        return None
    z, gamma, alpha = inputs["pred"], parameters.get("gamma", 2.0), parameters.get("alpha")
    t = inputs["target"] if isinstance(inputs["target"], torch.Tensor) else None
    if parameters.get("link", "softmax") == "sigmoid":
        if t is None:
            t = F.one_hot(torch.tensor(inputs["target"]), z.shape[1]).movedim(-1, 1).double()
        p = torch.sigmoid(z)
        bce = F.binary_cross_entropy_with_logits(z, t, reduction="none")
        losses = bce * (1 - (p * t + (1 - p) * (1 - t))) ** gamma
        if alpha is not None:
            losses = (alpha * t + (1 - alpha) * (1 - t)) * losses
        label = "torchvision.ops.sigmoid_focal_loss, transcribed"
    else:
        ce = F.cross_entropy(z, t if t is not None else torch.tensor(inputs["target"]),
                             reduction="none")
        losses = (1.0 if alpha is None else alpha) * (1 - torch.exp(-ce)) ** gamma * ce
        label = "torch.nn.functional.cross_entropy, times (1-p)^gamma"
    reduction = parameters.get("reduction", "mean")
    if reduction == "none":
        return Answer(label, losses)
    if reduction in ("mean", "count-mean"):
        return Answer(label, losses.mean())
    return Answer(label, losses.sum() / (z.shape[0] if reduction == "batchmean" else 1))


def torch_multi_margin(inputs, parameters):
    """C times F.multi_margin_loss (which divides by C) on the kept units as rows."""
    if parameters.get("form", "sum") != "sum" or "sample_weight" in parameters:
        return None
    scores = inputs["pred"].movedim(parameters.get("class_axis", 1), -1)
    target = torch.tensor(inputs["target"])
    kept = target != parameters.get("ignore_index", -1)
    classes = scores.shape[-1]
    rows, row_targets = scores[kept], target[kept]
    w = inputs["w"] if "class_weight" in parameters else None
    losses = classes * F.multi_margin_loss(
        rows, row_targets, p=parameters.get("power", 1), margin=parameters.get("margin", 1.0),
        weight=w, reduction="none")
    reduction = parameters.get("reduction", "mean")
    label = "torch.nn.functional.multi_margin_loss, times C"
    if reduction == "none":
        full = torch.zeros(target.shape, dtype=torch.float64)
        full[kept] = losses
        return Answer(label, full)
    if reduction == "mean" and w is not None:
        return Answer(label, losses.sum() / w[row_targets].sum())
    divisor = {"sum": 1, "mean": len(losses), "count-mean": len(losses),
               "batchmean": scores.shape[0]}[reduction]
    return Answer(label, losses.sum() / divisor)


def sklearn_hinge(inputs, parameters):
    """metrics.hinge_loss on [N] (two classes) or [N,C] (Crammer-Singer), margin 1; value only."""
    scores = inputs["pred"].detach().numpy()
    if set(parameters) - {"form", "reduction", "sample_weight"} or scores.ndim > 2:
        return None
    if parameters.get("reduction", "mean") != "mean":
        return None
    if scores.ndim == 2 and (parameters.get("form") != "max" or scores.shape[1] < 3):
        return None
    a = inputs["a"].numpy() if "sample_weight" in parameters else None
    labels = range(scores.shape[1]) if scores.ndim == 2 else None
    value = sklearn.metrics.hinge_loss(inputs["target"], scores, labels=labels, sample_weight=a)
    return Answer("sklearn.metrics.hinge_loss", value, gradient=False)


def torch_hinge_embedding(inputs, parameters):
    """F.hinge_embedding_loss of y s with every label -1 is max(0, margin - y s)."""
    if parameters.get("power", 1) != 1 or set(parameters) & {"sample_weight", "element_weight"}:
        return None
    y = torch.tensor(inputs["target"]).double()
    y = 2 * y - 1 if y.min() >= 0 else y
    reduction = parameters.get("reduction", "mean").replace("count-mean", "mean")
    if reduction == "batchmean":
        return None
    value = F.hinge_embedding_loss(y * inputs["pred"], -torch.ones_like(y),
                                   margin=parameters.get("margin", 1.0), reduction=reduction)
    return Answer("torch.nn.functional.hinge_embedding_loss of y s, label -1", value)
