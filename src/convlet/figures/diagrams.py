"""The operations of a convnet, with numbers on a small grid; the layers compute the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet.errors import ArgumentError
from convlet.figures.canvas import BLUE, ORANGE, PLUM, TEAL, Sheet, mix
from convlet.layers import AveragePooling2D, Conv2D, Input, Layer, MaxPooling2D
from convlet.layers.windows import output_size, pad_amounts
from convlet.models import Sequential
from convlet.validation import integer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

A_SMALL_SEVEN = (
    (0, 0, 0, 0, 0, 0),
    (0, 9, 9, 9, 9, 0),
    (0, 0, 0, 3, 9, 0),
    (0, 0, 0, 9, 3, 0),
    (0, 0, 3, 9, 0, 0),
    (0, 0, 9, 3, 0, 0),
)
LOWER_EDGES = ((1, 1, 1), (0, 0, 0), (-1, -1, -1))
WINDOW_COLOURS = (BLUE, ORANGE, TEAL, PLUM)


def convolution(
    image: ArrayLike = A_SMALL_SEVEN,
    kernel: ArrayLike = LOWER_EDGES,
    position: tuple[int, int] = (1, 1),
) -> Figure:
    """One window of a convolution: the patch under it, the kernel, and the number they make.

    Args:
        image: The numbers that the window slides over, (height, width).
        kernel: The weights of the window, (height, width).
        position: Row and column of the output that is explained.

    Returns:
        The picture: image, kernel, output, and the sum written out below.

    Raises:
        ArgumentError: Where an argument is not a matrix, the kernel is larger than the image, or
            `position` is outside the output.

    Example:
        >>> from convlet import figures
        >>> figure = figures.convolution([[1, 2], [3, 4]], [[1, -1]], position=(1, 0))
        >>> figure.axes[0].texts[-1].get_text()
        '3·1 − 4·1 = −1'
    """
    owner = "figures.convolution"
    pixels, weights = _matrix(owner, "image", image), _matrix(owner, "kernel", kernel)
    if weights.shape[0] > pixels.shape[0] or weights.shape[1] > pixels.shape[1]:
        raise ArgumentError(
            f"{owner} needs kernel to be at most as large as the image, {pixels.shape}. "
            f"Received shape {weights.shape}."
        )
    result = _convolve(pixels, weights)
    row, column = position
    if not (0 <= row < result.shape[0] and 0 <= column < result.shape[1]):
        raise ArgumentError(
            f"{owner} needs a position inside the output of shape {result.shape}. "
            f"Received position={position!r}."
        )
    (height, width), (window_height, window_width) = pixels.shape, weights.shape
    top = 1.2
    kernel_left = 0.4 + width + 1.6
    output_left = kernel_left + window_width + 1.6
    sheet = Sheet(output_left + result.shape[1] + 0.4, top + height + 2.0)
    middle = top + height / 2

    sheet.caption(0.4, 0.85, f"input {height}×{width}")
    patch = {(row + i, column + j): mix(BLUE, 0.22) for i, j in np.ndindex(weights.shape)}
    sheet.grid(0.4, top, pixels, patch, faint=pixels == 0)
    sheet.outline(0.4 + column, top + row, window_width, window_height, BLUE)

    kernel_top = middle - window_height / 2
    sheet.caption(kernel_left, kernel_top - 0.35, f"kernel {window_height}×{window_width}")
    sheet.text(kernel_left - 0.8, middle, "×", size=15)
    sheet.grid(kernel_left, kernel_top, weights, faint=weights == 0)

    output_top = middle - result.shape[0] / 2
    sheet.caption(output_left, output_top - 0.35, f"output {result.shape[0]}×{result.shape[1]}")
    sheet.arrow(kernel_left + window_width + 0.35, output_left - 0.35, middle)
    sheet.grid(output_left, output_top, result, {(row, column): mix(ORANGE, 0.35)})
    sheet.outline(output_left + column, output_top + row, 1, 1, ORANGE)

    values = pixels[row : row + window_height, column : column + window_width]
    sheet.text(sheet.width / 2, top + height + 1.0, _written_out(values, weights))
    return sheet.figure


def padding(size: int = 5, window: int = 3) -> Figure:
    """The first window without padding, and with the padding that keeps the size.

    Args:
        size: Height and width of the input.
        window: Height and width of the window.

    Returns:
        The picture: `valid` on the left, `same` on the right.

    Raises:
        ArgumentError: Where `window` is larger than `size`, or one of them is not positive.

    Example:
        >>> from convlet import figures
        >>> len(figures.padding(size=4).axes)
        1
    """
    integer("figures.padding", "size", size)
    _window_within("figures.padding", window, size)
    before, after = pad_amounts(size, window, 1, "same")
    pixels = _counting(size)
    averages = np.full((window, window), 1 / window**2)
    padded = np.pad(pixels, (before, after))
    is_padding = np.pad(np.zeros(pixels.shape, np.bool_), (before, after), constant_values=True)
    total, smaller = len(padded), output_size(size, window, 1, "valid")

    top, middle = 1.2, 1.2 + total / 2
    panels = [
        ("valid", pixels, np.zeros(pixels.shape, np.bool_), smaller),
        ("same", padded, is_padding, size),
    ]
    width = 0.4 + sum(len(cells) + 1.7 + result + 1.6 for _, cells, _, result in panels) - 1.2
    sheet = Sheet(width, top + total + 0.4)
    left = 0.4
    for name, cells, faint, result_size in panels:
        grid_top = middle - len(cells) / 2
        zeros = {(int(i), int(j)): mix(ORANGE, 0.16) for i, j in np.argwhere(faint)}
        sheet.caption(left, grid_top - 0.35, f"padding={name!r}: {size}×{size}")
        sheet.grid(left, grid_top, cells, zeros, faint)
        sheet.outline(left, grid_top, window, window, BLUE)
        left += len(cells)
        sheet.arrow(left + 0.3, left + 1.4, middle)
        left += 1.7
        result = _convolve(pixels, averages, name).round(1)
        sheet.caption(left, middle - result_size / 2 - 0.35, f"{result_size}×{result_size}")
        sheet.grid(left, middle - result_size / 2, result, {(0, 0): mix(BLUE, 0.22)})
        sheet.outline(left, middle - result_size / 2, 1, 1, BLUE)
        left += result_size + 1.6
    return sheet.figure


def strides(size: int = 7, window: int = 3, stride: int = 2) -> Figure:
    """The windows of a strided convolution, and the smaller map that they make.

    Args:
        size: Height and width of the input.
        window: Height and width of the window.
        stride: How far one window is from the next.

    Returns:
        The picture: the windows of the first and the second row's beginning, each with its output.

    Raises:
        ArgumentError: Where `window` is larger than `size`, or an argument is not positive.

    Example:
        >>> from convlet import figures
        >>> len(figures.strides(stride=3).axes)
        1
    """
    integer("figures.strides", "size", size)
    integer("figures.strides", "stride", stride)
    _window_within("figures.strides", window, size)
    pixels = _counting(size)
    averages = np.full((window, window), 1 / window**2)
    result = _convolve(pixels, averages, strides=stride).round(1)
    corners = [*((0, column) for column in range(result.shape[1])), *[(1, 0)][: len(result) - 1]]
    shown = list(zip(corners, WINDOW_COLOURS, strict=False))

    top, output_left = 1.2, 0.4 + size + 2.0
    output_top = top + (size - len(result)) / 2
    sheet = Sheet(output_left + len(result) + 0.6, top + size + 0.4)
    sheet.caption(0.4, 0.85, f"{window}×{window} windows, strides={stride}")
    sheet.grid(0.4, top, pixels)
    sheet.caption(output_left, output_top - 0.35, f"{len(result)}×{len(result)}")
    sheet.arrow(output_left - 1.6, output_left - 0.4, top + size / 2)
    sheet.grid(output_left, output_top, result, {at: mix(colour, 0.3) for at, colour in shown})
    for order, ((row, column), colour) in enumerate(shown):
        inset = 0.1 * (order % 2)  # neighbours overlap: keep both borders visible
        extent = window - 2 * inset
        sheet.outline(
            0.4 + column * stride + inset, top + row * stride + inset, extent, extent, colour
        )
        sheet.outline(output_left + column, output_top + row, 1, 1, colour)
    return sheet.figure


def pooling(image: ArrayLike | None = None, pool_size: int = 2) -> Figure:
    """Max pooling and average pooling of the same numbers.

    Args:
        image: The numbers to pool, (height, width); by default the convolution of a small seven.
        pool_size: Height and width of a window, and the distance between windows.

    Returns:
        The picture: the input in coloured windows, and what either pooling makes of each.

    Raises:
        ArgumentError: Where `image` is no matrix, or smaller than a window.

    Example:
        >>> from convlet import figures
        >>> len(figures.pooling([[1, 2], [3, 4]]).axes)
        1
    """
    if image is None:
        image = np.maximum(_convolve(_array(A_SMALL_SEVEN), _array(LOWER_EDGES)), 0)
    pixels = _matrix("figures.pooling", "image", image)
    _window_within("figures.pooling", pool_size, min(pixels.shape), argument="pool_size")
    results = [
        ("maximum", _apply(MaxPooling2D(pool_size, name="maximum"), pixels)),
        ("average", _apply(AveragePooling2D(pool_size, name="average"), pixels)),
    ]
    rows, columns = results[0][1].shape
    colours = {
        (row, column): WINDOW_COLOURS[(row * 2 + column) % 4]
        for row, column in np.ndindex(rows, columns)
    }
    top, (height, width) = 1.2, pixels.shape
    sheet = Sheet(0.4 + width + 2 * (columns + 1.7) + 0.4, top + height + 0.4)
    sheet.caption(0.4, 0.85, f"input {height}×{width}")
    fills = {
        (row * pool_size + i, column * pool_size + j): mix(colour, 0.2)
        for (row, column), colour in colours.items()
        for i, j in np.ndindex(pool_size, pool_size)
    }
    sheet.grid(0.4, top, pixels, fills)
    for (row, column), colour in colours.items():
        corner = (0.4 + column * pool_size + 0.05, top + row * pool_size + 0.05)
        sheet.outline(*corner, pool_size - 0.1, pool_size - 0.1, colour)
    left, result_top = 0.4 + width, top + (height - rows) / 2
    sheet.arrow(left + 0.35, left + 1.35, top + height / 2)
    for name, result in results:
        left += 1.7
        sheet.caption(left, result_top - 0.35, name)
        sheet.grid(left, result_top, result, {at: mix(c, 0.2) for at, c in colours.items()})
        left += columns
    return sheet.figure


def _array(values: ArrayLike) -> NDArray[np.float32]:
    return np.asarray(values, np.float32)


def _matrix(owner: str, argument: str, values: ArrayLike) -> NDArray[np.float32]:
    matrix = _array(values)
    if matrix.ndim != 2 or not matrix.size:
        raise ArgumentError(
            f"{owner} needs {argument} to be a matrix (height, width). "
            f"Received shape {matrix.shape}."
        )
    return matrix


def _window_within(owner: str, window: int, size: int, argument: str = "window") -> None:
    if integer(owner, argument, window) > size:
        raise ArgumentError(
            f"{owner} needs {argument} to be at most the input's size, {size}. "
            f"Received {argument}={window!r}."
        )


def _counting(size: int) -> NDArray[np.float32]:
    """A square of small numbers, each another than its neighbours."""
    row, column = np.indices((size, size))
    return ((2 * row + column) % 9 + 1).astype(np.float32)


def _apply(layer: Layer, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a layer makes of one image with one channel."""
    model = Sequential([Input(shape=(*pixels.shape, 1), name="grid"), layer], name="diagram")
    result: NDArray[np.float32] = model.predict(pixels[np.newaxis, :, :, np.newaxis], verbose=0)[
        0, :, :, 0
    ]
    return result


def _convolve(
    pixels: NDArray[np.float32],
    weights: NDArray[np.float32],
    padding: str = "valid",
    strides: int = 1,
) -> NDArray[np.float32]:
    layer = Conv2D(1, weights.shape, strides, padding, use_bias=False, name="convolution")
    layer.build((None, *pixels.shape, 1))
    layer.set_weights([weights[:, :, np.newaxis, np.newaxis]])
    return _apply(layer, pixels)


def _written_out(patch: NDArray[np.float32], weights: NDArray[np.float32]) -> str:
    """The sum of products as one writes it by hand, without the terms whose weight is zero."""
    terms = [
        f"{'−' if weight < 0 else '+'} {value:g}·{abs(weight):g}"
        for value, weight in zip(patch.flat, weights.flat, strict=True)
        if weight
    ]
    result = f"{float((patch * weights).sum()):g}".replace("-", "−")
    return f"{' '.join(terms).removeprefix('+ ')} = {result}"
