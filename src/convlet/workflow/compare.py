"""The argument for convolution and pooling, as an experiment.

Five networks are trained with several seeds each: one without convolution, and one convnet whose
feature maps shrink by max pooling, not at all, by strides, or by average pooling.
"""

from __future__ import annotations

import dataclasses
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from convlet import layers, models, networks, validation
from convlet.callbacks import Callback
from convlet.datasets import LabelledImages
from convlet.layers.windows import receptive_field
from convlet.workflow import recipe
from convlet.workflow.intervals import student_t, wilson
from convlet.workflow.recipe import Recipe
from convlet.workflow.results import BASELINE, DENSE_UNITS, Comparison, NetworkResult, conclusion


@dataclass(frozen=True)
class Step:
    """How far the experiment is.

    Args:
        network: The network in training.
        seed: Its seed.
        fraction: The part of the whole experiment that is done, from 0 to 1.
    """

    network: str
    seed: int
    fraction: float


def compare(
    data: LabelledImages,
    names: Sequence[str] = tuple(networks.NETWORKS),
    seeds: int = 3,
    epochs: int = 5,
    report: Callable[[Step], None] = lambda step: None,
) -> Comparison:
    """Trains each network with each seed, and compares what they reach on the test images.

    Args:
        data: The images to train and test on.
        names: Networks of `convlet.networks`.
        seeds: How many seeds: 1, 2, … `seeds`.
        epochs: How often each training image is shown.
        report: Called as the experiment goes on.

    Raises:
        UnknownNameError: If there is no network of a name.
        ArgumentError: If `seeds` or `epochs` is not an integer of at least 1.
        ShapeError: If the images are too small for a network.
    """
    numbers = range(1, validation.integer("compare", "seeds", seeds) + 1)
    validation.integer("compare", "epochs", epochs)
    recipes = [_recipe(name, epochs) for name in names]
    for chosen in recipes:  # what cannot be built fails here, before an hour of training
        chosen.compiled_model(data)
    results: list[NetworkResult] = []
    for position, chosen in enumerate(recipes):
        _warm_up(data, chosen)

        def report_part(seed: int, fraction: float, position: int = position) -> None:
            done = position + (seed - 1 + fraction) / len(numbers)
            report(Step(names[position], seed, done / len(recipes)))

        results.append(_trained(data, chosen, numbers, report_part))
    results = _with_error_reductions(results)
    return Comparison(
        data=data.name,
        training_images=len(data.x_train),
        test_images=len(data.x_test),
        epochs=epochs,
        seeds=tuple(numbers),
        results=tuple(results),
        conclusion=conclusion(data.name, results, epochs),
    )


def _recipe(name: str, epochs: int) -> Recipe:
    """The chapter's convnet is trained in batches of 64, its dense network in batches of 128."""
    return Recipe(network=name, epochs=epochs, batch_size=128 if name == BASELINE else 64)


def _warm_up(data: LabelledImages, chosen: Recipe) -> None:
    """Trains on two batches, so that compiling the engine's kernels is in no measured time."""
    few = dataclasses.replace(
        data,
        x_train=data.x_train[: 2 * chosen.batch_size],
        y_train=data.y_train[: 2 * chosen.batch_size],
    )
    recipe.fit(chosen.compiled_model(few), few, dataclasses.replace(chosen, epochs=1))


def _trained(
    data: LabelledImages,
    chosen: Recipe,
    seeds: Sequence[int],
    report: Callable[[int, float], None],
) -> NetworkResult:
    """Trains one network with each seed."""
    seconds, correct = [], []
    for seed in seeds:
        seeded = dataclasses.replace(chosen, seed=seed)
        model = seeded.compiled_model(data)
        seconds.append(recipe.fit(model, data, seeded, [_Reporter(seed, report)]))
        correct.append(recipe.count_correct(model, data.x_test, data.y_test))
    images = len(data.x_test)
    feature_layers = _feature_layers(model)
    coefficients = math.prod(_sizes(feature_layers[-1])) if feature_layers else None
    return NetworkResult(
        network=chosen.network,
        description=networks.NETWORKS[chosen.network].description,
        batch_size=chosen.batch_size,
        parameters=model.count_params(),
        coefficients=coefficients,
        dense_parameters=None if coefficients is None else (coefficients + 1) * DENSE_UNITS,
        field=receptive_field(feature_layers) if feature_layers else None,
        seconds=statistics.fmean(seconds),
        correct=tuple(correct),
        accuracy=(
            wilson(correct[0], images)
            if len(correct) == 1
            else student_t([number / images for number in correct])
        ),
        error_reduction=None,
    )


def _feature_layers(model: models.Sequential) -> list[layers.Layer]:
    """The layers whose outputs are feature maps: those before Flatten, without the rescaling."""
    found = []
    for layer in model.layers:
        if isinstance(layer, layers.Flatten):
            break
        if not isinstance(layer, layers.Rescaling):
            found.append(layer)
    return found


def _sizes(layer: layers.Layer) -> list[int]:
    return [size for size in layer.output_shape if size is not None]


def _with_error_reductions(results: Sequence[NetworkResult]) -> list[NetworkResult]:
    baseline = next((result for result in results if result.network == BASELINE), None)
    if baseline is None or baseline.accuracy.value == 1:
        return list(results)
    errors = 1 - baseline.accuracy.value
    return [
        dataclasses.replace(
            result,
            error_reduction=(
                None if result is baseline else 1 - (1 - result.accuracy.value) / errors
            ),
        )
        for result in results
    ]


class _Reporter(Callback):
    """Reports the part of one training that is done."""

    def __init__(self, seed: int, report: Callable[[int, float], None]) -> None:
        super().__init__()
        self._seed = seed
        self._report = report
        self._epoch = 0

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        done = self._epoch + (batch + 1) / self.params["steps"]
        self._report(self._seed, done / self.params["epochs"])
