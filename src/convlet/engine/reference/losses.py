"""Losses: the value for each sample, and its gradient with respect to the model's output.

``y`` holds the targets, ``p`` the model's output: probabilities, or logits where the name says so.
Each function returns one loss per row of the output's last axis (its mean over that axis
for the binary cross-entropy and the squared error, as in Keras); each gradient is that of these
rows' losses. ``mean_over_batch`` makes a single number of them.
"""

import numpy as np

from convlet.activations import sigmoid, softmax
from convlet.engine.reference.arrays import Floats, Integers

EPSILON = 1e-7
"""Probabilities are clipped to [EPSILON, 1 - EPSILON] before their logarithm, as in Keras."""


def mean_over_batch(losses: Floats, sample_weight: Floats | None = None) -> float:
    """``sum(w * losses) / n``: Keras's "sum_over_batch_size", where n counts rows, not weights."""
    return float((losses * row_weights(losses, sample_weight)).sum() / losses.size)


def mean_over_batch_backward(losses: Floats, sample_weight: Floats | None = None) -> Floats:
    """What each row's loss adds to the mean: ``w / n``."""
    return row_weights(losses, sample_weight) / losses.size


def row_weights(losses: Floats, sample_weight: Floats | None) -> Floats:
    """A weight for each row: its sample's, or 1."""
    if sample_weight is None:
        return np.ones_like(losses)
    weights = sample_weight.reshape(len(losses), *(1,) * (losses.ndim - 1))
    return np.broadcast_to(weights, losses.shape).astype(losses.dtype)


def one_hot(labels: Integers, classes: int) -> Floats:
    """A 1 at each label's place, else 0."""
    return np.asarray(np.arange(classes) == labels[..., np.newaxis], np.float64)


def smooth_labels(y: Floats, label_smoothing: float) -> Floats:
    """Take the share ``label_smoothing`` of the targets and spread it evenly over the classes."""
    return np.asarray(y * (1.0 - label_smoothing) + label_smoothing / y.shape[-1])


def smooth_binary_labels(y: Floats, label_smoothing: float) -> Floats:
    """Draw the targets towards 1/2."""
    return y * (1.0 - label_smoothing) + 0.5 * label_smoothing


def categorical_crossentropy(y: Floats, p: Floats) -> Floats:
    """``-sum of y * log(p)``, for ``p`` divided by its sum and then clipped."""
    shares = p / p.sum(axis=-1, keepdims=True)
    return np.asarray(-(y * np.log(_clip(shares))).sum(axis=-1))


def categorical_crossentropy_backward(y: Floats, p: Floats) -> Floats:
    """``-y / p`` through the clipping (no gradient outside) and the division by the sum."""
    total = p.sum(axis=-1, keepdims=True)
    shares = p / total
    dshares = -y / _clip(shares) * _is_inside(shares)
    return np.asarray((dshares - (dshares * shares).sum(axis=-1, keepdims=True)) / total)


def categorical_crossentropy_from_logits(y: Floats, logits: Floats) -> Floats:
    """``-sum of y * log(softmax(logits))``, the logarithm in closed form."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_total = np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return np.asarray(-(y * (shifted - log_total)).sum(axis=-1))


def categorical_crossentropy_from_logits_backward(y: Floats, logits: Floats) -> Floats:
    """``softmax(logits) * sum of y - y``: for targets that sum to 1, the prediction's error."""
    return np.asarray(softmax(logits) * y.sum(axis=-1, keepdims=True) - y)


def binary_crossentropy(y: Floats, p: Floats) -> Floats:
    """The mean of ``-y * log(p) - (1 - y) * log(1 - p)``, for ``p`` clipped."""
    p = _clip(p)
    return np.asarray(-(y * np.log(p) + (1.0 - y) * np.log(1.0 - p)).mean(axis=-1))


def binary_crossentropy_backward(y: Floats, p: Floats) -> Floats:
    """``(p - y) / (p * (1 - p))`` over the row's length, and 0 where ``p`` is clipped."""
    clipped = _clip(p)
    return np.asarray((clipped - y) / (clipped * (1.0 - clipped)) * _is_inside(p) / p.shape[-1])


def binary_crossentropy_from_logits(y: Floats, logits: Floats) -> Floats:
    """The mean of ``max(x, 0) - x * y + log(1 + exp(-|x|))``, which cannot overflow."""
    terms = np.maximum(logits, 0.0) - logits * y + np.log1p(np.exp(-np.abs(logits)))
    return np.asarray(terms.mean(axis=-1))


def binary_crossentropy_from_logits_backward(y: Floats, logits: Floats) -> Floats:
    """``sigmoid(logits) - y`` over the row's length."""
    return np.asarray((sigmoid(logits) - y) / logits.shape[-1])


def mean_squared_error(y: Floats, p: Floats) -> Floats:
    """The mean of ``(p - y)**2``."""
    return np.asarray(((p - y) ** 2).mean(axis=-1))


def mean_squared_error_backward(y: Floats, p: Floats) -> Floats:
    """``2 * (p - y)`` over the row's length."""
    return np.asarray(2.0 * (p - y) / p.shape[-1])


def _clip(p: Floats) -> Floats:
    return np.clip(p, EPSILON, 1.0 - EPSILON)


def _is_inside(p: Floats) -> Floats:
    return np.asarray((p >= EPSILON) & (p <= 1.0 - EPSILON), p.dtype)
