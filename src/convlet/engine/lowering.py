"""From a model's layers to the ops of a program: which layers are computed as one.

- Conv2D or Dense, bias, and relu, as an argument or as a layer behind it, are one op.
- A max pool behind it whose windows neither overlap nor leave the image joins a Conv2D.
- A softmax or sigmoid in front of its cross-entropy is computed with the loss.
- Rescaling in front of everything happens while the images are read.
- Flatten and Reshape only change how the next op sees its input.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

from convlet import layers as declared
from convlet.engine.cpu.conv2d import Convolution, Geometry
from convlet.engine.cpu.dense import Dense
from convlet.engine.cpu.dropout import Dropout
from convlet.engine.cpu.elementwise import Elementwise
from convlet.engine.cpu.losses import Softmax
from convlet.engine.cpu.pooling import Pooling
from convlet.engine.cpu.products import window_fits
from convlet.engine.cpu.reshaping import Reshaped, ZeroPadding
from convlet.engine.plan import Halo, Op
from convlet.errors import UnsupportedError
from convlet.layers import Layer
from convlet.layers.windows import pad_amounts

FUSED = ("linear", "relu")
"""Activations that a product applies before it stores."""


@dataclass
class Lowered:
    """The ops of a network, and what happens to images before the first of them."""

    ops: list[Op]
    scale: float = 1.0
    offset: float = 0.0

    def take_last(self, kind: type[Op], name: str | None = None) -> bool:
        """Removes the last op if it is of this kind (and name), and says whether it was."""
        last = self.ops[-1] if self.ops else None
        found = isinstance(last, kind) and (name is None or getattr(last, "name", None) == name)
        if found:
            self.ops.pop()
        return found


def sizes(shape: tuple[int | None, ...]) -> tuple[int, ...]:
    """The shape of one sample: all axes but the batch's, which built layers know."""
    return tuple(size for size in shape[1:] if size is not None)


def lower(layers: list[Layer]) -> Lowered:
    """Translates built layers into ops."""
    lowered = Lowered([])
    remaining = [layer for layer in layers if not isinstance(layer, declared.InputLayer)]
    while remaining and isinstance(remaining[0], declared.Rescaling):
        first: Any = remaining.pop(0)
        lowered.scale *= first.scale
        lowered.offset = lowered.offset * first.scale + first.offset
    while remaining:
        waiting = list(remaining)
        layer = remaining.pop(0)
        if isinstance(layer, declared.Conv2D | declared.Dense):
            ops = _weighted(layer, remaining)
        else:
            ops = _plain(layer)
        for op in ops:
            op.layers = tuple(waiting[: len(waiting) - len(remaining)])
        lowered.ops += ops
    return lowered


def _weighted(layer: Any, remaining: list[Layer]) -> list[Op]:
    """The op of a Conv2D or Dense; takes the layers that join it off the remaining ones."""
    activation = layer.activation.__name__
    if activation == "linear" and remaining and _is_plain_relu(remaining[0]):
        remaining.pop(0)
        activation = "relu"
    fused = activation if activation in FUSED else "linear"
    after = [] if activation in FUSED else _activation(activation)
    trainable = bool(layer.trainable_weights)
    if isinstance(layer, declared.Dense):
        return [Dense(layer.kernel, layer.bias, fused, trainable), *after]
    pool = None
    if not after and remaining and _is_simple_max_pool(remaining[0]):
        pool = remaining.pop(0).pool_size  # type: ignore[attr-defined]
    geometry = _geometry(layer)
    return [Convolution(layer.kernel, layer.bias, geometry, fused, pool, trainable), *after]


def _is_plain_relu(layer: Layer) -> bool:
    if isinstance(layer, declared.ReLU):
        return (layer.max_value, layer.negative_slope, layer.threshold) == (None, 0.0, 0.0)
    return isinstance(layer, declared.Activation) and layer.activation.__name__ == "relu"


def _is_simple_max_pool(layer: Layer) -> bool:
    """Whether the windows lie side by side inside the image and fit into a register tile."""
    if not isinstance(layer, declared.MaxPooling2D) or layer.strides != layer.pool_size:
        return False
    window = layer.pool_size[0] * layer.pool_size[1]
    return window > 1 and window_fits(window) and not any(_pads(layer))


def _pads(layer: Any) -> Halo:
    """The padding of a layer with windows."""
    window = getattr(layer, "kernel_size", None) or layer.pool_size
    dilation = getattr(layer, "dilation_rate", (1, 1))
    height, width = sizes(layer.input_shape)[:2]
    vertical, horizontal = (
        pad_amounts(size, window[axis], layer.strides[axis], layer.padding, dilation[axis])
        for axis, size in enumerate((height, width))
    )
    return Halo(*vertical, *horizontal)


def _image_size(layer: Any) -> tuple[int, int]:
    """Height and width of a layer's output."""
    height, width, _ = sizes(layer.output_shape)
    return height, width


def _geometry(layer: Any) -> Geometry:
    return Geometry(
        layer.kernel_size, layer.strides, layer.dilation_rate, _pads(layer), _image_size(layer),
    )  # fmt: skip


def _activation(name: str) -> list[Op]:
    if name == "linear":
        return []
    if name == "softmax":
        return [Softmax()]
    return [Elementwise("relu", inf)] if name == "relu" else [Elementwise(name)]


def _plain(layer: Any) -> list[Op]:
    """The op of a layer without weights."""
    match layer:
        case declared.MaxPooling2D() | declared.AveragePooling2D():
            pads = _pads(layer)
            average = isinstance(layer, declared.AveragePooling2D)
            return [
                Pooling(
                    average, layer.pool_size, layer.strides, (pads.top, pads.left),
                    _image_size(layer),
                )
            ]  # fmt: skip
        case declared.GlobalMaxPooling2D() | declared.GlobalAveragePooling2D():
            average = isinstance(layer, declared.GlobalAveragePooling2D)
            height, width, _ = sizes(layer.input_shape)
            size = (height, width)
            shape = None if layer.keepdims else sizes(layer.output_shape)
            return [Pooling(average, size, size, (0, 0), (1, 1), shape)]
        case declared.Flatten() | declared.Reshape():
            return [Reshaped(sizes(layer.output_shape))]
        case declared.Activation():
            return _activation(layer.activation.__name__)
        case declared.ReLU():
            most = inf if layer.max_value is None else layer.max_value
            return [Elementwise("relu", most, layer.negative_slope, layer.threshold)]
        case declared.Softmax():
            return [Softmax()]
        case declared.Dropout():
            return [Dropout(layer.rate, layer.seed)] if layer.rate > 0 else []
        case declared.Rescaling():
            return [Elementwise("linear", layer.scale, layer.offset)]
        case declared.ZeroPadding2D():
            (top, bottom), (left, right) = layer.padding
            return [ZeroPadding(Halo(top, bottom, left, right))]
    raise UnsupportedError(
        f"The engine does not know how to compute {type(layer).__name__} {layer.name!r}. "
        f"Received a layer of type {type(layer).__module__}.{type(layer).__name__}."
    )
