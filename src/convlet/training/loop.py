"""The loop over batches: one for training, evaluation and prediction alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import rng
from convlet.callbacks import CallbackList
from convlet.callbacks.callback import Logs
from convlet.losses import Loss
from convlet.optimizers import Optimizer
from convlet.training.examples import Examples
from convlet.training.interrupt import HeldInterrupt
from convlet.training.penalties import Penalties
from convlet.training.programs import InferenceProgram, TrainingProgram
from convlet.training.progress import Progress
from convlet.training.scores import Scores

if TYPE_CHECKING:
    from convlet.training.trainer import Trainer


_IMAGES_AT_A_TIME = 512  # enough for all cores to be busy


def run_batches(
    steps: int,
    step: Callable[[int], Any],
    callbacks: CallbackList,
    kind: str,
    logs: Callable[[], dict[str, Any]],
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Does the steps 0 ... steps - 1 between their callbacks.

    Args:
        steps: How many there are.
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
    for batch in range(steps):
        for hook in begin_hooks:
            hook(batch)
        step(batch)
        if end_hooks:
            figures = logs()
            for hook in end_hooks:
                hook(batch, figures)
        if progress is not None:
            progress.update(batch + 1)
        if stopped():
            return batch + 1
    return steps


@dataclass
class TrainingRun:
    """One call of `fit`: what is trained, on what, and who is told.

    Attributes:
        model: Its `stop_training` ends the run.
        program: Makes the steps.
        optimizer: Its `iterations` are counted here.
        scores: The figures of the epoch.
        examples: The training data.
        batch_size: How many examples there are in a step, but for the last.
        shuffle: Whether every epoch has an order of its own.
        callbacks: The user's, and the history.
        progress: What is printed.
        validate: Evaluates the model after an epoch; None without validation data.
    """

    model: Trainer
    program: TrainingProgram
    optimizer: Optimizer
    scores: Scores
    examples: Examples
    batch_size: int
    shuffle: bool
    callbacks: CallbackList
    progress: Progress
    validate: Callable[[], Logs] | None = None

    def run(self, initial_epoch: int, epochs: int) -> None:
        """Trains from `initial_epoch` up to `epochs`, both counted from 0.

        However it ends, the weights are those after a full step, and the callbacks are told.
        """
        logs: Logs | None = None
        order = rng.generator()
        with HeldInterrupt() as interrupt:
            try:
                self.model._initial_epoch = initial_epoch  # a callback may move it on
                self.callbacks.call("on_train_begin")
                for epoch in range(epochs):
                    if epoch < self.model._initial_epoch:
                        self._order(order)  # an epoch has its own, wherever training begins
                        continue
                    logs = self._run_epoch(epoch, epochs, order, interrupt)
                    if self.model.stop_training:
                        break
                self.optimizer.finalize_variable_values(self.model.trainable_variables)
            finally:
                self.progress.close()
                self.callbacks.on_train_end(logs)

    def _run_epoch(
        self, epoch: int, epochs: int, order: np.random.Generator, interrupt: HeldInterrupt
    ) -> Logs:
        index = self._order(order)
        steps = math.ceil(len(index) / self.batch_size)
        self.scores.reset()
        self.callbacks.call("on_epoch_begin", epoch)

        def step(batch: int) -> None:
            start = batch * self.batch_size
            self.step(index[start : start + self.batch_size], epoch)
            interrupt.check()

        title = f"Epoch {epoch + 1}/{epochs}" if epochs > 1 else ""
        self.progress.begin(steps, self.scores.logs, title)
        done = run_batches(
            steps,
            step,
            self.callbacks,
            "train",
            self.scores.logs,
            self.progress,
            lambda: self.model.stop_training,
        )
        logs = self.scores.logs()
        if self.validate is not None:
            logs |= {f"val_{name}": value for name, value in self.validate().items()}
        self.progress.end(done, logs)
        self.callbacks.call("on_epoch_end", epoch, logs)
        return logs

    def _order(self, generator: np.random.Generator) -> NDArray[np.int64]:
        """The positions of the examples in the order of the next epoch."""
        count = len(self.examples)
        index = generator.permutation(count) if self.shuffle else np.arange(count)
        return index.astype(np.int64, copy=False)

    def step(self, index: NDArray[np.int64], epoch: int) -> None:
        """Makes one step on the examples at the given positions, and gathers its figures."""
        data = self.examples
        (loss, _), (predictions,) = self.program.step(
            [data.x], [data.y], index, [data.sample_weight], epoch
        )
        self.optimizer.iterations += 1
        self.scores.add_loss(loss, len(index))
        if self.scores.need_targets:
            weight = None if data.sample_weight is None else data.sample_weight.take(index)
            self.scores.add_predictions(data.y.take(index, axis=0), predictions, weight)


def evaluate(
    program: InferenceProgram,
    loss: Loss,
    penalties: Penalties,
    scores: Scores,
    examples: Examples,
    batch_size: int,
    callbacks: CallbackList,
    progress: Progress | None = None,
) -> Logs:
    """Returns the loss, penalties included, and the metrics over all examples."""
    scores.reset()
    of_weights = penalties.of_weights()
    steps = math.ceil(len(examples) / batch_size)
    outputs = _outputs(program, examples.x, batch_size)

    def step(batch: int) -> None:
        part = examples[batch * batch_size : (batch + 1) * batch_size]
        predictions = next(outputs)
        value = float(loss(part.y, predictions, part.sample_weight))
        scores.add_loss(value + of_weights + penalties.of_outputs([part.x]), len(part))
        scores.add_predictions(part.y, predictions, part.sample_weight)

    callbacks.call("on_test_begin")
    if progress is not None:
        progress.begin(steps, scores.logs)
    run_batches(steps, step, callbacks, "test", scores.logs, progress)
    logs = scores.logs()
    if progress is not None:
        progress.end(steps, logs)
    callbacks.call("on_test_end", logs)
    return logs


def predict(
    program: InferenceProgram,
    x: NDArray[Any],
    batch_size: int,
    callbacks: CallbackList,
    progress: Progress,
) -> NDArray[np.float32]:
    """Returns the predictions for all images."""
    steps = math.ceil(len(x) / batch_size)
    coming = _outputs(program, x, batch_size)
    outputs: list[NDArray[np.float32]] = []

    def step(batch: int) -> None:
        outputs.append(next(coming))

    callbacks.call("on_predict_begin")
    progress.begin(steps, dict)
    run_batches(steps, step, callbacks, "predict", lambda: {"outputs": outputs[-1]}, progress)
    progress.end(steps, {})
    callbacks.call("on_predict_end")
    return np.concatenate(outputs)


def _outputs(
    program: InferenceProgram, x: NDArray[Any], batch_size: int
) -> Iterator[NDArray[np.float32]]:
    """The outputs batch by batch, from an engine that is given several small batches at a time."""
    block = batch_size * max(1, _IMAGES_AT_A_TIME // batch_size)
    for first in range(0, len(x), block):
        outputs = program.run(x[first : first + block])
        for start in range(0, len(outputs), batch_size):
            yield outputs[start : start + batch_size]


def run_inference(model: Trainer, x: ArrayLike, owner: str = "A model") -> NDArray[np.float32]:
    """Returns the model's outputs for images, in one go and without callbacks."""
    images = model._images(owner, x)
    return predict_quietly(model._programs.inference(model), images)


def predict_quietly(program: InferenceProgram, x: NDArray[Any]) -> NDArray[np.float32]:
    """Returns the predictions for all images where nobody is told of batches.

    It goes block by block, so that an interruption comes through.
    """
    if len(x) <= _IMAGES_AT_A_TIME:
        return program.run(x)
    outputs = np.empty((len(x), *program.output_shapes[0]), np.float32)
    for first in range(0, len(x), _IMAGES_AT_A_TIME):
        block = slice(first, first + _IMAGES_AT_A_TIME)
        program.run(x[block], outputs[block])
    return outputs
