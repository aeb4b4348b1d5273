"""`fit`, `evaluate` and `predict`: the checks of their arguments before the one loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.callbacks import Callback, CallbackList, History
from convlet.callbacks.callback import Logs
from convlet.errors import ArgumentError
from convlet.training import loop
from convlet.training.compiled import Compiled
from convlet.training.examples import Examples, as_images, with_class_weight
from convlet.training.penalties import Penalties
from convlet.training.progress import Progress
from convlet.training.scores import Scores
from convlet.training.splitting import split_off_validation

DEFAULT_BATCH_SIZE = 32
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
        x: ArrayLike | None = None,
        y: ArrayLike | None = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: str | int = "auto",
        callbacks: Callbacks = None,
        validation_split: float = 0.0,
        validation_data: Sequence[Any] | None = None,
        shuffle: bool = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: ArrayLike | None = None,
        initial_epoch: int = 0,
        steps_per_epoch: None = None,
        validation_steps: None = None,
        validation_batch_size: int | None = None,
        validation_freq: int = 1,
    ) -> History:
        """Trains the model.

        Args:
            x: The images, batch axis first. uint8, float32 and float64 are read as they are; other
                numbers are converted to float32 once.
            y: A target for each image.
            batch_size: How many images make one step; 32 by default.
            epochs: How many passes over the data there are, those before `initial_epoch` included.
            verbose: 0 prints nothing, 1 draws a progress bar, 2 prints a line an epoch; "auto"
                is 1. Into a file or a pipe, 1 prints a line an epoch, too.
            callbacks: A callback or several.
            validation_split: The part of the data, taken from its end before any shuffling, that
                is not trained on but evaluated after every epoch.
            validation_data: Data to evaluate after every epoch: `(x, y)` or
                `(x, y, sample_weight)`. It is used in place of `validation_split`.
            shuffle: Whether every epoch has an order of its own.
            class_weight: What an image of each class weighs in the loss; 1 where not named.
            sample_weight: What each image weighs in the loss.
            initial_epoch: The epoch to begin with, counted from 0, to take training up again.
            steps_per_epoch: Only None.
            validation_steps: Only None.
            validation_batch_size: The batch size for validation; `batch_size` by default.
            validation_freq: Only 1.

        Returns:
            The figures of every epoch.

        Raises:
            NotCompiledError: The model is not compiled.
            ArgumentError: An argument, a target or a weight is out of its range.
            ShapeError: Images, targets or weights do not fit the model or each other.
        """
        compilation = self._need_compilation("fit")
        validation.unsupported("fit", "steps_per_epoch", steps_per_epoch, only=None)
        validation.unsupported("fit", "validation_steps", validation_steps, only=None)
        validation.unsupported("fit", "validation_freq", validation_freq, only=1)
        batch_size = _batch_size("fit", batch_size)
        validation_batch_size = _batch_size("fit", validation_batch_size or batch_size)
        _check_epochs(epochs, initial_epoch)
        validation.boolean("fit", "shuffle", shuffle)
        validation.number("fit", "validation_split", validation_split, minimum=0, below=1)
        level = _verbosity("fit", verbose)

        training = self._examples("fit", x, y, sample_weight)
        held_out: Examples | None = None
        if validation_data is not None:
            held_out = self._examples("fit", *_unpacked(validation_data))
        elif validation_split > 0:
            training, held_out = split_off_validation(training, validation_split, compilation.loss)
        if class_weight is not None:
            training = with_class_weight("fit", training, class_weight)

        steps = -(-len(training) // batch_size)
        params = {"verbose": level, "epochs": epochs, "steps": steps}
        self.history = History()
        listeners = CallbackList(callbacks, self, params, "fit", last=self.history)
        run = self._training_run(training, batch_size, listeners, Progress(level), shuffle)
        if held_out is not None:
            run.validate = self._validation(held_out, validation_batch_size, listeners, run.scores)
        self.stop_training = False
        run.run(initial_epoch, epochs)
        return self.history

    def evaluate(
        self,
        x: ArrayLike | None = None,
        y: ArrayLike | None = None,
        batch_size: int | None = None,
        verbose: str | int = "auto",
        sample_weight: ArrayLike | None = None,
        steps: None = None,
        callbacks: Callbacks = None,
        return_dict: bool = False,
    ) -> Any:
        """Returns the loss and the metrics on given data.

        Args:
            x: The images, batch axis first.
            y: A target for each image.
            batch_size: How many images are evaluated at a time; 32 by default.
            verbose: 0 prints nothing, 1 draws a progress bar, 2 prints a line; "auto" is 1.
            sample_weight: What each image weighs in the loss.
            steps: Only None.
            callbacks: A callback or several.
            return_dict: Return the figures by name.

        Returns:
            The loss; with metrics, a list with the loss first, or a dictionary.

        Raises:
            NotCompiledError: The model is not compiled.
            ArgumentError: An argument, a target or a weight is out of its range.
            ShapeError: Images, targets or weights do not fit the model or each other.
        """
        compilation = self._need_compilation("evaluate")
        validation.unsupported("evaluate", "steps", steps, only=None)
        batch_size = _batch_size("evaluate", batch_size)
        level = _verbosity("evaluate", verbose)
        examples = self._examples("evaluate", x, y, sample_weight)
        params = {"verbose": level, "epochs": 1, "steps": -(-len(examples) // batch_size)}
        logs = loop.evaluate(
            self._programs.inference(self),
            compilation.loss,
            Penalties(self),
            self._scores(examples),
            examples,
            batch_size,
            CallbackList(callbacks, self, params, "evaluate"),
            Progress(level),
        )
        return _figures(logs, return_dict)

    def predict(
        self,
        x: ArrayLike,
        batch_size: int | None = None,
        verbose: str | int = "auto",
        steps: None = None,
        callbacks: Callbacks = None,
    ) -> NDArray[np.float32]:
        """Returns the model's outputs for images.

        Args:
            x: The images, batch axis first.
            batch_size: How many images are predicted at a time; 32 by default. The predictions do
                not depend on it.
            verbose: 0 prints nothing, 1 draws a progress bar, 2 prints a line; "auto" is 1.
            steps: Only None.
            callbacks: A callback or several.

        Raises:
            ArgumentError: An argument is out of its range.
            ShapeError: The images do not fit the model.
        """
        validation.unsupported("predict", "steps", steps, only=None)
        batch_size = _batch_size("predict", batch_size)
        level = _verbosity("predict", verbose)
        images = self._images("predict", x)
        program = self._programs.inference(self)
        if level == 0 and not callbacks:
            return loop.predict_quietly(program, images)
        params = {"verbose": level, "epochs": 1, "steps": -(-len(images) // batch_size)}
        return loop.predict(
            program,
            images,
            batch_size,
            CallbackList(callbacks, self, params, "predict"),
            Progress(level),
        )

    def train_on_batch(
        self,
        x: ArrayLike,
        y: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
        class_weight: Mapping[int, float] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Makes one step of training; returns the loss and the metrics before it.

        Args:
            x: The images of one batch.
            y: A target for each image.
            sample_weight: What each image weighs in the loss.
            class_weight: What an image of each class weighs in the loss; 1 where not named.
            return_dict: Return the figures by name.
        """
        self._need_compilation("train_on_batch")
        examples = self._examples("train_on_batch", x, y, sample_weight)
        if class_weight is not None:
            examples = with_class_weight("train_on_batch", examples, class_weight)
        nobody = CallbackList(None, self, {}, "train_on_batch")
        run = self._training_run(examples, len(examples), nobody, Progress(0), shuffle=False)
        run.scores.reset()
        # Each such batch counts as an epoch, so that its images are augmented anew.
        run.step(np.arange(len(examples), dtype=np.int64), run.optimizer.iterations)
        return _figures(run.scores.logs(), return_dict)

    def test_on_batch(
        self,
        x: ArrayLike,
        y: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
        return_dict: bool = False,
    ) -> Any:
        """Returns the loss and the metrics on one batch.

        Args:
            x: The images of one batch.
            y: A target for each image.
            sample_weight: What each image weighs in the loss.
            return_dict: Return the figures by name.
        """
        self._need_compilation("test_on_batch")
        size = len(as_images("test_on_batch", x))
        return self.evaluate(x, y, size, 0, sample_weight, return_dict=return_dict)

    def predict_on_batch(self, x: ArrayLike) -> NDArray[np.float32]:
        """Returns the model's outputs for one batch of images.

        Args:
            x: The images, batch axis first.
        """
        return loop.run_inference(self, x, "predict_on_batch")

    def _training_run(
        self,
        examples: Examples,
        batch_size: int,
        callbacks: CallbackList,
        progress: Progress,
        shuffle: bool,
    ) -> loop.TrainingRun:
        compilation = self._need_compilation("fit")
        program = self._programs.training(
            self,
            min(batch_size, len(examples)),
            [compilation.loss],
            compilation.optimizer,
        )
        return loop.TrainingRun(
            self,
            program,
            compilation.optimizer,
            self._scores(examples),
            examples,
            batch_size,
            shuffle,
            callbacks,
            progress,
        )

    def _validation(
        self, examples: Examples, batch_size: int, callbacks: CallbackList, scores: Scores
    ) -> Callable[[], Logs]:
        """A function that evaluates the model without printing."""
        program = self._programs.inference(self)
        loss = self._need_compilation("fit").loss
        penalties = Penalties(self)
        return lambda: loop.evaluate(
            program, loss, penalties, scores, examples, batch_size, callbacks
        )


def _batch_size(owner: str, value: int | None) -> int:
    return DEFAULT_BATCH_SIZE if value is None else validation.integer(owner, "batch_size", value)


def _check_epochs(epochs: int, initial_epoch: int) -> None:
    validation.integer("fit", "epochs", epochs)
    validation.integer("fit", "initial_epoch", initial_epoch, minimum=0)
    if initial_epoch >= epochs:
        raise ArgumentError(
            f"fit needs initial_epoch to be below epochs. Received initial_epoch={initial_epoch} "
            f"and epochs={epochs}. Epochs are counted from the first run on: pass "
            f"epochs={initial_epoch + epochs} for {epochs} more."
        )


def _verbosity(owner: str, verbose: str | int) -> int:
    if verbose == "auto":
        return 1
    if verbose in (0, 1, 2):
        return int(verbose)
    raise ArgumentError(validation.bad_argument(owner, "verbose", "'auto', 0, 1 or 2", verbose))


def _unpacked(validation_data: Sequence[Any]) -> Sequence[Any]:
    if not isinstance(validation_data, (tuple, list)) or len(validation_data) not in (2, 3):
        count = f"{len(validation_data)} items" if hasattr(validation_data, "__len__") else "it"
        raise ArgumentError(
            "fit needs validation_data to be (x, y) or (x, y, sample_weight). "
            f"Received a {type(validation_data).__name__} of {count}."
        )
    return validation_data


def _figures(logs: Logs, return_dict: bool) -> Any:
    """The figures as Keras returns them: by name, or the loss first, alone without a list."""
    if return_dict:
        return logs
    values = list(logs.values())
    return values if len(values) > 1 else values[0]
