"""Layers that draw random numbers while training: their base, and those that add noise."""

from __future__ import annotations

from typing import Any

from convlet import rng, validation
from convlet.layers.base import Layer


class RandomLayer(Layer):
    """The base of layers that draw random numbers in training and do nothing at any other time.

    What is drawn hangs on the seed, the number of the step and a value's position in the batch.

    Args:
        seed: The same seed draws the same numbers; None takes the next one of the global sequence.
        **kwargs: Every layer's.
    """

    def __init__(self, seed: int | None, **kwargs: Any) -> None:
        self._given_seed = (
            None if seed is None else validation.integer(type(self).__name__, "seed", seed, 0)
        )
        self.seed = rng.next_seed() if self._given_seed is None else self._given_seed
        super().__init__(**kwargs)

    @property
    def draws(self) -> bool:
        """Whether it changes anything in training."""
        raise NotImplementedError

    def noise_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of what is drawn for one sample: 1 along axes whose values share a draw."""
        return sizes

    @property
    def one_for_all(self) -> bool:
        """Whether all samples of a batch share what is drawn."""
        return False

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "seed": self._given_seed}


class GaussianNoise(RandomLayer):
    """Adds normally distributed numbers while training.

    While training `outputs = inputs + stddev * noise`, with `noise` of mean 0 and standard
    deviation 1; otherwise `outputs = inputs`.

    Args:
        stddev: The standard deviation of what is added, from 0 to 1.
        seed: The same seed draws the same numbers; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `stddev` is not from 0 to 1.

    Example:
        >>> GaussianNoise(0.1).compute_output_shape((None, 28, 28, 1))
        (None, 28, 28, 1)

    References:
        Bishop, 1995: Training with noise is equivalent to Tikhonov regularization.
    """

    def __init__(self, stddev: float, seed: int | None = None, **kwargs: Any) -> None:
        owner = type(self).__name__
        self.stddev = validation.number(owner, "stddev", stddev, minimum=0, maximum=1)
        super().__init__(seed, **kwargs)

    @property
    def draws(self) -> bool:
        """Whether it changes anything in training."""
        return self.stddev > 0

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "stddev": self.stddev}


class GaussianDropout(RandomLayer):
    """Multiplies with normally distributed numbers around 1 while training.

    While training `outputs = inputs * (1 + sqrt(rate / (1 - rate)) * noise)`, with `noise` of
    mean 0 and standard deviation 1: as much noise as Dropout of that rate makes. Otherwise
    `outputs = inputs`.

    Args:
        rate: From 0 to less than 1.
        seed: The same seed draws the same numbers; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `rate` is not from 0 to less than 1.

    Example:
        >>> GaussianDropout(0.5).compute_output_shape((None, 576))
        (None, 576)

    References:
        Srivastava et al., 2014: Dropout: a simple way to prevent neural networks from overfitting.
    """

    def __init__(self, rate: float, seed: int | None = None, **kwargs: Any) -> None:
        self.rate = validation.number(type(self).__name__, "rate", rate, minimum=0, below=1)
        super().__init__(seed, **kwargs)

    @property
    def draws(self) -> bool:
        """Whether it changes anything in training."""
        return self.rate > 0

    @property
    def stddev(self) -> float:
        """The standard deviation of the factors."""
        return float((self.rate / (1 - self.rate)) ** 0.5)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "rate": self.rate}
