"""Networks of blocks for convlet and Keras, whose functional models have the same names."""

from __future__ import annotations

from typing import Any

from blocks import BlockNetwork, Inverted, Residual


class Blocks:
    """Layers called on tensors.

    Args:
        framework: The package.
    """

    def __init__(self, framework: Any) -> None:
        self.layers = framework.layers

    def normalised(self, x: Any, convolution: Any, ceiling: float | None, active: bool) -> Any:
        """A convolution without bias, batch normalisation, and relu if it is wanted."""
        x = self.layers.BatchNormalization()(convolution(x))
        return self.layers.ReLU(max_value=ceiling)(x) if active else x

    def conv(
        self, x: Any, filters: int, size: int, stride: int = 1, ceiling: float | None = None,
        active: bool = True,
    ) -> Any:  # fmt: skip
        """A normalised convolution."""
        convolution = self.layers.Conv2D(
            filters, size, strides=stride, padding="same", use_bias=False
        )
        return self.normalised(x, convolution, ceiling, active)

    def of_kind(self, x: Any, block: Residual | Inverted) -> Any:
        """Whichever block it is."""
        if isinstance(block, Residual):
            return self.residual(x, block)
        return self.inverted(x, block)

    def residual(self, x: Any, block: Residual) -> Any:
        """Two convolutions and what goes past them."""
        y = self.conv(x, block.filters, 3, block.stride)
        y = self.conv(y, block.filters, 3, active=False)
        if x.shape[-1] != block.filters or block.stride > 1:
            x = self.conv(x, block.filters, 1, block.stride, active=False)
        return self.layers.ReLU()(self.layers.Add()([y, x]))

    def inverted(self, x: Any, block: Inverted) -> Any:
        """Widened, filtered channel by channel, narrowed."""
        y = x
        if block.expansion > 1:
            y = self.conv(y, block.expansion * x.shape[-1], 1, ceiling=6.0)
        depthwise = self.layers.DepthwiseConv2D(
            3, strides=block.stride, padding="same", use_bias=False
        )
        y = self.normalised(y, depthwise, 6.0, True)
        y = self.conv(y, block.filters, 1, active=False)
        same = block.stride == 1 and x.shape[-1] == block.filters
        return self.layers.Add()([x, y]) if same else y


def build(framework: Any, network: BlockNetwork) -> Any:
    """The network, compiled as the chapter compiles its own."""
    blocks = Blocks(framework)
    image = framework.Input(shape=network.input_shape)
    x = blocks.conv(image, network.stem, 3)
    for block in network.blocks:
        x = blocks.of_kind(x, block)
    if network.head:
        x = blocks.conv(x, network.head, 1, ceiling=6.0)
    x = blocks.layers.GlobalAveragePooling2D()(x)
    y = blocks.layers.Dense(network.classes, activation="softmax")(x)
    model = framework.models.Model(image, y)
    model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
