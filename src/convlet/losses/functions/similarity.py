"""A loss of similarities between the samples of a batch (Sun et al., 2020)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.losses.functions.arrays import floating, sigmoid, with_gradient


@dataclass(frozen=True)
class _Pairs:
    """The pairs of samples of one label, or those of two labels, seen from each sample.

    Attributes:
        distances: `1 - y_pred @ y_pred.T`, 0 at least.
        mask: Which pairs they are.
        weights: How much each pair counts, 0 outside the mask.
        lacks: How far each pair is from where it should be.
        sign: -1 where a pair should be near, 1 where it should be far.
        gamma: A factor.
    """

    distances: NDArray[Any]
    mask: NDArray[np.bool_]
    weights: NDArray[Any]
    lacks: NDArray[Any]
    sign: int
    gamma: float

    def scores(self) -> NDArray[Any]:
        """The exponents that are summed."""
        scores = self.sign * self.gamma * self.weights * self.lacks
        return np.asarray(np.where(self.mask, scores, scores.dtype.type(-np.inf)))

    def log_sum(self) -> NDArray[Any]:
        """The logarithm of the sum of `exp(scores)` for each sample; -inf without a pair."""
        scores = self.scores()
        largest = np.maximum(scores.max(axis=1, keepdims=True), np.finfo(scores.dtype).min)
        with np.errstate(divide="ignore"):  # the logarithm of 0, where there is no pair
            return np.asarray(largest[:, 0] + np.log(np.exp(scores - largest).sum(axis=1)))

    def slopes(self) -> NDArray[Any]:
        """The derivatives of each `log_sum` with respect to `y_pred @ y_pred.T`."""
        log_sum = self.log_sum()[:, np.newaxis]
        shares = np.exp(self.scores() - np.where(np.isfinite(log_sum), log_sum, 0))
        # The weight grows with the distance for pairs that should be near, and falls for the
        # others; the lack falls with it for both.
        slope = -self.sign * (self.weights > 0) * self.lacks - self.weights
        return np.asarray(-shares * self.sign * self.gamma * slope * (self.distances > 0))


def _pairs(
    y_true: ArrayLike,
    predicted: NDArray[Any],
    remove_diagonal: bool,
    gamma: float,
    margin: float,
) -> tuple[_Pairs, _Pairs]:
    """The pairs of one label, and those of two labels."""
    labels = np.asarray(y_true).astype(np.int64).reshape(-1, 1)
    distances = np.maximum(1 - predicted @ predicted.T, 0)
    positive = labels == labels.T
    negative = ~positive
    if remove_diagonal:
        positive &= ~np.eye(len(labels), dtype=bool)
    near = np.maximum((margin + distances) * positive, 0)
    far = np.maximum((1 + margin - distances) * negative, 0)
    return (
        _Pairs(distances, positive, near, margin - distances, -1, gamma),
        _Pairs(distances, negative, far, 1 - margin - distances, 1, gamma),
    )


def circle_gradient(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    remove_diagonal: bool = True,
    gamma: float = 80.0,
    margin: float = 0.4,
    weights: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """The gradient of `sum(weights * circle(...))`; every sample is in every sample's value."""
    predicted = floating(y_pred)
    near, far = _pairs(y_true, predicted, remove_diagonal, gamma, margin)
    outer = sigmoid(near.log_sum() + far.log_sum())
    if weights is not None:
        outer = outer * weights
    slopes = outer[:, np.newaxis] * (near.slopes() + far.slopes())
    return np.asarray((slopes + slopes.T) @ predicted)


@with_gradient(circle_gradient)
def circle(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    ref_labels: None = None,
    ref_embeddings: None = None,
    remove_diagonal: bool = True,
    gamma: float = 80.0,
    margin: float = 0.4,
) -> NDArray[Any]:
    """Draws samples of one label together and those of two labels apart.

    For each sample, `log(1 + sum(exp(near)) * sum(exp(far)))` with, for the distance
    `d = max(1 - y_pred @ y_pred.T, 0)` to each other sample of its label,
    `near = -gamma * (margin + d) * (margin - d)`, and to each sample of another label
    `far = gamma * max(1 + margin - d, 0) * (1 - margin - d)`
    (Sun et al., 2020, https://arxiv.org/abs/2002.10857).

    Args:
        y_true: An integer label for each sample.
        y_pred: A vector of length 1 for each sample, of shape (batch, sizes).
        ref_labels: Only None.
        ref_embeddings: Only None.
        remove_diagonal: Whether a sample makes no pair with itself.
        gamma: A factor: the larger, the more the hardest pairs count.
        margin: How far pairs of one label may be apart.

    Example:
        >>> vectors = [[1.0, 0.0], [0.8, 0.6], [0.0, 1.0], [0.6, -0.8]]
        >>> circle([0, 0, 1, 1], vectors, gamma=8.0).round(3).tolist()
        [1.1, 1.1, 26.295, 26.295]
    """
    validation.unsupported("circle", "ref_labels", ref_labels, only=None)
    validation.unsupported("circle", "ref_embeddings", ref_embeddings, only=None)
    near, far = _pairs(y_true, floating(y_pred), remove_diagonal, gamma, margin)
    return np.asarray(np.logaddexp(0, near.log_sum() + far.log_sum()))
