"""From the chunks' gradients to new weights: sums in fixed order, clipping, the optimizers' rules.

Gradients and running averages are updated slice by slice; each slice is a task of its own, and
since every element is treated alone it does not matter which thread takes which slice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import carray
from numpy.typing import NDArray

from convlet.engine.calls import Call
from convlet.engine.cpu.jit import helper, specialised
from convlet.engine.cpu.simd import float64_at, floats_at
from convlet.engine.plan import Gradient, Plan

if TYPE_CHECKING:
    from convlet.optimizers import Optimizer

SLICE = 8192
"""Floats that one task treats."""

SUM = np.dtype(
    [
        ("gradients", np.int64),  # address of the first chunk's gradients
        ("stride", np.int64),  # floats from one chunk's gradients to the next's
        ("start", np.int64),
        ("length", np.int64),
    ]
)


@specialised(SUM)
def sum_chunks() -> Any:
    """Adds the chunks' gradients to the first chunk's, in the order of the chunks."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        chunks = (b.images + b.chunk - 1) // b.chunk
        total = carray(floats_at(op.gradients + 4 * op.start), op.length)
        for chunk in range(1, chunks):
            start = op.gradients + 4 * (chunk * op.stride + op.start)
            gradient = carray(floats_at(start), op.length)
            for i in range(op.length):
                total[i] += gradient[i]

    return kernel


UPDATE = np.dtype(
    [
        ("weights", np.int64),  # address of the variable
        ("slot_0", np.int64),  # addresses of its running averages
        ("slot_1", np.int64),
        ("slot_2", np.int64),
        ("gradient", np.int64),  # address of its summed gradient
        ("columns", np.int64),  # layout: see plan.Gradient
        ("run", np.int64),
        ("run_stride", np.int64),
        ("column_stride", np.int64),
        ("first_row", np.int64),  # this task's part of the variable
        ("rows", np.int64),
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


@helper
def _row_start(op: Any, row: Any) -> Any:
    """Address of a gradient row's first element."""
    if op.column_stride == 1:
        return op.gradient + 4 * row * op.columns
    return op.gradient + 4 * (row // op.run * op.run_stride + row % op.run)


@specialised(UPDATE)
def squared_norm() -> Any:
    """The squared length of a variable's gradient."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        total = 0.0
        for row in range(op.rows):
            span = (op.columns - 1) * op.column_stride + 1
            g = carray(floats_at(_row_start(op, row)), span)
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
            gradient = carray(floats_at(_row_start(op, row)), span)
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
    """The calls that follow the chunks: sums, norms where clipping needs them, updates.

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
        self.sums = [
            plan.call(
                sum_chunks(), SUM, gradients=gradients.ctypes.data, stride=gradients.shape[1],
                start=start, length=min(SLICE, plan.gradient_size - start),
            )
            for start in range(0, plan.gradient_size, SLICE)
        ]  # fmt: skip
        rule = rule_of(optimizer)
        positions = {id(variable): number for number, variable in enumerate(order)}
        self.norm_calls: list[Call] = []
        self.update_calls: list[Call] = []
        for number, gradient in enumerate(plan.summed_gradients):
            if id(gradient.variable) not in positions:
                continue  # frozen by itself, in a layer that is not
            fields = self._fields(gradient, gradients, rule, positions[id(gradient.variable)])
            fields |= {"variables": len(plan.gradients), "number": number}
            rows = gradient.variable.size // gradient.columns
            if rule.clip in ("norm", "global"):
                self.norm_calls.append(plan.call(squared_norm(), UPDATE, **fields, rows=rows))
            step = max(1, SLICE // gradient.columns)
            for first in range(0, rows, step):
                part = {"first_row": first, "rows": min(step, rows - first)}
                kernel = update(rule.kind, rule.options, rule.clip, gradient.column_stride > 1)
                self.update_calls.append(plan.call(kernel, UPDATE, **fields, **part))

    def _fields(
        self, gradient: Gradient, gradients: NDArray[np.float32], rule: Rule, position: int
    ) -> dict[str, int]:
        slots = self.optimizer.slots
        addresses = [slots[name][position].address if name in slots else 0 for name in rule.slots]
        addresses += [0] * (3 - len(addresses))
        return {
            "weights": gradient.variable.address,
            "slot_0": addresses[0], "slot_1": addresses[1], "slot_2": addresses[2],
            "gradient": gradients.ctypes.data + 4 * gradient.offset,
            "columns": gradient.columns, "run": gradient.run, "run_stride": gradient.run_stride,
            "column_stride": gradient.column_stride,
            "settings": self.settings.ctypes.data, "norms": self.norms.ctypes.data,
        }  # fmt: skip

    def refresh(self) -> None:
        """Takes the coming step's numbers from the optimizer."""
        scalars = self.optimizer.scalars() | {"clip": clip_of(self.optimizer)[1]}
        for number, name in enumerate(SETTINGS):
            self.settings[number] = scalars.get(name, 1.0)
