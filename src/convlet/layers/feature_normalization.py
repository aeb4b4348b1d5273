"""Normalization by the mean and variance of a data set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import initializers, validation
from convlet.errors import ArgumentError, ShapeError
from convlet.layers.base import Layer, WeightDeclaration
from convlet.layers.rescaling import numbers
from convlet.layers.shapes import sizes_of

BLOCK = 1024
"""Samples of an array that `adapt` looks at at a time."""


class Normalization(Layer):
    """Shifts and scales values to a mean of 0 and a variance of 1.

    `outputs = (inputs - mean) / max(sqrt(variance), 1e-7)`, or with `invert` the way back,
    `outputs = mean + inputs * max(sqrt(variance), 1e-7)`. Mean and variance are given, or found
    by `adapt` before the model is trained.

    Args:
        axis: The axis, or the axes, along which each position has a mean and a variance of its own,
            counted with the batch axis as 0: -1 is one for each channel. None is one for all.
        mean: The mean; several are one for each position along `axis`.
        variance: The variance, in the mean's shape.
        invert: Compute the way back.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Parameters:
        mean, variance: One for each position along `axis`, and count, unless they are given. None
        of them is trained.

    Raises:
        ArgumentError: Where `mean` and `variance` are not given together, or in different shapes.
        ShapeError: Where the layer is built for inputs that have no such axis, or don't fit.

    Example:
        >>> layer = Normalization()
        >>> layer.adapt(np.array([[0.0, 7.0], [2.0, 9.0]]))
        >>> [weight.numpy().tolist() for weight in layer.weights]
        [[1.0, 8.0], [1.0, 1.0], 0.0]

    References:
        LeCun et al., 1998: Efficient BackProp.
    """

    def __init__(
        self,
        axis: int | Sequence[int] | None = -1,
        mean: ArrayLike | None = None,
        variance: ArrayLike | None = None,
        invert: bool = False,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        axes = () if axis is None else axis if isinstance(axis, (tuple, list)) else (axis,)
        self.axis = tuple(validation.integer(owner, "axis", item, minimum=None) for item in axes)
        if (mean is None) != (variance is None):
            missing = "mean" if mean is None else "variance"
            raise ArgumentError(
                f"{owner} needs mean and variance together. Received no {missing}. "
                "Give both, or neither and call adapt."
            )
        self.input_mean = _numbers_or_none(owner, "mean", mean)
        self.input_variance = _numbers_or_none(owner, "variance", variance)
        if np.shape(self.input_mean) != np.shape(self.input_variance):
            raise ArgumentError(
                f"{owner} needs mean and variance of one shape. Received shapes "
                f"{np.shape(self.input_mean)} and {np.shape(self.input_variance)}."
            )
        if np.ndim(self.input_mean) > len(self.axis):
            raise ArgumentError(
                f"{owner} needs a mean with an axis for each of axis={self.axis} at most. "
                f"Received shape {np.shape(self.input_mean)}."
            )
        self.invert = validation.boolean(owner, "invert", invert)
        super().__init__(**kwargs)

    def kept_axes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The axes of a sample whose positions have means of their own, in order.

        Raises:
            ShapeError: Where a sample has no such axis.
        """
        rank = len(sizes) + 1
        for axis in self.axis:
            if not -rank < axis < rank or axis == 0:
                raise ShapeError(
                    f"{self.label} needs axis to be axes of a sample: 1 to {rank - 1}, or -1 to "
                    f"{1 - rank}. Received axis={self.axis} for inputs of shape {(None, *sizes)}."
                )
        return tuple(sorted({axis % rank - 1 for axis in self.axis}))

    def spread(self, values: NDArray[Any], sizes: tuple[int, ...]) -> NDArray[Any]:
        """Values of the kept axes, or of the last of them, at each place of a sample."""
        kept = self.kept_axes(sizes)
        shape = [1] * len(sizes)
        for axis, size in zip(reversed(kept), reversed(values.shape), strict=False):
            shape[axis] = size
        return np.broadcast_to(values.reshape(shape), sizes)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's."""
        kept = tuple(sizes[axis] for axis in self.kept_axes(sizes))
        shape = np.shape(self.input_mean)
        fits = zip(reversed(shape), reversed(kept), strict=False)
        if any(axis not in (1, size) for axis, size in fits):
            raise ShapeError(
                f"{self.label} needs inputs whose axes {self.axis} fit a mean of shape {shape}. "
                f"Received inputs of shape {(None, *sizes)}."
            )
        return sizes

    def declare_weights(self, sizes: tuple[int, ...]) -> list[WeightDeclaration]:
        """The mean, the variance and a count that Keras's older files have."""
        if self.input_mean is not None:
            return []
        kept = tuple(sizes[axis] for axis in self.kept_axes(sizes))
        zeros, ones = initializers.get("zeros"), initializers.get("ones")
        return [
            WeightDeclaration("mean", kept, zeros, trainable=False),
            WeightDeclaration("variance", kept, ones, trainable=False),
            WeightDeclaration("count", (), zeros, trainable=False),
        ]

    @property
    def mean(self) -> NDArray[Any] | None:
        """The mean that is used now, in a shape that fits a batch; None before it is built."""
        return self._fitting(0)

    @property
    def variance(self) -> NDArray[Any] | None:
        """The variance that is used now, in a shape that fits a batch; None before it is built."""
        return self._fitting(1)

    def _fitting(self, which: int) -> NDArray[Any] | None:
        if not self.built:
            return None
        sizes = sizes_of(self.label, "input_shape", self.input_shape[1:])
        kept = self.kept_axes(sizes)
        first = tuple(slice(None) if axis in kept else slice(1) for axis in range(len(sizes)))
        return self.spread(self.statistics()[which], sizes)[first][np.newaxis].astype(np.float32)

    def statistics(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """The mean and the variance that are used now, as they were given or as weights."""
        if self.input_mean is not None:
            return np.asarray(self.input_mean), np.asarray(self.input_variance)
        mean, variance, _ = self.weights
        return mean.value, variance.value

    def adapt(self, data: ArrayLike | Iterable[ArrayLike]) -> None:
        """Takes the mean and the variance of data, which replace those from before.

        Args:
            data: Samples as one array, or an iterable of batches: arrays, or tuples of which the
                first is one.

        Raises:
            ArgumentError: Where mean and variance were given, or there is no data.
            ShapeError: Where the data doesn't fit what the layer was built for.
        """
        if self.input_mean is not None:
            raise ArgumentError(
                f"{self.label} needs no adapt: mean and variance were given. "
                "Make one without them to adapt it."
            )
        count, mean, total = 0, np.zeros(()), np.zeros(())
        for batch in _batches(data):
            kept = self.kept_axes(batch.shape[1:])
            self._check_adapts(batch.shape[1:], kept)
            reduced = tuple(axis for axis in range(batch.ndim) if axis - 1 not in kept)
            size = int(np.prod([batch.shape[axis] for axis in reduced]))
            means, squares = batch.mean(axis=reduced), batch.var(axis=reduced) * size
            # Chan et al., 1983: Algorithms for computing the sample variance.
            total = total + squares + (means - mean) ** 2 * (count * size / (count + size))
            mean = mean + (means - mean) * (size / (count + size))
            count += size
        if not count:
            raise ArgumentError(f"{self.label} needs data to adapt to. Received none.")
        self.weights[0].assign(mean)
        self.weights[1].assign(total / count)

    def _check_adapts(self, sizes: tuple[int, ...], kept: tuple[int, ...]) -> None:
        """Builds the layer for samples of this shape, or checks that its weights fit them."""
        if not self.built:
            self.build((None, *sizes))
        shape = tuple(sizes[axis] for axis in kept)
        if shape != self.weights[0].shape:
            raise ShapeError(
                f"{self.label} needs data with {self.weights[0].shape} positions along axes "
                f"{self.axis}, for which it was built. Received samples of shape {sizes}."
            )

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "axis": self.axis,
            "mean": self.input_mean,
            "variance": self.input_variance,
            "invert": self.invert,
        }


def _numbers_or_none(owner: str, argument: str, value: ArrayLike | None) -> Any:
    return None if value is None else numbers(owner, argument, value)


def _batches(data: Any) -> Iterator[NDArray[np.float64]]:
    """Arrays of at least one sample, in float64."""
    blocks = data
    if hasattr(data, "shape"):
        array = np.asarray(data)
        blocks = (array[start : start + BLOCK] for start in range(0, len(array), BLOCK))
    for block in blocks:
        batch = np.asarray(block[0] if isinstance(block, tuple) else block, np.float64)
        if len(batch):
            yield batch
