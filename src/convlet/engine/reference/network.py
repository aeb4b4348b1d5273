"""A whole network: forward through the layers, and the gradients back through them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from convlet import layers as declarations
from convlet import losses as loss_declarations
from convlet.activations import linear
from convlet.activations.lookup import Described, describe
from convlet.engine.reference import activations
from convlet.engine.reference import losses as formulas
from convlet.engine.reference.arrays import Floats
from convlet.engine.reference.layer import (
    Mode,
    activate,
    activate_backward,
    activation_of,
    sums,
    sums_backward,
)
from convlet.layers.graph import Graph, Step, chain
from convlet.layers.noise import RandomLayer

Layers: TypeAlias = Sequence[declarations.Layer]
Masks: TypeAlias = Mapping[str, Floats]


class _Passage(NamedTuple):
    """What the way back needs to know of a layer's way forward."""

    step: Step
    mode: Mode
    x: Any
    z: Floats


def forward(
    layers: Layers,
    x: ArrayLike,
    training: bool = False,
    masks: Masks | None = None,
    dtype: DTypeLike = np.float64,
    epoch: int = 0,
    images: Sequence[int] | None = None,
) -> Floats:
    """What layers, one after the other, make of the images.

    Args:
        layers: Built layers, in their order.
        x: Images (batch, …) of any number type.
        training: Whether dropout drops.
        masks: What each layer that draws drew, by the layer's name: masks (1 keeps, 0 drops) or
            normally distributed noise; only training needs them.
        dtype: The type to compute in.
        epoch: Which pass over the data it is: augmentation draws by it.
        images: The images' positions in the data set; None for 0, 1, 2 ….
    """
    return forward_graph(chain(layers), [x], training, masks, dtype, epoch, images)[0]


def forward_graph(
    graph: Graph,
    xs: Sequence[ArrayLike],
    training: bool = False,
    masks: Masks | None = None,
    dtype: DTypeLike = np.float64,
    epoch: int = 0,
    images: Sequence[int] | None = None,
) -> list[Floats]:
    """What a graph of layers makes of its inputs: an array for each output.

    Args:
        graph: Built layers, wired.
        xs: The arrays of its inputs.
        training: Whether dropout drops.
        masks: As in ``forward``.
        dtype: The type to compute in.
        epoch: As in ``forward``.
        images: As in ``forward``.
    """
    mode = Mode(training, None, epoch, images)
    values = _walk(graph, [np.asarray(x, dtype) for x in xs], mode, masks)[1]
    return [values[number] for number in graph.outputs]


def gradients(
    layers: Layers,
    x: ArrayLike,
    y: ArrayLike,
    loss: loss_declarations.Loss,
    sample_weight: ArrayLike | None = None,
    masks: Masks | None = None,
    dtype: DTypeLike = np.float64,
    epoch: int = 0,
    images: Sequence[int] | None = None,
) -> tuple[float, Floats, list[Floats]]:
    """The loss of a training batch and its gradients, for layers one after the other.

    A cross-entropy from probabilities right after the softmax (or sigmoid) that it belongs to is
    computed from the logits, so nothing is clipped, as Keras does on TensorFlow. The penalties of
    regularizers count in the loss; those of outputs divided by the number of images.

    Args:
        layers: Built layers, in their order.
        x: Images (batch, …).
        y: Targets as the loss wants them.
        loss: A loss of ``convlet.losses``.
        sample_weight: A weight for each image (batch,), or None.
        masks: Dropout masks, as in ``forward``.
        dtype: The type to compute in.
        epoch: As in ``forward``.
        images: As in ``forward``.

    Returns:
        The mean loss, the predictions, and the gradient of each trainable variable in the
        order of the model's ``trainable_variables``.
    """
    values, predictions, collected = gradients_graph(
        chain(layers),
        [x],
        [y],
        [loss],
        [sample_weight],
        masks=masks,
        dtype=dtype,
        epoch=epoch,
        images=images,
    )
    loss_value = values[0] + penalty(chain(layers), [x], masks, dtype, epoch, images)
    return loss_value, predictions[0], collected


def gradients_graph(
    graph: Graph,
    xs: Sequence[ArrayLike],
    ys: Sequence[ArrayLike | None],
    losses: Sequence[loss_declarations.Loss | None],
    sample_weights: Sequence[ArrayLike | None] | None = None,
    loss_weights: Sequence[float] | None = None,
    masks: Masks | None = None,
    dtype: DTypeLike = np.float64,
    epoch: int = 0,
    images: Sequence[int] | None = None,
) -> tuple[list[float], list[Floats], list[Floats]]:
    """The losses of a training batch and the gradients of their weighted sum, for a graph.

    The penalties of regularizers, which are no output's, count in the gradients alone.

    Args:
        graph: Built layers, wired.
        xs: The arrays of its inputs.
        ys: Targets of each output, as its loss wants them.
        losses: The loss of each output; None for one that does not count.
        sample_weights: Weights for each image (batch,), for each output; None for 1.
        loss_weights: What each loss counts for in the sum; 1 by default.
        masks: As in ``forward``.
        dtype: The type to compute in.
        epoch: As in ``forward``.
        images: As in ``forward``.

    Returns:
        The mean loss of each output, the predictions of each, and the gradient of each trainable
        variable in the order of the layers.
    """
    mode = Mode(True, None, epoch, images)
    passages, values = _walk(graph, [np.asarray(x, dtype) for x in xs], mode, masks)
    arrived: dict[int, list[tuple[Floats, bool]]] = defaultdict(list)
    loss_values = []
    for position, (number, loss) in enumerate(zip(graph.outputs, losses, strict=True)):
        if loss is None:
            loss_values.append(0.0)
            continue
        given = (sample_weights or [None] * len(losses))[position]
        weights = None if given is None else np.asarray(given, dtype)
        maker = next((passage for passage in passages if passage.step.output == number), None)
        z = values[number] if maker is None else maker.z
        activation = describe(linear) if maker is None else activation_of(maker.step.layer)
        y = np.asarray(ys[position])
        value, dz = _loss_and_gradient(loss, y, z, activation, weights)
        share = 1.0 if loss_weights is None else loss_weights[position]
        arrived[number].append((dz * share, True))
        loss_values.append(value)
    for step, *_ in passages:
        if (regularizer := step.layer.activity_regularizer) is not None:
            y = values[step.output]
            arrived[step.output].append((regularizer.gradient(y) / len(y), False))
    collected = _backward(graph, passages, arrived)
    return loss_values, [values[number] for number in graph.outputs], collected


def _backward(
    graph: Graph,
    passages: Sequence[_Passage],
    arrived: dict[int, list[tuple[Floats, bool]]],
) -> list[Floats]:
    """The gradients of the weights, from what arrives at tensors.

    Args:
        graph: The layers.
        passages: Their way forward.
        arrived: Gradients by the tensor's number; those of losses, which come with True, are
            gradients of ``z`` already.
    """
    weights = [weight for layer in graph.layers for weight in layer.trainable_weights]
    collected: dict[int, Floats] = {id(weight): np.zeros(weight.shape) for weight in weights}
    for step, mode, x, z in reversed(passages):
        if not arrived[step.output]:
            continue
        dz: Any = sum(
            dy if through else activate_backward(step.layer, dy, z)
            for dy, through in arrived[step.output]
        )
        dx, weight_gradients = sums_backward(step.layer, dz, x, mode)
        for weight, gradient in zip(step.layer.weights, weight_gradients, strict=True):
            collected[id(weight)] = collected.get(id(weight), 0.0) + gradient
        for number, part in zip(step.inputs, dx if step.layer.merges else [dx], strict=True):
            arrived[number].append((part, False))
    for weight in weights:
        if weight.regularizer is not None:
            collected[id(weight)] = collected[id(weight)] + weight.regularizer.gradient(
                weight.value
            )
    return [collected[id(weight)] for weight in weights]


def penalty(
    graph: Graph,
    xs: Sequence[ArrayLike],
    masks: Masks | None = None,
    dtype: DTypeLike = np.float64,
    epoch: int = 0,
    images: Sequence[int] | None = None,
) -> float:
    """The penalties of trainable weights and of a training batch's outputs, a mean over the images.

    Args:
        graph: Built layers, wired.
        xs: The arrays of its inputs.
        masks: As in ``forward``.
        dtype: The type to compute in.
        epoch: As in ``forward``.
        images: As in ``forward``.
    """
    mode = Mode(True, None, epoch, images)
    values = _walk(graph, [np.asarray(x, dtype) for x in xs], mode, masks)[1]
    total = sum(sum(layer.losses) for layer in graph.layers)
    for step in graph.steps:
        if (regularizer := step.layer.activity_regularizer) is not None:
            y = values[step.output]
            total += regularizer(y) / len(y)
    return float(total)


def _walk(
    graph: Graph, xs: Sequence[Floats], mode: Mode, masks: Masks | None
) -> tuple[list[_Passage], dict[int, Floats]]:
    values = dict(zip(graph.inputs, xs, strict=True))
    passages = []
    for step in graph.steps:
        active = mode.training and step.training is not False
        own = mode._replace(training=active, mask=_mask(step.layer, masks) if active else None)
        given = [values[number] for number in step.inputs]
        x: Any = given if step.layer.merges else given[0]
        z = sums(step.layer, x, own)
        passages.append(_Passage(step, own, x, z))
        values[step.output] = activate(step.layer, z)
    return passages, values


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
    row_gradients = formulas.mean_over_batch_backward(row_losses, sample_weight)
    dp = rows_backward(targets, p) * row_gradients[..., np.newaxis]
    value = formulas.mean_over_batch(row_losses, sample_weight)
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
                    formulas.categorical_crossentropy_from_logits,
                    formulas.categorical_crossentropy_from_logits_backward,
                )
            return formulas.categorical_crossentropy, formulas.categorical_crossentropy_backward
        case loss_declarations.BinaryCrossentropy():
            if joined or loss.from_logits:
                return (
                    formulas.binary_crossentropy_from_logits,
                    formulas.binary_crossentropy_from_logits_backward,
                )
            return formulas.binary_crossentropy, formulas.binary_crossentropy_backward
        case loss_declarations.MeanSquaredError():
            return formulas.mean_squared_error, formulas.mean_squared_error_backward
        case _:
            raise TypeError(f"The reference does not know the loss {loss!r}.")


def _targets(loss: loss_declarations.Loss, y: NDArray[Any], p: Floats) -> Floats:
    """The targets in the shape and type of the output ``p``, smoothed as the loss says."""
    match loss:
        case loss_declarations.SparseCategoricalCrossentropy():
            return formulas.one_hot(y.reshape(p.shape[:-1]), p.shape[-1]).astype(p.dtype)
        case loss_declarations.CategoricalCrossentropy():
            return formulas.smooth_labels(y.reshape(p.shape).astype(p.dtype), loss.label_smoothing)
        case loss_declarations.BinaryCrossentropy():
            targets = y.reshape(p.shape).astype(p.dtype)
            return formulas.smooth_binary_labels(targets, loss.label_smoothing)
        case _:
            return y.reshape(p.shape).astype(p.dtype)
