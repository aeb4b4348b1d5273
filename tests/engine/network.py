"""What a row of ``networks_table`` says."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from convlet import layers, losses


class Network(NamedTuple):
    """A row: how to make the layers, what to feed them, and with how many images."""

    input_shape: tuple[int, ...]
    make_layers: Callable[[], Sequence[layers.Layer]]
    loss: losses.Loss = losses.CategoricalCrossentropy()
    batch: int = 5
    exact: bool = True
    weighted: bool = False
    images: type = np.float32
