"""The shape of what goes into a model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convlet import validation
from convlet.errors import ArgumentError
from convlet.layers.base import Layer
from convlet.layers.shapes import Shape, sizes_of
from convlet.layers.symbolic import Node, SymbolicTensor


class InputLayer(Layer):
    """Says what shape a model's samples have; it does nothing to them.

    Args:
        shape: The shape of one sample.
        batch_size: Only None: a batch may have any size.
        dtype: None or `"float32"`. Whatever numbers a model is given become float32.
        batch_shape: Instead of `shape`: the same with None for the batch before it.
        name: The layer's name.
        **kwargs: Settings that a file of Keras's may hold: `sparse`, `ragged`, `optional`, all only
            False or None.

    Input shape:
        (batch, *shape)

    Output shape:
        The input's.

    Parameters:
        None.

    Raises:
        ArgumentError: Where neither `shape` nor `batch_shape` is given, or both are.

    Example:
        >>> InputLayer((28, 28, 1)).batch_shape
        (None, 28, 28, 1)
    """

    is_input = True

    def __init__(
        self,
        shape: Sequence[int] | None = None,
        batch_size: None = None,
        dtype: Any = None,
        batch_shape: Sequence[int | None] | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        owner = "Input"
        validation.unsupported(owner, "batch_size", batch_size, only=None)
        for argument in ("sparse", "ragged", "optional"):
            validation.unsupported(owner, argument, kwargs.pop(argument, None) or None, only=None)
        if (shape is None) == (batch_shape is None):
            raise ArgumentError(
                f"{owner} needs either shape or batch_shape. "
                f"Received shape={shape!r} and batch_shape={batch_shape!r}."
            )
        if batch_shape is not None:
            batch_shape = validation.shape(owner, "batch_shape", batch_shape)
            validation.unsupported(owner, "batch_shape[0]", (*batch_shape, None)[0], only=None)
            shape = sizes_of(owner, "batch_shape", batch_shape[1:])
        sizes = sizes_of(owner, "shape", shape)
        super().__init__(dtype=dtype, name=name, **kwargs)
        self.build((None, *sizes))

    @property
    def batch_shape(self) -> Shape:
        """The shape of a batch: None for the batch, then the sample's sizes."""
        return self.input_shape

    def start(self) -> SymbolicTensor:
        """The symbolic tensor with which a model begins."""
        tensor = SymbolicTensor(self.batch_shape, Node(self, ()))
        self.remember_call([tensor])
        return tensor

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {"name": self.name, "dtype": self.dtype, "batch_shape": self.batch_shape}


def Input(
    shape: Sequence[int] | None = None,
    batch_size: None = None,
    dtype: Any = None,
    batch_shape: Sequence[int | None] | None = None,
    name: str | None = None,
) -> SymbolicTensor:
    """Says what shape a model's samples have: layers are called on what it returns.

    It can also be the first element of a `Sequential`.

    Args:
        shape: The shape of one sample.
        batch_size: Only None: a batch may have any size.
        dtype: None or `"float32"`.
        batch_shape: Instead of `shape`: the same with None for the batch before it.
        name: The layer's name.

    Raises:
        ArgumentError: Where `shape` is no shape.

    Example:
        >>> Input((28, 28, 1), name="image")
        <SymbolicTensor 'image', shape (None, 28, 28, 1)>
    """
    return InputLayer(shape, batch_size, dtype, batch_shape, name).start()
