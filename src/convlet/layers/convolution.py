"""What all convolutions share: a kernel that slides over an image as a window."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.layers.kernel import KernelLayer
from convlet.layers.spatial import check_data_format, check_padding, slide
from convlet.layers.windows import Window, dilated_size


class Convolution(KernelLayer):
    """The base of convolutions: their window, and what it makes of an image's size."""

    def __init__(
        self,
        *,
        kernel_size: int | tuple[int, int],
        strides: int | tuple[int, int],
        padding: str,
        data_format: str | None,
        dilation_rate: int | tuple[int, int],
        **kwargs: Any,
    ) -> None:
        owner = type(self).__name__
        self.kernel_size = validation.integer_pair(owner, "kernel_size", kernel_size)
        self.strides = validation.integer_pair(owner, "strides", strides)
        self.padding = check_padding(owner, padding)
        self.data_format = check_data_format(owner, data_format)
        self.dilation_rate = validation.integer_pair(owner, "dilation_rate", dilation_rate)
        super().__init__(**kwargs)

    @property
    def window(self) -> Window:
        """What one value of the output sees of the input."""
        height, width = (
            dilated_size(length, dilation)
            for length, dilation in zip(self.kernel_size, self.dilation_rate, strict=True)
        )
        return Window((height, width), self.strides)

    def output_channels(self, channels: int) -> int:
        """The channels of the output for so many of the input."""
        raise NotImplementedError

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """(new_height, new_width, output channels)."""
        self._check_image(sizes)
        size = slide(
            self.label, sizes, self.kernel_size, self.strides, self.padding, self.dilation_rate
        )
        return (*size, self.output_channels(sizes[-1]))

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "data_format": self.data_format,
            "dilation_rate": self.dilation_rate,
        }
