"""An ONNX graph while it is put together: nodes, constants, and tensors in either layout.

A tensor exists in the layout in which it was made: channels last, as convlet and Keras have it, or
channels first, as ONNX's convolutions and pools want it. The other one is made, by a Transpose,
where it is first asked for. What computes each value by itself takes whichever is there. So a chain
of convolutions, normalizations, activations and pools is transposed once at each of its ends.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Operand: TypeAlias = str | float | NDArray[Any]
"""What an operation takes: a value by its name, or a constant; a number is one of float32."""
FIRST, LAST = "first", "last"


class Tensor:
    """A tensor of the graph.

    Args:
        sizes: The shape of one sample, channels last.
        name: What the graph calls it.
        layout: In which layout it was made: `LAST` or `FIRST`.

    Attributes:
        names: What the graph calls it in each of the layouts in which it exists.
    """

    def __init__(self, sizes: Sequence[int], name: str, layout: str = LAST) -> None:
        self.sizes = tuple(sizes)
        self.layout = layout
        both_the_same = self.rank < 3
        self.names = {FIRST: name, LAST: name} if both_the_same else {layout: name}

    @property
    def rank(self) -> int:
        """The number of axes, the batch's included."""
        return len(self.sizes) + 1

    @property
    def channels(self) -> int:
        """The length of the last axis."""
        return self.sizes[-1]

    def axis(self, number: int, layout: str) -> int:
        """Where an axis, numbered as with channels last, is in a layout."""
        number %= self.rank
        if layout == LAST or self.rank < 3 or number == 0:
            return number
        return 1 if number == self.rank - 1 else number + 1


class OnnxGraph:
    """Nodes and constants, in an order in which they can be computed.

    Attributes:
        nodes: ONNX's nodes.
        initializers: ONNX's constants.
        scope: The name of the layer whose nodes are added.
    """

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []
        self.scope = ""
        self._used: Counter[str] = Counter()
        self._constants: dict[tuple[Any, ...], str] = {}

    def add(self, operation: str, *operands: Operand, outputs: int = 1, **attributes: Any) -> Any:
        """Adds a node.

        Args:
            operation: ONNX's name of it.
            *operands: What it takes; an empty name leaves an optional one out.
            outputs: How many values it makes.
            **attributes: Its settings.

        Returns:
            The name of the value that it makes, or a list of several names.
        """
        from onnx import helper

        inputs = [self._named(operand) for operand in operands]
        name = self._unique(operation)
        made = [name] if outputs == 1 else [f"{name}:{number}" for number in range(outputs)]
        self.nodes.append(helper.make_node(operation, inputs, made, name=name, **attributes))
        return name if outputs == 1 else made

    def constant(self, values: ArrayLike, hint: str = "constant") -> str:
        """The name of a constant; equal ones are kept once, as the weights of a shared layer."""
        from onnx import numpy_helper

        array = np.asarray(values)
        if array.dtype.kind == "f":
            array = array.astype(np.float32)
        array = np.array(array, order="C")
        key = (array.dtype.str, array.shape, hashlib.sha256(array.tobytes()).digest())
        if key not in self._constants:
            self._constants[key] = name = self._unique(hint)
            self.initializers.append(numpy_helper.from_array(array, name))
        return self._constants[key]

    def last(self, x: Tensor) -> str:
        """The name of a tensor with its channels last."""
        return self._in(x, LAST)

    def first(self, x: Tensor) -> str:
        """The name of a tensor with its channels first."""
        return self._in(x, FIRST)

    def own(self, x: Tensor) -> str:
        """The name of a tensor in the layout in which it was made."""
        return self._in(x, x.layout)

    def each(self, x: Tensor, compute: Callable[[str], str]) -> Tensor:
        """What a function of single values makes of a tensor, in the tensor's own layout."""
        return Tensor(x.sizes, compute(self.own(x)), x.layout)

    def spread(self, values: ArrayLike, x: Tensor) -> NDArray[Any]:
        """An array that NumPy's rules broadcast to a sample of `x`, to fit `x`'s own layout."""
        array = np.asarray(values, np.float32)
        array = array.reshape((1,) * (x.rank - array.ndim) + array.shape)
        return np.moveaxis(array, -1, 1) if x.layout == FIRST and x.rank > 2 else array

    def reshaped(self, name: str, sizes: Sequence[int]) -> str:
        """A value whose samples have another shape."""
        return str(self.add("Reshape", name, np.array([0, *sizes], np.int64)))

    def finish(self, name: str, output: str) -> None:
        """Gives a value the name of one of the graph's outputs."""
        from onnx import helper

        self.nodes.append(helper.make_node("Identity", [name], [output], name=f"{output}/output"))

    def _named(self, operand: Operand) -> str:
        if isinstance(operand, str):
            return operand
        return self.constant(operand if isinstance(operand, np.ndarray) else np.float32(operand))

    def _in(self, x: Tensor, layout: str) -> str:
        """The name of a tensor in a layout; adds what makes it where it is not there yet."""
        if layout not in x.names:
            last, between = x.rank - 1, range(1, x.rank - 1)
            perm = [0, last, *between] if layout == FIRST else [0, *range(2, x.rank), 1]
            x.names[layout] = self.add("Transpose", x.names[x.layout], perm=perm)
        return x.names[layout]

    def _unique(self, what: str) -> str:
        """A name with the layer's in front; layers' own names have no slash, so none is taken."""
        name = f"{self.scope}/{what}"
        self._used[name] += 1
        return name if self._used[name] == 1 else f"{name}_{self._used[name] - 1}"
