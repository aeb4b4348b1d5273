"""The layer that does nothing."""

from __future__ import annotations

from typing import Any

from convlet.layers.base import Layer


class Identity(Layer):
    """Passes its input on: a placeholder where a network may or may not have a layer.

    `outputs = inputs`

    Args:
        **kwargs: Every layer's `name`, `trainable`, `dtype`, `input_shape`.

    Input shape:
        Any.

    Output shape:
        The input's.

    Parameters:
        None.

    Example:
        >>> Identity().compute_output_shape((None, 26, 26, 32))
        (None, 26, 26, 32)
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
