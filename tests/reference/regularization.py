"""Penalties on weights."""

import numpy as np

from cases import Case, Reference, normal, random


def l1_penalty(xp, inputs, parameters):
    """lambda sum |w|: Tibshirani 1996."""
    sums = [xp.sum(xp.abs(inputs[name])) for name in parameters["params"]]
    return parameters["lambda"] * sum(sums)


def l2_penalty(xp, inputs, parameters):
    """lambda sum w^2 or half of it: Hoerl & Kennard 1970."""
    total = sum(xp.sum(inputs[name] * inputs[name]) for name in parameters["params"])
    return parameters["lambda"] * total / (2 if parameters.get("half") else 1)


def penalty_cases(loss):
    shapes = [[(5,)], [(3, 4)], [(2, 2, 3)], [(2, 1, 2, 2)], [(3,), (2, 3)], [(4,), (1,), (2, 2)]]
    cases = []
    for i, (shape_list,
            strength) in enumerate(zip(shapes * 2, [1.0, 0.01, 0.5, 1e-4, 0.1, 3.0] * 2)):
        names = [f"w{k + 1}" for k in range(len(shape_list))]
        parameters = {"lambda": strength * (1 if i < 6 else 7.0), "params": names}
        if loss == "l2-penalty" and i >= 6:
            parameters["half"] = i % 3 != 2
        rng = random(loss, parameters, shape_list)
        inputs = {name: normal(rng, shape) for name, shape in zip(names, shape_list)}
        cases.append(Case(f"lambda {parameters['lambda']}, shapes {shape_list}"
                          + (f", half {parameters['half']}" if "half" in parameters else ""),
                          parameters, inputs))
    extreme = np.array([1e-8, -1e8, 1e-100, 1e100, -50, 500.0])
    zeros = {"w1": np.array([0.0, 1.5, -2.0]), "w2": np.array([[0.0, 0.0]])}
    cases += [
        Case("extreme weights", {"lambda": 0.01, "params": ["w1"]}, {"w1": extreme}),
        Case("lambda 0", {"lambda": 0.0, "params": ["w1"]}, {"w1": extreme[:2]}),
        Case("weights of 0", {"lambda": 0.5, "params": ["w1", "w2"]}, zeros),
    ]
    if loss == "l2-penalty":
        cases.append(Case("extreme weights, half", {"lambda": 0.01, "params": ["w1"], "half": True},
                          {"w1": extreme}))
    return cases


def elastic_net(xp, inputs, parameters):
    """l1 sum |w| + l2 sum w^2: Zou & Hastie 2005, the naive form."""
    arrays = [inputs[name] for name in parameters["params"]]
    absolute = sum(xp.sum(xp.abs(w)) for w in arrays)
    squared = sum(xp.sum(w * w) for w in arrays)
    return parameters["l1"] * absolute + parameters["l2"] * squared


def elastic_cases():
    cases = []
    for number, (l1, l2) in enumerate([(1.0, 1.0), (0.01, 0.02), (0.0, 0.5), (2.0, 0.0)]):
        parameters = {"l1": l1, "l2": l2, "params": ["w1", "w2"][:1 + number % 2]}
        rng = random("elastic-net", parameters)
        inputs = {name: normal(rng, (2, 3)) for name in parameters["params"]}
        cases.append(Case(f"l1 {l1}, l2 {l2}", parameters, inputs))
    cases.append(Case("weights of 0", {"l1": 0.5, "l2": 0.25, "params": ["w1"]},
                      {"w1": np.array([0.0, 1.5, -2.0])}))
    return cases


def references():
    return [
        Reference("l1-penalty", "Tibshirani 1996, lambda sum |w|", l1_penalty,
                  penalty_cases("l1-penalty")),
        Reference("elastic-net", "Zou & Hastie 2005, l1 sum |w| + l2 sum w^2", elastic_net,
                  elastic_cases()),
        Reference("l2-penalty", "Hoerl & Kennard 1970, lambda sum w^2", l2_penalty,
                  penalty_cases("l2-penalty")),
    ]
