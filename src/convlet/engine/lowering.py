"""From a model's layers to the ops of a program: which layers are computed as one.

- A convolution or Dense, bias, and relu or relu6, as an argument or as a layer behind it: one op.
- A max pool behind it whose windows neither overlap nor leave the image joins a convolution.
- A sequence is an image of one row: layers over one axis are the ops over images.
- A softmax or sigmoid in front of its cross-entropy is computed with the loss.
- Rescaling in front of everything happens while the images are read.
- Flatten and Reshape only change how the next op sees its input.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, cast

from convlet import layers as declared
from convlet.engine.cpu.conv2d import Convolution, Geometry
from convlet.engine.cpu.dense import Dense
from convlet.engine.cpu.depthwise import DepthwiseConvolution
from convlet.engine.cpu.products import window_fits
from convlet.engine.cpu.repeating import RepeatedChannels
from convlet.engine.plan import NO_HALO, Op
from convlet.engine.translations import TRANSLATIONS, as_declared, image_size, pads
from convlet.engine.translations import activation as activation_ops
from convlet.errors import UnsupportedError
from convlet.layers import Layer
from convlet.layers.windows import over_image
from convlet.variable import Variable

FUSED = ("linear", "relu", "relu6")
"""Activations that convolutions and products apply before they store."""
WEIGHTED = (
    declared.Conv1D, declared.Conv2D, declared.Dense, declared.DepthwiseConv2D,
    declared.SeparableConv2D,
)  # fmt: skip
"""Layers that a relu behind them joins."""


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
        ops = _weighted(layer, remaining) if isinstance(layer, WEIGHTED) else _plain(layer)
        for op in ops:
            op.layers = tuple(waiting[: len(waiting) - len(remaining)])
        lowered.ops += ops
    return lowered


def _weighted(layer: Any, remaining: list[Layer]) -> list[Op]:
    """The ops of a layer of `WEIGHTED`; takes the layers that join it off the remaining ones."""
    activation = layer.activation.__name__
    if activation == "linear" and remaining and (relu := _plain_relu(remaining[0])):
        remaining.pop(0)
        activation = relu
    fused = activation if activation in FUSED else "linear"
    after = [] if activation in FUSED else activation_ops(activation)
    trainable = bool(layer.trainable_weights)
    if isinstance(layer, declared.Dense):
        return [Dense(layer.kernel, layer.bias, fused, trainable), *after]
    if isinstance(layer, declared.DepthwiseConv2D):
        return [*_depthwise(layer, layer.kernel, layer.bias, fused), *after]
    pool, last = None, layer
    if not after and remaining and _is_simple_max_pool(remaining[0]):
        last = cast(Any, remaining.pop(0))
        pool = over_image(last.pool_size)
    if isinstance(layer, declared.SeparableConv2D):
        one = Geometry((1, 1), (1, 1), (1, 1), NO_HALO, image_size(layer))
        mixing = Convolution(layer.pointwise_kernel, layer.bias, one, fused, pool, trainable)
        return [*_depthwise(layer, layer.depthwise_kernel, None, "linear"), mixing, *after]
    op = Convolution(layer.kernel, layer.bias, _geometry(layer), fused, pool, trainable)
    return [as_declared(op, layer, last), *after]


def _depthwise(layer: Any, kernel: Variable, bias: Variable | None, activation: str) -> list[Op]:
    """The ops of a kernel with a window, or several, for each channel."""
    times = layer.depth_multiplier
    trainable = bool(layer.trainable_weights)
    op = DepthwiseConvolution(kernel, bias, _geometry(layer), activation, trainable)
    return [RepeatedChannels(times), op] if times > 1 else [op]


def _plain_relu(layer: Layer) -> str | None:
    """Which of relu and relu6 a layer is, if it is nothing else."""
    if isinstance(layer, declared.ReLU) and (layer.negative_slope, layer.threshold) == (0.0, 0.0):
        return {None: "relu", 6.0: "relu6"}.get(layer.max_value)
    if isinstance(layer, declared.Activation) and layer.activation.__name__ in ("relu", "relu6"):
        return str(layer.activation.__name__)
    return None


def _is_simple_max_pool(layer: Layer) -> bool:
    """Whether the windows lie side by side inside the image and fit into a register tile."""
    kinds = declared.MaxPooling1D | declared.MaxPooling2D
    if not isinstance(layer, kinds) or layer.strides != layer.pool_size:
        return False
    window = prod(layer.pool_size)
    return window > 1 and window_fits(window) and not any(pads(layer))


def _geometry(layer: Any) -> Geometry:
    return Geometry(
        over_image(layer.kernel_size), over_image(layer.strides), over_image(layer.dilation_rate),
        pads(layer), image_size(layer),
    )  # fmt: skip


def _plain(layer: Layer) -> list[Op]:
    """The ops of a layer that nothing is fused with."""
    for kind in type(layer).__mro__:
        if kind in TRANSLATIONS:
            return TRANSLATIONS[kind](layer)
    raise UnsupportedError(
        f"The engine does not know how to compute {type(layer).__name__} {layer.name!r}. "
        f"Received a layer of type {type(layer).__module__}.{type(layer).__name__}."
    )
