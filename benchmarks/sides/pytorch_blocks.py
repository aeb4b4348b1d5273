"""Networks of blocks for PyTorch; the settings of Keras's batch normalisation."""

from __future__ import annotations

from typing import Any

from torch import nn

from blocks import BlockNetwork, Inverted, Residual


def normalised(convolution: Any, channels: int, relu: Any = None) -> list[Any]:
    """A convolution, batch normalisation, and relu if it is wanted."""
    return [convolution, nn.BatchNorm2d(channels, 1e-3, 0.01), *([relu] if relu else [])]


def conv(inputs: int, filters: int, size: int, stride: int = 1, relu: Any = None) -> list[Any]:
    """A normalised convolution without bias."""
    convolution = nn.Conv2d(inputs, filters, size, stride, size // 2, bias=False)
    return normalised(convolution, filters, relu)


class ResidualBlock(nn.Module):  # type: ignore[misc]
    """Two convolutions and what goes past them."""

    def __init__(self, inputs: int, block: Residual) -> None:
        super().__init__()
        filters, stride = block.filters, block.stride
        relu = nn.ReLU(inplace=True)
        self.body = nn.Sequential(
            *conv(inputs, filters, 3, stride, relu), *conv(filters, filters, 3)
        )
        past = inputs != filters or stride > 1
        self.past = nn.Sequential(*(conv(inputs, filters, 1, stride) if past else []))
        self.relu = relu

    def forward(self, x: Any) -> Any:
        """The block's output."""
        return self.relu(self.body(x).add_(self.past(x)))


class InvertedBlock(nn.Module):  # type: ignore[misc]
    """Widened, filtered channel by channel, narrowed."""

    def __init__(self, inputs: int, block: Inverted) -> None:
        super().__init__()
        wide = block.expansion * inputs
        relu6 = nn.ReLU6(inplace=True)
        depthwise = nn.Conv2d(wide, wide, 3, block.stride, 1, groups=wide, bias=False)
        self.body = nn.Sequential(
            *(conv(inputs, wide, 1, relu=relu6) if block.expansion > 1 else []),
            *normalised(depthwise, wide, relu6),
            *conv(wide, block.filters, 1),
        )
        self.adds = block.stride == 1 and inputs == block.filters

    def forward(self, x: Any) -> Any:
        """The block's output."""
        y = self.body(x)
        return y + x if self.adds else y


def features(network: BlockNetwork) -> tuple[Any, int]:
    """All up to the global average, and how many channels come out."""
    layers = conv(network.input_shape[2], network.stem, 3, relu=nn.ReLU(inplace=True))
    channels = network.stem
    for block in network.blocks:
        kind: Any = ResidualBlock if isinstance(block, Residual) else InvertedBlock
        layers.append(kind(channels, block))
        channels = block.filters
    if network.head:
        layers += conv(channels, network.head, 1, relu=nn.ReLU6(inplace=True))
        channels = network.head
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1)), channels
