"""What layers share that look each pixel up at another place of the input."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.layers.augmentation import Augmentation

FILL_MODES = ("reflect", "wrap", "constant", "nearest")
INTERPOLATIONS = ("nearest", "bilinear")

Factor = float | tuple[float, float]


def check_resampling(
    owner: str, fill_mode: object, interpolation: object, fill_value: object
) -> tuple[str, str, float]:
    """Returns how values between pixels and outside of the image are found, once checked.

    Raises:
        UnknownNameError: For a name that is none of those that there are.
        ArgumentError: Where `fill_value` is not a number.

    Example:
        >>> check_resampling("RandomZoom", "wrap", "bilinear", 0)
        ('wrap', 'bilinear', 0.0)
    """
    return (
        validation.one_of(owner, "fill_mode", fill_mode, FILL_MODES),
        validation.one_of(owner, "interpolation", interpolation, INTERPOLATIONS),
        validation.number(owner, "fill_value", fill_value),
    )


class Affine(Augmentation):
    """What layers share that map each pixel to a place in the input by a matrix of each image.

    Args:
        fill_mode: What lies outside of the image: `"reflect"` (d c b a | a b c d | d c b a),
            `"wrap"` (a b c d | a b c d | a b c d), `"nearest"` (a a a a | a b c d | d d d d) or
            `"constant"`, which is `fill_value`.
        interpolation: Between pixels: `"nearest"` or `"bilinear"`.
        seed: The same seed draws the same; None takes the next one of the global sequence.
        fill_value: The value outside for `fill_mode="constant"`.
        data_format: Only `"channels_last"`.
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Attributes:
        vertical: What the factor along the height (of a rotation: the angle) is drawn from.
        horizontal: What the factor along the width is drawn from; None where there is one factor.
    """

    vertical: tuple[float, float]
    horizontal: tuple[float, float] | None = None

    def __init__(
        self,
        fill_mode: str,
        interpolation: str,
        seed: int | None,
        fill_value: float,
        data_format: str | None,
        **kwargs: Any,
    ) -> None:
        self.fill_mode, self.interpolation, self.fill_value = check_resampling(
            type(self).__name__, fill_mode, interpolation, fill_value
        )
        super().__init__(seed=seed, data_format=data_format, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "fill_mode": self.fill_mode,
            "interpolation": self.interpolation,
            "fill_value": self.fill_value,
        }


def plain_factor(factor: Any) -> Any:
    """The factor as it was given, a list as a tuple."""
    return tuple(factor) if isinstance(factor, list) else factor
