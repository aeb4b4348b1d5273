"""`compile`, and the checks of data that everything after it shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import ArgumentError, NotCompiledError
from convlet.metrics import Metric
from convlet.optimizers import Optimizer
from convlet.training.compilation import Compilation
from convlet.training.examples import (
    Examples,
    as_images,
    check_input_shape,
    prepare_examples,
)
from convlet.training.programs import ProgramCache
from convlet.training.scores import Scores
from convlet.variable import Variable

Metrics = Sequence[str | Metric | Callable[..., Any]]


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
        metrics: Metrics | None = None,
        weighted_metrics: Metrics | None = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Says how the model is to be trained.

        Args:
            optimizer: A name such as "rmsprop", or an object.
            loss: A name such as "categorical_crossentropy", or an object.
            loss_weights: Only None: a model has one output.
            metrics: Names such as "accuracy", objects, or functions of targets and predictions.
                They do not see the weights of samples.
            weighted_metrics: The same, for metrics that see the weights of samples.
            run_eagerly: Only False.
            steps_per_execution: Only 1.
            jit_compile: Taken for Keras's sake, without effect: the engine is always compiled.
            auto_scale_loss: Taken for Keras's sake, without effect: there is no float16.

        Raises:
            ArgumentError: Something cannot be used; a misspelt name gets the one probably meant.
            UnsupportedError: Keras has it and convlet does not.
        """
        if isinstance(loss_weights, (list, tuple)):  # the third argument is a common slip
            raise ArgumentError(
                "compile needs metrics to be given by name. "
                f"Received loss_weights={loss_weights!r}. Write metrics={loss_weights!r}."
            )
        validation.unsupported("compile", "loss_weights", loss_weights, only=None)
        validation.unsupported("compile", "run_eagerly", run_eagerly, only=False)
        validation.unsupported("compile", "steps_per_execution", steps_per_execution, only=1)
        self._compilation = Compilation(optimizer, loss, metrics, weighted_metrics)
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
        return [] if self._compilation is None else self._compilation.scores().metrics

    @property
    def metrics_names(self) -> list[str]:
        """The names of the figures, in the order in which `evaluate` returns them."""
        return [] if self._compilation is None else self._compilation.scores().names

    def _need_compilation(self, owner: str) -> Compilation:
        if self._compilation is None:
            raise NotCompiledError(
                f"{owner} needs a compiled model. Call compile(optimizer, loss, metrics) first."
            )
        return self._compilation

    # What the model provides.

    built: bool

    def build(self, input_shape: Any = None) -> None:
        """Creates the weights for inputs of a shape, batch axis first."""
        raise NotImplementedError

    @property
    def input_shape(self) -> Any:
        """The shape of a batch of inputs, None for the batch."""
        raise NotImplementedError

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the output for a shape of the input, both with the batch axis."""
        raise NotImplementedError

    @property
    def trainable_variables(self) -> list[Variable]:
        """The weights that training changes."""
        raise NotImplementedError

    # What training, evaluation and prediction share.

    def _images(self, owner: str, x: ArrayLike | None) -> NDArray[Any]:
        """Checked images; a model that is not built yet is built for them."""
        if x is None:
            raise ArgumentError(f"{owner} needs images. Received x=None.")
        images = as_images(owner, x)
        if not self.built:
            with self._programs.lock:
                if not self.built:  # by another caller in the meantime
                    self.build((None, *images.shape[1:]))
        check_input_shape(owner, images, self.input_shape[1:])
        return images

    def _examples(
        self,
        owner: str,
        x: ArrayLike | None,
        y: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Examples:
        images = self._images(owner, x)
        loss = self._need_compilation(owner).loss
        return prepare_examples(owner, loss, images, y, sample_weight, self._output_shape(images))

    def _output_shape(self, images: NDArray[Any]) -> tuple[int, ...]:
        """The shape of one prediction."""
        sizes = self.compute_output_shape((None, *images.shape[1:]))[1:]
        return tuple(size for size in sizes if size is not None)

    def _scores(self, examples: Examples) -> Scores:
        output_shape = (len(examples), *self._output_shape(examples.x))
        return self._need_compilation("metrics").scores(examples.y.shape, output_shape)
