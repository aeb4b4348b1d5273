"""Layers that drop values, or whole channels, while training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convlet import validation
from convlet.errors import ArgumentError, ShapeError
from convlet.layers.noise import RandomLayer
from convlet.layers.spatial import check_data_format

_ALPHA, _SCALE = 1.6732632423543772, 1.0507009873554805  # selu's


class Dropout(RandomLayer):
    """Sets random values to zero while training, so that the network does not rely on any of them.

    While training `outputs = inputs * kept / (1 - rate)`, where each `kept` is 1 with probability
    `1 - rate`, else 0; otherwise `outputs = inputs`.

    Args:
        rate: The share of values that are dropped, from 0 to 1.
        noise_shape: The shape of `kept`, batch axis first: along an axis of size 1 all values are
            kept or dropped together; None stands for the size of the input's axis, and None instead
            of a shape for the input's shape.
        seed: The same seed drops the same values; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `rate` is not from 0 to 1, or `noise_shape` no shape.
        ShapeError: Where the input doesn't fit `noise_shape`.

    Example:
        >>> Dropout(0.5).compute_output_shape((None, 576))
        (None, 576)

    References:
        Srivastava et al., 2014: Dropout: a simple way to prevent neural networks from overfitting.
    """

    def __init__(
        self,
        rate: float,
        noise_shape: Sequence[int | None] | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.rate = validation.number(owner, "rate", rate, minimum=0, maximum=1)
        self.noise_shape = _noise_shape(owner, noise_shape)
        super().__init__(seed, **kwargs)

    @property
    def draws(self) -> bool:
        """Whether it changes anything in training."""
        return self.rate > 0

    @property
    def one_for_all(self) -> bool:
        """Whether all samples of a batch share what is drawn."""
        return self.noise_shape is not None and self.noise_shape[0] == 1

    def noise_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of what is drawn for one sample: 1 along axes whose values share a draw."""
        noise = sizes if self.noise_shape is None else self.noise_shape[1:]
        if len(noise) != len(sizes) or not all(map(_fits, noise, sizes)):
            raise ShapeError(
                f"{self.label} needs a noise_shape whose sizes are 1, None or the input's. "
                f"Received noise_shape={self.noise_shape} for an input of shape {(None, *sizes)}."
            )
        return tuple(1 if drawn == 1 else size for drawn, size in zip(noise, sizes, strict=True))

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's shape."""
        self.noise_sizes(sizes)
        return sizes

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "rate": self.rate, "noise_shape": self.noise_shape}


class AlphaDropout(Dropout):
    """Dropout behind selu: what is dropped becomes selu's lowest value, mean and variance stay.

    While training `outputs = a * (inputs * kept + low * (1 - kept)) + b`, where each `kept` is 1
    with probability `1 - rate`, else 0; `low = -1.7581`, `a = ((1 - rate) * (1 + rate * low**2))
    ** -0.5` and `b = -a * low * rate`. Otherwise `outputs = inputs`.

    Args:
        rate: The share of values that are dropped, from 0 to less than 1.
        noise_shape: The shape of `kept`, batch axis first: along an axis of size 1 all values are
            kept or dropped together; None stands for the size of the input's axis, and None instead
            of a shape for the input's shape.
        seed: The same seed drops the same values; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `rate` is not from 0 to less than 1, or `noise_shape` no shape.
        ShapeError: Where the input doesn't fit `noise_shape`.

    Example:
        >>> AlphaDropout(0.1).compute_output_shape((None, 576))
        (None, 576)

    References:
        Klambauer et al., 2017: Self-normalizing neural networks.
    """

    def __init__(
        self,
        rate: float,
        noise_shape: Sequence[int | None] | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        validation.number(type(self).__name__, "rate", rate, minimum=0, below=1)
        super().__init__(rate, noise_shape, seed, **kwargs)

    @property
    def affine(self) -> tuple[float, float, float]:
        """The factor and the summand of what is kept, and the value of what is dropped."""
        low = -_ALPHA * _SCALE
        factor = ((1 - self.rate) * (1 + self.rate * low**2)) ** -0.5
        summand = -factor * low * self.rate
        return factor, summand, factor * low + summand


class _SpatialDropout(Dropout):
    """The base of dropouts of whole channels."""

    _rank = 0
    _axes = ""

    def __init__(self, rate: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(rate, None, seed, **kwargs)

    def noise_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """One draw a channel."""
        if len(sizes) + 1 != self._rank:
            message = (
                f"{self.label} needs a {self._rank}D input {self._axes}. "
                f"Received shape {(None, *sizes)}."
            )
            raise ShapeError(message)
        return (*(1 for _ in sizes[:-1]), sizes[-1])

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer; Keras's takes no others."""
        config = super().get_config()
        return {key: config[key] for key in ("name", "dtype", "rate", "seed")}


class SpatialDropout1D(_SpatialDropout):
    """Drops whole channels of sequences while training.

    While training `outputs = inputs * kept / (1 - rate)`, where `kept` is 1 with probability
    `1 - rate`, else 0, and the same for all steps of a channel; otherwise `outputs = inputs`.

    Args:
        rate: The share of channels that are dropped, from 0 to 1.
        seed: The same seed drops the same channels; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        `(batch, steps, channels)`

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `rate` is not from 0 to 1.
        ShapeError: Where the input is not of that shape.

    Example:
        >>> SpatialDropout1D(0.5).compute_output_shape((None, 100, 8))
        (None, 100, 8)

    References:
        Tompson et al., 2015: Efficient object localization using convolutional networks.
    """

    _rank = 3
    _axes = "(batch, steps, channels)"


class SpatialDropout2D(_SpatialDropout):
    """Drops whole channels of images while training.

    While training `outputs = inputs * kept / (1 - rate)`, where `kept` is 1 with probability
    `1 - rate`, else 0, and the same for all pixels of a channel; otherwise `outputs = inputs`.

    Args:
        rate: The share of channels that are dropped, from 0 to 1.
        data_format: None or `"channels_last"`.
        seed: The same seed drops the same channels; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        `(batch, height, width, channels)`

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `rate` is not from 0 to 1.
        ShapeError: Where the input is not of that shape.

    Example:
        >>> SpatialDropout2D(0.5).compute_output_shape((None, 26, 26, 32))
        (None, 26, 26, 32)

    References:
        Tompson et al., 2015: Efficient object localization using convolutional networks.
    """

    _rank = 4
    _axes = "(batch, height, width, channels)"

    def __init__(
        self, rate: float, data_format: str | None = None, seed: int | None = None, **kwargs: Any
    ) -> None:
        check_data_format(type(self).__name__, data_format)
        super().__init__(rate, seed, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer; Keras's takes no others."""
        return {**super().get_config(), "data_format": "channels_last"}


def _fits(drawn: int | None, size: int) -> bool:
    return drawn in (None, 1, size)


def _noise_shape(owner: str, value: Any) -> tuple[int | None, ...] | None:
    """The shape, checked."""
    if value is None:
        return None
    shape = validation.shape(owner, "noise_shape", value)
    if not shape:
        needed = "a shape with a batch axis, or None"
        raise ArgumentError(validation.bad_argument(owner, "noise_shape", needed, value))
    return shape
