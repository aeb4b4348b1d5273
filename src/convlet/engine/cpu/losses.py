"""Losses: the value, the predictions and the gradient of the network's last output in one pass.

Cross-entropy is computed together with the softmax or sigmoid before it where there is one: the
gradient is then simply prediction minus target, and no probability can underflow.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import carray

from convlet.engine.calls import Label
from convlet.engine.cpu.gather import pointer
from convlet.engine.cpu.jit import helper, specialised
from convlet.engine.cpu.simd import float64_at, floats_at, int32_at, int64_at
from convlet.engine.plan import Plan, Tensor

EPSILON = 1e-7
"""Keras's bound: probabilities are clipped to [EPSILON, 1 - EPSILON] before a logarithm."""

MIXTURE_FIELDS = 4
"""Floats of what an image is mixed with: an int64, its partner, and a float64, its own share."""

LOSS = np.dtype(
    [
        ("x", np.int64),  # slot offset of the network's last output
        ("dx", np.int64),  # slot offset of its gradient
        ("rows", np.int64),  # predictions an image has
        ("classes", np.int64),
        ("room", np.int64),  # scratch offset: room for one row of float64 targets
        ("targets", np.int64),  # which of the batch's arrays are targets,
        ("weights", np.int64),  # sample weights
        ("outputs", np.int64),  # and predictions
        ("losses", np.int64),  # where the chunks' losses of this output start
        ("share", np.float64),  # of this loss in the sum of all outputs' losses
        ("smoothing", np.float64),
        ("mixture", np.int64),  # slot offset of what images are mixed with, or -1
    ]
)


@helper
def _softmax_row(x: Any, t: Any, p: Any, dx: Any) -> float:
    """Computes p = softmax(x); dx = gradient; returns -sum t log p."""
    largest = x[0]
    for value in x[1:]:
        largest = value if value > largest else largest
    total = 0.0
    weight = 0.0
    for c in range(len(x)):
        total += math.exp(np.float64(x[c]) - largest)
        weight += t[c]
    log_total = math.log(total)
    loss = 0.0
    for c in range(len(x)):
        log_p = np.float64(x[c]) - largest - log_total
        probability = math.exp(log_p)
        if t[c] != 0.0:
            loss -= t[c] * log_p
        p[c] = probability
        dx[c] = probability * weight - t[c]
    return loss


@helper
def _sigmoid_row(x: Any, t: Any, p: Any, dx: Any) -> float:
    """Computes p = sigmoid(x); dx = gradient; returns the mean binary cross-entropy."""
    loss = 0.0
    for c in range(len(x)):
        z = np.float64(x[c])
        p[c] = 1.0 / (1.0 + math.exp(-z))
        loss += max(z, 0.0) - z * t[c] + math.log1p(math.exp(-abs(z)))
        dx[c] = (p[c] - t[c]) / len(x)
    return loss / len(x)


@helper
def _categorical_row(x: Any, t: Any, p: Any, dx: Any) -> float:
    """-sum t log(clip(x / sum x)) and its gradient."""
    total = 0.0
    for value in x:
        total += value
    loss = 0.0
    pulled = 0.0
    for c in range(len(x)):
        p[c] = x[c]
        share = x[c] / total
        clipped = min(max(share, EPSILON), 1.0 - EPSILON) if share == share else share
        loss -= t[c] * math.log(clipped)
        slope = -t[c] / share if EPSILON <= share <= 1.0 - EPSILON else 0.0
        dx[c] = slope / total
        pulled += slope * share
    for c in range(len(x)):
        dx[c] -= pulled / total
    return loss


@helper
def _binary_row(x: Any, t: Any, p: Any, dx: Any) -> float:
    """Mean binary cross-entropy of clipped probabilities and its gradient."""
    loss = 0.0
    for c in range(len(x)):
        p[c] = x[c]
        value = np.float64(x[c])
        clipped = min(max(value, EPSILON), 1.0 - EPSILON) if value == value else value
        loss -= t[c] * math.log(clipped) + (1.0 - t[c]) * math.log(1.0 - clipped)
        slope = (clipped - t[c]) / (clipped * (1.0 - clipped)) / len(x)
        dx[c] = slope if EPSILON <= value <= 1.0 - EPSILON else 0.0
    return loss / len(x)


@helper
def _mean_squared_row(x: Any, t: Any, p: Any, dx: Any) -> float:
    """Mean (x - t)^2 and its gradient."""
    loss = 0.0
    for c in range(len(x)):
        p[c] = x[c]
        difference = np.float64(x[c]) - t[c]
        loss += difference * difference
        dx[c] = 2.0 * difference / len(x)
    return loss / len(x)


@helper
def _add_labels(t: Any, targets: Any, row: Any, share: Any) -> None:
    """Adds a share of a row of targets that is the label of one class."""
    t[carray(int32_at(targets + 4 * row), 1)[0]] += share


@helper
def _add_targets(t: Any, targets: Any, row: Any, share: Any, smoothing: Any, spread: Any) -> None:
    """Adds a share of a row of targets, smoothed."""
    target = carray(floats_at(targets + 4 * row * len(t)), len(t))
    for c in range(len(t)):
        t[c] += share * (target[c] * (1.0 - smoothing) + smoothing / spread)


@specialised(LOSS)
def loss(kind: str, sparse: bool, keep_logits: bool) -> Any:
    """Predictions, gradient and weighted loss of a chunk.

    Args:
        kind: "softmax" or "sigmoid", cross-entropy of logits; "categorical" or "binary", of
            probabilities; "mean_squared".
        sparse: Whether targets are int32 labels, not float32 rows.
        keep_logits: Whether predictions are what the network put out, not probabilities.
    """

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        index = carray(int64_at(b.index), b.images)
        # Targets in float64, so that smoothing and sums add no rounding of their own.
        t = carray(float64_at(f.scratch + 4 * op.room), op.classes)
        targets, weights = pointer(b, op.targets), pointer(b, op.weights)
        outputs = pointer(b, op.outputs)
        total = 0.0
        for image in range(f.count):
            sample = index[f.first + image]
            weight = 1.0
            if weights != 0:
                weight = np.float64(carray(floats_at(weights + 4 * sample), 1)[0])
            scale = op.share * weight / (b.images * op.rows)
            own, partner = 1.0, sample
            if op.mixture >= 0:
                entry = f.slot + 4 * (op.mixture + MIXTURE_FIELDS * image)
                partner = carray(int64_at(entry), 1)[0]
                own = carray(float64_at(entry + 8), 1)[0]
            for row in range(op.rows):
                place = (image * op.rows + row) * op.classes
                x = carray(floats_at(f.slot + 4 * (op.x + place)), op.classes)
                dx = carray(floats_at(f.slot + 4 * (op.dx + place)), op.classes)
                output = (f.first * op.rows * op.classes) + place
                p = carray(floats_at(outputs + 4 * output), op.classes)
                t[:] = 0.0
                spread = 2 if kind == "sigmoid" or kind == "binary" else op.classes
                if sparse:
                    _add_labels(t, targets, sample * op.rows + row, own)
                else:
                    _add_targets(t, targets, sample * op.rows + row, own, op.smoothing, spread)
                if own < 1.0:
                    other = partner * op.rows + row
                    if sparse:
                        _add_labels(t, targets, other, 1.0 - own)
                    else:
                        _add_targets(t, targets, other, 1.0 - own, op.smoothing, spread)
                if kind == "softmax":
                    value = _softmax_row(x, t, p, dx)
                elif kind == "sigmoid":
                    value = _sigmoid_row(x, t, p, dx)
                elif kind == "categorical":
                    value = _categorical_row(x, t, p, dx)
                elif kind == "binary":
                    value = _binary_row(x, t, p, dx)
                else:
                    value = _mean_squared_row(x, t, p, dx)
                total += weight * value
                for c in range(op.classes):
                    dx[c] *= scale
                    if keep_logits:
                        p[c] = x[c]
        carray(float64_at(b.losses + 8 * (op.losses + f.task)), 1)[0] = total / op.rows

    return kernel


KINDS = {
    "softmax": "softmax + cross-entropy",
    "sigmoid": "sigmoid + binary cross-entropy",
    "categorical": "cross-entropy of probabilities",
    "binary": "binary cross-entropy of probabilities",
    "mean_squared": "mean squared error",
}
"""What the kinds of loss compute."""


class Ends(NamedTuple):
    """Where the loss of an output finds what it needs.

    Attributes:
        targets: Which of the batch's arrays the targets are.
        weights: Which the sample weights are.
        outputs: Which the predictions are.
        losses: Where the chunks' losses of this output start.
        share: What the loss counts for in the sum of all outputs' losses.
    """

    targets: int
    weights: int
    outputs: int
    losses: int
    share: float = 1.0


def emit_loss(
    plan: Plan, x: Tensor, kind: str, sparse: bool, keep_logits: bool, smoothing: float, ends: Ends
) -> Tensor:
    """Appends the loss of a contiguous output; returns that output's gradient."""
    plan.of(Label("loss", KINDS[kind]), "forward")
    plan.note("loss and gradient")
    dx = plan.tensor(x.shape)
    (room,) = plan.temporary(2 * x.channels)
    plan.run(
        loss(kind, sparse, keep_logits), LOSS, x=x.offset, dx=dx.offset,
        rows=x.image_stride // x.channels, classes=x.channels,
        room=room, smoothing=smoothing, **ends._asdict(),
        mixture=-1 if plan.mixture is None else plan.mixture,
    )  # fmt: skip
    return dx
