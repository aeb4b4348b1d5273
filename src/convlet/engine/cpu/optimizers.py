"""From gradients to new weights: clipping, the optimizers' rules, averages; slice by slice."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import carray
from numpy.typing import NDArray

from convlet.engine.calls import Call
from convlet.engine.cpu.gradients import MATRIX, matrix_of, row_start, slices
from convlet.engine.cpu.jit import Kernel, helper, specialised
from convlet.engine.cpu.rules import NUMBERS, RULES
from convlet.engine.cpu.simd import float64_at, floats_at
from convlet.engine.cpu.whole_rules import WHOLE, WHOLE_RULES
from convlet.engine.plan import Gradient, Plan
from convlet.variable import Variable, aligned_empty

if TYPE_CHECKING:
    from convlet.optimizers import Optimizer

UPDATE = np.dtype(
    [
        *MATRIX,
        ("slot_0", np.int64),  # addresses of what is kept for the variable
        ("slot_1", np.int64),
        ("slot_2", np.int64),
        ("decays", np.int64),  # whether weight decay counts for it
        ("settings", np.int64),  # address of the step's numbers, float64: see SETTINGS
        ("norms", np.int64),  # address of the squared gradient norms of all variables
        ("variables", np.int64),
        ("number", np.int64),  # of this variable
    ]
)

SETTINGS = (
    "learning_rate",
    "weight_decay",
    "clip",  # the limit
    "active",  # 0 in a step that only gathers gradients
    "gathered",  # steps whose gradients are gathered for one change of the weights
    "ema_momentum",
    "overwrite",  # whether the weights become their averages
)
"""The numbers of a step by their places; then come the `NUMBERS` of the rule."""
_DECAY, _CLIP, _ACTIVE, _GATHERED, _EMA, _OVERWRITE = 1, 2, 3, 4, 5, 6
_FIRST = len(SETTINGS)
_LENGTH = _FIRST + NUMBERS


@specialised(UPDATE)
def gather(transposed: bool) -> Any:
    """Adds a gradient to those of the steps before; the last of them takes the mean of all."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        s = carray(float64_at(op.settings), _LENGTH)
        active, steps = s[_ACTIVE] != 0.0, np.float32(s[_GATHERED])
        for row in range(op.first_row, op.first_row + op.rows):
            span = (op.columns - 1) * op.column_stride + 1
            gradient = carray(floats_at(row_start(op, row)), span)
            sums = carray(floats_at(op.slot_0 + 4 * row * op.columns), op.columns)
            for c in range(op.columns):
                place = c * op.column_stride if transposed else c
                total = sums[c] + gradient[place]
                gradient[place] = total / steps if active else gradient[place]
                sums[c] = np.float32(0.0) if active else total

    return kernel


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
def update(rule: str, clip: str, transposed: bool) -> Any:
    """One optimizer step on some rows of a variable.

    Args:
        rule: A row of `RULES`.
        clip: "none", "value", "norm" or "global".
        transposed: Whether a gradient's columns lie apart: a loop without is a loop over vectors.
    """
    formula = RULES[rule].formula
    slots = len(RULES[rule].slots)

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        s = carray(float64_at(op.settings), _LENGTH)
        if s[_ACTIVE] == 0.0:
            return
        zero, limit = np.float32(0.0), np.float32(s[_CLIP])
        decay = np.float32(s[_DECAY] * s[0]) if op.decays != 0 else zero
        n = (
            np.float32(s[_FIRST]), np.float32(s[_FIRST + 1]), np.float32(s[_FIRST + 2]),
            np.float32(s[_FIRST + 3]), np.float32(s[_FIRST + 4]), np.float32(s[_FIRST + 5]),
        )  # fmt: skip
        factor = np.float32(1.0)
        if clip == "norm" or clip == "global":
            factor = np.float32(_clip_factor(op, clip, s[_CLIP]))
        for row in range(op.first_row, op.first_row + op.rows):
            span = (op.columns - 1) * op.column_stride + 1
            gradient = carray(floats_at(row_start(op, row)), span)
            start = 4 * row * op.columns
            w = carray(floats_at(op.weights + start), op.columns)
            slot_0 = carray(floats_at(op.slot_0 + start), op.columns)
            slot_1 = carray(floats_at(op.slot_1 + start), op.columns)
            slot_2 = carray(floats_at(op.slot_2 + start), op.columns)
            for i in range(op.columns):
                g = gradient[i * op.column_stride if transposed else i] * factor
                if clip == "value":
                    g = limit if g > limit else (-limit if g < -limit else g)
                a = slot_0[i] if slots > 0 else zero
                b = slot_1[i] if slots > 1 else zero
                c = slot_2[i] if slots > 2 else zero
                weight, a, b, c = formula(w[i] - w[i] * decay, g, a, b, c, n)
                w[i] = weight
                if slots > 0:
                    slot_0[i] = a
                if slots > 1:
                    slot_1[i] = b
                if slots > 2:
                    slot_2[i] = c

    return kernel


@specialised(UPDATE)
def average() -> Any:
    """The moving average of some rows of a variable, which they become where that is asked for."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        s = carray(float64_at(op.settings), _LENGTH)
        kept, new, overwrite = np.float32(s[_EMA]), np.float32(1.0 - s[_EMA]), s[_OVERWRITE] != 0.0
        start, size = 4 * op.first_row * op.columns, op.rows * op.columns
        w = carray(floats_at(op.weights + start), size)
        a = carray(floats_at(op.slot_0 + start), size)
        for i in range(size):
            a[i] = kept * a[i] + new * w[i]
            w[i] = a[i] if overwrite else w[i]

    return kernel


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
    """The calls that change weights, by phases.

    Args:
        plan: Has the gradients' layout.
        gradients: The memory of all chunks' gradients, one row a chunk.
        optimizer: Built for the variables that the plan has gradients of.
        order: The optimizer's variables.

    Attributes:
        phases: Lists of calls by the names of phases, in their order.
    """

    def __init__(
        self, plan: Plan, gradients: NDArray[np.float32], optimizer: Optimizer, order: list[Any]
    ) -> None:
        self.optimizer = optimizer
        self.settings = np.zeros(_LENGTH, np.float64)
        self.norms = np.zeros(max(1, len(plan.gradients)), np.float64)
        names = ("gathering", "norms", "updates", "whole updates", "averages")
        self.phases: dict[str, list[Call]] = {name: [] for name in names}
        self._plan, self._gradients = plan, gradients
        self._rule, (self._clip, _) = RULES[optimizer.rule], clip_of(optimizer)
        self._positions = {id(variable): number for number, variable in enumerate(order)}
        for number, gradient in enumerate(plan.summed_gradients):
            if id(gradient.variable) in self._positions:  # else it is frozen by itself
                self._add(number, gradient)

    def _add(self, number: int, gradient: Gradient) -> None:
        """Appends the calls for a variable."""
        variable, transposed = gradient.variable, gradient.column_stride > 1
        fields = matrix_of(gradient, self._gradients) | {
            "decays": self.optimizer.decays(variable),
            "settings": self.settings.ctypes.data, "norms": self.norms.ctypes.data,
            "variables": len(self._plan.gradients), "number": number,
        }  # fmt: skip
        rule = self._rule.slots
        slots = {name: self._memory(name, variable) for name in (*self.optimizer.slot_names, *rule)}
        if "gradient_accumulator" in slots:
            gathered = fields | {"slot_0": slots["gradient_accumulator"]}
            self._append("gathering", gather(transposed), gathered)
        if self._clip in ("norm", "global"):
            self.phases["norms"].append(self._plan.call(squared_norm(), UPDATE, **fields))
        kernel = update(self.optimizer.rule, self._clip, transposed)
        self._append("updates", kernel, fields | _numbered(slots[name] for name in rule))
        if self.optimizer.rule in WHOLE_RULES:
            self._add_whole(variable, slots)
        if "average" in slots:
            self._append("averages", average(), fields | {"slot_0": slots["average"]})

    def _append(self, phase: str, kernel: Kernel, fields: dict[str, int]) -> None:
        self.phases[phase] += [self._plan.call(kernel, UPDATE, **part) for part in slices(fields)]

    def _add_whole(self, variable: Variable, slots: dict[str, int]) -> None:
        """Appends the second half of a rule that looks at the whole variable."""
        whole, columns = WHOLE_RULES[self.optimizer.rule], variable.shape[-1]
        fields = _numbered(slots[name] for name in whole.slots)
        call = self._plan.call(
            whole.kernel(), WHOLE, **fields, weights=variable.address, columns=columns,
            rows=variable.size // columns,
            group=variable.shape[-2] if len(variable.shape) > 1 else 0,
            numbers=self.settings.ctypes.data + 8 * _FIRST,
            active=self.settings.ctypes.data + 8 * _ACTIVE,
        )  # fmt: skip
        self.phases["whole updates"].append(call)

    def _memory(self, name: str, variable: Variable) -> int:
        """The address of a slot, or of memory that only the step needs."""
        slots = self.optimizer.slots
        if name in slots:
            return slots[name][self._positions[id(variable)]].address
        memory = aligned_empty(variable.shape)
        self._plan.keep(memory)
        return int(memory.ctypes.data)

    def refresh(self) -> None:
        """Takes the coming step's numbers from the optimizer."""
        optimizer = self.optimizer
        scalars = optimizer.scalars()
        steps = optimizer.gradient_accumulation_steps or 1
        every = optimizer.ema_overwrite_frequency
        self.settings[:_FIRST] = (
            scalars["learning_rate"],
            scalars["weight_decay"],
            clip_of(optimizer)[1],
            (optimizer.iterations + 1) % steps == 0,
            steps,
            optimizer.ema_momentum if optimizer.updates else 0.0,
            every is not None and (optimizer.updates + 1) % every == 0,
        )
        numbers = self._rule.numbers(scalars)
        self.settings[_FIRST : _FIRST + len(numbers)] = numbers


def _numbered(addresses: Iterable[int]) -> dict[str, int]:
    """The fields of a record for slots by their numbers."""
    return {f"slot_{number}": address for number, address in enumerate(addresses)}
