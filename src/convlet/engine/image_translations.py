"""What op computes a layer that prepares or augments images."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convlet import layers as declared
from convlet.engine.cpu.geometric import AffineMap, Flip
from convlet.engine.plan import Op

IMAGE_TRANSLATIONS: dict[type, Callable[[Any], list[Op]]] = {
    declared.RandomFlip: lambda layer: [Flip(layer)],
    declared.RandomRotation: lambda layer: [AffineMap("rotation", layer)],
    declared.RandomShear: lambda layer: [AffineMap("shear", layer)],
    declared.RandomTranslation: lambda layer: [AffineMap("translation", layer)],
    declared.RandomZoom: lambda layer: [AffineMap("zoom", layer)],
}
"""The ops of a layer by its class."""
