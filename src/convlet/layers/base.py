"""The base of all layers: a name, weights, and how it changes a shape. No arithmetic."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any, NamedTuple

from convlet import regularizers, validation
from convlet.constraints import Constraint
from convlet.errors import ArgumentError, NotBuiltError, ShapeError, UnsupportedError
from convlet.initializers import Initializer
from convlet.layers import limits, naming
from convlet.layers.connected import Connected, fresh_inputs
from convlet.layers.shapes import Shape, sizes_of
from convlet.layers.structure import Structure
from convlet.layers.weights import HasWeights
from convlet.layers.windows import Window
from convlet.regularizers import Regularizer
from convlet.variable import Variable


class WeightDeclaration(NamedTuple):
    """A weight that a layer will have once it knows the shape of its input.

    Attributes:
        name: What it is to the layer: "kernel".
        shape: Its shape.
        initializer: What it starts with.
        trainable: Whether it gets gradients, unless the layer is frozen.
    """

    name: str
    shape: tuple[int, ...]
    initializer: Initializer
    trainable: bool = True
    regularizer: Regularizer | None = None
    constraint: Constraint | None = None


class Layer(HasWeights, Connected):
    """What every layer has.

    A layer only declares its settings, its weights and the shape of its output; the engine does
    the arithmetic. A layer of one's own is made of others: see `call`.

    Args:
        name: Its name; None counts one up: `conv2d`, `conv2d_1`.
        trainable: Whether training changes its weights.
        dtype: None or `"float32"`.
        input_shape: For the first layer of a model: the shape of one sample.
        input_dim: Short for an `input_shape` of one axis.
        activity_regularizer: A penalty on the outputs, divided by the number of samples, that
            counts in the loss: an L1, L2 or L1L2, or a name of one.
        **unknown: Refused by name.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Any = None,
        input_shape: Sequence[int] | None = None,
        input_dim: int | None = None,
        activity_regularizer: Any = None,
        **unknown: Any,
    ) -> None:
        super().__init__()
        owner = type(self).__name__
        if unknown:
            raise ArgumentError(_unknown_argument(type(self), next(iter(unknown))))
        self.activity_regularizer = _for_outputs(owner, activity_regularizer)
        _check_dtype(owner, dtype)
        self._trainable = validation.boolean(owner, "trainable", trainable)
        if input_dim is not None:
            input_shape = (validation.integer(owner, "input_dim", input_dim),)
        self.sample_shape = (
            None if input_shape is None else sizes_of(owner, "input_shape", input_shape)
        )
        if name is not None and (not isinstance(name, str) or not name or "/" in name):
            needed = "a text without '/', or None"
            raise ArgumentError(validation.bad_argument(owner, "name", needed, name))
        self.name = naming.next_name(owner) if name is None else name
        self.dtype = "float32"
        self.built = False
        self._weights: list[Variable] = []
        self._never_trained: set[str] = set()
        self._input_shape: Shape = ()

    @property
    def label(self) -> str:
        """How messages call it: "Conv2D 'conv2d_3'"."""
        return f"{type(self).__name__} {self.name!r}"

    @property
    def window(self) -> Window | None:
        """What one value of the output sees of the input: None for the whole image."""
        return Window()

    def multiply_adds(self, input_shape: Sequence[int | None]) -> int:
        """How many multiplications one sample takes on its way forward, once the layer is built.

        Only those by weights count, and those at the borders of images in full.

        Args:
            input_shape: The shape of the input, batch axis first.
        """
        return 0

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of one output for the shape of one input, both without the batch axis.

        Raises:
            ShapeError: Where the layer cannot take such an input.
        """
        if not self.composed:
            return sizes
        wiring = self.wire(fresh_inputs([(None, *sizes)]), Structure())
        return sizes if wiring is None else wiring.outputs[0].sizes

    def declare_weights(self, sizes: tuple[int, ...]) -> list[WeightDeclaration]:
        """The weights that the layer needs for inputs of shape `sizes`, without the batch axis."""
        return []

    def get_config(self) -> dict[str, Any]:
        """The arguments that would make the same layer."""
        config = {"name": self.name, "trainable": self.trainable, "dtype": self.dtype}
        if self.activity_regularizer is not None:
            penalty = regularizers.serialize(self.activity_regularizer)
            return {**config, "activity_regularizer": penalty}
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Layer:
        """Makes a layer from what `get_config` returned."""
        return cls(**config)

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The shape of the output, batch axis first.

        Args:
            input_shape: The shape of the input, batch axis first.

        Raises:
            ShapeError: Where the layer cannot take such an input.
        """
        batch, sizes = self._split_batch(input_shape)
        return (batch, *self.output_sizes(sizes))

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Creates the weights for inputs of a shape, batch axis first.

        A layer that has weights keeps them, and checks that they fit.

        Raises:
            ShapeError: Where the layer cannot take such an input.
        """
        if self.composed:
            self.built = True
            return
        _, sizes = self._split_batch(input_shape)
        self.output_sizes(sizes)
        declared = self.declare_weights(sizes)
        if not self.built:
            self._create(declared)
        elif [weight.shape for weight in self._weights] != [weight.shape for weight in declared]:
            raise ShapeError(
                f"{self.label} needs inputs of shape {self.input_shape}, for which it was built. "
                f"Received shape {(None, *sizes)}."
            )
        self._input_shape = (None, *sizes)
        self.built = True

    @property
    def input_shape(self) -> Shape:
        """The shape for which it was built last, batch axis (None) first."""
        self._check_built("before its shapes are known")
        return self._input_shape

    @property
    def output_shape(self) -> Shape:
        """The shape of the output, batch axis (None) first."""
        return self.compute_output_shape(self.input_shape)

    @property
    def weights(self) -> list[Variable]:
        """All weights, those of the layers that it is made of too; none before it is built."""
        parts = self.sublayers if self.composed else []
        return [*self._weights, *(weight for part in parts for weight in part.weights)]

    @property
    def own_weights(self) -> list[Variable]:
        """The weights of the layer itself, without those of the layers that it is made of."""
        return list(self._weights)

    @property
    def trainable(self) -> bool:
        """Whether training changes the layer's weights."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = validation.boolean(self.label, "trainable", value)
        for weight in self._weights:
            weight.trainable = self._trainable and weight.name not in self._never_trained
        for part in self.sublayers:
            part.trainable = self._trainable

    def add_weight(self, *arguments: Any, **options: Any) -> Any:
        """Refused: convlet differentiates the layers that it has, not Python code.

        Raises:
            UnsupportedError: Always.
        """
        raise UnsupportedError(
            f"{self.label} cannot have weights of its own: convlet differentiates its own layers, "
            "not Python code. Make it of layers that have them: create Dense, Conv2D, … in "
            "__init__, and call them in call."
        )

    def __getstate__(self) -> dict[str, Any]:
        # Where it is used belongs to models, which tell it again when they are copied.
        return {**vars(self), "_calls": []}

    def __repr__(self) -> str:
        return f"<{self.label}>"

    def _weight(self, name: str) -> Variable:
        for weight in self._weights:
            if weight.name == name:
                return weight
        raise self._not_built(f"before it has a {name}")

    def _check_built(self, when: str) -> None:
        if not self.built:
            raise self._not_built(when)

    def _not_built(self, when: str) -> NotBuiltError:
        return NotBuiltError(
            f"{self.label} needs to be built {when}. "
            "Add it to a model whose input shape is known, or call build(input_shape)."
        )

    def _check_image(self, sizes: tuple[int, ...]) -> None:
        self._check_axes(sizes, 2)

    def _check_axes(self, sizes: tuple[int, ...], axes: int) -> None:
        """Refuses what isn't an image (2 axes beside batch and channels) or a sequence (1)."""
        if len(sizes) != axes + 1:
            needed, fix = {
                1: ("3D input (batch, steps, channels)", validation.sequence_axes_fix),
                2: ("4D input (batch, height, width, channels)", validation.image_axes_fix),
            }[axes]
            message = (
                f"{self.label} needs a {needed}. Received shape {(None, *sizes)}. {fix(sizes)}"
            )
            raise ShapeError(message.rstrip())

    def _split_batch(self, input_shape: Sequence[int | None]) -> tuple[int | None, tuple[int, ...]]:
        shape = validation.shape(self.label, "input_shape", input_shape)
        if not shape:
            raise ShapeError(f"{self.label} needs an input with a batch axis. Received shape ().")
        return shape[0], sizes_of(self.label, "input_shape", shape[1:])

    def _create(self, declared: list[WeightDeclaration]) -> None:
        for declaration in declared:
            limits.take(self.label, declaration.name, declaration.shape)
            value = declaration.initializer(declaration.shape)
            if not declaration.trainable:
                self._never_trained.add(declaration.name)
            weight = Variable(value, declaration.name, self._trainable and declaration.trainable)
            weight.path = f"{self.name}/{declaration.name}"
            weight.regularizer = declaration.regularizer
            weight.constraint = declaration.constraint
            self._weights.append(weight)


def _for_outputs(owner: str, given: Any) -> Regularizer | None:
    """The regularizer of a layer's outputs that is meant.

    Outputs are seen chunk by chunk, so that only a sum over their elements can be made.
    """
    regularizer = regularizers.get(given, owner=owner, argument="activity_regularizer")
    if regularizer is not None and regularizer.factors is None:
        raise UnsupportedError(
            f"{owner} does not support activity_regularizer={regularizer.label} yet. "
            "Use L1, L2 or L1L2."
        )
    return regularizer


def _check_dtype(owner: str, dtype: Any) -> None:
    if isinstance(dtype, dict):  # as Keras writes it into a file
        dtype = dtype.get("config", {}).get("name")
    if dtype is not None:
        validation.unsupported(owner, "dtype", getattr(dtype, "__name__", dtype), only="float32")


def _unknown_argument(cls: type[Layer], argument: str) -> str:
    known = sorted(
        {
            name
            for kind in (cls, Layer)
            for name, parameter in inspect.signature(kind).parameters.items()
            if parameter.kind is not inspect.Parameter.VAR_KEYWORD
        }
    )
    fix = validation.did_you_mean(argument, known) or f"Its arguments are {', '.join(known)}."
    return f"{cls.__name__} has no argument {argument!r}. {fix}"
