"""Models that are what lies between symbolic tensors."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.errors import ArgumentError
from convlet.layers import Layer
from convlet.layers.graph import Wiring
from convlet.layers.structure import taken_apart
from convlet.layers.symbolic import SymbolicTensor
from convlet.models.configs import Custom
from convlet.models.model import Model
from convlet.models.wiring_configs import wiring_config, wiring_from_config
from convlet.registry import custom_object_scope


class Functional(Model):
    """A model between symbolic tensors: `Model(inputs, outputs)` makes one.

    Args:
        inputs: The symbolic tensors where it begins: one, a list or a dictionary.
        outputs: Those where it ends: one, a list or a dictionary.
        trainable: Whether training changes the weights.
        name: Its name; None counts one up: `functional`, `functional_1`.
        **unknown: Refused by name.

    Raises:
        ArgumentError: Something else is given, or an output depends on other inputs.

    Example:
        A model up to a layer of another shares its weights, and tells what that layer sees:

        >>> from convlet import layers, models
        >>> whole = models.Sequential([layers.Input((8, 8, 1)), layers.Conv2D(4, 3)])
        >>> whole.add(layers.GlobalMaxPooling2D())
        >>> features = models.Model(whole.inputs, whole.layers[0].output)
        >>> features.output_shape
        (None, 6, 6, 4)
    """

    def __init__(
        self, inputs: Any = None, outputs: Any = None, trainable: bool = True,
        name: str | None = None, **unknown: Any,
    ) -> None:  # fmt: skip
        for argument in unknown:
            fix = validation.did_you_mean(argument, ["inputs", "outputs", "trainable", "name"])
            raise ArgumentError(f"Model has no argument {argument!r}. {fix}".rstrip())
        super().__init__(trainable=True, name=name)
        starts, input_structure = taken_apart(_unwrapped(inputs))
        ends, output_structure = taken_apart(_unwrapped(outputs))
        for argument, tensors, value in (("inputs", starts, inputs), ("outputs", ends, outputs)):
            if not tensors or not all(isinstance(tensor, SymbolicTensor) for tensor in tensors):
                needed = "symbolic tensors: what Input() and layers called on it return"
                raise ArgumentError(validation.bad_argument("Model", argument, needed, value))
        if len({id(tensor.node) for tensor in starts}) < len(starts):
            raise ArgumentError("Model needs inputs that are different. Received one twice.")
        self._wiring = Wiring(starts, ends, input_structure, output_structure, self.label)
        self._check_names()
        self.built = True
        if not trainable:
            self.trainable = False

    @property
    def layers(self) -> list[Layer]:
        """Its layers, those that say what the inputs are included, from input to output."""
        return self.wiring.layers

    def build(self, input_shape: Any = None) -> None:
        """Does nothing: a functional model is built from the start."""

    def get_config(self) -> dict[str, Any]:
        """What would make the same model, untrained."""
        return {"name": self.name, "trainable": self.trainable, **wiring_config(self.wiring)}

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: Custom | None = None
    ) -> Functional:
        """Makes a model, untrained, from what `get_config` returned.

        Args:
            config: What it returned.
            custom_objects: Classes of your own, by the names under which it has them.

        Raises:
            UnknownNameError: For a layer that convlet does not have.
        """
        name = config.get("name")
        with custom_object_scope(custom_objects):
            wiring = wiring_from_config(f"Functional {name!r}", config)
        inputs = wiring.input_structure.pack(wiring.inputs)
        outputs = wiring.output_structure.pack(wiring.outputs)
        model = cls(inputs, outputs, name=name)
        model._trainable = bool(config.get("trainable", True))
        return model

    def _check_names(self) -> None:
        names = [layer.name for layer in self.layers]
        for name in names:
            if names.count(name) > 1:
                raise ArgumentError(
                    f"{self.label} needs layers of different names. Received {name!r} twice. "
                    "Give one another with name=."
                )


def make_functional(cls: type[Model]) -> None:
    """Lets a class of one's own that is made between tensors be a `Functional`, as Keras does.

    `Functional` takes the place of `Model` among what the class, and each class that it descends
    from, is made of: only when it gets its tensors is it known which of the two was meant.
    """
    for ancestor in cls.__mro__:
        if Model in ancestor.__bases__ and ancestor is not Functional:
            bases = (Functional if base is Model else base for base in ancestor.__bases__)
            ancestor.__bases__ = tuple(bases)


def _unwrapped(tensors: Any) -> Any:
    """A list of one is that one, as Keras has it."""
    return tensors[0] if isinstance(tensors, (list, tuple)) and len(tensors) == 1 else tensors
