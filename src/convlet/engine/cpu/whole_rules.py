"""Update rules that look at a whole array of weights: their second half, one kernel an array.

The first half is in `rules`: weights have decayed by then, and gradients are clipped.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numba import carray

from convlet.engine.cpu.jit import Kernel, helper, specialised
from convlet.engine.cpu.rules import CLIPPED, NUMBERS
from convlet.engine.cpu.simd import float64_at, floats_at

WHOLE = np.dtype(
    [
        ("weights", np.int64),  # address of the variable
        ("columns", np.int64),  # length of its last axis
        ("rows", np.int64),
        ("group", np.int64),  # rows that share the axes before the last two; 0 for one axis
        ("slot_0", np.int64),  # addresses of what is kept for it
        ("slot_1", np.int64),
        ("slot_2", np.int64),
        ("slot_3", np.int64),
        ("numbers", np.int64),  # address of the rule's numbers of the step, float64
        ("active", np.int64),  # address of a float64: 0 in a step that changes no weights
    ]
)


class WholeRule(NamedTuple):
    """A row of the table: the kernel, and which slots it finds in its record."""

    kernel: Callable[[], Kernel]
    slots: tuple[str, ...]


@helper
def _is_active(op: Any) -> Any:
    return carray(float64_at(op.active), 1)[0] != 0.0


@helper
def _adam_step(m: Any, v: Any, fix_1: Any, fix_2: Any, epsilon: Any) -> Any:
    return m * fix_1 / (np.sqrt(v * fix_2) + epsilon)


@specialised(WHOLE)
def lamb() -> Any:
    """Adam's step, as long as the array's norm asks for."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        if not _is_active(op):
            return
        n = carray(float64_at(op.numbers), NUMBERS)
        rate = n[2]
        fix_1, fix_2, epsilon = np.float32(n[3]), np.float32(n[4]), np.float32(n[5])
        size = op.rows * op.columns
        w = carray(floats_at(op.weights), size)
        m = carray(floats_at(op.slot_0), size)
        v = carray(floats_at(op.slot_1), size)
        weights, steps = 0.0, 0.0
        for i in range(size):
            weights += np.float64(w[i]) ** 2
            steps += np.float64(_adam_step(m[i], v[i], fix_1, fix_2, epsilon)) ** 2
        if weights > 0.0 and steps > 0.0:
            rate *= math.sqrt(weights / steps)
        length = np.float32(rate)
        for i in range(size):
            w[i] -= length * _adam_step(m[i], v[i], fix_1, fix_2, epsilon)

    return kernel


@helper
def _factored_velocity(op: Any, group: Any, g: Any, v: Any, n: Any) -> None:
    """Means of rows and of columns of a group of rows, and their product."""
    beta, new, epsilon = np.float32(n[1]), np.float32(1.0 - n[1]), np.float32(n[2])
    rows, columns = op.group, op.columns
    r = carray(floats_at(op.slot_1 + 4 * group * rows), rows)
    c = carray(floats_at(op.slot_2 + 4 * group * columns), columns)
    first = group * rows * columns
    for column in range(columns):
        c[column] *= beta
    total = 0.0
    for row in range(rows):
        mean = 0.0
        for column in range(columns):
            gradient = g[first + row * columns + column]
            square = gradient * gradient + epsilon
            mean += np.float64(square)
            c[column] += new * square / np.float32(rows)
        r[row] = beta * r[row] + new * np.float32(mean / columns)
        total += r[row]
    share = np.float32(total / rows)
    for row in range(rows):
        of_row = r[row] / share
        for column in range(columns):
            v[first + row * columns + column] = of_row * c[column]


@specialised(WHOLE)
def adafactor() -> Any:
    """Mean squares as products of those of rows and columns; a step no longer than a bound."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        if not _is_active(op):
            return
        n = carray(float64_at(op.numbers), NUMBERS)
        size = op.rows * op.columns
        w = carray(floats_at(op.weights), size)
        g = carray(floats_at(op.slot_0), size)
        v = carray(floats_at(op.slot_3), size)
        if op.group != 0:
            for group in range(op.rows // op.group):
                _factored_velocity(op, group, g, v, n)
        else:
            beta, new, epsilon = np.float32(n[1]), np.float32(1.0 - n[1]), np.float32(n[2])
            for i in range(size):
                v[i] = beta * v[i] + new * (g[i] * g[i] + epsilon)
        weights, steps = 0.0, 0.0
        for i in range(size):
            weights += np.float64(w[i]) ** 2
            steps += np.float64(g[i] / np.sqrt(v[i])) ** 2
        length = n[0] * max(n[3], math.sqrt(weights / size))
        length /= max(1.0, math.sqrt(steps / size) / n[4])
        for i in range(size):
            w[i] -= np.float32(length) * (g[i] / np.sqrt(v[i]))

    return kernel


WHOLE_RULES = {
    "adafactor": WholeRule(adafactor, (CLIPPED, "r", "c", "velocity")),
    "lamb": WholeRule(lamb, ("momentum", "velocity")),
}
"""The second halves by `Optimizer.rule`."""
