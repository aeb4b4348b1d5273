"""Models that are a plain stack of layers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from convlet import validation
from convlet.errors import ArgumentError, StateError
from convlet.layers import InputLayer, Layer
from convlet.layers.graph import Wiring
from convlet.layers.shapes import Shape
from convlet.layers.structure import Structure
from convlet.layers.symbolic import SymbolicTensor
from convlet.models.configs import Custom, deserialize, serialize
from convlet.models.model import Model
from convlet.registry import custom_object_scope


class Sequential(Model):
    """A stack of layers, each working on what the one before it puts out.

    The shape of the input is given by an `Input` or an `input_shape=` at the start, or is taken
    from the first data the model sees. Where it is known, each layer is built, and checked against
    the one before it, as it is added.

    Args:
        layers: The layers, from input to output.
        trainable: Whether training changes the weights.
        name: Its name; None counts one up: `sequential`, `sequential_1`.

    Raises:
        ArgumentError: Where something is no layer, or its name is taken.
        ShapeError: Where a layer cannot take what the one before it puts out.

    Example:
        >>> from convlet import layers
        >>> model = Sequential([layers.Input((28, 28, 1)), layers.Conv2D(32, 3)])
        >>> model.add(layers.MaxPooling2D(2))
        >>> model.output_shape, model.count_params()
        ((None, 13, 13, 32), 320)
    """

    def __init__(
        self,
        layers: Iterable[Layer | SymbolicTensor] | None = None,
        trainable: bool = True,
        name: str | None = None,
    ) -> None:
        super().__init__(trainable=trainable, name=name)
        self._stack: list[Layer] = []
        for layer in _listed(layers):
            self.add(layer)

    def add(self, layer: Layer | SymbolicTensor) -> None:
        """Puts a layer on top of the stack.

        Args:
            layer: The layer; or, as the first element, what `Input` returned.

        Raises:
            ArgumentError: Where it is no layer, or its name is taken.
            ShapeError: Where it cannot take what the stack puts out; the stack stays as it was.
        """
        if isinstance(layer, SymbolicTensor):
            layer = self._input_layer(layer)
        self._check_addable(layer)
        if isinstance(layer, InputLayer):
            self._begin_with(layer)
        else:
            shape = None if self._with_input() else _shape_wanted_by(layer)
            if shape is not None:
                self._begin_with(InputLayer(batch_shape=shape))
            if self._wiring is not None:
                self._wiring = _lengthened(self._wiring, layer)
            if not self._trainable:
                layer.trainable = False
            self._stack.append(layer)
        self._note_built()

    def pop(self) -> Layer:
        """Takes the layer at the top off, and returns it.

        Raises:
            StateError: Where there is none.
        """
        if not self._stack:
            raise StateError(f"{self.label} has no layer to take off.")
        if self._wiring is not None:
            below = self._wiring.outputs[0].node.inputs
            self._wiring = Wiring(self._wiring.inputs, below)
        layer = self._stack.pop()
        self._note_built()
        return layer

    @property
    def layers(self) -> list[Layer]:
        """Its layers, without the one that only says what the input is."""
        return list(self._stack)

    def build(self, input_shape: Sequence[int | None] | None = None) -> None:
        """Creates the weights for inputs of a shape, batch axis first.

        Args:
            input_shape: The shape; may be left out where the model knows it.

        Raises:
            StateError: Where the model has no layers.
            ArgumentError: Where the shape is missing, or is not the one that the model has.
            ShapeError: Where a layer cannot take what comes to it.
        """
        if not self._stack:
            raise StateError(f"{self.label} needs a layer before it is built. Call add(layer).")
        known = self._wiring is not None
        if input_shape is None:
            if known:
                return
            needed = "a shape with the batch axis first"
            raise ArgumentError(
                validation.bad_argument(
                    self.label, "input_shape", needed, None, "For example (None, 28, 28, 1)."
                )
            )
        shape = (None, *validation.shape(self.label, "input_shape", input_shape)[1:])
        if not known:
            self._build_for(shape)
        elif shape != self.input_shape:
            raise ArgumentError(
                f"{self.label} was built for inputs of shape {self.input_shape}. "
                f"Received input_shape={tuple(input_shape)}."
            )

    def wire(self, inputs: Sequence[SymbolicTensor], structure: Structure) -> Wiring:
        """What the model consists of, for such inputs; one that is not built is built for them."""
        if not self.built and len(inputs) == 1:
            self.build(inputs[0].shape)
        return super().wire(inputs, structure)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the output for a shape of the input, both with the batch axis first.

        Raises:
            ShapeError: Where a layer cannot take what comes to it.
        """
        shape = validation.shape(self.label, "input_shape", input_shape)
        for layer in self._stack:
            shape = layer.compute_output_shape(shape)
        return shape

    def get_config(self) -> dict[str, Any]:
        """What would make the same model, untrained."""
        config: dict[str, Any] = {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": "float32",
            "layers": [serialize(layer) for layer in self._with_input()],
        }
        if self.built:
            config["build_input_shape"] = self.input_shape
        return config

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: Custom | None = None
    ) -> Sequential:
        """Makes a model, untrained, from what `get_config` returned.

        Args:
            config: What it returned.
            custom_objects: Classes of your own, by the names under which it has them.

        Raises:
            UnknownNameError: For a layer that convlet does not have.
        """
        with custom_object_scope(custom_objects):
            layers = [deserialize(layer) for layer in config["layers"]]
        model = cls(layers, name=config.get("name"))
        model._trainable = config.get("trainable", True)
        shape = config.get("build_input_shape")
        if shape is not None and not model.built:
            model.build(shape)
        return model

    def _input_layer(self, tensor: SymbolicTensor) -> Layer:
        """The layer of what `Input` returned."""
        if tensor.node.layer.is_input:
            return tensor.node.layer
        raise ArgumentError(
            f"{self.label} is made of layers. Received {tensor!r}. "
            "Use Model(inputs, outputs) for layers that were called on tensors."
        )

    def _begin_with(self, layer: InputLayer) -> None:
        """Makes the input known."""
        tensor = layer.start()
        self._wiring = Wiring([tensor], [tensor])

    def _build_for(self, shape: Shape) -> None:
        self.compute_output_shape(shape)  # before any layer gets weights
        self._begin_with(InputLayer(batch_shape=shape))
        for layer in self._stack:
            self._wiring = _lengthened(self.wiring, layer)
        self._note_built()

    def _note_built(self) -> None:
        self.built = self._wiring is not None and bool(self._stack)

    def _with_input(self) -> list[Layer]:
        """The layers, with the one that says what the input is, where there is one."""
        starts = [] if self._wiring is None else [self._wiring.inputs[0].node.layer]
        return starts + self._stack

    def _check_addable(self, layer: object) -> None:
        if not isinstance(layer, Layer):
            is_class = isinstance(layer, type) and issubclass(layer, Layer)
            received = layer.__name__ if isinstance(layer, type) else repr(layer)
            fix = f" Write {received}(), with its arguments." if is_class else ""
            raise ArgumentError(f"{self.label} is made of layers. Received {received}.{fix}")
        if any(layer is other for other in self._with_input()):
            raise ArgumentError(
                f"{self.label} has the layer {layer.name!r} already. Make a new one for each place."
            )
        if any(layer.name == other.name for other in self._with_input()):
            raise ArgumentError(
                f"{self.label} needs layers of different names. Received a second {layer.name!r}. "
                "Give it another with name=."
            )
        present = self._with_input()
        if isinstance(layer, InputLayer) and present:
            raise ArgumentError(
                f"{self.label} needs its Input before all layers. "
                f"Received it after {present[-1].name!r}."
            )


def _lengthened(wiring: Wiring, layer: Layer) -> Wiring:
    """The wiring with a layer at its end."""
    return Wiring(wiring.inputs, [layer(wiring.outputs[0])])


def _shape_wanted_by(layer: Layer) -> Shape | None:
    """The shape of the input that a first layer asks for."""
    if isinstance(layer, Model):
        return layer.input_shape if layer.built else None
    return None if layer.sample_shape is None else (None, *layer.sample_shape)


def _listed(layers: Any) -> Iterable[Any]:
    if layers is None:
        return []
    if not isinstance(layers, Iterable):
        fix = "Write [layer] for a single one." if isinstance(layers, Layer) else ""
        raise ArgumentError(
            validation.bad_argument("Sequential", "layers", "a list of layers", layers, fix)
        )
    return layers
