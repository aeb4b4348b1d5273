"""PyTorch, channels last: a plain loop, with what makes it fast on CPUs.

The images stay NHWC and are seen as channels-last tensors, which is how oneDNN wants them; so do
the maps that are flattened, without a copy. Relu works in place; the optimizer takes all weights at
once (`foreach`). `torch.compile` was tried, too, and took twice as long a step.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from blocks import BlockNetwork
from networks import Conv, Network
from sides import pytorch_blocks


class Model:
    """The network, from NHWC images to logits."""

    def __init__(self, network: Network | BlockNetwork) -> None:
        if isinstance(network, BlockNetwork):
            features, channels = pytorch_blocks.features(network)
            self.features = features.to(memory_format=torch.channels_last)
            self.classifier = nn.Sequential(nn.Linear(channels, network.classes))
            return
        self.features, self.classifier = self._in_a_row(network)

    def _in_a_row(self, network: Network) -> tuple[Any, Any]:
        """Convolutions and pools, and the dense layers behind them."""
        kernels = iter(kernel.shape for kernel in network.kernels())
        features: list[Any] = []
        for layer in network.features:
            if isinstance(layer, Conv):
                *_, channels, filters = next(kernels)
                padding = layer.size // 2 if layer.padding == "same" else 0
                features.append(nn.Conv2d(channels, filters, layer.size, layer.stride, padding))
                features.append(nn.ReLU(inplace=True))
            else:
                features.append(nn.MaxPool2d(layer.size))
        dense: list[Any] = []
        for inputs, units in kernels:
            dense += [nn.Linear(inputs, units), nn.ReLU(inplace=True)]
        maps = nn.Sequential(*features).to(memory_format=torch.channels_last)
        return maps, nn.Sequential(*dense[:-1])

    def logits(self, x: Any) -> Any:
        """Of images (batch, height, width, channels)."""
        maps = self.features(x.permute(0, 3, 1, 2))
        return self.classifier(maps.permute(0, 2, 3, 1).flatten(1))

    def parameters(self) -> list[Any]:
        """All weights."""
        return [*self.features.parameters(), *self.classifier.parameters()]


def autocast(precision: str) -> AbstractContextManager[Any]:
    """Products in bfloat16 where that is asked for."""
    context: AbstractContextManager[Any] = torch.autocast(
        "cpu", dtype=torch.bfloat16, enabled=precision == "bfloat16"
    )
    return context


class Training:
    """A model with the data it is trained on."""

    def __init__(
        self, precision: str, network: Network | BlockNetwork, x: NDArray[Any],
        labels: NDArray[Any], batch: int,
    ) -> None:  # fmt: skip
        self.precision, self.network, self.batch = precision, network, batch
        self.model = Model(network)
        self.x = torch.from_numpy(x)
        self.labels = torch.from_numpy(labels.astype(np.int64))
        # Keras's defaults; torch's own differ.
        self.optimizer = torch.optim.RMSprop(
            self.model.parameters(), lr=1e-3, alpha=0.9, eps=1e-7, foreach=True
        )

    def step(self, index: Any) -> tuple[Any, Any]:
        """Takes a step on some images; returns its loss and how many it classified rightly."""
        x, labels = self.x.index_select(0, index), self.labels.index_select(0, index)
        with autocast(self.precision):
            logits = self.model.logits(x)
            if self.network.binary:
                targets = labels.reshape(-1, 1).float()
                loss = functional.binary_cross_entropy_with_logits(logits, targets)
                right = ((logits > 0) == (targets > 0)).sum()
            else:
                loss = functional.cross_entropy(logits, labels)
                right = (logits.argmax(1) == labels).sum()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.detach() * len(index), right

    def fit(self, images: int, epochs: int, epoch_ended: Callable[[float], None]) -> None:
        """Trains on the first `images`; reports the seconds of each epoch."""
        for _ in range(epochs):
            began = time.perf_counter()
            order = torch.randperm(images)
            loss, right = torch.zeros(()), torch.zeros((), dtype=torch.int64)
            for first in range(0, images, self.batch):
                more_loss, more_right = self.step(order[first : first + self.batch])
                loss += more_loss
                right += more_right
            loss.item(), right.item()  # the figures of the epoch, as others report them
            epoch_ended(time.perf_counter() - began)


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
    torch.manual_seed(seed)
    return Training(precision, network, x, labels, batch)


def prediction(
    package: str, precision: str, network: Network | BlockNetwork, x: NDArray[Any], call: str
) -> Callable[[], object]:
    """A call that returns the classes' probabilities for `x` as a NumPy array."""
    model = Model(network)
    model.features.eval()
    model.classifier.eval()
    images = torch.from_numpy(x)

    def predict() -> object:
        with torch.inference_mode(), autocast(precision):
            return functional.softmax(model.logits(images), 1).float().numpy()

    return predict
