"""Two arithmetics for one formula: exact (mpmath) for the numbers that are stored, and float64
(PyTorch) with automatic differentiation to check them.

A formula is a function formula(xp, inputs, parameters) written with the operations below only;
`inputs` holds arrays of the arithmetic for what is real and NumPy arrays for what is integer.
"""

import math

import mpmath
import numpy as np
import torch

DIGITS = 80
EXTREME_DIGITS = 1000  # resolves exp(-1000) beside 1: logits of -500 and 500 in one row


class Exact:
    """Object arrays of mpmath numbers."""

    exp = staticmethod(np.frompyfunc(mpmath.exp, 1, 1))
    log = staticmethod(np.frompyfunc(mpmath.log, 1, 1))
    atan = staticmethod(np.frompyfunc(mpmath.atan, 1, 1))
    sqrt = staticmethod(np.frompyfunc(mpmath.sqrt, 1, 1))
    abs = staticmethod(np.abs)
    maximum = staticmethod(np.maximum)
    minimum = staticmethod(np.minimum)
    where = staticmethod(np.where)
    moveaxis = staticmethod(np.moveaxis)
    pi = property(lambda self: +mpmath.pi)

    @staticmethod
    def array(values):
        values = np.asarray(values, dtype=np.float64)
        out = np.empty(values.size, dtype=object)
        out[:] = [mpmath.mpf(v) for v in values.ravel().tolist()]
        return out.reshape(values.shape)

    @staticmethod
    def power(base, exponent):
        """base >= 0 to a constant power; 0^0 = 1."""
        return np.frompyfunc(lambda b: mpmath.power(b, exponent), 1, 1)(base)

    @staticmethod
    def sum(values, axis=None, keepdims=False):
        return np.sum(values, axis=axis, keepdims=keepdims)

    @staticmethod
    def max(values, axis, keepdims=False):
        return np.max(values, axis=axis, keepdims=keepdims)

    @staticmethod
    def stack(values, axis):
        return np.stack(values, axis=axis)


class Float64:
    """PyTorch tensors in float64."""

    exp, log, atan, sqrt = torch.exp, torch.log, torch.atan, torch.sqrt
    abs, moveaxis = torch.abs, torch.movedim
    pi = math.pi

    @staticmethod
    def array(values):
        if isinstance(values, torch.Tensor):
            return values
        return torch.tensor(np.asarray(values, dtype=np.float64))

    @classmethod
    def maximum(cls, a, b):
        return torch.maximum(cls.array(a), cls.array(b))

    @classmethod
    def minimum(cls, a, b):
        return torch.minimum(cls.array(a), cls.array(b))

    @classmethod
    def where(cls, condition, a, b):
        condition = torch.as_tensor(condition)
        return torch.where(condition, cls.array(a), cls.array(b))

    @staticmethod
    def power(base, exponent):
        return torch.pow(base, exponent)

    @staticmethod
    def sum(values, axis=None, keepdims=False):
        return torch.sum(values) if axis is None else torch.sum(values, dim=axis, keepdim=keepdims)

    @staticmethod
    def max(values, axis, keepdims=False):
        return torch.amax(values, dim=axis, keepdim=keepdims)

    @staticmethod
    def stack(values, axis):
        return torch.stack(values, dim=axis)


def is_real(values):
    return values.dtype == np.float64


def to_float64(values):
    """The nearest doubles, in an array of the same shape."""
    values = np.asarray(values, dtype=object)
    return np.array([float(v) for v in values.ravel()], dtype=np.float64).reshape(values.shape)


def exact_value_and_gradient(formula, inputs, parameters, wrt):
    """The formula's value and, per name in `wrt`, its derivative (of the sum, if the value is an
    array), both rounded to double. The gradient is None where some derivative does not exist.

    The derivative is a central difference in 80 digits with a step of 1e-35 (1000 digits and
    1e-400 if an input is beyond 40), so that truncation and rounding stay far below a double's
    last digit. Where the one-sided differences disagree there is a kink.
    """
    real = [v for v in inputs.values() if is_real(v) and v.size]
    extreme = any(np.abs(v).max() > 40 for v in real)
    digits, step = (EXTREME_DIGITS, "1e-400") if extreme else (DIGITS, "1e-35")
    with mpmath.workdps(digits):
        arrays = {k: Exact.array(v) if is_real(v) else v for k, v in inputs.items()}
        value = formula(Exact(), arrays, parameters)
        total = np.sum(value)
        gradient = {
            name: exact_gradient(formula, arrays, parameters, name, total, mpmath.mpf(step))
            for name in wrt
        }
        if any(g is None for g in gradient.values()):
            gradient = None
        return to_float64(value), gradient


def exact_gradient(formula, arrays, parameters, name, total, unit_step):
    point = arrays[name]
    gradient = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        step = unit_step * max(1, abs(point[index]))
        noise = mpmath.mpf(10) ** (8 - mpmath.mp.dps) * max(1, abs(total)) / step
        sides = []
        for sign in (1, -1):
            moved = point.copy()
            moved[index] = point[index] + sign * step
            side = np.sum(formula(Exact(), {**arrays, name: moved}, parameters))
            sides.append(sign * (side - total) / step)
        after, before = sides
        if abs(after - before) > 1e-12 * (abs(after) + abs(before)) + noise + unit_step ** 0.5:
            return None
        central = (after + before) / 2
        gradient[index] = 0.0 if abs(central) < noise else float(central)
    return gradient


def float64_value_and_gradient(function, inputs, wrt):
    """function(tensors) and, by autograd, the derivative of its sum. Integer arrays stay NumPy."""
    tensors = {k: torch.tensor(v) if is_real(v) else v for k, v in inputs.items()}
    for name in wrt:
        tensors[name].requires_grad_()
    value = function(tensors)
    if value.requires_grad:
        value.sum().backward()
    zero = {name: torch.zeros_like(tensors[name]) for name in wrt}
    gradient = {
        name: (zero[name] if tensors[name].grad is None else tensors[name].grad).numpy()
        for name in wrt
    }
    return value.detach().numpy(), gradient
