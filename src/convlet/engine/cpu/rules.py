"""The optimizers' update rules, one row a rule: what is done with each weight by itself.

A rule's formula takes a weight, its gradient, what is kept for it from one step to the next (up to
three numbers, 0 where there are fewer) and the step's numbers; it returns the new weight and what
is kept. The formulas are those in the docstrings of `convlet.optimizers`. Where a rule looks at a
whole array of weights, its second half is in `whole_rules`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from convlet.engine.cpu.jit import helper

NUMBERS = 6
"""How many numbers a formula is given."""
CLIPPED = "clipped gradient"
"""Memory that is no slot of the optimizer's: it holds what one phase leaves to the next."""


class Rule(NamedTuple):
    """A row of the table.

    Attributes:
        formula: (weight, gradient, a, b, c, numbers) to the new (weight, a, b, c).
        slots: Which of the optimizer's slots a, b and c are.
        numbers: From the optimizer's `scalars` to the formula's numbers.
    """

    formula: Any
    slots: tuple[str, ...]
    numbers: Callable[[dict[str, float]], tuple[float, ...]]


@helper
def _descent(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    return w - g * n[0], a, b, c


@helper
def _momentum(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    rate, mass = n[0], n[1]
    a = mass * a - g * rate
    return w + a, a, b, c


@helper
def _nesterov(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    rate, mass = n[0], n[1]
    a = mass * a - g * rate
    return w + (mass * a - g * rate), a, b, c


@helper
def _rmsprop(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    rate, rho, new, epsilon = n[0], n[1], n[2], n[3]
    a = rho * a + new * g * g
    return w - rate * g / np.sqrt(a + epsilon), a, b, c


@helper
def _rmsprop_momentum(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    rate, rho, new, epsilon, mass = n[0], n[1], n[2], n[3], n[4]
    a = rho * a + new * g * g
    b = mass * b + rate * g / np.sqrt(a + epsilon)
    return w - b, a, b, c


@helper
def _rmsprop_centered(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    rate, rho, new, epsilon = n[0], n[1], n[2], n[3]
    a = rho * a + new * g * g
    b = rho * b + new * g
    return w - rate * g / np.sqrt(a - b * b + epsilon), a, b, c


@helper
def _rmsprop_momentum_centered(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    rate, rho, new, epsilon, mass = n[0], n[1], n[2], n[3], n[4]
    a = rho * a + new * g * g
    c = rho * c + new * g
    b = mass * b + rate * g / np.sqrt(a - c * c + epsilon)
    return w - b, a, b, c


@helper
def _adam(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    alpha, new_1, new_2, epsilon = n[0], n[1], n[2], n[3]
    a += (g - a) * new_1
    b += (g * g - b) * new_2
    return w - a * alpha / (np.sqrt(b) + epsilon), a, b, c


@helper
def _amsgrad(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    alpha, new_1, new_2, epsilon = n[0], n[1], n[2], n[3]
    a += (g - a) * new_1
    b += (g * g - b) * new_2
    c = max(c, b)
    return w - a * alpha / (np.sqrt(c) + epsilon), a, b, c


@helper
def _adamax(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    alpha, new_1, beta_2, epsilon = n[0], n[1], n[2], n[3]
    a += (g - a) * new_1
    b = max(beta_2 * b, abs(g))
    return w - alpha * a / (b + epsilon), a, b, c


@helper
def _nadam(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    of_mean, of_gradient, new_1, new_2, correction, epsilon = n[0], n[1], n[2], n[3], n[4], n[5]
    a += (g - a) * new_1
    b += (g * g - b) * new_2
    ahead = of_mean * a + of_gradient * g
    return w - ahead / (np.sqrt(b * correction) + epsilon), a, b, c


@helper
def _adagrad(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    rate, epsilon = n[0], n[1]
    a += g * g
    return w - rate * g / np.sqrt(a + epsilon), a, b, c


@helper
def _adadelta(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    rate, rho, new, epsilon = n[0], n[1], n[2], n[3]
    a = rho * a + new * g * g
    step = g * np.sqrt(b + epsilon) / np.sqrt(a + epsilon)
    b = rho * b + new * step * step
    return w - rate * step, a, b, c


@helper
def _lion(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    rate, beta_1, new_1, beta_2, new_2 = n[0], n[1], n[2], n[3], n[4]
    mean = beta_1 * a + new_1 * g
    sign = rate if mean > np.float32(0.0) else (-rate if mean < np.float32(0.0) else mean)
    return w - sign, beta_2 * a + new_2 * g, b, c


@helper
def _root(x: Any, power: Any) -> Any:
    return np.sqrt(x)


@helper
def _power(x: Any, power: Any) -> Any:
    return x**power


def _ftrl(power_of: Any) -> Any:
    """Ftrl's formula with one of the two above: a root is much sooner taken than any power."""

    @helper
    def formula(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
        rate, power, l1, l2, shrinkage = n[0], n[1], n[2], n[3], n[4]
        new = a + g * g
        raised = power_of(new, power)
        b += g + shrinkage * w - (raised - power_of(a, power)) / rate * w
        clipped = l1 if b > l1 else (-l1 if b < -l1 else b)
        return (clipped - b) / (raised / rate + l2), new, b, c

    return formula


@helper
def _means(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    """Lamb's first half: its step depends on norms."""
    return w, a + (g - a) * n[0], b + (g * g - b) * n[1], c


@helper
def _kept(w: Any, g: Any, a: Any, b: Any, c: Any, n: Any) -> Any:
    """Adafactor's first half: the gradient as it was clipped."""
    return w, g, b, c


def _adaptive(s: dict[str, float]) -> tuple[float, ...]:
    """Numbers of RMSprop and Adadelta."""
    momentum = s.get("momentum", 0.0)
    return s["learning_rate"], s["rho"], 1.0 - s["rho"], s["epsilon"], momentum


def _corrections(s: dict[str, float]) -> tuple[float, float]:
    """What Adam's two means lack of 1 at the step, since they started at 0."""
    return 1.0 - s["beta_1"] ** s["step"], 1.0 - s["beta_2"] ** s["step"]


def _of_adam(s: dict[str, float]) -> tuple[float, ...]:
    first, second = _corrections(s)
    alpha = s["learning_rate"] * math.sqrt(second) / first
    return alpha, 1.0 - s["beta_1"], 1.0 - s["beta_2"], s["epsilon"]


def _of_adamax(s: dict[str, float]) -> tuple[float, ...]:
    alpha = s["learning_rate"] / _corrections(s)[0]
    return alpha, 1.0 - s["beta_1"], s["beta_2"], s["epsilon"]


def _of_nadam(s: dict[str, float]) -> tuple[float, ...]:
    return (
        s["learning_rate"] * s["u_next"] / (1.0 - s["u_product_next"]),
        s["learning_rate"] * (1.0 - s["u"]) / (1.0 - s["u_product"]),
        1.0 - s["beta_1"],
        1.0 - s["beta_2"],
        1.0 / _corrections(s)[1],
        s["epsilon"],
    )


def _of_ftrl(s: dict[str, float]) -> tuple[float, ...]:
    rate = s["learning_rate"]
    slowed = s["beta"] / rate if rate else 0.0
    return (
        rate,
        -s["learning_rate_power"],
        s["l1_regularization_strength"],
        2.0 * s["l2_regularization_strength"] + slowed,
        2.0 * s["l2_shrinkage_regularization_strength"],
    )


def _of_lamb(s: dict[str, float]) -> tuple[float, ...]:
    first, second = _corrections(s)
    new = (1.0 - s["beta_1"], 1.0 - s["beta_2"])
    return (*new, s["learning_rate"], 1.0 / first, 1.0 / second, s["epsilon"])


def _of_adafactor(s: dict[str, float]) -> tuple[float, ...]:
    rate = min(s["learning_rate"], 1.0 / math.sqrt(s["step"]))
    beta_2 = 1.0 - s["step"] ** s["beta_2_decay"]
    return rate, beta_2, s["epsilon_1"], s["epsilon_2"], s["clip_threshold"]


def _of_lion(s: dict[str, float]) -> tuple[float, ...]:
    one, two = s["beta_1"], s["beta_2"]
    return s["learning_rate"], one, 1.0 - one, two, 1.0 - two


def _of_descent(s: dict[str, float]) -> tuple[float, ...]:
    return s["learning_rate"], s["momentum"]


def _of_adagrad(s: dict[str, float]) -> tuple[float, ...]:
    return s["learning_rate"], s["epsilon"]


_MEANS = ("momentum", "velocity")

RULES = {
    "adadelta": Rule(_adadelta, ("accumulated_grad", "accumulated_delta_var"), _adaptive),
    "adafactor": Rule(_kept, (CLIPPED,), _of_adafactor),
    "adagrad": Rule(_adagrad, ("accumulator",), _of_adagrad),
    "adam": Rule(_adam, _MEANS, _of_adam),
    "adam+amsgrad": Rule(_amsgrad, (*_MEANS, "velocity_hat"), _of_adam),
    "adamax": Rule(_adamax, ("momentum", "norm"), _of_adamax),
    "ftrl": Rule(_ftrl(_root), ("accumulator", "linear"), _of_ftrl),
    "ftrl+power": Rule(_ftrl(_power), ("accumulator", "linear"), _of_ftrl),
    "lamb": Rule(_means, _MEANS, _of_lamb),
    "lion": Rule(_lion, ("momentum",), _of_lion),
    "nadam": Rule(_nadam, _MEANS, _of_nadam),
    "rmsprop": Rule(_rmsprop, ("velocity",), _adaptive),
    "rmsprop+centered": Rule(_rmsprop_centered, ("velocity", "average_gradient"), _adaptive),
    "rmsprop+momentum": Rule(_rmsprop_momentum, ("velocity", "momentum"), _adaptive),
    "rmsprop+momentum+centered": Rule(
        _rmsprop_momentum_centered, ("velocity", "momentum", "average_gradient"), _adaptive
    ),
    "sgd": Rule(_descent, (), _of_descent),
    "sgd+momentum": Rule(_momentum, ("momentum",), _of_descent),
    "sgd+nesterov": Rule(_nesterov, ("momentum",), _of_descent),
}
"""The rules by `Optimizer.rule`."""
