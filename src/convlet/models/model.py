"""What every model is: layers in order, their weights, and the methods that train and save them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import ArgumentError, NotBuiltError, UnknownNameError, UnsupportedError
from convlet.layers import Layer, naming
from convlet.layers.shapes import Shape
from convlet.layers.weights import HasWeights
from convlet.training.loop import run_inference
from convlet.training.trainer import Trainer
from convlet.variable import Variable

if TYPE_CHECKING:
    from convlet.engine import Explanation


class Model(HasWeights, Trainer):
    """The base of models; make a `Sequential`.

    Args:
        *inputs_and_outputs: Refused: the functional interface does not exist yet.
        trainable: Whether training changes the weights.
        name: Its name; None counts one up: `sequential`, `sequential_1`.
        **unsupported: Refused too.

    Attributes:
        class_names: What the outputs of a classifier mean, saved with the model; or None.
    """

    def __init__(
        self,
        *inputs_and_outputs: Any,
        trainable: bool = True,
        name: str | None = None,
        **unsupported: Any,
    ) -> None:
        owner = type(self).__name__
        if type(self) is Model or inputs_and_outputs or unsupported:
            raise UnsupportedError(
                f"{owner} does not support inputs and outputs, the functional interface, yet. "
                "Build a Sequential model from a list of layers."
            )
        super().__init__()
        if name is not None and not isinstance(name, str):
            raise ArgumentError(validation.bad_argument(owner, "name", "a text or None", name))
        self.name = naming.next_name(owner) if name is None else name
        self.class_names: list[str] | None = None
        self._trainable = validation.boolean(owner, "trainable", trainable)

    @property
    def label(self) -> str:
        """How messages call it: "Sequential 'sequential_1'"."""
        return f"{type(self).__name__} {self.name!r}"

    @property
    def layers(self) -> list[Layer]:
        """Its layers, from input to output."""
        raise NotImplementedError

    @property
    def built(self) -> bool:
        """Whether the shapes are known and the weights exist."""
        raise NotImplementedError

    def build(self, input_shape: Sequence[int | None] | None = None) -> None:
        """Creates the weights for inputs of a shape, batch axis first."""
        raise NotImplementedError

    @property
    def input_shape(self) -> Shape:
        """The shape of a batch of inputs: None for the batch, then the sample's sizes."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """What would make the same model, untrained."""
        raise NotImplementedError

    def compute_output_shape(self, input_shape: Sequence[int | None]) -> Shape:
        """The shape of the output for a shape of the input, both with the batch axis first.

        Raises:
            ShapeError: Where a layer cannot take what comes to it.
        """
        shape = validation.shape(self.label, "input_shape", input_shape)
        for layer in self.layers:
            shape = layer.compute_output_shape(shape)
        return shape

    @property
    def output_shape(self) -> Shape:
        """The shape of a batch of outputs, None for the batch."""
        return self.compute_output_shape(self.input_shape)

    def __call__(self, x: ArrayLike, training: bool = False) -> Any:
        """What the model makes of `x`: its predictions.

        Args:
            x: A batch of inputs.
            training: Only False: `fit` and `train_on_batch` train.
        """
        validation.unsupported(self.label, "training", training, only=False)
        return run_inference(self, x, self.label)

    def predictor(self, dtype: str = "float32") -> Callable[..., NDArray[np.float32]]:
        """The shortest way to predictions: a compiled function, bound to this model.

        It takes a C-contiguous array of images, batch axis first, of uint8, float32 or float64, and
        optionally `out`, a float32 array for the predictions; it returns the predictions. Compared
        with `predict`, it converts nothing. It reads the model's weights where they lie, so
        training goes on changing what it predicts; after adding or taking off a layer, make a new
        one. Several Python threads may call it at the same time.

        Args:
            dtype: What images will consist of: `"uint8"`, `"float32"` or `"float64"`. It is
                compiled for these now, for others when they first come.

        Raises:
            UnknownNameError: For another dtype.
            NotBuiltError: Before the model is built.

        Example:
            >>> import numpy as np
            >>> from convlet import layers, models
            >>> model = models.Sequential([layers.Input((28, 28, 1)), layers.Flatten()])
            >>> predict = model.predictor("uint8")
            >>> predict(np.ones((2, 28, 28, 1), np.uint8)).shape
            (2, 784)
            >>> out = np.empty((1, 784), np.float32)
            >>> predict(np.ones((1, 28, 28, 1), np.uint8), out) is out
            True
        """
        self._check_built("before it has a predictor")
        validation.one_of("predictor", "dtype", dtype, ("uint8", "float32", "float64"))
        sizes = tuple(size for size in self.input_shape[1:] if size is not None)
        run = self._programs.inference(self, [sizes]).run
        run(np.zeros((1, *sizes), dtype))  # compiles and allocates
        return run

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

    def summary(
        self,
        line_length: int | None = None,
        print_fn: Callable[[str], Any] | None = None,
        receptive_field: bool = False,
        multiply_adds: bool = False,
        memory: bool = False,
    ) -> None:
        """Prints the layers, the shapes of their outputs and the numbers of their parameters.

        Args:
            line_length: The width of the table; None makes room for the longest name.
            print_fn: Called with the whole text instead of `print`.
            receptive_field: Also show what part of the input one value of each output sees.
            multiply_adds: Also show how many multiplications an image takes.
            memory: Also show how many bytes each output takes for an image.
        """
        from convlet.models.summary import summary_text

        text = summary_text(
            self,
            line_length=line_length,
            receptive_field=receptive_field,
            multiply_adds=multiply_adds,
            memory=memory,
        )
        (print if print_fn is None else print_fn)(text)

    def explain(
        self,
        training: bool | None = None,
        batch_size: int | None = None,
        dtype: str = "float32",
    ) -> Explanation:
        """Says how the engine computes the model: print what is returned.

        Each op with the layers that it was made of, how and why it is computed so, with which
        kernels and register tiles, its multiply-adds and memory; then the phases of a step.

        Args:
            training: Explain a step of training, not of inference; None does if it is compiled.
            batch_size: How many images there are in a step; 64 by default.
            dtype: What images consist of: "uint8", "float32" or "float64".

        Returns:
            The facts as dataclasses; their text is a table.

        Raises:
            NotBuiltError: Before the model is built.
            NotCompiledError: For training, before `compile`.
            ArgumentError: An argument is out of its range.

        Example:
            >>> from convlet import layers, models
            >>> model = models.Sequential([layers.Input((8, 8, 1)), layers.Conv2D(4, 3)])
            >>> model.add(layers.MaxPooling2D(2))
            >>> explanation = model.explain()
            >>> [(op.work, op.output) for op in explanation.operations[1:2]]
            [('3x3 convolution + bias + 2x2 max pool', (3, 3, 4))]
        """
        from convlet.models import explaining

        self._check_built("before it is explained")
        return explaining.explain(self, training, batch_size, dtype)

    def profile(
        self,
        x: ArrayLike | None = None,
        y: ArrayLike | None = None,
        training: bool | None = None,
        batch_size: int | None = None,
        steps: int = 20,
    ) -> Explanation:
        """Measures what `explain` says: milliseconds and GFLOP/s of each op and phase.

        Weights and optimizer are afterwards what they were. A thread's clock is read around each
        kernel call, within this method alone.

        Args:
            x: Images, batch axis first; None makes up a batch of random ones.
            y: Their targets, for training; None only without `x`.
            training: Measure training, not inference; None does if the model is compiled.
            batch_size: How many images there are in a step; 64 by default.
            steps: How many steps the figures are medians of, after some that do not count.

        Returns:
            What `explain` returns, with times.

        Raises:
            NotBuiltError: Before the model is built.
            NotCompiledError: For training, before `compile`.
            ArgumentError: An argument, a target or a weight is out of its range.
            ShapeError: Images or targets do not fit the model or each other.

        Example:
            >>> from convlet import layers, models
            >>> model = models.Sequential([layers.Input((8, 8, 1)), layers.Conv2D(4, 3)])
            >>> model.profile(batch_size=8, steps=2).milliseconds > 0
            True
        """
        from convlet.models import explaining

        self._check_built("before it is measured")
        return explaining.profile(self, x, y, training, batch_size, steps)

    def save(self, filepath: str | PathLike[str], overwrite: bool = True) -> None:
        """Writes layers, weights, the state of training and class names into one `.keras` file.

        The file appears whole or not at all: it is written under another name and then renamed.

        Args:
            filepath: Where, ending in `.keras`.
            overwrite: Whether a file that is there may be replaced.

        Raises:
            ArgumentError: Where the name ends otherwise, or the file may not be replaced.
            NotBuiltError: Before the model is built.
        """
        from convlet.models.saving import save_model

        save_model(self, filepath, overwrite)

    def save_weights(self, filepath: str | PathLike[str], overwrite: bool = True) -> None:
        """Writes the weights alone into one file.

        Args:
            filepath: Where, ending in `.weights.h5`.
            overwrite: Whether a file that is there may be replaced.

        Raises:
            ArgumentError: Where the name ends otherwise, or the file may not be replaced.
            NotBuiltError: Before the model is built.
        """
        from convlet.models.saving import save_weights

        save_weights(self, filepath, overwrite)

    def load_weights(self, filepath: str | PathLike[str]) -> None:
        """Reads weights that `save_weights` or `save` wrote for a model of the same layers.

        Args:
            filepath: The `.weights.h5` or `.keras` file.

        Raises:
            ModelFileError: Where the file is missing, is damaged, or its weights do not fit.
            NotBuiltError: Before the model is built.
        """
        from convlet.models.loading import load_weights

        load_weights(self, filepath)

    def _check_built(self, when: str) -> None:
        if not self.built:
            raise NotBuiltError(
                f"{self.label} needs to be built {when}. "
                "Give its first layer an input_shape, or call build(input_shape) or fit."
            )

    def __repr__(self) -> str:
        return f"<{self.label}>"
