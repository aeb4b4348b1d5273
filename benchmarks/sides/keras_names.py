"""Convlet and Keras: they have the same names, so only the imported package differs."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blocks import BlockNetwork
from networks import Conv, Network
from sides import keras_blocks


def build(framework: Any, network: Network | BlockNetwork) -> Any:
    """The network as the chapter would write it, compiled as the chapter compiles it."""
    if isinstance(network, BlockNetwork):
        return keras_blocks.build(framework, network)
    layers = framework.layers
    model = framework.models.Sequential()
    model.add(framework.Input(shape=network.input_shape))
    for layer in network.features:
        if isinstance(layer, Conv):
            settings = {"strides": layer.stride, "padding": layer.padding, "activation": "relu"}
            model.add(layers.Conv2D(layer.filters, (layer.size, layer.size), **settings))
        else:
            model.add(layers.MaxPooling2D((layer.size, layer.size)))
    model.add(layers.Flatten())
    for dense in network.classifier:
        model.add(layers.Dense(dense.units, activation=dense.activation))
    loss = "binary_crossentropy" if network.binary else "categorical_crossentropy"
    model.compile(optimizer="rmsprop", loss=loss, metrics=["accuracy"])
    return model


class Training:
    """A model with the data it is trained on."""

    def __init__(
        self, framework: Any, network: Network | BlockNetwork, x: NDArray[Any],
        labels: NDArray[Any], batch: int,
    ) -> None:  # fmt: skip
        self.framework = framework
        self.network = network
        self.model = build(framework, network)
        self.x, self.y = x, self.targets(labels)
        self.batch = batch

    def targets(self, labels: NDArray[Any]) -> NDArray[Any]:
        """Labels as the loss wants them."""
        if self.network.binary:
            return labels.reshape(-1, 1).astype(np.float32)
        targets: NDArray[Any] = self.framework.utils.to_categorical(labels, self.network.classes)
        return targets

    def fit(self, images: int, epochs: int, epoch_ended: Callable[[float], None]) -> None:
        """Trains on the first `images`; reports the seconds of each epoch."""

        class EpochTimer(self.framework.callbacks.Callback):  # type: ignore[name-defined,misc]
            def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
                self.began = time.perf_counter()

            def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
                epoch_ended(time.perf_counter() - self.began)

        self.model.fit(
            self.x[:images],
            self.y[:images],
            batch_size=self.batch,
            epochs=epochs,
            verbose=0,
            callbacks=[EpochTimer()],
        )

    def losses(self) -> list[float]:
        """The training loss of each epoch of the last training."""
        return [float(loss) for loss in self.model.history.history["loss"]]

    def accuracy(self, x: NDArray[Any], labels: NDArray[Any]) -> float:
        """The share of images that is classified rightly."""
        return float(self.model.evaluate(x, self.targets(labels), verbose=0)[1])


def training(
    package: str,
    precision: str,
    network: Network | BlockNetwork,
    x: NDArray[Any],
    labels: NDArray[Any],
    batch: int,
    seed: int,
) -> Training:
    """A model to train, with weights drawn from the seed."""
    framework = importlib.import_module(package)
    framework.utils.set_random_seed(seed)
    return Training(framework, network, x, labels, batch)


def prediction(
    package: str, precision: str, network: Network | BlockNetwork, x: NDArray[Any], call: str
) -> Callable[[], object]:
    """A call that predicts `x`: `model.predict`, or the public call with the least around it."""
    model = build(importlib.import_module(package), network)
    if call == "predict":
        return lambda: model.predict(x, verbose=0)
    predict = model.predictor(x.dtype.name)
    return lambda: predict(x)
