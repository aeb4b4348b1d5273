"""What weights hold before training."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet import rng, validation
from convlet.registry import Registry

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Initializer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "RandomInitializer",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "deserialize",
    "get",
    "serialize",
]


class Initializer:
    """Fills a new weight: call it with a shape."""

    def __call__(self, shape: Sequence[int]) -> NDArray[Any]:
        """Values of the shape asked for."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same initializer."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Initializer:
        """Makes an initializer from what `get_config` returned."""
        return cls(**config)


class Constant(Initializer):
    """One value everywhere.

    Args:
        value: The value.

    Example:
        >>> Constant(0.1)((2,)).tolist()
        [0.1, 0.1]
    """

    def __init__(self, value: float = 0.0) -> None:
        self.value = validation.number(type(self).__name__, "value", value)

    def __call__(self, shape: Sequence[int]) -> NDArray[Any]:
        """Values of the shape asked for."""
        return np.full(tuple(shape), self.value)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same initializer."""
        return {"value": self.value}


class Zeros(Initializer):
    """Zeros, as biases start."""

    def __call__(self, shape: Sequence[int]) -> NDArray[Any]:
        """Values of the shape asked for."""
        return np.zeros(tuple(shape))


class Ones(Initializer):
    """Ones."""

    def __call__(self, shape: Sequence[int]) -> NDArray[Any]:
        """Values of the shape asked for."""
        return np.ones(tuple(shape))


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

    def _uniform(self, shape: Sequence[int], low: float, high: float) -> NDArray[Any]:
        return rng.generator(self.seed).uniform(low, high, size=tuple(shape))

    def _normal(self, shape: Sequence[int], mean: float, stddev: float) -> NDArray[Any]:
        return rng.generator(self.seed).normal(mean, stddev, size=tuple(shape))

    def _truncated_normal(self, shape: Sequence[int], mean: float, stddev: float) -> NDArray[Any]:
        generator = rng.generator(self.seed)
        values = generator.standard_normal(tuple(shape))
        while (outside := np.abs(values) > 2.0).any():
            values[outside] = generator.standard_normal(int(outside.sum()))
        return mean + stddev * values


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

    def __call__(self, shape: Sequence[int]) -> NDArray[Any]:
        """Values of the shape asked for."""
        return self._uniform(shape, self.minval, self.maxval)

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

    def __call__(self, shape: Sequence[int]) -> NDArray[Any]:
        """Values of the shape asked for."""
        return self._normal(shape, self.mean, self.stddev)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same initializer."""
        return {"mean": self.mean, "stddev": self.stddev, **super().get_config()}


class TruncatedNormal(RandomNormal):
    """Values drawn from a normal distribution; those beyond two `stddev` are drawn again."""

    def __call__(self, shape: Sequence[int]) -> NDArray[Any]:
        """Values of the shape asked for."""
        return self._truncated_normal(shape, self.mean, self.stddev)


class VarianceScaling(RandomInitializer):
    """Random values of variance `scale / n`, so that signals keep their size through many layers.

    `n` is the number of inputs of each output (`fan_in`), the number of outputs that each input
    reaches (`fan_out`), or their mean (`fan_avg`), times the positions of a convolution's window.

    Args:
        scale: A positive factor.
        mode: `"fan_in"`, `"fan_out"` or `"fan_avg"`.
        distribution: `"truncated_normal"`, `"untruncated_normal"` or `"uniform"`.
        seed: As for every random initializer.

    Example:
        >>> values = VarianceScaling(scale=2.0, distribution="uniform", seed=1)((3, 3, 16, 32))
        >>> bool(abs(values).max() <= (3 * 2.0 / (3 * 3 * 16)) ** 0.5)
        True
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
    ) -> None:
        super().__init__(seed)
        owner = type(self).__name__
        self.scale = validation.number(owner, "scale", scale, above=0)
        self.mode = validation.one_of(owner, "mode", mode, ["fan_avg", "fan_in", "fan_out"])
        self.distribution = validation.one_of(
            owner,
            "distribution",
            distribution,
            ["truncated_normal", "uniform", "untruncated_normal"],
        )

    def __call__(self, shape: Sequence[int]) -> NDArray[Any]:
        """Values of the shape asked for."""
        fan_in, fan_out = _fans(shape)
        n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        variance = self.scale / max(1.0, n)
        if self.distribution == "uniform":
            limit = math.sqrt(3 * variance)
            return self._uniform(shape, -limit, limit)
        if self.distribution == "untruncated_normal":
            return self._normal(shape, 0.0, math.sqrt(variance))
        # Cutting a normal distribution off at two standard deviations leaves 0.88 of its own.
        return self._truncated_normal(shape, 0.0, math.sqrt(variance) / 0.87962566103423978)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same initializer."""
        return {
            "scale": self.scale,
            "mode": self.mode,
            "distribution": self.distribution,
            **super().get_config(),
        }


class _NamedScaling(VarianceScaling):
    """A `VarianceScaling` known by its author's name: only the seed is left to choose."""

    settings: tuple[float, str, str]

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(*self.settings, seed=seed)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same initializer."""
        return {"seed": self.seed}


class GlorotUniform(_NamedScaling):
    """Uniform within `sqrt(6 / (fan_in + fan_out))`: what layers use where nothing else is said.

    References:
        Glorot and Bengio, 2010: Understanding the difficulty of training deep feedforward networks.
    """

    settings = (1.0, "fan_avg", "uniform")


class GlorotNormal(_NamedScaling):
    """Truncated normal of standard deviation `sqrt(2 / (fan_in + fan_out))`.

    References:
        Glorot and Bengio, 2010: Understanding the difficulty of training deep feedforward networks.
    """

    settings = (1.0, "fan_avg", "truncated_normal")


class HeUniform(_NamedScaling):
    """Uniform within `sqrt(6 / fan_in)`.

    References:
        He et al., 2015: Delving deep into rectifiers (arXiv:1502.01852).
    """

    settings = (2.0, "fan_in", "uniform")


class HeNormal(_NamedScaling):
    """Truncated normal of standard deviation `sqrt(2 / fan_in)`.

    References:
        He et al., 2015: Delving deep into rectifiers (arXiv:1502.01852).
    """

    settings = (2.0, "fan_in", "truncated_normal")


class LecunUniform(_NamedScaling):
    """Uniform within `sqrt(3 / fan_in)`.

    References:
        LeCun et al., 1998: Efficient BackProp.
    """

    settings = (1.0, "fan_in", "uniform")


class LecunNormal(_NamedScaling):
    """Truncated normal of standard deviation `sqrt(1 / fan_in)`.

    References:
        LeCun et al., 1998: Efficient BackProp.
    """

    settings = (1.0, "fan_in", "truncated_normal")


def _fans(shape: Sequence[int]) -> tuple[int, int]:
    """How many inputs each output has, and how many outputs each input: (fan_in, fan_out)."""
    if len(shape) < 2:
        return (math.prod(shape), math.prod(shape))
    window = math.prod(shape[:-2])
    return (window * shape[-2], window * shape[-1])


_registry = Registry[Initializer](
    kind="initializer",
    module="keras.initializers",
    base=Initializer,
    classes={
        "constant": Constant,
        "glorot_normal": GlorotNormal,
        "glorot_uniform": GlorotUniform,
        "he_normal": HeNormal,
        "he_uniform": HeUniform,
        "lecun_normal": LecunNormal,
        "lecun_uniform": LecunUniform,
        "ones": Ones,
        "random_normal": RandomNormal,
        "random_uniform": RandomUniform,
        "truncated_normal": TruncatedNormal,
        "variance_scaling": VarianceScaling,
        "zeros": Zeros,
    },
)

get = _registry.get
serialize = _registry.serialize
deserialize = _registry.deserialize
