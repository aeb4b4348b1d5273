"""The checks that targets and weights pass once, before the loop sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import ArgumentError, ShapeError
from convlet.losses import Loss
from convlet.training.inputs import as_array, is_array, one_for_each

Weights = list["NDArray[np.float32] | None"]


@dataclass(frozen=True)
class Examples:
    """What a model gets, with what it shall make of it, and how much each example counts.

    Attributes:
        xs: An array for each input of the model.
        ys: Prepared targets for each output; None for an output without a loss and without them.
        sample_weights: Weights for each output, or None; None where no output has any.
    """

    xs: list[NDArray[Any]]
    ys: list[Any] = field(default_factory=list)
    sample_weights: Weights | None = None

    def __len__(self) -> int:
        return len(self.xs[0])

    def __getitem__(self, part: slice | NDArray[np.int64]) -> Examples:
        return Examples(
            [x[part] for x in self.xs],
            [None if y is None else y[part] for y in self.ys],
            self.weights_of(part),
        )

    def weights_of(self, part: slice | NDArray[np.int64]) -> Weights | None:
        """The weights of some of the examples."""
        if self.sample_weights is None:
            return None
        return [None if weight is None else weight[part] for weight in self.sample_weights]


def prepare_examples(
    owner: str,
    losses: Sequence[Loss | None],
    names: Sequence[str],
    xs: list[NDArray[Any]],
    y: Any,
    sample_weight: Any,
    output_shapes: Sequence[tuple[int, ...]],
) -> Examples:
    """Checks targets and weights against inputs that are checked already.

    Args:
        owner: Who needs them.
        losses: One for each output; None where it has none.
        names: Of the outputs.
        xs: The inputs.
        y: Targets for each output, or for each that has a loss.
        sample_weight: Weights for each output; or an array, which is for all of them.
        output_shapes: The shape of one prediction of each output.

    Raises:
        ArgumentError: There are no targets, or some that the loss cannot use.
        ShapeError: There are more or fewer targets or weights than images.
    """
    if y is None:
        raise ArgumentError(f"{owner} needs targets. Received y=None.")
    count = len(xs[0])
    given = _targets(owner, y, losses, names, count)
    ys = [
        _prepared(loss, as_array(target), shape)
        for loss, target, shape in zip(losses, given, output_shapes, strict=True)
    ]
    for name, target in zip(names, ys, strict=True):
        if target is not None and len(target) != count:
            place = "y" if len(names) == 1 else f"y[{name!r}]"
            raise ShapeError(
                f"{owner} needs one target for each image. "
                f"Received {count} images in x and {len(target)} targets in {place}."
            )
    return Examples(xs, ys, _sample_weights(owner, sample_weight, names, count))


def _targets(
    owner: str, y: Any, losses: Sequence[Loss | None], names: Sequence[str], count: int
) -> list[Any]:
    """What is given for each output, None where a list leaves those without a loss out."""
    taught = [loss is not None for loss in losses]
    if isinstance(y, (list, tuple)) and len(y) == sum(taught) != len(names):
        coming = iter(y)
        return [next(coming) if has_loss else None for has_loss in taught]
    return one_for_each(owner, "y", y, names, lambda one: is_array(one) and len(one) == count)


def _prepared(loss: Loss | None, y: Any, output_shape: tuple[int, ...]) -> NDArray[Any] | None:
    if loss is not None:
        return loss.prepare(y, output_shape)
    return None if y is None else np.asarray(y)  # for metrics alone


def _sample_weights(
    owner: str, sample_weight: Any, names: Sequence[str], count: int
) -> Weights | None:
    if sample_weight is None:
        return None
    if len(names) > 1 and is_array(sample_weight):
        weight = _as_sample_weight(owner, sample_weight, count)
        return [weight] * len(names)
    given = one_for_each(
        owner, "sample_weight", sample_weight, names, lambda one: is_array(one, ndim=1)
    )
    if all(weight is None for weight in given):
        return None
    return [None if one is None else _as_sample_weight(owner, one, count) for one in given]


def with_class_weight(
    owner: str, examples: Examples, class_weight: Mapping[int, float]
) -> Examples:
    """Weighs each example by its class; classes that are not named weigh 1.

    Raises:
        ArgumentError: The examples have weights already, the model has several outputs, or
            `class_weight` is not a dictionary from classes to numbers.
    """
    if examples.sample_weights is not None:
        raise ArgumentError(
            f"{owner} takes either class_weight or sample_weight. Received both. "
            "Multiply them into one sample_weight."
        )
    if not hasattr(class_weight, "items"):
        needed = "a dictionary from classes to weights"
        raise ArgumentError(validation.bad_argument(owner, "class_weight", needed, class_weight))
    y = examples.ys[0]
    if len(examples.ys) > 1 or y is None:
        raise ArgumentError(
            f"{owner} takes class_weight for a model with one output. Received it for "
            f"{len(examples.ys)} outputs. Pass sample_weight, a list with weights for each output."
        )
    classes = class_of(y)
    weight = np.ones(len(examples), np.float32)
    for label, value in class_weight.items():
        validation.integer(owner, "each class in class_weight", label, minimum=0)
        weight[classes == label] = validation.number(
            owner, f"class_weight[{label}]", value, minimum=0
        )
    return Examples(examples.xs, examples.ys, [weight])


def class_of(y: NDArray[Any]) -> NDArray[Any]:
    """Returns the class of each prepared target: the label, or the place of the 1."""
    if y.ndim == 1:
        return y
    if y.shape[-1] == 1:
        return np.asarray(np.rint(y[..., 0]), np.int64)
    return np.asarray(np.argmax(y, axis=-1))


def _as_sample_weight(owner: str, sample_weight: ArrayLike, count: int) -> NDArray[np.float32]:
    weight = np.asarray(as_array(sample_weight))
    if weight.dtype.kind not in "biuf":
        raise ArgumentError(
            f"{owner} needs sample_weight to be an array of numbers. Received dtype {weight.dtype}."
        )
    if weight.shape == (count, 1):
        weight = weight[:, 0]
    if weight.shape != (count,):
        raise ShapeError(
            f"{owner} needs sample_weight of shape ({count},), one for each image. "
            f"Received shape {weight.shape}."
        )
    if not np.isfinite(weight).all():
        position = int(np.argmin(np.isfinite(weight)))
        raise ArgumentError(
            f"{owner} needs finite weights. Received {weight[position]} at position {position}."
        )
    return np.ascontiguousarray(weight, np.float32)
