"""Layers that make one tensor of several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from convlet import validation
from convlet.errors import ArgumentError, ShapeError
from convlet.layers.base import Layer
from convlet.layers.shapes import Shape

Sizes = tuple[int, ...]


class Merging(Layer):
    """The base of layers that are called on a list of tensors.

    Attributes:
        merges: True: what other layers know about one input, these know about a list of them.
    """

    merges = True
    least = 2
    """How many inputs it needs."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def output_sizes(self, sizes: Any) -> Sizes:
        """The shape of one output for the shapes of the inputs, without the batch axis.

        Sizes of 1 are stretched to those of the others, as NumPy does it.

        Raises:
            ShapeError: The shapes do not fit together.
        """
        try:
            return tuple(np.broadcast_shapes(*sizes))
        except ValueError:
            raise self._unfit(sizes, "that fit together, as NumPy stretches them") from None

    def compute_output_shape(self, input_shape: Any) -> Shape:
        """The shape of the output, batch axis first, for a list of such shapes."""
        return (None, *self.output_sizes(self._each_sizes(input_shape)))

    def build(self, input_shape: Any) -> None:
        """Checks a list of shapes of inputs, batch axis first.

        Raises:
            ShapeError: They do not fit together, or are too few.
        """
        sizes = self._each_sizes(input_shape)
        self.output_sizes(sizes)
        self._input_shape = [(None, *each) for each in sizes]  # type: ignore[assignment]
        self.built = True

    def _each_sizes(self, shapes: Any) -> list[Sizes]:
        listed = isinstance(shapes, (list, tuple)) and all(
            isinstance(shape, (list, tuple)) for shape in shapes
        )
        if not listed or len(shapes) < self.least:
            count = len(shapes) if listed else 1
            raise ShapeError(
                f"{self.label} needs a list of at least {self.least} inputs. Received {count}."
            )
        return [self._split_batch(shape)[1] for shape in shapes]

    def _unfit(self, sizes: Sequence[Sizes], needed: str) -> ShapeError:
        shapes = ", ".join(str((None, *each)) for each in sizes)
        return ShapeError(f"{self.label} needs inputs of shapes {needed}. Received {shapes}.")


class Add(Merging):
    """The sum of its inputs: `inputs[0] + inputs[1] + …`, value by value.

    Args:
        **kwargs: `name`, `trainable`, `dtype`.

    Input shape:
        A list of shapes that are the same, or are stretched to be so along axes of size 1.

    Output shape:
        The common shape.

    Parameters:
        None.

    Raises:
        ShapeError: The shapes do not fit together.

    Example:
        >>> Add()([[[1.0, 2.0]], [[10.0, 20.0]]]).tolist()
        [[11.0, 22.0]]
    """


class Subtract(Merging):
    """The first of two inputs less the second: `inputs[0] - inputs[1]`.

    Args:
        **kwargs: `name`, `trainable`, `dtype`.

    Input shape:
        A list of two shapes that are the same, or are stretched to be so along axes of size 1.

    Output shape:
        The common shape.

    Parameters:
        None.

    Raises:
        ShapeError: The shapes do not fit together, or are not two.

    Example:
        >>> Subtract()([[[1.0, 2.0]], [[10.0, 20.0]]]).tolist()
        [[-9.0, -18.0]]
    """

    def output_sizes(self, sizes: Any) -> Sizes:
        """The shape of one output for the shapes of two inputs, without the batch axis."""
        if len(sizes) != 2:
            raise ShapeError(f"{self.label} needs exactly 2 inputs. Received {len(sizes)}.")
        return super().output_sizes(sizes)


class Multiply(Merging):
    """The product of its inputs: `inputs[0] * inputs[1] * …`, value by value.

    Args:
        **kwargs: `name`, `trainable`, `dtype`.

    Input shape:
        A list of shapes that are the same, or are stretched to be so along axes of size 1: so
        (height, width, channels) can be weighted by (1, 1, channels).

    Output shape:
        The common shape.

    Parameters:
        None.

    Raises:
        ShapeError: The shapes do not fit together.

    Example:
        >>> Multiply()([[[1.0, 2.0]], [[10.0, 20.0]]]).tolist()
        [[10.0, 40.0]]
    """


class Average(Merging):
    """The mean of its inputs: `(inputs[0] + inputs[1] + …) / len(inputs)`, value by value.

    Args:
        **kwargs: `name`, `trainable`, `dtype`.

    Input shape:
        A list of shapes that are the same, or are stretched to be so along axes of size 1.

    Output shape:
        The common shape.

    Parameters:
        None.

    Raises:
        ShapeError: The shapes do not fit together.

    Example:
        >>> Average()([[[1.0, 2.0]], [[10.0, 20.0]]]).tolist()
        [[5.5, 11.0]]
    """


class Maximum(Merging):
    """The largest of its inputs, value by value.

    Where several are the largest, the gradient is shared between two at a time, in halves: that of
    `max(max(inputs[0], inputs[1]), inputs[2])`, as Keras computes it.

    Args:
        **kwargs: `name`, `trainable`, `dtype`.

    Input shape:
        A list of shapes that are the same, or are stretched to be so along axes of size 1.

    Output shape:
        The common shape.

    Parameters:
        None.

    Raises:
        ShapeError: The shapes do not fit together.

    Example:
        >>> Maximum()([[[1.0, 20.0]], [[10.0, 2.0]]]).tolist()
        [[10.0, 20.0]]
    """


class Minimum(Merging):
    """The smallest of its inputs, value by value; ties as in `Maximum`.

    Args:
        **kwargs: `name`, `trainable`, `dtype`.

    Input shape:
        A list of shapes that are the same, or are stretched to be so along axes of size 1.

    Output shape:
        The common shape.

    Parameters:
        None.

    Raises:
        ShapeError: The shapes do not fit together.

    Example:
        >>> Minimum()([[[1.0, 20.0]], [[10.0, 2.0]]]).tolist()
        [[1.0, 2.0]]
    """


class Concatenate(Merging):
    """Its inputs one after another along an axis.

    Args:
        axis: Which axis, counted with the batch axis, which it cannot be; -1 is the channels.
        **kwargs: `name`, `trainable`, `dtype`.

    Input shape:
        A list of shapes that differ in no other axis.

    Output shape:
        The same, with the sum of the sizes along `axis`.

    Parameters:
        None.

    Raises:
        ArgumentError: `axis` is no integer, or is the batch axis.
        ShapeError: The shapes differ elsewhere, or have no such axis.

    Example:
        >>> Concatenate()([[[1.0, 2.0]], [[3.0]]]).tolist()
        [[1.0, 2.0, 3.0]]
    """

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = validation.integer("Concatenate", "axis", axis, minimum=None)
        if self.axis == 0:
            fix = "Axis 0 is the batch's; axis 1 is the first of a sample."
            raise ArgumentError(
                validation.bad_argument("Concatenate", "axis", "an axis of a sample", axis, fix)
            )

    def output_sizes(self, sizes: Any) -> Sizes:
        """The shape of one output for the shapes of the inputs, without the batch axis."""
        first = sizes[0]
        axis = self.sample_axis(len(first))
        others = {each[:axis] + each[axis + 1 :] for each in sizes}
        if len(others) != 1 or len({len(each) for each in sizes}) != 1:
            raise self._unfit(sizes, f"that differ only in axis {self.axis}")
        return (*first[:axis], sum(each[axis] for each in sizes), *first[axis + 1 :])

    def sample_axis(self, axes: int) -> int:
        """The axis counted without the batch, of samples of so many axes."""
        axis = self.axis - 1 if self.axis > 0 else axes + self.axis
        if not 0 <= axis < axes:
            raise ShapeError(
                f"{self.label} needs inputs that have axis {self.axis}. "
                f"Received {axes + 1} axes, the batch's included."
            )
        return axis

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        return {**super().get_config(), "axis": self.axis}


def _functional(kind: type[Merging]) -> Any:
    """The function that Keras has beside each merging layer."""

    def merge(inputs: Sequence[Any], **kwargs: Any) -> Any:
        return kind(**kwargs)(list(inputs))

    merge.__name__ = kind.__name__.lower()
    merge.__doc__ = f"""Calls `{kind.__name__}` on a list of inputs.

    Args:
        inputs: Symbolic tensors or arrays.
        **kwargs: The layer's arguments.
    """
    return merge


add = _functional(Add)
subtract = _functional(Subtract)
multiply = _functional(Multiply)
average = _functional(Average)
maximum = _functional(Maximum)
minimum = _functional(Minimum)


def concatenate(inputs: Sequence[Any], axis: int = -1, **kwargs: Any) -> Any:
    """Calls `Concatenate` on a list of inputs.

    Args:
        inputs: Symbolic tensors or arrays.
        axis: Which axis, counted with the batch axis; -1 is the channels.
        **kwargs: The layer's further arguments.

    Example:
        >>> concatenate([[[1.0, 2.0]], [[3.0]]]).tolist()
        [[1.0, 2.0, 3.0]]
    """
    return Concatenate(axis, **kwargs)(list(inputs))
