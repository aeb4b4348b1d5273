"""What Conv2D and the pooling layers share: a window that slides over an image."""

from __future__ import annotations

from convlet import validation
from convlet.errors import ArgumentError, ShapeError
from convlet.layers.windows import dilated_size, output_size

PADDINGS = ["same", "valid"]


def check_padding(owner: str, padding: object) -> str:
    """Returns `padding` in lower case where it is known; Keras takes "SAME" too.

    Raises:
        UnknownNameError: For any other.

    Example:
        >>> check_padding("Conv2D", "SAME")
        'same'
    """
    name = padding.lower() if isinstance(padding, str) else padding
    return validation.one_of(owner, "padding", name, PADDINGS)


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
    owner: str, strides: tuple[int, int], dilation_rate: tuple[int, int]
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
    window: tuple[int, int],
    strides: tuple[int, int],
    padding: str,
    dilation_rate: tuple[int, int] = (1, 1),
) -> tuple[int, int]:
    """The height and width of what a sliding window leaves of an image.

    Args:
        label: The layer, for the error message.
        sizes: The image: (height, width, channels).
        window: Its (height, width).
        strides: How far it moves at a time.
        padding: `"valid"` or `"same"`.
        dilation_rate: How far apart its values lie.

    Raises:
        ShapeError: Where the window does not fit.

    Example:
        >>> slide("Conv2D 'conv2d'", (28, 28, 1), (3, 3), (1, 1), "valid")
        (26, 26)
    """
    height, width = (
        output_size(size, length, stride, padding, dilation)
        for size, length, stride, dilation in zip(
            sizes[:2], window, strides, dilation_rate, strict=True
        )
    )
    if height < 1 or width < 1:
        extent = " x ".join(
            str(dilated_size(length, dilation))
            for length, dilation in zip(window, dilation_rate, strict=True)
        )
        raise ShapeError(
            f"{label} needs an image of at least {extent} for its window. "
            f"Received shape {(None, *sizes)}. "
            "Use padding='same', smaller windows, or fewer layers that shrink the image before it."
        )
    return (height, width)
