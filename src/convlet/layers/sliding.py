"""What all convolutions share: a kernel that slides over images or sequences as a window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from convlet import validation
from convlet.layers.kernel import KernelLayer
from convlet.layers.spatial import PADDINGS, check_data_format, check_padding, slide
from convlet.layers.windows import Window, dilated_size, over_image


class SlidingKernel(KernelLayer):
    """The base of convolutions: their window, and what it makes of a size.

    Attributes:
        axes: How many axes its window slides along.
        paddings: The names that it knows.
    """

    axes: ClassVar[int]
    paddings: ClassVar[Sequence[str]] = PADDINGS

    def __init__(
        self,
        *,
        kernel_size: int | tuple[int, ...],
        strides: int | tuple[int, ...],
        padding: str,
        data_format: str | None,
        dilation_rate: int | tuple[int, ...],
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.kernel_size = validation.integers(owner, "kernel_size", kernel_size, self.axes)
        self.strides = validation.integers(owner, "strides", strides, self.axes)
        self.padding = check_padding(owner, padding, self.paddings)
        self.data_format = check_data_format(owner, data_format)
        self.dilation_rate = validation.integers(owner, "dilation_rate", dilation_rate, self.axes)
        super().__init__(**kwargs)

    @property
    def window(self) -> Window:
        """What one value of the output sees of the input."""
        extents = tuple(
            dilated_size(length, dilation)
            for length, dilation in zip(self.kernel_size, self.dilation_rate, strict=True)
        )
        return Window(over_image(extents), over_image(self.strides))

    def output_channels(self, channels: int) -> int:
        """The channels of the output for so many of the input."""
        raise NotImplementedError

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The window's positions along each axis, and the output's channels."""
        self._check_axes(sizes, self.axes)
        positions = slide(
            self.label, sizes, self.kernel_size, self.strides, self.padding, self.dilation_rate
        )
        return (*positions, self.output_channels(sizes[-1]))

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            "activity_regularizer": None,  # as Keras has it in convolutions alone
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "data_format": self.data_format,
            "dilation_rate": self.dilation_rate,
        }
