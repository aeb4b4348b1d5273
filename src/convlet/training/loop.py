"""The loop over batches: one for training, evaluation and prediction alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from convlet.callbacks import CallbackList
from convlet.callbacks.callback import Logs
from convlet.errors import ArgumentError
from convlet.training.compilation import Compilation
from convlet.training.examples import Examples
from convlet.training.interrupt import HeldInterrupt
from convlet.training.notices import warn_of_lack
from convlet.training.penalties import Penalties
from convlet.training.programs import TrainingProgram
from convlet.training.progress import Progress
from convlet.training.sources import IMAGES_AT_A_TIME, Source

if TYPE_CHECKING:
    from convlet.training.trainer import Trainer

Item = TypeVar("Item")
Outputs = list[NDArray[np.float32]]
Predict = Callable[[list[NDArray[Any]]], Outputs]


def run_batches(
    batches: Iterable[Item],
    step: Callable[[Item], Any],
    callbacks: CallbackList,
    kind: str,
    logs: Callable[[], dict[str, Any]],
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Does a step with each batch, between the callbacks.

    Args:
        batches: What the steps are done with.
        step: Does one.
        callbacks: Those whose batch hooks are called.
        kind: "train", "test" or "predict".
        logs: Gives the figures so far, for the hooks.
        progress: Told of every step.
        stopped: Whether to stop before the end.

    Returns:
        How many steps were done.
    """
    begin_hooks = callbacks.batch_hooks(f"on_{kind}_batch_begin")
    end_hooks = callbacks.batch_hooks(f"on_{kind}_batch_end")
    done = 0
    for batch in batches:
        for hook in begin_hooks:
            hook(done, {})
        step(batch)
        if end_hooks:
            figures = logs()
            for hook in end_hooks:
                hook(done, figures)
        done += 1
        if progress is not None:
            progress.update(done)
        if stopped():
            break
    return done


@dataclass
class TrainingRun:
    """One call of `fit`: what is trained, on what, and who is told.

    Attributes:
        model: Its `stop_training` ends the run.
        compilation: Its optimizer's `iterations` are counted here, its scores gathered.
        source: The training data.
        callbacks: The user's, and the history.
        progress: What is printed.
        validate: Evaluates the model after an epoch, counted from 0, where it is due.
    """

    model: Trainer
    compilation: Compilation
    source: Source
    callbacks: CallbackList
    progress: Progress
    validate: Callable[[int], Logs] = lambda epoch: {}
    _program: TrainingProgram | None = field(default=None, init=False)
    _room: int = field(default=0, init=False)  # for images in a batch of the program

    def run(self, initial_epoch: int, epochs: int) -> None:
        """Trains from `initial_epoch` up to `epochs`, both counted from 0.

        However it ends, the weights are those after a full step, and the callbacks are told.
        """
        logs: Logs | None = None
        with HeldInterrupt() as interrupt:
            try:
                self.model._initial_epoch = initial_epoch  # a callback may move it on
                self.callbacks.call("on_train_begin", {})
                for epoch in range(self.model._initial_epoch, epochs):
                    latest = self._run_epoch(epoch, epochs, interrupt)
                    if latest is None:
                        check_any(logs is not None, "fit")
                        warn_of_lack(f"before epoch {epoch + 1} of {epochs}, so training stops.")
                        break
                    logs = latest
                    if self.model.stop_training:
                        break
                optimizer = self.compilation.optimizer
                optimizer.finalize_variable_values(self.model.trainable_variables)
            finally:
                self.progress.close()
                self.callbacks.on_train_end(logs)

    def _run_epoch(self, epoch: int, epochs: int, interrupt: HeldInterrupt) -> Logs | None:
        """The figures of an epoch; None where there were no data left for it."""
        self.compilation.scores.reset()
        self.callbacks.call("on_epoch_begin", epoch, {})

        def logs_so_far() -> Logs:
            return self.compilation.scores.logs()  # those of a model that the first batch builds

        def step(batch: tuple[Examples, NDArray[np.int64]]) -> None:
            self.step(*batch, epoch)
            interrupt.check()

        title = f"Epoch {epoch + 1}/{epochs}" if epochs > 1 else ""
        self.progress.begin(self.source.steps, logs_so_far, title)
        done = run_batches(
            self.source.epoch(epoch),
            step,
            self.callbacks,
            "train",
            logs_so_far,
            self.progress,
            lambda: self.model.stop_training,
        )
        if not done:
            return None
        logs = logs_so_far()
        logs |= {f"val_{name}": value for name, value in self.validate(epoch).items()}
        self.progress.end(done, logs)
        self.callbacks.call("on_epoch_end", epoch, logs)
        return logs

    def step(self, data: Examples, index: NDArray[np.int64], epoch: int) -> None:
        """Makes one step on the examples at the given positions, and gathers its figures."""
        program = self._program_for(len(index))
        losses, outputs = program.step(data.xs, data.ys, index, data.sample_weights, epoch)
        self.compilation.optimizer.iterations += 1
        scores = self.compilation.scores
        scores.add_losses(losses.total, losses.each, len(index))
        if scores.watched:
            ys = [None if y is None else y.take(index, axis=0) for y in data.ys]
            scores.add_predictions(ys, outputs, data.weights_of(index))

    def _program_for(self, count: int) -> TrainingProgram:
        """The program of the step before, as long as it has room for the batch."""
        if self._program is None or count > self._room:
            self._program = self.model._programs.training(self.model, count, self.compilation)
            self._room = count
        return self._program


def evaluate(
    predict: Predict,
    penalties: Penalties,
    compilation: Compilation,
    source: Source,
    callbacks: CallbackList,
    progress: Progress | None = None,
) -> Logs:
    """Returns the loss with its penalties, and the metrics; nothing where there are no data."""
    compilation.scores.reset()
    of_weights: float | None = None

    def logs_so_far() -> Logs:
        return compilation.scores.logs()  # those of a model that the first batch builds

    def step(batch: tuple[Examples, Outputs]) -> None:
        nonlocal of_weights
        if of_weights is None:
            of_weights = penalties.of_weights()
        part, outputs = batch
        _add_scores(compilation, part, outputs, of_weights + penalties.of_outputs(part.xs))

    callbacks.call("on_test_begin", {})
    if progress is not None:
        progress.begin(source.steps, logs_so_far)
    parts = _predicted(predict, source)
    done = run_batches(parts, step, callbacks, "test", logs_so_far, progress)
    logs = logs_so_far() if done else {}
    if progress is not None:
        progress.end(done, logs)
    callbacks.call("on_test_end", logs)
    return logs


def _add_scores(compilation: Compilation, part: Examples, outputs: Outputs, penalty: float) -> None:
    """Takes the losses and metrics of a batch into the scores."""
    weights = part.sample_weights or [None] * len(part.ys)
    given = zip(compilation.losses, part.ys, outputs, weights, strict=True)
    each = [
        0.0 if loss is None else float(loss(y, output, weight)) for loss, y, output, weight in given
    ]
    total = sum(each)
    if compilation.loss_weights is not None:
        total = float(np.dot(each, compilation.loss_weights))
    compilation.scores.add_losses(total + penalty, each, len(part))
    compilation.scores.add_predictions(part.ys, outputs, part.sample_weights)


def predict(
    predict_block: Predict, source: Source, callbacks: CallbackList, progress: Progress
) -> Outputs:
    """Returns the predictions for all images, of each output."""
    parts: list[Outputs] = []

    def step(part: tuple[Examples, Outputs]) -> None:
        parts.append(part[1])

    def latest() -> dict[str, Any]:
        return {"outputs": parts[-1][0] if len(parts[-1]) == 1 else parts[-1]}

    callbacks.call("on_predict_begin", {})
    progress.begin(source.steps, dict)
    coming = _predicted(predict_block, source)
    done = run_batches(coming, step, callbacks, "predict", latest, progress)
    check_any(done > 0, "predict")
    progress.end(done, {})
    callbacks.call("on_predict_end", {})
    return [np.concatenate(each) for each in zip(*parts, strict=True)]


def _predicted(predict: Predict, source: Source) -> Iterator[tuple[Examples, Outputs]]:
    """Each batch and its outputs, from an engine that is given several small ones at a time."""
    for block in source.blocks():
        outputs = predict(block.xs)
        size = source.batch_size or len(block)
        for start in range(0, len(block), size):
            part = slice(start, start + size)
            yield block[part], [output[part] for output in outputs]


def check_any(some: bool, owner: str) -> None:
    """Raises where there was no batch at all."""
    if not some:
        raise ArgumentError(f"{owner} needs at least one batch. Received data that gave none.")


def run_inference(model: Trainer, x: Any, owner: str = "A model") -> Any:
    """Returns the model's outputs for images, in one go and without callbacks."""
    return predict_quietly(model, model._inputs(owner, x))


def predict_quietly(model: Trainer, inputs: list[NDArray[Any]]) -> Any:
    """Returns the outputs for checked inputs where nobody is told of batches.

    It goes block by block, so that an interruption comes through.
    """
    count = len(inputs[0])
    if count <= IMAGES_AT_A_TIME:
        return model._packed(model._outputs(inputs))
    blocks = [
        model._outputs([x[first : first + IMAGES_AT_A_TIME] for x in inputs])
        for first in range(0, count, IMAGES_AT_A_TIME)
    ]
    return model._packed([np.concatenate(each) for each in zip(*blocks, strict=True)])
