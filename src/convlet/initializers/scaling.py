"""Initializers whose variance follows from how many inputs and outputs a weight joins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet import validation
from convlet.errors import ArgumentError
from convlet.initializers.random import RandomInitializer, cut_normal


class VarianceScaling(RandomInitializer):
    """Random values of variance `scale / n`, so that signals keep their size through many layers.

    `n` is the number of inputs of each output (`fan_in`), the number of outputs that each input
    reaches (`fan_out`), or their mean (`fan_avg`), times the positions of a convolution's window.

    Args:
        scale: A positive factor.
        mode: `"fan_in"`, `"fan_out"` or `"fan_avg"`.
        distribution: `"truncated_normal"`, `"untruncated_normal"` or `"uniform"`.
        seed: As for every random initializer.
        input_axes: The axes that count the inputs; None for the usual ones. Given together with
            `output_axes`, or without effect.
        output_axes: The axes that count the outputs.

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
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
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
        self.input_axes = _axes(owner, "input_axes", input_axes)
        self.output_axes = _axes(owner, "output_axes", output_axes)

    def _draw(self, generator: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
        fan_in, fan_out = self._fans(shape)
        n = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        deviation = math.sqrt(self.scale / max(1.0, n))
        if self.distribution == "uniform":
            limit = math.sqrt(3) * deviation
            return generator.uniform(-limit, limit, shape)
        if self.distribution == "untruncated_normal":
            return generator.normal(0.0, deviation, shape)
        # Cutting a normal distribution off at two standard deviations leaves 0.88 of its own.
        return deviation / 0.87962566103423978 * cut_normal(generator, shape)

    def _fans(self, shape: tuple[int, ...]) -> tuple[int, int]:
        if self.input_axes is None or self.output_axes is None:
            return _fans(shape)
        inputs, outputs = self.input_axes, self.output_axes
        return math.prod(shape[axis] for axis in inputs), math.prod(shape[axis] for axis in outputs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same initializer."""
        return {
            "scale": self.scale,
            "mode": self.mode,
            "distribution": self.distribution,
            **super().get_config(),
            "input_axes": self.input_axes,
            "output_axes": self.output_axes,
        }


class _NamedScaling(VarianceScaling):
    """A `VarianceScaling` known by its author's name: only seed and axes are left to choose."""

    settings: tuple[float, str, str]

    def __init__(
        self,
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None:
        super().__init__(*self.settings, seed, input_axes, output_axes)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same initializer."""
        config = super().get_config()
        return {name: config[name] for name in ("seed", "input_axes", "output_axes")}


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


def _axes(owner: str, argument: str, given: Sequence[int] | None) -> list[int] | None:
    if given is None:
        return None
    if not isinstance(given, Sequence) or not all(isinstance(axis, int) for axis in given):
        needed = "a list of integers, or None"
        raise ArgumentError(validation.bad_argument(owner, argument, needed, given))
    return list(given)


def _fans(shape: Sequence[int]) -> tuple[int, int]:
    """How many inputs each output has, and how many outputs each input: (fan_in, fan_out)."""
    if len(shape) < 2:
        return (math.prod(shape), math.prod(shape))
    window = math.prod(shape[:-2])
    return (window * shape[-2], window * shape[-1])
