"""A whole network: forward through the layers, and the gradients back through them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from convlet import layers as declarations
from convlet import losses as loss_declarations
from convlet.activations.lookup import Described
from convlet.engine.reference import activations, losses
from convlet.engine.reference.arrays import Floats
from convlet.engine.reference.layer import (
    Mode,
    activate,
    activate_backward,
    activation_of,
    sums,
    sums_backward,
)
from convlet.layers.noise import RandomLayer

Layers: TypeAlias = Sequence[declarations.Layer]
Masks: TypeAlias = Mapping[str, Floats]


class _Passage(NamedTuple):
    """What the way back needs to know of a layer's way forward."""

    layer: declarations.Layer
    mode: Mode
    x: Floats
    z: Floats


def forward(
    layers: Layers,
    x: ArrayLike,
    training: bool = False,
    masks: Masks | None = None,
    dtype: DTypeLike = np.float64,
) -> Floats:
    """What the network makes of the images.

    Args:
        layers: Built layers, in their order.
        x: Images (batch, …) of any number type.
        training: Whether dropout drops.
        masks: What each layer that draws drew, by the layer's name: masks (1 keeps, 0 drops) or
            normally distributed noise; only training needs them.
        dtype: The type to compute in.
    """
    return _walk(layers, np.asarray(x, dtype), training, masks)[1]


def gradients(
    layers: Layers,
    x: ArrayLike,
    y: ArrayLike,
    loss: loss_declarations.Loss,
    sample_weight: ArrayLike | None = None,
    masks: Masks | None = None,
    dtype: DTypeLike = np.float64,
) -> tuple[float, Floats, list[Floats]]:
    """The loss of a training batch and its gradients.

    A cross-entropy from probabilities right after the softmax (or sigmoid) that it belongs to is
    computed from the logits, so nothing is clipped, as Keras does on TensorFlow.

    Args:
        layers: Built layers, in their order.
        x: Images (batch, …).
        y: Targets as the loss wants them.
        loss: A loss of ``convlet.losses``.
        sample_weight: A weight for each image (batch,), or None.
        masks: Dropout masks, as in ``forward``.
        dtype: The type to compute in.

    Returns:
        The mean loss, the predictions, and the gradient of each trainable variable in the
        order of the model's ``trainable_variables``.
    """
    passages, predictions = _walk(layers, np.asarray(x, dtype), True, masks)
    weights = None if sample_weight is None else np.asarray(sample_weight, dtype)
    last = passages[-1]
    loss_value, dz = _loss_and_gradient(
        loss, np.asarray(y), last.z, activation_of(last.layer), weights
    )
    collected: list[Floats] = []
    for position in reversed(range(len(passages))):
        layer, mode, layer_input, _ = passages[position]
        dx, weight_gradients = sums_backward(layer, dz, layer_input, mode)
        wanted = zip(layer.weights, weight_gradients, strict=True)
        collected = [gradient for weight, gradient in wanted if weight.trainable] + collected
        if position > 0:
            before = passages[position - 1]
            dz = activate_backward(before.layer, dx, before.z)
    return loss_value, predictions, collected


def _walk(
    layers: Layers, x: Floats, training: bool, masks: Masks | None
) -> tuple[list[_Passage], Floats]:
    passages = []
    for layer in layers:
        mode = Mode(training, _mask(layer, masks) if training else None)
        z = sums(layer, x, mode)
        passages.append(_Passage(layer, mode, x, z))
        x = activate(layer, z)
    return passages, x


def _mask(layer: declarations.Layer, masks: Masks | None) -> Floats | None:
    if not isinstance(layer, RandomLayer) or not layer.draws:
        return None
    if masks is None or layer.name not in masks:
        raise ValueError(
            f"The reference needs a mask for {layer.label}. "
            f"Received masks for {sorted(masks or {})}."
        )
    return masks[layer.name]


def _loss_and_gradient(
    loss: loss_declarations.Loss,
    y: NDArray[Any],
    z: Floats,
    activation: Described,
    sample_weight: Floats | None,
) -> tuple[float, Floats]:
    """The mean loss and its gradient with respect to ``z``, the input of the last activation."""
    name, settings = activation
    joined = name == _own_activation(loss) and settings in ({}, {"axis": -1})
    p = z if joined else activations.forward(name, z, **settings)
    targets = _targets(loss, y, p)
    rows, rows_backward = _formulas(loss, joined)
    row_losses = rows(targets, p)
    row_gradients = losses.mean_over_batch_backward(row_losses, sample_weight)
    dp = rows_backward(targets, p) * row_gradients[..., np.newaxis]
    value = losses.mean_over_batch(row_losses, sample_weight)
    return value, dp if joined else activations.backward(name, dp, z, **settings)


def _own_activation(loss: loss_declarations.Loss) -> str | None:
    """The activation that makes the probabilities which the loss takes the logarithm of."""
    match loss:
        case (
            loss_declarations.CategoricalCrossentropy(from_logits=False)
            | loss_declarations.SparseCategoricalCrossentropy(from_logits=False)
        ):
            return "softmax"
        case loss_declarations.BinaryCrossentropy(from_logits=False):
            return "sigmoid"
        case _:
            return None


def _formulas(
    loss: loss_declarations.Loss, joined: bool
) -> tuple[Callable[[Floats, Floats], Floats], Callable[[Floats, Floats], Floats]]:
    """The loss of each row and its gradient with respect to the row."""
    match loss:
        case (
            loss_declarations.CategoricalCrossentropy()
            | loss_declarations.SparseCategoricalCrossentropy()
        ):
            if joined or loss.from_logits:
                return (
                    losses.categorical_crossentropy_from_logits,
                    losses.categorical_crossentropy_from_logits_backward,
                )
            return losses.categorical_crossentropy, losses.categorical_crossentropy_backward
        case loss_declarations.BinaryCrossentropy():
            if joined or loss.from_logits:
                return (
                    losses.binary_crossentropy_from_logits,
                    losses.binary_crossentropy_from_logits_backward,
                )
            return losses.binary_crossentropy, losses.binary_crossentropy_backward
        case loss_declarations.MeanSquaredError():
            return losses.mean_squared_error, losses.mean_squared_error_backward
        case _:
            raise TypeError(f"The reference does not know the loss {loss!r}.")


def _targets(loss: loss_declarations.Loss, y: NDArray[Any], p: Floats) -> Floats:
    """The targets in the shape and type of the output ``p``, smoothed as the loss says."""
    match loss:
        case loss_declarations.SparseCategoricalCrossentropy():
            return losses.one_hot(y.reshape(p.shape[:-1]), p.shape[-1]).astype(p.dtype)
        case loss_declarations.CategoricalCrossentropy():
            return losses.smooth_labels(y.reshape(p.shape).astype(p.dtype), loss.label_smoothing)
        case loss_declarations.BinaryCrossentropy():
            targets = y.reshape(p.shape).astype(p.dtype)
            return losses.smooth_binary_labels(targets, loss.label_smoothing)
        case _:
            return y.reshape(p.shape).astype(p.dtype)
