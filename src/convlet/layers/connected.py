"""How a layer is called: on symbolic tensors it is wired, on arrays it computes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from weakref import ref

from convlet import validation
from convlet.errors import ArgumentError, ShapeError, StateError, UnsupportedError
from convlet.layers.graph import Wiring, are_symbolic
from convlet.layers.shapes import Shape
from convlet.layers.structure import Structure, taken_apart
from convlet.layers.symbolic import Node, SymbolicTensor


class Connected:
    """The part of a layer that knows where it is used.

    A layer of one's own is made of other layers: it creates them in `__init__` or `build`, and says
    in `call` how they are wired. Nothing in `call` can see a number.

    Attributes:
        merges: Whether it takes a list of inputs.
        is_input: Whether it only says what comes into a model.
        augments: Whether it changes images at random in training.
        takes_one_image: Whether it can be called on a single image, without a batch axis.
    """

    merges = False
    is_input = False
    augments = False
    takes_one_image = False
    name: str

    def __init__(self) -> None:
        self._calls: list[list[ref[SymbolicTensor]]] = []

    def call(self, inputs: Any) -> Any:
        """How a layer of one's own is made of others: symbolic tensors in, symbolic tensors out.

        Args:
            inputs: A symbolic tensor, or the list or dictionary that the layer is called with.

        Raises:
            UnsupportedError: A layer that is not made of others has nothing to say here.
        """
        raise UnsupportedError(
            f"{self.label} has no call of its own. Call the layer itself: layer(x)."
        )

    def __call__(self, inputs: Any, training: bool | None = None, mask: None = None) -> Any:
        """Wires the layer to symbolic tensors, or computes it on arrays.

        Args:
            inputs: A symbolic tensor or an array; a list of them where the layer takes several.
            training: Whether it acts as in training. On symbolic tensors, False keeps it from ever
                doing so, and None lets it do so in `fit`. On arrays, None lets layers that augment
                images do so, and no others, as in Keras.
            mask: Only None: there are no masks.

        Returns:
            A symbolic tensor or an array; as many as the layer has outputs.

        Raises:
            ShapeError: The layer cannot take such an input.
            ArgumentError: The inputs are too many, too few, or something else.

        Example:
            >>> from convlet import layers
            >>> layers.Flatten()(layers.Input((4, 4, 1))).shape
            (None, 16)
            >>> layers.Rescaling(0.5)([[2.0, 4.0]]).tolist()
            [[1.0, 2.0]]
        """
        if training is not None:
            training = validation.boolean(self.label, "training", training)
        values, structure = taken_apart(inputs)
        if not values:
            raise ArgumentError(
                f"{self.label} needs at least one input. Received {inputs!r}. "
                "Call it on a tensor, or on a list of tensors."
            )
        if are_symbolic(values):
            return self._connect(values, structure, training)
        if any(isinstance(value, SymbolicTensor) for value in values):
            raise ArgumentError(
                f"{self.label} needs either symbolic tensors or arrays. Received both."
            )
        import convlet  # by way of the whole package: a declaration does not know what computes it

        return convlet.models.compute(self, inputs, training)  # type: ignore[arg-type]

    @property
    def composed(self) -> bool:
        """Whether it is made of other layers by a `call` of its own."""
        return type(self).call is not Connected.call

    @property
    def sublayers(self) -> list[Any]:
        """The layers among its attributes, those in lists and dictionaries too."""
        found: dict[int, Any] = {}
        for value in vars(self).values():
            for item in _items(value):
                found.setdefault(id(item), item)
        return list(found.values())

    @property
    def input(self) -> Any:
        """What the layer was first called on: a symbolic tensor, or a list of them."""
        node = self._first_call()[0].node
        return list(node.inputs) if len(node.inputs) > 1 else node.inputs[0]

    @property
    def output(self) -> Any:
        """What the layer put out when it was first called: where a feature extractor may end.

        Raises:
            StateError: It was never called, or the model in which it was is no more.
        """
        tensors = self._first_call()
        return tensors if len(tensors) > 1 else tensors[0]

    def remember_call(self, outputs: Sequence[SymbolicTensor]) -> None:
        """Notes what came out at a place where the layer is used."""
        alive = [call for call in self._calls if all(weak() is not None for weak in call)]
        self._calls = [*alive, [ref(tensor) for tensor in outputs]]

    def wire(self, inputs: Sequence[SymbolicTensor], structure: Structure) -> Wiring | None:
        """What the layer consists of, for such inputs; None for a layer without parts.

        Args:
            inputs: What it is called on.
            structure: How they are handed over.
        """
        if not self.composed:
            self.build([x.shape for x in inputs] if self.merges else _only(self, inputs).shape)
            return None
        shapes = structure.pack([tensor.shape for tensor in inputs])
        if not self.built:
            self.build(shapes)
            self.built = True
        starts = fresh_inputs([tensor.shape for tensor in inputs])
        outputs, output_structure = taken_apart(self.call(structure.pack(starts)))
        if not are_symbolic(outputs):
            raise UnsupportedError(
                f"{self.label} needs its call to return what layers put out. Received "
                f"{type(outputs[0]).__name__}. Compose it of layers that are called on its inputs."
            )
        wiring = Wiring(starts, outputs, structure, output_structure, self.label)
        self._check_parts(wiring)
        return wiring

    def _connect(
        self, inputs: Sequence[SymbolicTensor], structure: Structure, training: bool | None
    ) -> Any:
        wiring = self.wire(inputs, structure)
        node = Node(self, inputs, training, wiring, structure)  # type: ignore[arg-type]
        if wiring is None:
            given = [tensor.sizes for tensor in inputs]
            sizes = self.output_sizes(given if self.merges else given[0])  # type: ignore[arg-type]
            outputs = [SymbolicTensor((None, *sizes), node)]
        else:
            outputs = [
                SymbolicTensor(tensor.shape, node, index)
                for index, tensor in enumerate(wiring.outputs)
            ]
        self.remember_call(outputs)
        return (wiring.output_structure if wiring else Structure()).pack(outputs)

    def _check_parts(self, wiring: Wiring) -> None:
        """Layers with weights that are made in `call` would be others each time."""
        own = {id(layer) for layer in self.sublayers}
        for layer in wiring.layers:
            if layer.weights and id(layer) not in own:
                raise StateError(
                    f"{self.label} needs the layers with weights that it is made of as "
                    f"attributes. Its call used {layer.label}, which is none. "
                    "Create it in __init__ or build."
                )

    def _first_call(self) -> list[SymbolicTensor]:
        for call in self._calls:
            tensors = [tensor for tensor in (weak() for weak in call) if tensor is not None]
            if len(tensors) == len(call):
                return tensors
        raise StateError(
            f"{self.label} needs to be called before it has an input and an output. "
            "Call it on an Input, or add it to a model whose input shape is known."
        )

    # What the layer provides.

    built: bool

    @property
    def label(self) -> str:
        """How messages call it."""
        raise NotImplementedError

    def build(self, input_shape: Any) -> None:
        """Creates what depends on the shape of the input."""
        raise NotImplementedError

    def output_sizes(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of one output for the shape of one input."""
        raise NotImplementedError


def fresh_inputs(shapes: Sequence[Shape]) -> list[SymbolicTensor]:
    """Symbolic tensors of these shapes, batch axis first, that come from nowhere."""
    from convlet.layers.input_layer import InputLayer

    return [InputLayer(batch_shape=shape, name="input").start() for shape in shapes]


def _only(layer: Connected, inputs: Sequence[SymbolicTensor]) -> SymbolicTensor:
    if len(inputs) == 1:
        return inputs[0]
    shapes = ", ".join(str(tensor.shape) for tensor in inputs)
    raise ShapeError(
        f"{layer.label} needs one input. Received {len(inputs)}, of shapes {shapes}. "
        "Put them together first: Concatenate()(inputs), Add()(inputs), …"
    )


def _items(value: Any) -> Iterator[Connected]:
    if isinstance(value, Connected):
        yield value
    elif isinstance(value, (list, tuple, dict)):
        values: Iterable[Any] = value.values() if isinstance(value, dict) else value
        for item in values:
            yield from _items(item)
