"""Regression losses that weigh residuals: by logarithm, by the target's size, by their sign."""

import numpy as np

from cases import Reference, given, normal, uniform
from elementwise import elementwise_cases, from_sklearn, reduced

EPSILON = float(np.finfo(np.float64).eps)


def squared_log(xp, pred, target, parameters):
    """sklearn mean_squared_log_error; the floor is Keras's."""
    floor = parameters.get("floor", 0.0)
    r = xp.log(1 + xp.maximum(pred, floor)) - xp.log(1 + xp.maximum(target, floor))
    return r * r


def percentage(xp, pred, target, parameters):
    """de Myttenaere et al. 2016 with scikit-learn's floor."""
    return xp.abs(pred - target) / xp.maximum(xp.abs(target), parameters.get("floor", EPSILON))


def pinball(xp, pred, target, parameters):
    """Koenker & Bassett 1978."""
    alpha, d = parameters.get("alpha", 0.5), target - pred
    return xp.maximum(alpha * d, (alpha - 1) * d)


def positive(rng, shape, parameters):
    return uniform(rng, shape, 0.0, 9.0), uniform(rng, shape, 0.0, 9.0)


def real(rng, shape, parameters):
    return normal(rng, shape, 1.5), normal(rng, shape, 1.5)


def not_negative(inputs, parameters):
    return inputs["pred"].min() >= 0 and inputs["target"].min() >= 0


def msle_cases():
    cases = elementwise_cases("msle", positive, [{}, {"floor": 1.5}, {"floor": -0.5}])
    cases += [
        given("values below the floor count as it", {"reduction": "none"},
              pred=[-3.0, 2, -1, -0.5, 1e-9], target=[2.0, -5, -1, 0, 0]),
        given("floor -0.999", {"floor": -0.999, "reduction": "none"},
              pred=[-0.9, -0.99, 3, -5], target=[-0.5, 1e6, -0.998, 1.0]),
        given("nearly equal", {"reduction": "none"}, pred=[1 + 1e-9, 1e8 + 1, 5, 3e-12],
              target=[1.0, 1e8, 5, 1e-12]),
        given("extreme values", {"reduction": "none"}, pred=[1e-300, 1e12, 1e300, 0.25],
              target=[1e12, 1e-300, 1, 1e300]),
        given("on the floor: no derivative", {"reduction": "mean"}, pred=[0.0, 2], target=[1.0, 3]),
    ]
    return cases


def mape_cases():
    cases = elementwise_cases("mape", real, [{}, {"floor": 1.0}, {"floor": 1e-3}])
    cases += [
        given("targets of 0", {"reduction": "none"}, pred=[1.0, -2e-16, 3e-8],
              target=[0.0, 0, 1e-17]),
        given("extreme values", {"reduction": "none"}, pred=[1e8, -1e8, 1e-8, 500],
              target=[1.0, 1e-8, 1e8, -500]),
        given("some residuals are 0: no derivative", {"reduction": "mean"}, pred=[1.0, 2],
              target=[1.0, 3]),
    ]
    return cases


def pinball_cases():
    cases = elementwise_cases("pinball", real, [{}, {"alpha": 0.1}, {"alpha": 0.9}, {"alpha": 0.0},
                                                {"alpha": 1.0}])
    cases += [
        given(f"extreme residuals, alpha {a}", {"alpha": a, "reduction": "none"},
              pred=[1e8, -1e8, 1e-12, -1e-12, 1e150], target=[0.0, 0, 0, 0, 1.0])
        for a in (0.25, 0.5)
    ]
    cases.append(given("some residuals are 0: no derivative", {"reduction": "mean"},
                       pred=[1.0, 2], target=[1.0, 3]))
    return cases


def references():
    return [
        Reference("msle", "sklearn.metrics.mean_squared_log_error, floored as Keras does",
                  reduced(squared_log), msle_cases(),
                  libraries=[from_sklearn("mean_squared_log_error", applies=not_negative)]),
        Reference("mape", "de Myttenaere et al. 2016", reduced(percentage), mape_cases(),
                  libraries=[from_sklearn("mean_absolute_percentage_error")]),
        Reference("pinball", "Koenker & Bassett 1978", reduced(pinball), pinball_cases(),
                  libraries=[from_sklearn("mean_pinball_loss", "alpha")]),
    ]
