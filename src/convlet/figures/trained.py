"""What a trained network has learned and what it sees: filters, feature maps, windows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet.errors import ArgumentError, ShapeError
from convlet.figures.canvas import (
    ACTIVATION_COLOURS,
    INK,
    LINE,
    MUTED,
    ORANGE,
    SIGNED_COLOURS,
    colour_map,
    new_figure,
)
from convlet.layers import AveragePooling2D, Conv2D, Input, Layer, MaxPooling2D, ZeroPadding2D
from convlet.layers.windows import pad_amounts
from convlet.models import Sequential
from convlet.validation import did_you_mean, integer

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WINDOWED = (Conv2D, MaxPooling2D, AveragePooling2D)


def filters(model: Sequential, layer: str | None = None, channel: int = 0) -> Figure:
    """The kernels of a convolution, one picture a filter: blue adds, orange subtracts.

    Args:
        model: A built model.
        layer: The convolution's name; the model's first convolution by default.
        channel: Which of the layer's input channels the kernels are shown for.

    Returns:
        The picture, all kernels on one colour scale around 0, which the largest 2 % exceed.

    Raises:
        ArgumentError: Where the model has no such convolution, or the layer no such channel.

    Example:
        >>> from convlet import figures, layers, models
        >>> model = models.Sequential([layers.Input((9, 9, 1)), layers.Conv2D(4, 3)])
        >>> len(figures.filters(model).axes)
        4
    """
    convolution = _convolution(model, layer)
    kernel = convolution.kernel.numpy()
    if not 0 <= channel < kernel.shape[2]:
        raise ArgumentError(
            f"figures.filters needs a channel from 0 to {kernel.shape[2] - 1} of "
            f"{convolution.name!r}. Received channel={channel!r}."
        )
    kernels = kernel[:, :, channel, :]
    columns = min(16, kernels.shape[2])
    rows = math.ceil(kernels.shape[2] / columns)
    figure = new_figure(0.62 * columns, 0.62 * rows)
    grid = figure.add_gridspec(
        rows, columns, left=0.01, right=0.99, bottom=0.01, top=0.99, wspace=0.12, hspace=0.12
    )
    limit = float(np.quantile(np.abs(kernels), 0.98)) or 1.0  # one outlier must not fade the rest
    for index in range(kernels.shape[2]):
        axes = figure.add_subplot(grid[divmod(index, columns)])
        _show(axes, kernels[:, :, index], SIGNED_COLOURS, (-limit, limit))
    return figure


def feature_maps(model: Sequential, image: ArrayLike, channels: int = 10) -> Figure:
    """What every convolution and pooling makes of an image, layer by layer.

    Args:
        model: A built model.
        image: One image as the model takes it, scaled likewise.
        channels: How many channels a layer shows: those that the image excites most.

    Returns:
        The picture: the image on top, then a row a layer, from white (nothing) to dark blue (the
        layer's largest value).

    Raises:
        ArgumentError: Where `channels` is not a positive integer, or the model has no windows.
        ShapeError: Where the image is not what the model takes.

    Example:
        >>> import numpy as np
        >>> from convlet import figures, layers, models
        >>> model = models.Sequential([layers.Input((9, 9, 1)), layers.Conv2D(4, 3)])
        >>> len(figures.feature_maps(model, np.ones((9, 9))).axes)
        5
    """
    integer("figures.feature_maps", "channels", channels)
    pixels = _one_image("figures.feature_maps", model, image)
    image_input = Input(pixels.shape[1:], name="image")
    shown = []
    for layers in _up_to_each_window("figures.feature_maps", model):
        beginning = Sequential([image_input, *layers], name="beginning")
        shown.append((layers[-1], beginning.predict(pixels, verbose=0)[0]))
    rows, columns = len(shown) + 1, max(min(channels, maps.shape[-1]) for _, maps in shown)
    figure = new_figure(1.75 + 0.78 * columns, 0.8 * rows)
    label_share = 1.75 / figure.get_figwidth()
    grid = figure.add_gridspec(
        rows, columns, left=label_share, right=0.99, bottom=0.02, top=0.98, wspace=0.08, hspace=0.1
    )
    image_axes = figure.add_subplot(grid[0, 0])
    _show(image_axes, _as_picture(pixels[0]), ACTIVATION_COLOURS, None)
    _label(image_axes, "image", pixels.shape[1:])
    for row, (layer, maps) in enumerate(shown, start=1):
        strongest = np.argsort(-maps.mean(axis=(0, 1)), kind="stable")[:columns]
        limits = (0.0, float(maps.max()) or 1.0)
        for column, index in enumerate(strongest):
            axes = figure.add_subplot(grid[row, column])
            _show(axes, maps[:, :, index], ACTIVATION_COLOURS, limits)
            if column == 0:
                _label(axes, layer.name, maps.shape)
    return figure


def receptive_field(model: Sequential, image: ArrayLike) -> Figure:
    """How much of an image one number sees after each convolution and pooling.

    Args:
        model: A built model.
        image: One image as the model takes it, scaled likewise.

    Returns:
        The picture: the image once a layer, with what the number in the middle of the layer's
        output depends on in full light.

    Raises:
        ArgumentError: Where the model has no windows.
        ShapeError: Where the image is not what the model takes.

    Example:
        >>> import numpy as np
        >>> from convlet import figures, layers, models
        >>> model = models.Sequential([layers.Input((9, 9, 1)), layers.Conv2D(4, 3)])
        >>> print(figures.receptive_field(model, np.ones((9, 9))).axes[0].get_title())
        conv2d...
        3 × 3
    """
    from matplotlib.patches import Rectangle

    pixels = _one_image("figures.receptive_field", model, image)
    seen = [
        (layers[-1].name, _seen_from_the_middle(layers, pixels.shape[1:]))
        for layers in _up_to_each_window("figures.receptive_field", model)
    ]
    figure = new_figure(1.75 * len(seen), 2.2)
    grid = figure.add_gridspec(
        1, len(seen), left=0.01, right=0.99, bottom=0.01, top=0.8, wspace=0.08
    )
    picture = _as_picture(pixels[0])
    for column, (name, ((top, bottom), (left, right))) in enumerate(seen):
        axes = figure.add_subplot(grid[0, column])
        _show(axes, picture, ACTIVATION_COLOURS, None)
        height, width = bottom - top + 1, right - left + 1
        veil = np.full((*picture.shape[:2], 4), (1.0, 1.0, 1.0, 0.72), np.float32)
        veil[max(top, 0) : bottom + 1, max(left, 0) : right + 1, 3] = 0.0
        axes.imshow(veil, interpolation="nearest")
        axes.add_patch(
            Rectangle(
                (left - 0.5, top - 0.5), width, height, fill=False, edgecolor=ORANGE, linewidth=2.0
            )
        )
        axes.set_title(f"{name}\n{height} × {width}", fontsize=9.5, color=INK, linespacing=1.35)
    return figure


def _convolution(model: Sequential, name: str | None) -> Conv2D:
    convolutions = {layer.name: layer for layer in model.layers if isinstance(layer, Conv2D)}
    if not convolutions:
        raise ArgumentError(
            f"figures.filters needs a model with a Conv2D. Received {model.name!r}, which has none."
        )
    if name is None:
        return next(iter(convolutions.values()))
    if name not in convolutions:
        listed = ", ".join(repr(known) for known in convolutions)
        raise ArgumentError(
            f"figures.filters needs layer to be one of {listed}. Received layer={name!r}. "
            f"{did_you_mean(name, convolutions)}".rstrip()
        )
    return convolutions[name]


def _up_to_each_window(owner: str, model: Sequential) -> list[list[Layer]]:
    """The model's beginnings that end in a convolution or a pooling."""
    beginnings = [
        model.layers[: index + 1]
        for index, layer in enumerate(model.layers)
        if isinstance(layer, WINDOWED)
    ]
    if not beginnings:
        raise ArgumentError(
            f"{owner} needs a model with convolutions or poolings. "
            f"Received {model.name!r}, which has none."
        )
    return beginnings


def _one_image(owner: str, model: Sequential, image: ArrayLike) -> NDArray[np.generic]:
    """The image as a batch of one; a missing channel axis is added, as there is only one image."""
    pixels = np.asarray(image)
    expected = tuple(model.input_shape[1:])
    if pixels.shape == expected[:2] and expected[2:] == (1,):
        pixels = pixels[..., np.newaxis]
    if pixels.shape != expected:
        raise ShapeError(
            f"{owner} needs one image of shape {expected}, as {model.name!r} takes them. "
            f"Received shape {np.shape(image)}."
        )
    return pixels[np.newaxis]


def _seen_from_the_middle(
    layers: Sequence[Layer], image_sizes: tuple[int, ...]
) -> list[tuple[int, int]]:
    """First and last row, and first and last column, that the middle of the last output depends on.

    Walks from the last layer to the image: an output i of a window begins at i·stride - padding.
    Rows and columns outside the image, in the padding, count too.
    """
    sizes = [image_sizes]
    for layer in layers:
        sizes.append(layer.output_sizes(sizes[-1]))
    *inputs, output = sizes
    extents = []
    for axis in (0, 1):
        first = last = (output[axis] - 1) // 2
        for layer, given in zip(reversed(layers), reversed(inputs), strict=True):
            if isinstance(layer, ZeroPadding2D):
                before = layer.padding[axis][0]
                first, last = first - before, last - before
            elif isinstance(layer, WINDOWED):
                size, stride = layer.window.size[axis], int(layer.window.strides[axis])
                before, _ = pad_amounts(given[axis], size, stride, layer.padding)
                first = first * stride - before
                last = last * stride - before + size - 1
        extents.append((first, last))
    return extents


def _as_picture(pixels: NDArray[np.generic]) -> NDArray[np.float64]:
    """Pixels scaled to 0..1 for drawing: (height, width) or (height, width, 3)."""
    low, high = float(np.min(pixels)), float(np.max(pixels))
    scaled = (pixels.astype(np.float64) - low) / ((high - low) or 1.0)
    return scaled if scaled.shape[-1] == 3 else scaled[..., 0]


def _show(
    axes: Axes,
    picture: NDArray[np.generic],
    colours: tuple[str, ...],
    limits: tuple[float, float] | None,
) -> None:
    low, high = limits or (None, None)
    axes.imshow(picture, cmap=colour_map(colours), vmin=low, vmax=high, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color(LINE)


def _label(axes: Axes, name: str, shape: tuple[int, ...]) -> None:
    """Writes a layer's name and shape to the left of its first map."""
    size = " × ".join(str(length) for length in shape)
    for words, height, points, colour in ((name, 0.62, 9.5, INK), (size, 0.36, 8.5, MUTED)):
        axes.annotate(
            words,
            (0, height),
            xytext=(-9, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=points,
            color=colour,
        )
