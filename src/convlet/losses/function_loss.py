"""Losses that are made of a function and its gradient: all of convlet's, and your own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.errors import ArgumentError, UnsupportedError
from convlet.losses import targets
from convlet.losses.base import Loss

Function = Callable[..., Any]


class FunctionLoss(Loss):
    """A loss whose values a function computes.

    Args:
        fn: Takes `(y_true, y_pred, **settings)` and returns one value for each sample. Its
            attribute `gradient`, if it has one, takes the same.
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss; the function's own by default.
        dtype: Only "float32".
        **settings: Passed on to both, and kept as attributes.
    """

    def __init__(
        self,
        fn: Function,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = None,
        dtype: str | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(name or str(getattr(fn, "__name__", type(fn).__name__)), reduction, dtype)
        self.fn = fn
        self._gradient: Function | None = getattr(fn, "gradient", None)
        self._settings = settings
        vars(self).update(settings)

    def call(self, y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
        """Returns one value for each sample."""
        return np.asarray(self.fn(np.asarray(y_true), np.asarray(y_pred), **self._settings))

    def gradient(self, y_true: ArrayLike, y_pred: ArrayLike) -> NDArray[Any]:
        """Returns the gradient of the sum of the values with respect to `y_pred`, in its shape.

        Raises:
            UnsupportedError: The function has none.
        """
        if self._gradient is None:
            raise UnsupportedError(self.missing_gradient("value_and_gradient"))
        gradient = self._gradient(np.asarray(y_true), np.asarray(y_pred), **self._settings)
        return np.asarray(gradient).reshape(np.shape(y_pred))

    @property
    def differentiable(self) -> bool:
        """Whether there is a gradient, so that a model can be trained with the loss."""
        return self._gradient is not None

    def missing_gradient(self, owner: str) -> str:
        """What `owner` says where it needs a gradient and the function has none."""
        return (
            f"{owner} needs a loss with a gradient. Received the function {self.name}. Pass "
            f"losses.custom({self.name}, gradient), where gradient(y_true, y_pred) returns the "
            f"gradient of the sum of {self.name}'s values with respect to y_pred."
        )

    def weighted_gradient(
        self, y_true: ArrayLike, y_pred: ArrayLike, weight: NDArray[Any]
    ) -> NDArray[Any]:
        """Returns the gradient of the weighted sum of the values, with a weight for each value."""
        axis = self._settings.get("axis", -1)
        if axis is None:  # one value for the whole batch
            return np.asarray(self.gradient(y_true, y_pred) * weight.sum())
        if axis == -1:
            return super().weighted_gradient(y_true, y_pred, weight)
        return np.asarray(self.gradient(y_true, y_pred) * np.expand_dims(weight, axis))

    def prepare(self, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[Any]:
        """Checks targets against the model's output; see `Loss.prepare`."""
        return targets.like_output(type(self).__name__, y, output_shape)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {**super().get_config(), **self._settings}


class CustomLoss(FunctionLoss):
    """A loss of a function of yours; see `custom`."""

    @property
    def function(self) -> Function:
        """The function, by whose name the loss is saved."""
        return self.fn

    def prepare(self, y: ArrayLike, output_shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Returns the targets as float32, in whatever shape they have for each sample."""
        return targets.finite_numbers(self.name, y, output_shape)


def custom(
    function: Function,
    gradient: Function | None = None,
    *,
    name: str | None = None,
    reduction: str | None = "sum_over_batch_size",
) -> Loss:
    """Returns a loss made of a function and its gradient, both of NumPy arrays.

    Args:
        function: Takes `(y_true, y_pred)`, arrays of a batch, and returns one value for each
            sample.
        gradient: Takes the same; returns the gradient of the sum of these values with respect to
            `y_pred`, in its shape. None takes the function's attribute `gradient`; a loss without
            any can be evaluated, but not trained with.
        name: A name for the loss; the function's own by default.
        reduction: How the values of a batch become one; see `Loss`.

    Raises:
        ArgumentError: One of the two is not a function.

    Example:
        >>> def absolute(y_true, y_pred):
        ...     return np.abs(y_pred - y_true).sum(axis=-1)
        >>> def its_gradient(y_true, y_pred):
        ...     return np.sign(y_pred - y_true)
        >>> loss = custom(absolute, its_gradient)
        >>> float(loss([[0.0], [0.0]], [[1.0], [3.0]]))
        2.0
    """
    for argument, value in {"function": function, "gradient": gradient}.items():
        if not callable(value) and not (argument == "gradient" and value is None):
            raise ArgumentError(validation.bad_argument("custom", argument, "a function", value))
    loss = CustomLoss(function, reduction, name)
    if gradient is not None:
        loss._gradient = gradient
    return loss
