"""What layers that change images at random have in common: a seed, and ranges to draw from."""

from __future__ import annotations

from typing import Any

from convlet import rng, validation
from convlet.errors import ArgumentError
from convlet.layers.base import Layer
from convlet.layers.spatial import check_data_format

Range = tuple[float, float]


class Augmentation(Layer):
    """A layer that changes images at random while a model trains, and else hands them on.

    What it draws for an image hangs on the layer's seed, the epoch and the image's position in the
    data given to `fit` alone: batches, their order and threads change nothing. Each call of
    `train_on_batch` counts as an epoch.

    Args:
        seed: The same seed draws the same; None takes the next one of the global sequence.
        data_format: Only `"channels_last"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.
    """

    augments = True
    takes_one_image = True

    def __init__(
        self, seed: int | None = None, data_format: str | None = None, **kwargs: Any
    ) -> None:
        owner = type(self).__name__
        self._given_seed = (
            None if seed is None else validation.integer(owner, "seed", seed, minimum=0)
        )
        self.seed = rng.next_seed() if self._given_seed is None else self._given_seed
        self.data_format = check_data_format(owner, data_format)
        super().__init__(**kwargs)

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The input's: an image."""
        self._check_image(sizes)
        return sizes

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "seed": self._given_seed,
            "data_format": self.data_format,
        }


def factor_range(
    owner: str, argument: str, value: object, lowest: float, highest: float, least: float
) -> Range:
    """The range that a factor is drawn from: two numbers, or one number and its negative.

    Args:
        owner: Who draws.
        argument: The argument's name.
        value: What was received: a number `f` is short for `(-f, f)`.
        lowest: The smallest number allowed.
        highest: The largest number allowed.
        least: Where the range of one number begins at the earliest.

    Raises:
        ArgumentError: Where `value` is anything else.

    Example:
        >>> factor_range("RandomRotation", "factor", 0.1, -1, 1, least=-1)
        (-0.1, 0.1)
        >>> factor_range("RandomInvert", "factor", (1.0, 0.5), 0, 1, least=0)
        (0.5, 1.0)
    """
    try:
        if isinstance(value, (tuple, list)):
            first, second = (
                validation.number(owner, argument, part, minimum=lowest, maximum=highest)
                for part in value
            )
            return min(first, second), max(first, second)
        factor = validation.number(owner, argument, value, minimum=lowest, maximum=highest)
    except ValueError:
        needed = f"a number from {lowest:g} to {highest:g}, or two of them"
        raise ArgumentError(validation.bad_argument(owner, argument, needed, value)) from None
    return max(-abs(factor), least), abs(factor)


def check_value_range(owner: str, value: object) -> Range:
    """The smallest and the largest value of a pixel, in this order.

    Raises:
        ArgumentError: Where `value` is not two different numbers.

    Example:
        >>> check_value_range("RandomBrightness", [0, 255])
        (0.0, 255.0)
    """
    try:
        first, second = (
            validation.number(owner, "value_range", part)
            for part in (value if isinstance(value, (tuple, list)) else ())
        )
    except ValueError:
        first = second = 0.0
    if first == second:
        needed = "the smallest and the largest value of a pixel"
        raise ArgumentError(validation.bad_argument(owner, "value_range", needed, value))
    return min(first, second), max(first, second)
