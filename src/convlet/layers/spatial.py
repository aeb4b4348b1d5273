"""What convolution and pooling share: a window that slides over an image or a sequence."""

from __future__ import annotations

from collections.abc import Sequence

from convlet import validation
from convlet.errors import ArgumentError, ShapeError
from convlet.layers.windows import dilated_size, output_size

PADDINGS = ["same", "valid"]


def check_padding(owner: str, padding: object, paddings: Sequence[str] = PADDINGS) -> str:
    """Returns `padding` in lower case where it is known; Keras takes "SAME" too.

    Raises:
        UnknownNameError: For any other.

    Example:
        >>> check_padding("Conv2D", "SAME")
        'same'
    """
    name = padding.lower() if isinstance(padding, str) else padding
    return validation.one_of(owner, "padding", name, paddings)


def check_data_format(owner: str, data_format: object) -> str:
    """Returns the only layout there is: channels last.

    Raises:
        UnsupportedError: For channels first.
        UnknownNameError: For anything else.
    """
    if data_format is None:
        return "channels_last"
    name = validation.one_of(owner, "data_format", data_format, ["channels_first", "channels_last"])
    validation.unsupported(owner, "data_format", name, only="channels_last")
    return name


def check_strides_and_dilation(
    owner: str, strides: tuple[int, ...], dilation_rate: tuple[int, ...]
) -> None:
    """Refuses a window that both leaps and is spread, as Keras does.

    Raises:
        ArgumentError: Where both are above 1.
    """
    if max(strides) > 1 and max(dilation_rate) > 1:
        raise ArgumentError(
            f"{owner} needs strides or dilation_rate to be 1. "
            f"Received strides={strides} and dilation_rate={dilation_rate}."
        )


def slide(
    label: str,
    sizes: tuple[int, ...],
    window: tuple[int, ...],
    strides: tuple[int, ...],
    padding: str,
    dilation_rate: tuple[int, ...] | None = None,
) -> tuple[int, ...]:
    """The height and width of what a sliding window leaves of an image; the steps of a sequence.

    Args:
        label: The layer, for the error message.
        sizes: The image (height, width, channels), or the sequence (steps, channels).
        window: Its lengths, along each axis but the channels'.
        strides: How far it moves at a time.
        padding: `"valid"`, `"same"` or `"causal"`.
        dilation_rate: How far apart its values lie; None for side by side.

    Raises:
        ShapeError: Where the window does not fit.

    Example:
        >>> slide("Conv2D 'conv2d'", (28, 28, 1), (3, 3), (1, 1), "valid")
        (26, 26)
    """
    dilation_rate = dilation_rate or (1,) * len(window)
    positions = tuple(
        output_size(size, length, stride, padding, dilation)
        for size, length, stride, dilation in zip(
            sizes[:-1], window, strides, dilation_rate, strict=True
        )
    )
    if min(positions) < 1:
        extent = " x ".join(
            str(dilated_size(length, dilation))
            for length, dilation in zip(window, dilation_rate, strict=True)
        )
        what, needed = (
            ("image", f"an image of at least {extent}")
            if len(window) == 2
            else ("sequence", f"at least {extent} steps")
        )
        raise ShapeError(
            f"{label} needs {needed} for its window. Received shape {(None, *sizes)}. "
            f"Use padding='same', smaller windows, or fewer layers that shrink the {what} "
            "before it."
        )
    return positions
