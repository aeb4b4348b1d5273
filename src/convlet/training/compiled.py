"""`compile`, and the checks of data that everything after it shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet import validation
from convlet.errors import ArgumentError, NotCompiledError, ShapeError
from convlet.layers.connected import fresh_inputs
from convlet.layers.graph import Graph, Wiring
from convlet.layers.structure import Structure, taken_apart
from convlet.layers.symbolic import SymbolicTensor
from convlet.metrics import Metric
from convlet.optimizers import Optimizer
from convlet.training.compilation import Compilation
from convlet.training.examples import Examples, prepare_examples
from convlet.training.inputs import (
    as_images,
    check_channels_last,
    check_input_shape,
    is_array,
    one_for_each,
)
from convlet.training.programs import ProgramCache
from convlet.variable import Variable


class Compiled:
    """The part of a model that `compile` sets up.

    Attributes:
        stop_training: Set it to True in a callback to end training after the current step.
    """

    def __init__(self) -> None:
        self._compilation: Compilation | None = None
        self._programs = ProgramCache()
        self.stop_training = False

    def compile(
        self,
        optimizer: str | Optimizer | dict[str, Any] = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Says how the model is to be trained.

        Args:
            optimizer: A name such as "rmsprop", or an object.
            loss: A name such as "categorical_crossentropy", or an object. With several outputs, one
                for all, a list with one for each, or a dictionary by the outputs' names; None for
                an output that is not trained.
            loss_weights: What each output's loss is multiplied by before they are summed: a list or
                a dictionary of numbers, 1 by default.
            metrics: A list of names such as "accuracy", of objects, or of functions of targets and
                predictions. They do not see the weights of samples. With several outputs, a list
                with an entry for each, or a dictionary by their names, of such lists.
            weighted_metrics: The same, for metrics that see the weights of samples.
            run_eagerly: Only False.
            steps_per_execution: Only 1.
            jit_compile: Taken for Keras's sake, without effect: the engine is always compiled.
            auto_scale_loss: Taken for Keras's sake, without effect: there is no float16.

        Raises:
            ArgumentError: Something cannot be used; a misspelt name gets the one probably meant.
            UnsupportedError: Keras has it and convlet does not.
        """
        validation.unsupported("compile", "run_eagerly", run_eagerly, only=False)
        validation.unsupported("compile", "steps_per_execution", steps_per_execution, only=1)
        self._compilation = Compilation(
            optimizer,
            loss,
            metrics,
            weighted_metrics,
            loss_weights,
            self.output_names if self.built else None,
        )
        self._programs.clear()
        self.stop_training = False

    def get_compile_config(self) -> dict[str, Any] | None:
        """The arguments of `compile` as plain values; None before it."""
        return None if self._compilation is None else self._compilation.get_config()

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compiles with what `get_compile_config` returned."""
        self.compile(
            config["optimizer"],
            config["loss"],
            loss_weights=config.get("loss_weights"),
            metrics=config.get("metrics"),
            weighted_metrics=config.get("weighted_metrics"),
        )

    @property
    def compiled(self) -> bool:
        """Whether `compile` has been called."""
        return self._compilation is not None

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer.

        Raises:
            NotCompiledError: Before `compile`.
        """
        return self._need_compilation("optimizer").optimizer

    @property
    def loss(self) -> Any:
        """The loss as it was given to `compile`.

        Raises:
            NotCompiledError: Before `compile`.
        """
        return self._need_compilation("loss").given_loss

    @property
    def metrics(self) -> list[Metric]:
        """The mean of the loss, then the metrics; none before `compile`."""
        return [] if self._compilation is None else self._compilation.scores.metrics

    @property
    def metrics_names(self) -> list[str]:
        """The names of the figures, in the order in which `evaluate` returns them."""
        return [] if self._compilation is None else self._compilation.scores.names

    def _need_compilation(self, owner: str) -> Compilation:
        if self._compilation is None:
            raise NotCompiledError(
                f"{owner} needs a compiled model. Call compile(optimizer, loss, metrics) first."
            )
        return self._compilation

    # What the model provides.

    built: bool

    @property
    def graph(self) -> Graph:
        """What the engine is given."""
        raise NotImplementedError

    @property
    def wiring(self) -> Wiring:
        """How inputs and outputs are put together."""
        raise NotImplementedError

    @property
    def trainable_variables(self) -> list[Variable]:
        """The weights that training changes."""
        raise NotImplementedError

    @property
    def input_names(self) -> list[str]:
        """What the inputs are called in dictionaries of data."""
        raise NotImplementedError

    @property
    def output_names(self) -> list[str]:
        """What the outputs are called in dictionaries, and at the beginning of their figures."""
        raise NotImplementedError

    @property
    def composed(self) -> bool:
        """Whether a `call` of its own says how its layers are wired."""
        raise NotImplementedError

    def wire(self, inputs: Sequence[SymbolicTensor], structure: Structure) -> Wiring:
        """Builds the model for inputs where it is not built yet."""
        raise NotImplementedError

    # What training, evaluation and prediction share.

    def _inputs(self, owner: str, x: Any) -> list[NDArray[Any]]:
        """Checked inputs; a model that is not built yet is built for them."""
        if x is None:
            raise ArgumentError(f"{owner} needs images. Received x=None.")
        if not self.built:
            self._build_by_first(owner, x)
        names = self.wiring.input_structure.keys or self.input_names
        shapes = [tensor.shape for tensor in self.wiring.inputs]
        given = one_for_each(owner, "x", x, names, lambda one: is_array(one, len(shapes[0])))
        inputs: list[NDArray[Any]] = []
        for one, name, shape in zip(given, names, shapes, strict=True):
            place = "x" if len(names) == 1 else f"x[{name!r}]"
            images = as_images(owner, one, place)
            move = "permute" if hasattr(one, "permute") else "transpose"
            check_input_shape(owner, images, shape[1:], place, move)
            inputs.append(images)
            if len(images) != len(inputs[0]):
                raise ShapeError(
                    f"{owner} needs as many images in each input. "
                    f"Received {len(inputs[0])} for {names[0]!r} and {len(images)} for {name!r}."
                )
        return inputs

    def _build_by_first(self, owner: str, x: Any) -> None:
        """Builds the model for its first images, which one caller does."""
        several = isinstance(x, dict) or (
            self.composed and isinstance(x, (list, tuple)) and all(map(is_array, x))
        )
        values, structure = taken_apart(x) if several else ([x], Structure())
        inputs = [as_images(owner, value) for value in values]
        for value, images in zip(values, inputs, strict=True):
            if hasattr(value, "permute"):
                check_channels_last(owner, images)
        with self._programs.lock:
            if not self.built:  # by another caller in the meantime
                self.wire(fresh_inputs([(None, *images.shape[1:]) for images in inputs]), structure)
                if self._compilation is not None:
                    self._compilation.settle(self.output_names)

    def _examples(self, owner: str, x: Any, y: Any = None, sample_weight: Any = None) -> Examples:
        """Checked inputs with their targets and weights."""
        inputs = self._inputs(owner, x)
        losses = self._need_compilation(owner).losses
        shapes = self.graph.output_shapes
        return prepare_examples(owner, losses, self.output_names, inputs, y, sample_weight, shapes)

    def _packed(self, outputs: list[NDArray[np.float32]]) -> Any:
        """The outputs in the form in which the model declares them."""
        return self.wiring.output_structure.pack(outputs)

    def _outputs(self, xs: list[NDArray[Any]]) -> list[NDArray[np.float32]]:
        """What each output makes of checked inputs."""
        return self._programs.inference(self).run_all(xs)
