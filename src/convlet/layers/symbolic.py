"""Tensors that stand for values, and the places at which layers are used."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

from convlet.errors import UnsupportedError
from convlet.layers.shapes import Shape
from convlet.layers.structure import Structure

if TYPE_CHECKING:
    from convlet.layers.base import Layer
    from convlet.layers.graph import Wiring


_OPERATORS = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
}


class Node:
    """One place at which a layer is used.

    Args:
        layer: The layer.
        inputs: What it is given there.
        training: What it was called with: whether it acts as in training, or None.
        wiring: What a layer that is made of layers consists of, there; None for any other.
        structure: How the inputs are handed over.
    """

    def __init__(
        self,
        layer: Layer,
        inputs: Sequence[SymbolicTensor],
        training: bool | None = None,
        wiring: Wiring | None = None,
        structure: Structure = Structure(),  # noqa: B008 - it never changes
    ) -> None:
        self.layer = layer
        self.inputs = tuple(inputs)
        self.training = training
        self.wiring = wiring
        self.structure = structure


class SymbolicTensor:
    """Stands for what a layer will put out; Keras calls it KerasTensor.

    Layers are called on it. `+`, `-` and `*` of two make the merging layers, and with a number
    Rescaling, as `/` does. Anything else that would need its numbers is refused: it has none.

    Args:
        shape: Of a batch, None for the batch.
        node: What puts it out.
        index: Which of the node's outputs it is.
        name: What it is called.

    Example:
        >>> from convlet import layers
        >>> x = layers.Input((28, 28, 1))
        >>> layers.Conv2D(32, 3)(x).shape
        (None, 26, 26, 32)
    """

    dtype = "float32"

    def __init__(self, shape: Shape, node: Node, index: int = 0, name: str = "") -> None:
        self.shape = shape
        self.node = node
        self.index = index
        self.name = name or node.layer.name

    @property
    def ndim(self) -> int:
        """The number of axes, the batch's included."""
        return len(self.shape)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The shape of one sample."""
        return tuple(size for size in self.shape[1:] if size is not None)

    def __add__(self, other: Any) -> Any:
        return self._scaled(1.0, other) if _is_number(other) else self._merged("Add", other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._scaled(1.0, -other) if _is_number(other) else self._merged("Subtract", other)

    def __rsub__(self, other: Any) -> Any:
        return self._scaled(-1.0, other) if _is_number(other) else self._merged("Subtract", other)

    def __mul__(self, other: Any) -> Any:
        return self._scaled(other) if _is_number(other) else self._merged("Multiply", other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if _is_number(other) and other:
            return self._scaled(1.0 / other)
        raise self._refused(f"be divided by {other!r}")

    def __neg__(self) -> Any:
        return self._scaled(-1.0)

    def _scaled(self, scale: float, offset: float = 0.0) -> Any:
        from convlet.layers.rescaling import Rescaling

        return Rescaling(scale, offset)(self)

    def _merged(self, kind: str, other: Any) -> Any:
        from convlet.layers import merging

        if not isinstance(other, SymbolicTensor):
            raise self._refused(f"be put together with {other!r}")
        return getattr(merging, kind)()([self, other])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        raise self._refused("become an array")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        number, compute = inputs[0], _OPERATORS.get(ufunc.__name__)
        if compute is not None and _is_number(number):  # NumPy's number stands on the left
            return compute(float(number), self)
        raise self._refused("be computed with")

    def __bool__(self) -> bool:
        raise self._refused("be true or false")

    def __iter__(self) -> Any:
        raise self._refused("be gone through")

    def __getitem__(self, key: Any) -> Any:
        raise self._refused("be cut with [...]")

    def _refused(self, what: str) -> UnsupportedError:
        return UnsupportedError(
            f"The output of {self.node.layer.label} cannot {what}: it stands for numbers that come "
            "later, and convlet differentiates layers, not Python code. Compose what you need of "
            "layers: Add, Multiply, Rescaling, Reshape, Cropping2D, …"
        )

    def __repr__(self) -> str:
        return f"<SymbolicTensor {self.name!r}, shape {self.shape}>"


KerasTensor = SymbolicTensor
"""What Keras calls it."""


def _is_number(value: Any) -> bool:
    return isinstance(value, Real)
