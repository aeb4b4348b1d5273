"""From gradients to new weights: clipping, and the optimizers' rules, slice by slice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import carray
from numpy.typing import NDArray

from convlet.engine.calls import Call
from convlet.engine.cpu.gradients import MATRIX, matrix_of, row_start, slices
from convlet.engine.cpu.jit import helper, specialised
from convlet.engine.cpu.simd import float64_at, floats_at
from convlet.engine.plan import Plan

if TYPE_CHECKING:
    from convlet.optimizers import Optimizer

UPDATE = np.dtype(
    [
        *MATRIX,
        ("slot_0", np.int64),  # addresses of its running averages
        ("slot_1", np.int64),
        ("slot_2", np.int64),
        ("settings", np.int64),  # address of the step's numbers, float64, in SETTINGS' order
        ("norms", np.int64),  # address of the squared gradient norms of all variables
        ("variables", np.int64),
        ("number", np.int64),  # of this variable
    ]
)

SETTINGS = (
    "learning_rate", "weight_decay", "clip", "momentum", "rho", "epsilon", "beta_1", "beta_2",
    "bias_correction_1", "bias_correction_2",
)  # fmt: skip


@specialised(UPDATE)
def squared_norm() -> Any:
    """The squared length of a variable's gradient."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        total = 0.0
        for row in range(op.rows):
            span = (op.columns - 1) * op.column_stride + 1
            g = carray(floats_at(row_start(op, row)), span)
            for c in range(op.columns):
                total += np.float64(g[c * op.column_stride]) ** 2
        carray(float64_at(op.norms), op.variables)[op.number] = total

    return kernel


@helper
def _clip_factor(op: Any, clip: str, limit: float) -> Any:
    """What gradients are multiplied by: by the variable's own norm or by that of all together."""
    norms = carray(float64_at(op.norms), op.variables)
    squared = 0.0
    if clip == "norm":
        squared = norms[op.number]
    else:
        for value in norms:
            squared += value
    return limit / max(math.sqrt(squared), limit)


@specialised(UPDATE)
def update(rule: str, options: str, clip: str, transposed: bool) -> Any:
    """One optimizer step on some rows of a variable; the formulas are those of the optimizers.

    Args:
        transposed: Whether a gradient's columns lie apart: a loop without is a loop over vectors.
        rule: "sgd", "rmsprop" or "adam".
        options: What is switched on: "momentum", "nesterov", "centered", "amsgrad", joined by "+".
        clip: "none", "value", "norm" or "global".
    """
    momentum = "momentum" in options
    nesterov = "nesterov" in options
    centered = "centered" in options
    amsgrad = "amsgrad" in options

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        s = carray(float64_at(op.settings), 10)
        rate, decay, limit = np.float32(s[0]), np.float32(s[1] * s[0]), np.float32(s[2])
        mass, rho, epsilon = np.float32(s[3]), np.float32(s[4]), np.float32(s[5])
        new_1, new_2 = np.float32(1.0 - s[6]), np.float32(1.0 - s[7])
        alpha = np.float32(s[0] * math.sqrt(s[9]) / s[8])
        one = np.float32(1.0)
        factor = one
        if clip == "norm" or clip == "global":
            factor = np.float32(_clip_factor(op, clip, s[2]))
        for row in range(op.first_row, op.first_row + op.rows):
            span = (op.columns - 1) * op.column_stride + 1
            gradient = carray(floats_at(row_start(op, row)), span)
            start = 4 * row * op.columns
            w = carray(floats_at(op.weights + start), op.columns)
            a = carray(floats_at(op.slot_0 + start), op.columns)
            v = carray(floats_at(op.slot_1 + start), op.columns)
            u = carray(floats_at(op.slot_2 + start), op.columns)
            for c in range(op.columns):
                g = gradient[c * op.column_stride if transposed else c] * factor
                if clip == "value":
                    g = limit if g > limit else (-limit if g < -limit else g)
                weight = w[c] - w[c] * decay
                if rule == "sgd":
                    step = g * rate
                    if momentum:
                        a[c] = mass * a[c] - step
                        step = step - mass * a[c] if nesterov else -a[c]
                elif rule == "rmsprop":
                    a[c] = rho * a[c] + (one - rho) * g * g
                    square = a[c]
                    if centered:
                        u[c] = rho * u[c] + (one - rho) * g
                        square -= u[c] * u[c]
                    step = rate * g / np.sqrt(square + epsilon)
                    if momentum:
                        v[c] = mass * v[c] + step
                        step = v[c]
                else:
                    a[c] += (g - a[c]) * new_1
                    v[c] += (g * g - v[c]) * new_2
                    square = v[c]
                    if amsgrad:
                        u[c] = max(u[c], v[c])
                        square = u[c]
                    step = a[c] * alpha / (np.sqrt(square) + epsilon)
                w[c] = weight - step

    return kernel


@dataclass(frozen=True)
class Rule:
    """What the update kernel is specialised for, and which running average is which slot."""

    kind: str
    options: str
    clip: str
    slots: tuple[str, ...]


def rule_of(optimizer: Optimizer) -> Rule:
    """Translates an optimizer's declaration."""
    names = optimizer.slot_names
    clip, _ = clip_of(optimizer)
    kind = {"SGD": "sgd", "RMSprop": "rmsprop"}.get(type(optimizer).__name__, "adam")
    order = {
        "sgd": ("momentum",),
        "rmsprop": ("velocity", "momentum", "average_gradient"),
        "adam": ("momentum", "velocity", "velocity_hat"),
    }[kind]
    switches = {
        "momentum": "momentum" in names,
        "nesterov": getattr(optimizer, "nesterov", False),
        "centered": "average_gradient" in names,
        "amsgrad": "velocity_hat" in names,
    }
    options = "+".join(name for name, on in switches.items() if on)
    return Rule(kind, options, clip, order)


def clip_of(optimizer: Optimizer) -> tuple[str, float]:
    """How gradients are clipped, and at what."""
    for name, limit in (
        ("value", optimizer.clipvalue),
        ("norm", optimizer.clipnorm),
        ("global", optimizer.global_clipnorm),
    ):
        if limit is not None:
            return name, float(limit)
    return "none", 0.0


class Updates:
    """The calls that change weights: norms of gradients where clipping needs them, updates.

    Args:
        plan: Has the gradients' layout.
        gradients: The memory of all chunks' gradients, one row a chunk.
        optimizer: Built for the variables that the plan has gradients of.
        order: The optimizer's variables.
    """

    def __init__(
        self, plan: Plan, gradients: NDArray[np.float32], optimizer: Optimizer, order: list[Any]
    ) -> None:
        self.optimizer = optimizer
        self.settings = np.zeros(len(SETTINGS), np.float64)
        self.norms = np.zeros(max(1, len(plan.gradients)), np.float64)
        rule = rule_of(optimizer)
        positions = {id(variable): number for number, variable in enumerate(order)}
        self.norm_calls: list[Call] = []
        self.update_calls: list[Call] = []
        for number, gradient in enumerate(plan.gradients):
            if id(gradient.variable) not in positions:
                continue  # frozen by itself, in a layer that is not
            fields = matrix_of(gradient, gradients) | {
                **self._slot_fields(rule, positions[id(gradient.variable)]),
                "settings": self.settings.ctypes.data, "norms": self.norms.ctypes.data,
                "variables": len(plan.gradients), "number": number,
            }  # fmt: skip
            if rule.clip in ("norm", "global"):
                self.norm_calls.append(plan.call(squared_norm(), UPDATE, **fields))
            kernel = update(rule.kind, rule.options, rule.clip, gradient.column_stride > 1)
            self.update_calls += [plan.call(kernel, UPDATE, **part) for part in slices(fields)]

    def _slot_fields(self, rule: Rule, position: int) -> dict[str, int]:
        """The addresses of a variable's running averages."""
        slots = self.optimizer.slots
        return {
            f"slot_{number}": slots[name][position].address if name in slots else 0
            for number, name in enumerate(rule.slots)
        }

    def refresh(self) -> None:
        """Takes the coming step's numbers from the optimizer."""
        scalars = self.optimizer.scalars() | {"clip": clip_of(self.optimizer)[1]}
        for number, name in enumerate(SETTINGS):
            self.settings[number] = scalars.get(name, 1.0)
