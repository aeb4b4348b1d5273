"""Models that are a plain stack of layers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from convlet import layers as layer_classes
from convlet import validation
from convlet.errors import ArgumentError, NotBuiltError, StateError, UnsupportedError
from convlet.layers import InputLayer, Layer
from convlet.layers.shapes import Shape
from convlet.models.model import Model


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
        layers: Iterable[Layer] | None = None,
        trainable: bool = True,
        name: str | None = None,
    ) -> None:
        super().__init__(trainable=trainable, name=name)
        self._layers: list[Layer] = []
        for layer in _listed(layers):
            self.add(layer)

    def add(self, layer: Layer) -> None:
        """Puts a layer on top of the stack.

        Args:
            layer: The layer.

        Raises:
            ArgumentError: Where it is no layer, or its name is taken.
            ShapeError: Where it cannot take what the stack puts out; the stack stays as it was.
        """
        self._check_addable(layer)
        added = [layer]
        if not self._layers and layer.sample_shape is not None:
            added = [InputLayer(layer.sample_shape), layer]
        if isinstance((self._layers + added)[0], InputLayer) and not isinstance(layer, InputLayer):
            layer.build(self.output_shape if self._layers else added[0].output_shape)
        if not self._trainable:
            layer.trainable = False
        self._layers += added

    def pop(self) -> Layer:
        """Takes the layer at the top off, and returns it.

        Raises:
            StateError: Where there is none.
        """
        if not self.layers:
            raise StateError(f"{self.label} has no layer to take off.")
        return self._layers.pop()

    @property
    def layers(self) -> list[Layer]:
        """Its layers, without the one that only says what the input is."""
        return [layer for layer in self._layers if not isinstance(layer, InputLayer)]

    @property
    def built(self) -> bool:
        """Whether the shape of the input is known and there is a layer to take it."""
        return bool(self.layers) and isinstance(self._layers[0], InputLayer)

    def build(self, input_shape: Sequence[int | None] | None = None) -> None:
        """Creates the weights for inputs of a shape, batch axis first.

        Args:
            input_shape: The shape; may be left out where the model knows it.

        Raises:
            StateError: Where the model has no layers.
            ArgumentError: Where the shape is missing, or is not the one that the model has.
            ShapeError: Where a layer cannot take what comes to it.
        """
        if not self.layers:
            raise StateError(f"{self.label} needs a layer before it is built. Call add(layer).")
        known = isinstance(self._layers[0], InputLayer)
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
        if known:
            if shape != self.input_shape:
                raise ArgumentError(
                    f"{self.label} was built for inputs of shape {self.input_shape}. "
                    f"Received input_shape={tuple(input_shape)}."
                )
            return
        input_layer = InputLayer(batch_shape=shape)
        self.compute_output_shape(shape)  # before any layer gets weights
        for layer in self._layers:
            layer.build(shape)
            shape = layer.output_shape
        self._layers.insert(0, input_layer)

    @property
    def input_shape(self) -> Shape:
        """The shape of a batch of inputs: None for the batch, then the sample's sizes."""
        if not self._layers or not isinstance(self._layers[0], InputLayer):
            raise NotBuiltError(
                f"{self.label} has no input shape yet. "
                "Give its first layer an input_shape, or call build(input_shape) or fit."
            )
        return self._layers[0].batch_shape

    def get_config(self) -> dict[str, Any]:
        """What would make the same model, untrained."""
        config: dict[str, Any] = {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": "float32",
            "layers": [layer_classes.serialize(layer) for layer in self._layers],
        }
        if self.built:
            config["build_input_shape"] = self.input_shape
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Sequential:
        """Makes a model, untrained, from what `get_config` returned.

        Raises:
            UnknownNameError: For a layer that convlet does not have.
        """
        model = cls(
            [layer_classes.deserialize(layer) for layer in config["layers"]],
            name=config.get("name"),
        )
        model._trainable = config.get("trainable", True)
        shape = config.get("build_input_shape")
        if shape is not None and not model.built:
            model.build(shape)
        return model

    def _check_addable(self, layer: object) -> None:
        if isinstance(layer, Model):
            raise UnsupportedError(
                f"{self.label} does not support a model as a layer yet. "
                f"Add the layers of {layer.label} one by one: for layer in model.layers."
            )
        if not isinstance(layer, Layer):
            is_class = isinstance(layer, type) and issubclass(layer, Layer)
            received = layer.__name__ if isinstance(layer, type) else repr(layer)
            fix = f" Write {received}(), with its arguments." if is_class else ""
            raise ArgumentError(f"{self.label} is made of layers. Received {received}.{fix}")
        if any(layer is other for other in self._layers):
            raise ArgumentError(
                f"{self.label} has the layer {layer.name!r} already. Make a new one for each place."
            )
        if any(layer.name == other.name for other in self._layers):
            raise ArgumentError(
                f"{self.label} needs layers of different names. Received a second {layer.name!r}. "
                "Give it another with name=."
            )
        if isinstance(layer, InputLayer) and self._layers:
            raise ArgumentError(
                f"{self.label} needs its Input before all layers. "
                f"Received it after {self._layers[-1].name!r}."
            )


def _listed(layers: Any) -> Iterable[Layer]:
    if layers is None:
        return []
    if not isinstance(layers, Iterable):
        fix = "Write [layer] for a single one." if isinstance(layers, Layer) else ""
        raise ArgumentError(
            validation.bad_argument("Sequential", "layers", "a list of layers", layers, fix)
        )
    return layers
