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


def references():
    return [
        Reference("l1-penalty", "Tibshirani 1996, lambda sum |w|", l1_penalty,
                  penalty_cases("l1-penalty")),
        Reference("l2-penalty", "Hoerl & Kennard 1970, lambda sum w^2", l2_penalty,
                  penalty_cases("l2-penalty")),
    ]
