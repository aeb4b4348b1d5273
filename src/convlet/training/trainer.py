"""`fit`, `evaluate` and `predict`: the checks of their arguments before the one loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np

from convlet import validation
from convlet.callbacks import Callback, CallbackList, History
from convlet.callbacks.callback import Logs
from convlet.training import arguments, batch_statistics, loop
from convlet.training.choosing import (
    arrays,
    batch_size_of,
    refuse_split,
    source_of,
    validation_source,
    weighted,
)
from convlet.training.compiled import Compiled
from convlet.training.examples import Examples
from convlet.training.notices import warn_of_lack
from convlet.training.penalties import Penalties
from convlet.training.progress import Progress
from convlet.training.sources import Arrays, Source
from convlet.training.splitting import split_off_validation

Callbacks = Callback | Iterable[Callback] | None


class Trainer(Compiled):
    """The part of a model that trains it, evaluates it and predicts with it.

    Attributes:
        history: What the last `fit` returned; None before the first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.history: History | None = None
        self._initial_epoch = 0

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: str | int = "auto",
        callbacks: Callbacks = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int | Iterable[int] = 1,
    ) -> History:
        """Trains the model.

        Args:
            x: The images, batch axis first. uint8, float32 and float64 are read as they are; other
                numbers are converted to float32 once. For a model with several inputs, a list of
                arrays, or a dictionary by the inputs' names. Or anything that gives batches
                `(x, y)` or `(x, y, sample_weight)`: a generator, an iterable, a
                `utils.PyDataset`, a data set of `utils.image_dataset_from_directory`, a
                `DataLoader` of PyTorch.
            y: A target for each image; with several outputs, a list or a dictionary of targets.
                Pandas's columns will do. None where `x` gives batches.
            batch_size: How many images make one step; 32 by default. Without effect on batches.
            epochs: How many passes over the data there are, those before `initial_epoch` included.
            verbose: 0 prints nothing, 1 draws a progress bar, 2 prints a line an epoch; "auto"
                is 1. Into a file or a pipe, 1 prints a line an epoch, too.
            callbacks: A callback or several.
            validation_split: The part of the data, taken from its end before any shuffling, that
                is not trained on but evaluated after every epoch. Only for arrays.
            validation_data: Data to evaluate after every epoch: `(x, y)`,
                `(x, y, sample_weight)` or what gives batches. It is used in place of
                `validation_split`.
            shuffle: Whether every epoch has an order of its own: of the images in arrays, of the
                batches in what has `__getitem__`. Without effect on what is iterated over.
            class_weight: What an image of each class weighs in the loss; 1 where not named. Only
                for a model with one output.
            sample_weight: What each image weighs in the loss; with several outputs, one array for
                all, or a list or a dictionary of arrays.
            initial_epoch: The epoch to begin with, counted from 0, to take training up again.
            steps_per_epoch: How many batches make an epoch; by default one pass over the data. The
                next epoch goes on where the one before ended.
            validation_steps: How many batches of `validation_data` are evaluated; all by default.
            validation_batch_size: The batch size for validation; `batch_size` by default.
            validation_freq: After every how many epochs to validate, or a list of the epochs,
                counted from 1.

        Returns:
            The figures of every epoch.

        Raises:
            NotCompiledError: The model is not compiled.
            ArgumentError: An argument, a target or a weight is out of its range.
            ShapeError: Images, targets or weights do not fit the model or each other.
        """
        compilation = self._need_compilation("fit")
        steps = arguments.steps_of("fit", "steps_per_epoch", steps_per_epoch)
        validation_steps = arguments.steps_of("fit", "validation_steps", validation_steps)
        arguments.check_epochs(epochs, initial_epoch)
        due = arguments.validated_epochs(validation_freq)
        validation.boolean("fit", "shuffle", shuffle)
        validation.number("fit", "validation_split", validation_split, minimum=0, below=1)
        level = arguments.verbosity("fit", verbose)
        read = partial(self._examples, "fit")

        def read_to_train(*data: Any) -> Examples:
            return weighted("fit", read(*data), class_weight)

        held_out: Source | None = None
        validation_batch_size = validation_batch_size or batch_size
        if validation_data is None and validation_split > 0:
            refuse_split(x, y)
            training, rest = split_off_validation(
                read(x, y, sample_weight), validation_split, compilation.losses
            )
            training = weighted("fit", training, class_weight)
            source: Source = arrays("fit", training, batch_size, steps, shuffle)
            held_out = arrays("fit", rest, validation_batch_size, validation_steps)
        else:
            data = (x, y, sample_weight)
            source = source_of("fit", read_to_train, data, batch_size, steps, shuffle)
        if validation_data is not None:
            rounds = sum(map(due, range(initial_epoch, epochs)))
            held_out = validation_source(
                read, validation_data, validation_batch_size, validation_steps, rounds
            )

        params = {"verbose": level, "epochs": epochs, "steps": source.steps}
        self.history = History()
        listeners = CallbackList(callbacks, self, params, "fit", last=self.history)
        run = loop.TrainingRun(self, compilation, source, listeners, Progress(level))
        if held_out is not None:
            run.validate = self._validation(held_out, due, listeners)
        self.stop_training = False
        run.run(initial_epoch, epochs)
        steps_made = compilation.optimizer.iterations
        batch_statistics.warn_of_memory(self.wiring.graph, steps_made, listeners.callbacks)
        return self.history

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: str | int = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Callbacks = None,
        return_dict: bool = False,
    ) -> Any:
        """Returns the loss and the metrics on given data.

        Args:
            x: The images, batch axis first; or several inputs, or what gives batches: see `fit`.
            y: A target for each image; None where `x` gives batches.
            batch_size: How many images are evaluated at a time; 32 by default.
            verbose: 0 prints nothing, 1 draws a progress bar, 2 prints a line; "auto" is 1.
            sample_weight: What each image weighs in the loss.
            steps: How many batches are evaluated; all by default.
            callbacks: A callback or several.
            return_dict: Return the figures by name.

        Returns:
            The loss; with metrics or several outputs, a list with the loss first, then with several
            outputs the loss of each; or a dictionary.

        Raises:
            NotCompiledError: The model is not compiled.
            ArgumentError: An argument, a target or a weight is out of its range.
            ShapeError: Images, targets or weights do not fit the model or each other.
        """
        compilation = self._need_compilation("evaluate")
        steps = arguments.steps_of("evaluate", "steps", steps)
        level = arguments.verbosity("evaluate", verbose)
        read = partial(self._examples, "evaluate")
        source = source_of("evaluate", read, (x, y, sample_weight), batch_size, steps)
        params = {"verbose": level, "epochs": 1, "steps": source.steps}
        listeners = CallbackList(callbacks, self, params, "evaluate")
        logs = loop.evaluate(
            self._outputs, Penalties(self), compilation, source, listeners, Progress(level)
        )
        loop.check_any(bool(logs), "evaluate")
        return arguments.figures(logs, return_dict)

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: str | int = "auto",
        steps: int | None = None,
        callbacks: Callbacks = None,
    ) -> Any:
        """Returns the model's outputs for images.

        Args:
            x: The images, batch axis first; or several inputs, or what gives batches, whose
                targets are left aside: see `fit`.
            batch_size: How many images are predicted at a time; 32 by default. The predictions do
                not depend on it.
            verbose: 0 prints nothing, 1 draws a progress bar, 2 prints a line; "auto" is 1.
            steps: How many batches are predicted; all by default.
            callbacks: A callback or several.

        Returns:
            An array; for several outputs, a list of arrays or a dictionary, as the model has them.

        Raises:
            ArgumentError: An argument is out of its range.
            ShapeError: The images do not fit the model.
        """
        steps = arguments.steps_of("predict", "steps", steps)
        level = arguments.verbosity("predict", verbose)

        def read(x: Any, *targets: Any) -> Examples:
            return Examples(self._inputs("predict", x))

        source = source_of("predict", read, (x, None, None), batch_size, steps)
        if level == 0 and not callbacks and steps is None and isinstance(source, Arrays):
            return loop.predict_quietly(self, source.examples.xs)
        params = {"verbose": level, "epochs": 1, "steps": source.steps}
        listeners = CallbackList(callbacks, self, params, "predict")
        return self._packed(loop.predict(self._outputs, source, listeners, Progress(level)))

    def recompute_batch_statistics(self, x: Any, batch_size: int | None = None) -> None:
        """Makes the moving statistics of each BatchNormalization exactly those of given images.

        Layers are treated in their order, each with the exact statistics of those before it, so
        that `predict` on these images normalises to mean 0 and variance 1 in every layer. The
        network is computed up to each of them in turn. Frozen layers stay as they are, and nothing
        random is drawn. Keras has nothing like it.

        Args:
            x: The images, batch axis first: those that the model was trained on. One array for
                each input where there are several.
            batch_size: How many images are computed at a time; 32 by default. The result does not
                depend on it.

        Raises:
            ArgumentError: An argument is out of its range.
            ShapeError: The images do not fit the model.
        """
        batch_size = batch_size_of("recompute_batch_statistics", batch_size)
        xs = self._inputs("recompute_batch_statistics", x)
        batch_statistics.recompute(self.wiring.graph, xs, batch_size)

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: Mapping[int, float] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Makes one step of training; returns the loss and the metrics before it.

        Args:
            x: The images of one batch, or several inputs: see `fit`.
            y: A target for each image.
            sample_weight: What each image weighs in the loss.
            class_weight: What an image of each class weighs in the loss; 1 where not named.
            return_dict: Return the figures by name.
        """
        compilation = self._need_compilation("train_on_batch")
        examples = self._examples("train_on_batch", x, y, sample_weight)
        examples = weighted("train_on_batch", examples, class_weight)
        nobody = CallbackList(None, self, {}, "train_on_batch")
        source = Arrays(examples, len(examples))
        run = loop.TrainingRun(self, compilation, source, nobody, Progress(0))
        compilation.scores.reset()
        # Each such batch counts as an epoch, so that its images are augmented anew.
        epoch = compilation.optimizer.iterations
        run.step(examples, np.arange(len(examples), dtype=np.int64), epoch)
        return arguments.figures(compilation.scores.logs(), return_dict)

    def test_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """Returns the loss and the metrics on one batch.

        Args:
            x: The images of one batch, or several inputs: see `fit`.
            y: A target for each image.
            sample_weight: What each image weighs in the loss.
            return_dict: Return the figures by name.
        """
        compilation = self._need_compilation("test_on_batch")
        examples = self._examples("test_on_batch", x, y, sample_weight)
        nobody = CallbackList(None, self, {}, "test_on_batch")
        source = Arrays(examples, len(examples))
        logs = loop.evaluate(self._outputs, Penalties(self), compilation, source, nobody)
        return arguments.figures(logs, return_dict)

    def predict_on_batch(self, x: Any) -> Any:
        """Returns the model's outputs for one batch of images.

        Args:
            x: The images, batch axis first, or several inputs.
        """
        return loop.run_inference(self, x, "predict_on_batch")

    def _validation(
        self, source: Source, due: Callable[[int], bool], callbacks: CallbackList
    ) -> Callable[[int], Logs]:
        """A function that evaluates the model without printing, after the epochs that are due."""
        compilation, penalties = self._need_compilation("fit"), Penalties(self)

        def validate(epoch: int) -> Logs:
            if not due(epoch):
                return {}
            logs = loop.evaluate(self._outputs, penalties, compilation, source, callbacks)
            if not logs:
                warn_of_lack(f"before epoch {epoch + 1} could be validated.")
            return logs

        return validate
