"""Dice, Jaccard and Tversky losses: ratios of I = sum p t, P = sum p and G = sum t over maps."""

import numpy as np

from cases import Case, Reference, array_of, describe, given, normal, random, reduce, uniform
from classification import distribution, log_softmax, softplus
from classwise import one_hot, softmax


def dice(sums, nr, dr, parameters):
    """1 - (2I + nr) / (P + G + dr): Milletari et al. 2016 (squared), MONAI DiceLoss."""
    i, p, g = sums
    return 1 - (2 * i + nr) / (p + g + dr)


def jaccard(sums, nr, dr, parameters):
    """1 - (I + nr) / (P + G - I + dr): Rahman & Wang 2016. MONAI's jaccard=True doubles numerator
    and denominator, so its smoothing counts half as much."""
    i, p, g = sums
    return 1 - (i + nr) / (p + g - i + dr)


def tversky(sums, nr, dr, parameters):
    """1 - (I + nr) / (I + alpha FP + beta FN + dr): Salehi et al. 2017, MONAI TverskyLoss."""
    i, p, g = sums
    alpha, beta = parameters.get("alpha", 0.5), parameters.get("beta", 0.5)
    return 1 - (i + nr) / (i + alpha * (p - i) + beta * (g - i) + dr)


def probabilities(xp, inputs, parameters):
    """Maps with the classes last."""
    z = xp.moveaxis(inputs["pred"], parameters.get("class_axis", 1), -1)
    if parameters.get("from", "probs") == "probs":
        return z
    if parameters.get("link", "softmax") == "sigmoid":
        return xp.exp(-softplus(xp, -z))
    return xp.exp(log_softmax(xp, z))


def region(ratio):
    def formula(xp, inputs, parameters):
        p = probabilities(xp, inputs, parameters)
        t, kept = distribution(inputs, parameters)
        mask = xp.array(kept[..., None] * 1.0)
        images, classes = p.shape[0], p.shape[-1]
        p, target = p * mask, xp.array(t) * mask
        power = 2 if parameters.get("cardinality", "plain") == "squared" else 1
        maps = [v.reshape(images, -1, classes).sum(1) for v in (p * target, p**power,
                                                                target**power)]
        present = (t * kept[..., None]).reshape(images, -1, classes).sum(1)
        if parameters.get("background", "keep") == "drop":
            maps, present = [m[:, 1:] for m in maps], present[:, 1:]
        over = parameters.get("region", "class")
        axis = {"class": None, "batch": (0,), "image": (1,), "all": (0, 1)}[over]
        if axis is not None:
            maps, present = [xp.sum(m, axis) for m in maps], present.sum(axis)
        losses = ratio(maps, parameters.get("smooth_nr", 1e-5), parameters.get("smooth_dr", 1e-5),
                       parameters)
        return reduce_regions(xp, losses, np.asarray(present), inputs, parameters, images)

    return formula


def reduce_regions(xp, losses, present, inputs, parameters, images):
    over, absent = parameters.get("region", "class"), parameters.get("absent", "value")
    counted = (present > 0) | (absent != "skip")
    used = xp.array((present > 0) * 1.0 if absent != "value" else np.ones(present.shape))
    weight = xp.array(counted * 1.0)
    w = array_of(inputs, parameters, "class_weight")
    a = array_of(inputs, parameters, "sample_weight")
    if w is not None:
        weight = weight * w
    if a is not None:
        weight = weight * (a[:, None] if over == "class" else a)
    return reduce(xp, losses * used * weight, weight, int(counted.sum()),
                  parameters.get("reduction", "mean"), images)


def maps_case(loss, parameters, shape, kind="index", absent=(), name=None):
    """A random case; `absent` lists the (image, class) pairs taken out of the target."""
    rng = random(loss, parameters, shape, kind, absent)
    axis = parameters.get("class_axis", 1)
    source = parameters.get("from", "probs")
    classes = shape[axis]
    rest = [s for i, s in enumerate(shape) if i != axis % len(shape)]
    y = rng.integers(0, classes, size=rest)
    for image, c in absent:
        y[image][y[image] == c] = (c + 1) % classes
    if "ignore_index" in parameters:
        y.flat[2::4] = parameters["ignore_index"]
    z = normal(rng, shape, 2.0)
    pred = z if source == "logits" else softmax(z, axis)
    inputs = {"pred": pred, "target": y}
    if kind == "one-hot":
        inputs["target"] = one_hot(y, classes, axis)
    elif kind == "soft":
        inputs["target"] = softmax(normal(rng, shape), axis)
    elif kind == "multi-label":
        inputs["target"] = rng.integers(0, 2, size=shape).astype(float)
    if "class_weight" in parameters:
        inputs["w"] = uniform(rng, (classes,), 0.2, 3.0, 3)
    if "sample_weight" in parameters:
        inputs["a"] = uniform(rng, (shape[0],), 0.2, 3.0, 3)
    label = name or describe(parameters, shape)
    if absent:
        label += ", absent " + " ".join(f"{i}:{c}" for i, c in absent)
    return Case(label if kind == "index" else f"{label}, {kind} target", parameters, inputs)


def common_cases(loss):
    shape, big = (2, 3, 2, 2), (2, 3, 3, 2)
    gone = ((0, 1), (1, 1), (1, 2))
    logits, sigmoid = {"from": "logits"}, {"from": "logits", "link": "sigmoid"}
    cases = [maps_case(loss, {"region": over, "reduction": r}, big)
             for over, kinds in (("class", ("mean", "sum", "none", "count-mean", "batchmean")),
                                 ("batch", ("mean", "sum", "none")), ("image", ("mean", "none")),
                                 ("all", ("mean", "sum"))) for r in kinds]
    cases += [maps_case(loss, {"reduction": "mean"}, s)
              for s in ((2, 3, 4), (2, 2, 2, 2, 2), (3, 2), (1, 4, 5))]
    for over in ("class", "batch", "image", "all"):
        cases += [
            maps_case(loss, {**logits, "region": over, "cardinality": "squared",
                             "reduction": "mean"}, shape),
            maps_case(loss, {"region": over, "background": "drop", "reduction": "mean"}, shape),
            maps_case(loss, {**logits, "region": over, "ignore_index": 255, "reduction": "mean"},
                      big),
        ]
    for absent in ("value", "zero", "skip"):
        cases += [
            maps_case(loss, {"absent": absent, "reduction": r}, big, absent=gone)
            for r in ("mean", "sum", "count-mean")
        ]
        cases += [
            maps_case(loss, {"region": "batch", "absent": absent, "reduction": "mean"}, big,
                      absent=gone),
            maps_case(loss, {"absent": absent, "class_weight": "w", "reduction": "mean"}, big,
                      absent=gone),
            maps_case(loss, {**logits, "absent": absent, "background": "drop", "smooth_nr": 0.0,
                             "reduction": "mean"}, big, absent=gone),
        ]
    cases += [
        maps_case(loss, {**sigmoid, "reduction": "mean"}, shape, "multi-label"),
        maps_case(loss, {**sigmoid, "cardinality": "squared", "reduction": "none"}, shape,
                  "multi-label"),
        maps_case(loss, {**sigmoid, "region": "image", "reduction": "mean"}, (3, 1, 4),
                  "multi-label"),
        maps_case(loss, {**sigmoid, "reduction": "mean"}, shape),
        maps_case(loss, {**logits, "reduction": "mean"}, shape, "soft"),
        maps_case(loss, {"cardinality": "squared", "reduction": "mean"}, shape, "soft"),
        maps_case(loss, {"reduction": "none"}, shape, "one-hot"),
        maps_case(loss, {**logits, "class_axis": -1, "reduction": "mean"}, (2, 2, 2, 3)),
        maps_case(loss, {"class_axis": -1, "reduction": "none"}, (2, 4, 3), "one-hot"),
        maps_case(loss, {"smooth_nr": 1.0, "smooth_dr": 1.0, "reduction": "mean"}, shape),
        maps_case(loss, {"smooth_nr": 0.0, "smooth_dr": 0.0, "region": "batch",
                         "reduction": "mean"}, big),
        maps_case(loss, {"smooth_nr": 0.5, "smooth_dr": 2.0, "region": "all", "reduction": "mean"},
                  shape),
        maps_case(loss, {"class_weight": "w", "reduction": "mean"}, shape),
        maps_case(loss, {"class_weight": "w", "reduction": "count-mean"}, shape),
        maps_case(loss, {"class_weight": "w", "region": "batch", "reduction": "mean"}, big),
        maps_case(loss, {"sample_weight": "a", "reduction": "mean"}, (3, 2, 4)),
        maps_case(loss, {"sample_weight": "a", "region": "image", "reduction": "mean"}, (3, 2, 4)),
        maps_case(loss, {"sample_weight": "a", "class_weight": "w", "reduction": "mean"},
                  (3, 2, 4)),
        maps_case(loss, {"sample_weight": "a", "ignore_index": -100, "reduction": "none"},
                  (3, 2, 4)),
    ]
    y = np.array([[0, 0, 1, 1]])
    right = one_hot(y, 2, 1)
    z = np.array([[[50, -50, 500, 0], [-50, 50, -500, 1e-8]]])
    cases += [
        given("a perfect prediction", {"reduction": "mean"}, pred=right, target=y),
        given("an entirely wrong prediction", {"reduction": "mean"}, pred=1 - right, target=y),
        given("extreme logits, softmax", {**logits, "reduction": "mean"}, pred=z, target=y),
        given("extreme logits, sigmoid", {**sigmoid, "reduction": "mean"}, pred=z, target=right),
        given("extreme logits, squared", {**logits, "cardinality": "squared", "region": "all",
                                          "reduction": "mean"}, pred=z, target=y),
        given("tiny probabilities", {"reduction": "none"},
              pred=[[[1e-12, 1 - 1e-12], [1 - 1e-12, 1e-12]]],
              target=[[0, 0]]),
    ]
    return cases


FOREGROUND = np.array([0.9, 0.8, 0.3, 0.1])
IMAGE = np.stack([1 - FOREGROUND, FOREGROUND])[None]
MASK = np.array([[1, 1, 0, 0]])


def witness(name, value, **parameters):
    return given(f"witness: {name}", {**parameters, "reduction": "mean"}, value, pred=IMAGE,
                 target=MASK)


def references():
    drop = {"background": "drop"}
    dice_cases = [
        witness("MONAI", 0.175109005082),
        witness("foreground only", 0.170731290899, **drop),
        witness("squared, foreground", 0.0422534021031, cardinality="squared", **drop),
        witness("smooth 1, foreground", 0.137254901961, smooth_nr=1.0, smooth_dr=1.0, **drop),
    ]
    # MONAI's 1 - (2I + 1e-5) / (2(P+G-I) + 1e-5): half of 1e-5 on either side.
    jaccard_cases = [witness("MONAI jaccard, foreground", 0.291666059029, smooth_nr=5e-6,
                             smooth_dr=5e-6, **drop)]
    # smp and optax: (I + 1) / ((P+G)/2 + 1).
    tversky_cases = [witness("smp and optax dice, smooth 1, foreground", 0.114754098361,
                             smooth_nr=1.0,
                             smooth_dr=1.0, alpha=0.5, beta=0.5, **drop)]
    for i, (alpha, beta) in enumerate([(0.3, 0.7), (0.7, 0.3), (1.0, 1.0), (0.0, 1.0)]):
        tversky_cases += [
            maps_case("tversky",
                      {"alpha": alpha, "beta": beta, "region": over, "reduction": "mean"},
                      (2, 3, 2, 2)) for over in ("class", "batch", "image", "all")[: 4 - i]]
    tversky_cases.append(maps_case("tversky",
                                   {"from": "logits", "alpha": 0.3, "beta": 0.7, "cardinality":
                                               "squared", "reduction": "none"}, (2, 3, 2, 2)))
    return [
        Reference("dice", "MONAI DiceLoss and Milletari et al. 2016, transcribed", region(dice),
                  dice_cases + common_cases("dice")),
        Reference("jaccard", "Rahman & Wang 2016, transcribed", region(jaccard),
                  jaccard_cases + common_cases("jaccard")),
        Reference("tversky", "Salehi et al. 2017 and MONAI TverskyLoss, transcribed",
                  region(tversky),
                  tversky_cases + common_cases("tversky")),
    ]
