"""What a model knows as layers wired together: its ends, its shapes, its weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convlet import validation
from convlet.errors import (
    ArgumentError,
    NotBuiltError,
    ShapeError,
    UnknownNameError,
    UnsupportedError,
)
from convlet.layers import Layer
from convlet.layers.connected import fresh_inputs
from convlet.layers.graph import Graph, Wiring
from convlet.layers.structure import Structure
from convlet.layers.symbolic import SymbolicTensor
from convlet.variable import Variable


class Wired(Layer):
    """Layers between inputs and outputs; itself a layer, so that models can hold models.

    Args:
        trainable: Whether training changes the weights.
        name: Its name; None counts one up.
    """

    def __init__(self, trainable: bool = True, name: str | None = None) -> None:
        super().__init__(name=name, trainable=trainable)
        self._wiring: Wiring | None = None

    @property
    def layers(self) -> list[Layer]:
        """Its layers, from input to output."""
        return self.sublayers

    @property
    def wiring(self) -> Wiring:
        """How the layers are wired.

        Raises:
            NotBuiltError: Before the model is built.
        """
        if self._wiring is None:
            raise NotBuiltError(
                f"{self.label} has no input shape yet. "
                "Give its first layer an input_shape, or call build(input_shape) or fit."
            )
        return self._wiring

    @property
    def graph(self) -> Graph:
        """What the engine is given: all layers, those of models inside it too."""
        return self.wiring.graph

    @property
    def inputs(self) -> list[SymbolicTensor]:
        """The symbolic tensors where it begins."""
        return list(self.wiring.inputs)

    @property
    def outputs(self) -> list[SymbolicTensor]:
        """The symbolic tensors where it ends."""
        return list(self.wiring.outputs)

    @property
    def input(self) -> Any:
        """Its input, or a list or dictionary of them, as they are handed over."""
        return self.wiring.input_structure.pack(self.wiring.inputs)

    @property
    def output(self) -> Any:
        """Its output, or a list or dictionary of them, as they are handed over."""
        return self.wiring.output_structure.pack(self.wiring.outputs)

    @property
    def input_names(self) -> list[str]:
        """What its inputs are called."""
        return [tensor.name for tensor in self.wiring.inputs]

    @property
    def output_names(self) -> list[str]:
        """What its outputs are called: as their keys, or as the layers that make them."""
        structure = self.wiring.output_structure
        return list(structure.keys) or [tensor.node.layer.name for tensor in self.wiring.outputs]

    def build(self, input_shape: Any = None) -> None:
        """Creates the weights for inputs of a shape, batch axis first.

        Args:
            input_shape: The shape, or a list of the shapes of several inputs.
        """
        if self._wiring is not None:
            return
        shape = validation.shape(self.label, "input_shape", input_shape)
        self.wire(fresh_inputs([shape]), Structure())

    def wire(self, inputs: Sequence[SymbolicTensor], structure: Structure) -> Wiring:
        """What the model consists of, for such inputs.

        Raises:
            ShapeError: It was built for others.
        """
        if self._wiring is None:
            self._trace(inputs, structure)
        wiring = self.wiring
        given = [tensor.shape for tensor in inputs]
        needed = [tensor.shape for tensor in wiring.inputs]
        if given != needed:
            raise ShapeError(
                f"{self.label} needs inputs of shape {', '.join(map(str, needed))}. "
                f"Received shape {', '.join(map(str, given))}."
            )
        return wiring

    def _trace(self, inputs: Sequence[SymbolicTensor], structure: Structure) -> None:
        """Finds out how a subclass's `call` wires its layers."""
        if not self.composed:
            raise UnsupportedError(
                f"{self.label} needs a call that says how its layers are wired. "
                "Write def call(self, inputs), or use Sequential or Model(inputs, outputs)."
            )
        begun, self.built = self.built, True
        try:
            if not begun and type(self).build is not Wired.build:
                self.build(structure.pack([tensor.shape for tensor in inputs]))
            self._wiring = self._wiring or Layer.wire(self, inputs, structure)
        finally:
            self.built = self._wiring is not None

    @property
    def input_shape(self) -> Any:
        """The shape of a batch of inputs, None for the batch; of several inputs, a list."""
        wiring = self.wiring
        return wiring.input_structure.pack([tensor.shape for tensor in wiring.inputs])

    @property
    def output_shape(self) -> Any:
        """The shape of a batch of outputs, None for the batch; of several outputs, a list."""
        wiring = self.wiring
        return wiring.output_structure.pack([tensor.shape for tensor in wiring.outputs])

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the output for a shape of the input, both with the batch axis first.

        Raises:
            ShapeError: Where a layer cannot take what comes to it.
        """
        shape = validation.shape(self.label, "input_shape", input_shape)
        wiring = self.wire(fresh_inputs([(None, *shape[1:])]), Structure())
        return wiring.output_structure.pack([tensor.shape for tensor in wiring.outputs])

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Looks a layer up by its name or its position.

        Args:
            name: The layer's name.
            index: Or its position in `layers`.

        Raises:
            UnknownNameError: Where no layer has the name.
            ArgumentError: Where there is no such position, or not one of the two is given.
        """
        layers = self.layers
        if (name is None) == (index is None):
            raise ArgumentError(
                f"get_layer needs either name or index. Received name={name!r} and index={index!r}."
            )
        if index is not None:
            if not -len(layers) <= index < len(layers):
                needed = f"the position of one of {len(layers)} layers"
                raise ArgumentError(validation.bad_argument("get_layer", "index", needed, index))
            return layers[index]
        for layer in layers:
            if layer.name == name:
                return layer
        names = [layer.name for layer in layers]
        raise UnknownNameError(
            f"{self.label} has no layer {name!r}. "
            + (validation.did_you_mean(str(name), names) or f"Its layers are {', '.join(names)}.")
        )

    @property
    def weights(self) -> list[Variable]:
        """The weights of all layers; none before the model is built."""
        return [weight for layer in self.layers for weight in layer.weights]

    @property
    def trainable(self) -> bool:
        """Whether training changes the weights."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = validation.boolean(self.label, "trainable", value)
        for layer in self.layers:
            layer.trainable = self._trainable

    def _check_built(self, when: str) -> None:
        if not self.built:
            raise NotBuiltError(
                f"{self.label} needs to be built {when}. "
                "Give its first layer an input_shape, or call build(input_shape) or fit."
            )
