"""Initializers that draw from a distribution that doesn't depend on the weight's shape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet import rng, validation
from convlet.errors import ShapeError
from convlet.initializers.base import Initializer


class RandomInitializer(Initializer):
    """The part that all random initializers share: the seed.

    Args:
        seed: The same seed gives the same values; None takes the next one of the global sequence,
            which `convlet.utils.set_random_seed` makes repeatable.
    """

    def __init__(self, seed: int | None = None) -> None:
        if seed is not None:
            seed = validation.integer(type(self).__name__, "seed", seed, minimum=0)
        self.seed = seed

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same initializer."""
        return {"seed": self.seed}

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> NDArray[Any]:
        """Values of the shape asked for."""
        return self._draw(rng.generator(self.seed), tuple(shape)).astype(dtype or np.float32)

    def _draw(self, generator: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
        """Values drawn from a generator, in float64."""
        raise NotImplementedError


def cut_normal(generator: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    """Normally distributed values; those beyond 2 are drawn again."""
    values = generator.standard_normal(shape)
    while (outside := np.abs(values) > 2.0).any():
        values[outside] = generator.standard_normal(int(outside.sum()))
    return values


class RandomUniform(RandomInitializer):
    """Values drawn evenly from `[minval, maxval)`.

    Args:
        minval: The lower bound.
        maxval: The upper bound.
        seed: As for every random initializer.
    """

    def __init__(
        self, minval: float = -0.05, maxval: float = 0.05, seed: int | None = None
    ) -> None:
        super().__init__(seed)
        self.minval = validation.number("RandomUniform", "minval", minval)
        self.maxval = validation.number("RandomUniform", "maxval", maxval, minimum=self.minval)

    def _draw(self, generator: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
        return generator.uniform(self.minval, self.maxval, shape)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same initializer."""
        return {"minval": self.minval, "maxval": self.maxval, **super().get_config()}


class RandomNormal(RandomInitializer):
    """Values drawn from a normal distribution.

    Args:
        mean: Its mean.
        stddev: Its standard deviation.
        seed: As for every random initializer.
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: int | None = None) -> None:
        super().__init__(seed)
        self.mean = validation.number(type(self).__name__, "mean", mean)
        self.stddev = validation.number(type(self).__name__, "stddev", stddev, minimum=0)

    def _draw(self, generator: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
        return generator.normal(self.mean, self.stddev, shape)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same initializer."""
        return {"mean": self.mean, "stddev": self.stddev, **super().get_config()}


class TruncatedNormal(RandomNormal):
    """Values drawn from a normal distribution; those beyond two `stddev` are drawn again."""

    def _draw(self, generator: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
        return self.mean + self.stddev * cut_normal(generator, shape)


class Orthogonal(RandomInitializer):
    """A random matrix whose columns, or rows if there are fewer, are orthogonal and of length 1.

    A weight of more than two axes is one such matrix, of its last axis and all others together.

    Args:
        gain: What the matrix is multiplied with.
        seed: As for every random initializer.

    Raises:
        ArgumentError: `gain` is not a number.

    Example:
        >>> matrix = Orthogonal(seed=1)((3, 2))
        >>> bool(np.allclose(matrix.T @ matrix, np.eye(2), atol=1e-6))
        True

    References:
        Saxe et al., 2014: Exact solutions to the nonlinear dynamics of learning in deep linear
        neural networks (arXiv:1312.6120).
    """

    def __init__(self, gain: float = 1.0, seed: int | None = None) -> None:
        super().__init__(seed)
        self.gain = validation.number("Orthogonal", "gain", gain)

    def _draw(self, generator: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
        if len(shape) < 2:
            raise ShapeError(
                f"Orthogonal needs a shape of at least 2 axes. Received shape {shape}. "
                "Use it for a kernel."
            )
        rows, columns = math.prod(shape[:-1]), shape[-1]
        tall = generator.standard_normal((max(rows, columns), min(rows, columns)))
        q, r = np.linalg.qr(tall)
        # Which of the many factors qr returns depends on signs: with these, all are as likely.
        q = q * np.sign(np.diag(r))
        matrix: NDArray[Any] = self.gain * (q if rows >= columns else q.T)
        return matrix.reshape(shape)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same initializer."""
        return {**super().get_config(), "gain": self.gain}
