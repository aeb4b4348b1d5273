"""What every model is: wired layers, their weights, and the methods that train and save them."""

from __future__ import annotations

import json
from collections.abc import Callable
from os import PathLike
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import (
    ArgumentError,
    UnsupportedError,
)
from convlet.models.exported import Exported
from convlet.training.trainer import Trainer

if TYPE_CHECKING:
    from convlet.engine import Explanation


_STEPS = (
    "train_step",
    "test_step",
    "predict_step",
    "make_train_function",
    "make_test_function",
    "make_predict_function",
    "compute_loss",
    "compute_metrics",
)
"""Methods that a model of Keras may have of its own, which would never be called here."""


class Model(Exported, Trainer):
    """Layers between inputs and outputs: what is trained, saved and used.

    `Model(inputs, outputs)` makes a `Functional` model of the symbolic tensors on which layers were
    called. A subclass with a `call` of its own is a model, too: it creates its layers in
    `__init__`, and says in `call` how they are wired. See also `Sequential`.

    Args:
        *inputs_and_outputs: The symbolic tensors where it begins and ends; none in a subclass.
        trainable: Whether training changes the weights.
        name: Its name; None counts one up: `functional`, `functional_1`.
        **options: `inputs=` and `outputs=`, by name.

    Attributes:
        class_names: What the outputs of a classifier mean, saved with the model; or None.

    Example:
        >>> from convlet import layers
        >>> image = layers.Input((8, 8, 1))
        >>> edges = layers.Conv2D(4, 3, padding="same", activation="relu")(image)
        >>> both = layers.Concatenate()([image, edges])
        >>> model = Model(image, layers.GlobalMaxPooling2D()(both))
        >>> model.output_shape
        (None, 5)
    """

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuses Python code for steps, in the line that begins the class."""
        super().__init_subclass__(**options)
        for name in filter(vars(cls).__contains__, _STEPS):
            raise UnsupportedError(
                f"{cls.__name__} cannot have a {name} of its own: convlet differentiates its own "
                "layers, not Python code. Give compile a loss for each output, with loss_weights; "
                "a loss of your own is losses.custom(function, gradient). What is to happen around "
                "a step is a Callback."
            )

    def __new__(
        cls,
        *inputs_and_outputs: Any,
        trainable: bool = True,
        name: str | None = None,
        **options: Any,
    ) -> Any:
        """Makes a `Functional` model where no subclass is asked for."""
        if cls is Model:
            from convlet.models.functional import Functional

            return super().__new__(Functional)
        return super().__new__(cls)

    def __init__(
        self,
        *inputs_and_outputs: Any,
        trainable: bool = True,
        name: str | None = None,
        **options: Any,
    ) -> None:
        owner = type(self).__name__
        if len(inputs_and_outputs) + len(options) == 2:  # a subclass that has no call of its own
            from convlet.models.functional import Functional, make_functional

            make_functional(type(self))
            options = {**options, "trainable": trainable, "name": name}
            Functional.__init__(cast(Functional, self), *inputs_and_outputs, **options)
            return
        if inputs_and_outputs or options:
            given = ", ".join(options) or f"{len(inputs_and_outputs)} more"
            raise ArgumentError(
                f"{owner} takes no arguments but trainable and name. Received {given}. "
                "Use Model(inputs, outputs), or call super().__init__() in a subclass."
            )
        Exported.__init__(self, trainable, name)
        Trainer.__init__(self)

    def get_config(self) -> dict[str, Any]:
        """What would make the same model, untrained.

        Raises:
            UnsupportedError: In a subclass that does not say it.
        """
        raise UnsupportedError(
            f"{self.label} needs a get_config of its own: only its class knows how it is made. "
            "Write one, or make the model with Model(inputs, outputs)."
        )

    def to_json(self, **options: Any) -> str:
        """The model's layers, and how it was compiled, as JSON; `model_from_json` reads it.

        Args:
            **options: What `json.dumps` takes.
        """
        from convlet.models.saving import model_description

        return json.dumps(model_description(self), **options)

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
        run = self._programs.inference(self).run
        run(np.zeros((1, *self.graph.input_shapes[0]), dtype))  # compiles and allocates
        return run

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

    def load_weights(
        self, filepath: str | PathLike[str], skip_mismatch: bool = False, by_name: bool = False
    ) -> None:
        """Reads weights that a model of the same layers wrote, here or in Keras.

        Args:
            filepath: The `.weights.h5`, `.keras` or older `.h5` file.
            skip_mismatch: Leave a layer as it is, with a warning, where what the file has does not
                fit.
            by_name: Look layers up by their names, and leave those that are not in the file as they
                are; only in older `.h5` files, which have names.

        Raises:
            ModelFileError: Where the file is missing, is damaged, or its weights do not fit.
            NotBuiltError: Before the model is built.
        """
        from convlet.models.loading import load_weights

        load_weights(self, filepath, skip_mismatch, by_name)
