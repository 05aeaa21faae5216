"""The cases of the classification losses."""

import numpy as np

import classification as c
from cases import Case, Reference, describe, given, normal, random, uniform, weights
from classwise import classwise, one_hot, softmax

WITNESS_Z = np.array([[2, 0, -1], [0.5, 0.5, 0], [-1, 3, 1.0]])
WITNESS_Y = np.array([0, 2, 1])
WITNESS_W = np.array([1, 2, 4.0])
EXTREME_Z = np.array([[50, -50, 0], [-500, 500, 0], [1e-8, -1e-8, 0], [500, 500, 500],
                      [-50, 3, 2.0]])
EXTREME_P = np.array([1e-14, 1e-12, 1e-8, 0.5, 1 - 1e-8, 1 - 1e-12, 1 - 1e-14])
SHAPES = [(5, 4), (2, 3, 4), (2, 3, 2, 2), (2, 3, 1, 2, 2)]
REDUCTIONS = ("mean", "sum", "none", "count-mean", "batchmean")


def cross_entropy_cases():
    z, y, w = WITNESS_Z, WITNESS_Y, WITNESS_W
    logits = {"from": "logits"}
    weighted = {"from": "logits", "class_weight": "w"}
    ignored = np.array([0, -100, 1])
    cases = [
        given("witness: plain", {**logits, "reduction": "mean"}, 0.590265912001, pred=z, target=y),
        given("witness: softmax twice", {"from": "logits", "reduction": "mean"}, 0.833745023957,
              pred=softmax(z, 1), target=y),
        given("witness: class weights / sum w", {**weighted, "reduction": "mean"}, 0.898255661192,
              pred=z, target=y, w=w),
        given("witness: class weights / N", {**weighted, "reduction": "count-mean"}, 2.09592987611,
              pred=z, target=one_hot(y, 3, 1), w=w),
        given("witness: ignored / kept", {**logits, "ignore_index": -100, "reduction": "mean"},
              0.156388824028, pred=z, target=ignored),
        given("witness: ignored / all", {**logits, "ignore_index": -100, "reduction": "batchmean"},
              0.104259216019, pred=z, target=ignored),
        given("witness: smoothing", {**logits, "label_smoothing": 0.1, "reduction": "mean"},
              0.701377023112, pred=z, target=y),
        given("witness: smoothing and class weights",
              {**weighted, "label_smoothing": 0.1, "reduction": "mean"}, 0.993647162463,
              pred=z, target=y, w=w),
    ]
    cases += [classwise("cross-entropy", {**logits, "reduction": r}, s)
              for s in SHAPES for r in (("mean", "none") if s != SHAPES[1] else REDUCTIONS)]
    everything = {**weighted, "ignore_index": -100, "label_smoothing": 0.1}
    cases += [classwise("cross-entropy", {**everything, "reduction": r}, s)
              for s, r in zip(SHAPES[:3] * 2, (*REDUCTIONS, "mean"))]
    cases += [
        classwise("cross-entropy", {**weighted, "ignore_index": 1, "reduction": "mean"}, (6, 3)),
        classwise("cross-entropy", {**weighted, "class_weight_in": "unit", "label_smoothing": 0.2,
                                    "reduction": "mean"}, (5, 4)),
        classwise("cross-entropy", {**weighted, "class_weight_in": "unit", "label_smoothing": 0.2,
                                    "reduction": "count-mean"}, (5, 4), "one-hot"),
        classwise("cross-entropy", {**logits, "reduction": "mean"}, (4, 5), "soft"),
        classwise("cross-entropy", {**weighted, "reduction": "count-mean"}, (4, 5), "soft"),
        classwise("cross-entropy", {**weighted, "reduction": "mean"}, (4, 5), "soft"),
        classwise("cross-entropy", {**weighted, "label_smoothing": 0.3, "reduction": "none"},
                  (2, 3, 2, 2), "soft"),
        classwise("cross-entropy", {**weighted, "label_smoothing": 0.3, "reduction": "batchmean"},
                  (2, 3, 4), "one-hot"),
        classwise("cross-entropy", {**logits, "class_axis": -1, "reduction": "mean"}, (2, 3, 4)),
        classwise("cross-entropy", {**weighted, "class_axis": -1, "ignore_index": -100,
                                    "reduction": "none"}, (2, 2, 2, 3)),
        classwise("cross-entropy", {**logits, "class_axis": -1, "reduction": "sum"}, (2, 3, 4),
                  "soft"),
        classwise("cross-entropy", {**logits, "sample_weight": "a", "reduction": "mean"}, (5, 4)),
        classwise("cross-entropy", {**everything, "sample_weight": "a", "reduction": "mean"},
                  (4, 3, 2)),
        classwise("cross-entropy", {**everything, "sample_weight": "a", "reduction": "count-mean"},
                  (4, 3, 2)),
    ]
    for r in ("mean", "sum", "none"):
        cases.append(classwise("cross-entropy", {"from": "probs", "reduction": r}, (5, 4)))
    cases += [
        classwise("cross-entropy", {"reduction": "mean", "sample_weight": "a"}, (6, 3)),
        classwise("cross-entropy", {"from": "probs", "class_weight": "w", "ignore_index": -100,
                                    "label_smoothing": 0.1, "reduction": "mean"}, (2, 3, 2, 2)),
        classwise("cross-entropy", {"from": "probs", "reduction": "mean"}, (4, 3), "soft"),
        classwise("cross-entropy", {"from": "probs", "class_axis": -1, "reduction": "mean"},
                  (2, 3, 4)),
        classwise("cross-entropy", {"from": "log-probs", "reduction": "mean"}, (5, 4)),
        classwise("cross-entropy", {"from": "log-probs", "class_weight": "w", "reduction": "sum"},
                  (2, 3, 2)),
        classwise("cross-entropy", {"from": "log-probs", "label_smoothing": 0.1,
                                    "reduction": "mean"}, (5, 4)),
    ]
    y5 = np.array([0, 1, 2, 0, 2])
    small = np.array([[1e-14, 1 - 2e-14, 1e-14], [1e-12, 0.5, 0.5 - 1e-12],
                      [0.25, 0.75 - 1e-8, 1e-8]])
    clipped = np.array([[0, 0.5, 0.5], [1, 0, 0], [0, 1, 0.0]])
    for r in ("mean", "none"):
        cases.append(given(f"extreme logits, reduction {r}", {**logits, "reduction": r},
                           pred=EXTREME_Z, target=y5))
    cases += [
        given("extreme logits, the right class wins", {**logits, "reduction": "none"},
              pred=EXTREME_Z, target=[0, 1, 0, 2, 1]),
        given("extreme logits, smoothing and class weights",
              {**weighted, "label_smoothing": 0.1, "reduction": "mean"}, pred=EXTREME_Z, target=y5,
              w=w),
        given("extreme logits, soft target", {**logits, "reduction": "none"}, pred=EXTREME_Z,
              target=np.tile([0.25, 0.25, 0.5], (5, 1))),
        given("extreme probabilities", {"from": "probs", "reduction": "none"},
              pred=small, target=[0, 0, 2]),
        given("extreme probabilities, the right class wins", {"from": "probs", "reduction": "none"},
              pred=small, target=[1, 1, 1]),
        given("probabilities of 0 are clipped at 1e-15", {"from": "probs", "reduction": "none"},
              34.538776394910684, pred=clipped[:1], target=[0]),
        given("probabilities of 0 and 1 are clipped", {"from": "probs", "reduction": "mean"},
              pred=clipped, target=[0, 1, 1]),
        given("clipped at 2^-10", {"from": "probs", "eps": 2.0**-10, "reduction": "none"},
              pred=np.vstack([clipped, [[2e-4, 1 - 4e-4, 2e-4]]]), target=[0, 1, 1, 2]),
        given("one class", {**logits, "reduction": "mean"}, pred=[[1.5], [-2.0]], target=[0, 0]),
        given("one sample", {**logits, "class_weight": "w", "reduction": "mean"}, pred=z[:1],
              target=y[:1], w=[0.3, 5, 7.0]),
    ]
    return cases


def nll_cases():
    start = {"from": "log-probs"}
    full = {**start, "class_weight": "w", "ignore_index": -100}
    shapes = SHAPES
    cases = [given("witness: plain, as log-probabilities", {**start, "reduction": "mean"},
                   0.590265912001, pred=np.log(softmax(WITNESS_Z, 1)), target=WITNESS_Y)]
    cases += [classwise("nll", {**start, "reduction": r}, s) for s in shapes for r in ("mean",
                                                                                       "none")]
    cases += [classwise("nll", {**full, "reduction": r}, (3, 3, 2, 2)) for r in REDUCTIONS]
    cases += [
        classwise("nll", {**start, "class_weight": "w", "reduction": "mean"}, (5, 4)),
        classwise("nll", {**start, "ignore_index": 0, "reduction": "mean"}, (7, 3)),
        classwise("nll", {**start, "class_axis": -1, "class_weight": "w", "reduction": "mean"},
                  (2, 3, 4)),
        classwise("nll", {**start, "sample_weight": "a", "reduction": "mean"}, (5, 4)),
        classwise("nll", {**full, "sample_weight": "a", "reduction": "sum"}, (4, 3, 2)),
        classwise("nll", {**start, "reduction": "mean"}, (4, 3), "one-hot"),
        classwise("nll", {**start, "class_weight": "w", "reduction": "count-mean"}, (4, 3), "soft"),
    ]
    logs = np.array([[-1e-14, -50, -60], [-500, -1e-300, -700], [-1e-8, -20, -30.0]])
    cases += [given(f"extreme log-probabilities, reduction {r}", {**start, "reduction": r},
                    pred=logs, target=[0, 0, 2]) for r in ("mean", "none")]
    return cases


def binary_cross_entropy_cases():
    loss, cases = "binary-cross-entropy", []

    def make(parameters, shape, kind="hard", name=None, element=None, positive=None, pred=None):
        rng = random(loss, parameters, shape, kind, name)
        if pred is None:
            logits = parameters.get("from") == "logits"
            pred = normal(rng, shape, 2.0) if logits else uniform(rng, shape, 0.01, 0.99)
        target = uniform(rng, shape) if kind == "soft" else rng.integers(0, 2, size=shape) * 1.0
        inputs = {"pred": pred, "target": target}
        for role, key, size in (("sample_weight", "a", shape[:1]), ("element_weight", "e", element),
                                ("pos_weight", "pw", positive)):
            if role in parameters:
                inputs[key] = weights(rng, size or shape)
        label = name or describe(parameters, shape)
        cases.append(Case(label if kind == "hard" else f"{label}, {kind} target", parameters,
                          inputs))

    for source in ("probs", "logits"):
        start = {"from": source}
        for shape in ((7,), (5, 3), (2, 3, 2), (2, 2, 2, 2)):
            make({**start, "reduction": "mean"}, shape)
        for r in ("sum", "none", "count-mean", "batchmean"):
            make({**start, "reduction": r}, (4, 3), "soft")
        for r in ("mean", "count-mean", "none"):
            make({**start, "element_weight": "e", "reduction": r}, (4, 3), "soft", element=(3,))
        make({**start, "element_weight": "e", "reduction": "mean"}, (2, 3, 2))
        make({**start, "element_weight": "e", "reduction": "sum"}, (2, 3, 2), element=(3, 1))
        make({**start, "sample_weight": "a", "reduction": "mean"}, (5, 2))
        make({**start, "sample_weight": "a", "element_weight": "e", "reduction": "mean"}, (4, 3),
             element=(3,))
        for r in ("mean", "sum", "none"):
            make({**start, "pos_weight": "pw", "reduction": r}, (4, 3), "soft", positive=(3,))
        make({**start, "pos_weight": "pw", "element_weight": "e", "reduction": "count-mean"},
             (4, 3),
             positive=(3,), element=(3,))
    make({"from": "logits", "pos_weight": "pw", "reduction": "mean"}, (2, 3, 2), positive=(3, 1))
    p = np.concatenate([EXTREME_P, EXTREME_P])
    t = np.repeat([0.0, 1.0], 7)
    z = np.array([0, 50, -50, 500, -500, 1e-8, -1e-8, 36.5, -36.5, 745.0, -745, 20])
    for r in ("mean", "none"):
        cases.append(given(f"extreme probabilities, reduction {r}",
                           {"from": "probs", "reduction": r},
                           pred=p, target=t))
        for value in (0.0, 1.0, 0.3):
            cases.append(given(f"extreme logits, target {value}, reduction {r}",
                               {"from": "logits", "reduction": r}, pred=z,
                               target=np.full(12, value)))
    cases += [
        given("extreme logits, pos_weight",
              {"from": "logits", "pos_weight": "pw", "reduction": "none"},
              pred=z, target=np.linspace(0, 1, 12), pw=[3.5]),
        given("p = 0 is clipped at 1e-15", {"from": "probs", "reduction": "none"},
              34.538776394910684,
              pred=[0.0], target=[1.0]),
        given("p = 0 and 1 are right", {"from": "probs", "reduction": "mean"},
              pred=[0.0, 1.0, 0.5], target=[0.0, 1.0, 1.0]),
        given("clipped at 2^-10", {"from": "probs", "eps": 2.0**-10, "reduction": "none"},
              pred=[0, 1, 0, 1, 1e-4, 1 - 1e-4, 0.5], target=[1, 0, 0, 1, 0.5, 0.25, 1.0]),
    ]
    return cases


def focal_cases():
    logits = {"from": "logits"}
    sigmoid = {"from": "logits", "link": "sigmoid"}
    z, y = WITNESS_Z, WITNESS_Y
    cases = [
        given("witness: softmax / N", {**logits, "gamma": 2.0, "reduction": "mean"}, 0.288365238515,
              pred=z, target=y),
        given("witness: softmax, alpha 0.25", {**logits, "gamma": 2.0, "alpha": 0.25,
                                               "reduction": "mean"}, 0.0720913096287, pred=z,
              target=y),
        given("witness: sigmoid, alpha 0.25, mean",
              {**sigmoid, "gamma": 2.0, "alpha": 0.25, "reduction": "mean"}, 0.144474524643,
              pred=z, target=y),
        given("witness: sigmoid, alpha 0.25, sum / N",
              {**sigmoid, "gamma": 2.0, "alpha": 0.25, "reduction": "batchmean"}, 0.43342357393,
              pred=z, target=y),
    ]
    for start in (logits, sigmoid):
        cases += [classwise("focal", {**start, "reduction": r}, (2, 3, 2, 2))
                  for r in ("mean", "sum", "none", "batchmean")]
        cases += [classwise("focal", {**start, "gamma": g, "reduction": "mean"}, (5, 3))
                  for g in (0.0, 0.5, 1.0, 5.0)]
        cases += [
            classwise("focal", {**start, "alpha": [0.25, 0.5, 0.9], "reduction": "mean"}, (5, 3)),
            classwise("focal", {**start, "alpha": [0.25, 0.5, 0.9], "gamma": 1.5,
                                "reduction": "none"}, (2, 3, 2)),
            classwise("focal", {**start, "alpha": 0.25, "reduction": "mean"}, (4, 3), "one-hot"),
            classwise("focal", {**start, "alpha": 0.4, "ignore_index": -100, "reduction": "mean"},
                      (3, 3, 2, 2)),
            classwise("focal", {**start, "ignore_index": 255, "reduction": "none"}, (3, 3, 2)),
            classwise("focal", {**start, "ignore_index": 255, "sample_weight": "a",
                                "reduction": "count-mean"}, (4, 3, 2)),
            classwise("focal", {**start, "sample_weight": "a", "reduction": "mean"}, (5, 3)),
            classwise("focal", {**start, "class_axis": -1, "alpha": [0.2, 0.3, 0.6, 0.7],
                                "reduction": "mean"}, (2, 3, 4)),
        ]
    cases += [
        classwise("focal", {**logits, "class_weight": "w", "reduction": "mean"}, (5, 3)),
        classwise("focal", {**logits, "class_weight": "w", "ignore_index": -100, "alpha": 0.5,
                            "reduction": "count-mean"}, (3, 3, 2)),
        classwise("focal", {**sigmoid, "alpha": 0.25, "reduction": "mean"}, (4, 3), "multi-label"),
        classwise("focal", {**sigmoid, "alpha": 0.25, "reduction": "none"}, (5, 1), "multi-label"),
        classwise("focal", {"from": "probs", "reduction": "mean"}, (5, 3)),
        classwise("focal", {"gamma": 0.5, "alpha": 0.25, "reduction": "none"}, (2, 3, 2)),
        classwise("focal", {"from": "probs", "link": "sigmoid", "alpha": 0.25, "reduction": "mean"},
                  (4, 3), "multi-label"),
        classwise("focal", {"from": "probs", "link": "sigmoid", "gamma": 3.0, "reduction": "sum"},
                  (4, 3)),
    ]
    y5, won = np.array([0, 1, 2, 0, 2]), np.array([0, 1, 0, 2, 1])
    for name, start in (("softmax", logits), ("sigmoid", sigmoid)):
        for gamma in (2.0, 0.5):
            cases += [
                given(f"extreme logits, {name}, gamma {gamma}, target {t.tolist()}",
                      {**start, "gamma": gamma, "reduction": "none"}, pred=EXTREME_Z, target=t)
                for t in (y5, won)
            ]
        cases.append(given(f"p near 1, {name}", {**start, "reduction": "none"},
                           pred=[[12.5, 0, -3], [-9, 9, -9], [1, 20, 2.0]], target=[0, 1, 1]))
    cases += [
        given("extreme probabilities", {"from": "probs", "reduction": "none"},
              pred=[[1e-14, 1 - 2e-14, 1e-14], [1e-12, 0.5, 0.5 - 1e-12], [1e-8, 1 - 2e-8, 1e-8]],
              target=[0, 2, 1]),
        given("clipped at 2^-10", {"from": "probs", "eps": 2.0**-10, "reduction": "none"},
              pred=[[0, 1, 0], [0, 1, 0.0]], target=[0, 1]),
    ]
    return cases


def hinge_cases():
    s, y = [[1, 0.5, 0.2]], [1]
    cases = [
        given("witness: sum", {"form": "sum", "reduction": "mean"}, 2.2, pred=s, target=y),
        given("witness: max", {"form": "max", "reduction": "mean"}, 1.5, pred=s, target=y),
    ]
    for form in ("sum", "max"):
        start = {"form": form}
        cases += [classwise("hinge", {**start, "power": p, "reduction": r}, (5, 4))
                  for p in (1, 2) for r in ("mean", "sum", "none")]
        cases += [
            classwise("hinge", {**start, "margin": 0.5, "reduction": "mean"}, (5, 4)),
            classwise("hinge", {**start, "margin": 2.5, "power": 2, "reduction": "batchmean"},
                      (2, 3, 2)),
            classwise("hinge", {**start, "class_weight": "w", "reduction": "count-mean"}, (5, 4)),
            classwise("hinge", {**start, "class_weight": "w", "power": 2, "reduction": "mean"},
                      (5, 4)),
            classwise("hinge", {**start, "class_weight": "w", "ignore_index": -100,
                                "reduction": "mean"}, (3, 3, 2, 2)),
            classwise("hinge", {**start, "ignore_index": -100, "reduction": "none"}, (3, 3, 2)),
            classwise("hinge", {**start, "class_axis": -1, "reduction": "mean"}, (2, 3, 4)),
            classwise("hinge", {**start, "sample_weight": "a", "reduction": "mean"}, (5, 4)),
        ]
        cases += [
            given(f"extreme scores, {form}, power {p}", {**start, "power": p, "reduction": "none"},
                  pred=[[50, -50, 0], [-500, 500, 3], [1e-8, -1e-8, 5e-9], [1e8, 1e8 - 0.5, 7.0]],
                  target=[1, 1, 0, 0]) for p in (1, 2)
        ]
        cases.append(given(f"on the corner, {form}: no derivative", {**start, "reduction": "mean"},
                           pred=[[2, 1, 0], [0.0, 1, 5]], target=[0, 1]))
    cases.append(given("on the corner, power 2: derivative 0",
                       {"power": 2, "reduction": "mean"}, pred=[[2, 1, 0.0]], target=[0]))
    cases.append(classwise("hinge", {"reduction": "mean"}, (4, 2)))
    cases.append(classwise("hinge", {"form": "max", "reduction": "mean"}, (1, 3)))
    return cases


def binary_hinge_cases():
    loss, cases = "binary-hinge", []
    settings = [
        ({"reduction": r}, shape) for r in ("mean", "sum", "none", "count-mean", "batchmean")
        for shape in ((7,), (3, 4))
    ] + [
        ({"power": 2, "reduction": "mean"}, (6,)), ({"power": 2, "reduction": "none"}, (2, 3, 2)),
        ({"margin": 0.3, "reduction": "mean"}, (6,)),
        ({"margin": 2.0, "power": 2, "reduction": "sum"}, (6,)),
        ({"sample_weight": "a", "reduction": "mean"}, (7,)),
        ({"sample_weight": "a", "power": 2, "reduction": "mean"}, (4, 3)),
        ({"element_weight": "e", "reduction": "mean"}, (4, 3)),
        ({"element_weight": "e", "sample_weight": "a", "reduction": "count-mean"}, (2, 3, 2)),
        ({"reduction": "mean"}, (2, 2, 2, 2)),
    ]
    for i, (parameters, shape) in enumerate(settings):
        rng = random(loss, parameters, shape)
        zero_one = i % 3 == 2
        y = rng.integers(0, 2, size=shape)
        inputs = {"pred": normal(rng, shape, 1.5), "target": y if zero_one else 2 * y - 1}
        if "sample_weight" in parameters:
            inputs["a"] = weights(rng, shape[:1])
        if "element_weight" in parameters:
            inputs["e"] = weights(rng, shape[-1:])
        coding = "{0,1}" if zero_one else "{-1,1}"
        cases.append(Case(f"{describe(parameters, shape)}, target {coding}", parameters, inputs))
    s = np.array([50, -50, 500, -500, 1e-8, -1e-8, 1 - 1e-12, 1 + 1e-12])
    for p in (1, 2):
        cases.append(given(f"extreme scores, power {p}", {"power": p, "reduction": "none"},
                           pred=s, target=[1, 1, -1, -1, 1, -1, 1, 1]))
    cases.append(given("on the corner: no derivative", {"reduction": "mean"},
                       pred=[1.0, 0.5], target=[1, -1]))
    cases.append(given("on the corner, power 2: derivative 0", {"power": 2, "reduction": "none"},
                       pred=[1.0, 0.5], target=[1, -1]))
    return cases


def references():
    torch_f = "torch.nn.functional."
    return [
        Reference("cross-entropy", f"{torch_f}cross_entropy", c.cross_entropy,
                  cross_entropy_cases(),
                  libraries=[c.torch_cross_entropy, c.sklearn_log_loss]),
        Reference("nll", f"{torch_f}nll_loss", c.cross_entropy, nll_cases(),
                  libraries=[c.torch_cross_entropy]),
        Reference("binary-cross-entropy", f"{torch_f}binary_cross_entropy", c.binary_cross_entropy,
                  binary_cross_entropy_cases(), libraries=[c.torch_binary_cross_entropy]),
        Reference("focal", "Lin et al. 2017, Focal Loss for Dense Object Detection, eq. 5", c.focal,
                  focal_cases(), libraries=[c.torch_focal]),
        Reference("hinge", "Weston & Watkins 1999 (sum), Crammer & Singer 2001 (max)", c.hinge,
                  hinge_cases(), libraries=[c.torch_multi_margin, c.sklearn_hinge]),
        Reference("binary-hinge", "Cortes & Vapnik 1995", c.binary_hinge, binary_hinge_cases(),
                  libraries=[c.torch_hinge_embedding, c.sklearn_hinge]),
    ]
