"""Dropout."""

from __future__ import annotations

from typing import Any

from convlet import rng, validation
from convlet.layers.base import Layer


class Dropout(Layer):
    """Sets random values to zero while training, so that the network does not rely on any of them.

    While training `outputs = inputs * kept / (1 - rate)`, where each `kept` is 1 with probability
    `1 - rate`, else 0; otherwise `outputs = inputs`.

    Args:
        rate: The share of values that are dropped, from 0 to 1.
        noise_shape: Only None.
        seed: The same seed drops the same values; None takes the next one of the global sequence.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where `rate` is not from 0 to 1.

    Example:
        >>> Dropout(0.5).compute_output_shape((None, 576))
        (None, 576)

    References:
        Srivastava et al., 2014: Dropout: a simple way to prevent neural networks from overfitting.
    """

    def __init__(
        self, rate: float, noise_shape: None = None, seed: int | None = None, **kwargs: Any
    ) -> None:
        owner = type(self).__name__
        self.rate = validation.number(owner, "rate", rate, minimum=0, maximum=1)
        validation.unsupported(owner, "noise_shape", noise_shape, only=None)
        self._given_seed = (
            None if seed is None else validation.integer(owner, "seed", seed, minimum=0)
        )
        self.seed = rng.next_seed() if self._given_seed is None else self._given_seed
        super().__init__(**kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "rate": self.rate,
            "seed": self._given_seed,
            "noise_shape": None,
        }
