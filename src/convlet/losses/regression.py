"""Losses for targets that are quantities."""

from __future__ import annotations

from convlet import validation
from convlet.losses import functions
from convlet.losses.function_loss import FunctionLoss


class MeanSquaredError(FunctionLoss):
    """The mean of `(y_true - y_pred) ** 2` over the outputs.

    See `losses.mean_squared_error`.

    Args:
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Example:
        >>> loss = MeanSquaredError()
        >>> float(loss([[0.0, 1.0], [0.0, 0.0]], [[1.0, 1.0], [1.0, 0.0]]))
        0.5
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_squared_error",
        dtype: str | None = None,
    ) -> None:
        super().__init__(functions.mean_squared_error, reduction, name, dtype)


class MeanAbsoluteError(FunctionLoss):
    """The mean of `abs(y_true - y_pred)` over the outputs.

    See `losses.mean_absolute_error`.

    Args:
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Example:
        >>> loss = MeanAbsoluteError()
        >>> float(loss([[0.0, 1.0], [0.0, 0.0]], [[1.0, 1.0], [3.0, 0.0]]))
        1.0
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_absolute_error",
        dtype: str | None = None,
    ) -> None:
        super().__init__(functions.mean_absolute_error, reduction, name, dtype)


class MeanAbsolutePercentageError(FunctionLoss):
    """The mean error in percent of the target, over the outputs.

    `100 * abs(y_true - y_pred) / abs(y_true)`; see `losses.mean_absolute_percentage_error`.

    Args:
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Example:
        >>> loss = MeanAbsolutePercentageError()
        >>> float(loss([[2.0, 1.0]], [[1.0, 1.0]]))
        25.0
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_absolute_percentage_error",
        dtype: str | None = None,
    ) -> None:
        super().__init__(functions.mean_absolute_percentage_error, reduction, name, dtype)


class MeanSquaredLogarithmicError(FunctionLoss):
    """The mean of `(log(y_true + 1) - log(y_pred + 1)) ** 2` over the outputs.

    See `losses.mean_squared_logarithmic_error`.

    Args:
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Example:
        >>> loss = MeanSquaredLogarithmicError()
        >>> round(float(loss([[0.0, 1.0]], [[0.0, 3.0]])), 4)
        0.2402
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_squared_logarithmic_error",
        dtype: str | None = None,
    ) -> None:
        super().__init__(functions.mean_squared_logarithmic_error, reduction, name, dtype)


class Huber(FunctionLoss):
    """Squares of small errors, and large ones as they are (Huber, 1964).

    `error ** 2 / 2` up to `delta`, then `delta * abs(error) - delta ** 2 / 2`; see `losses.huber`.

    Args:
        delta: Up to where an error is small.
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Raises:
        ArgumentError: `delta` is not a number above 0.

    Example:
        >>> loss = Huber()
        >>> float(loss([[0.0, 1.0]], [[3.0, 2.0]]))
        1.5
    """

    delta: float

    def __init__(
        self,
        delta: float = 1.0,
        reduction: str | None = "sum_over_batch_size",
        name: str = "huber_loss",
        dtype: str | None = None,
    ) -> None:
        delta = validation.number(type(self).__name__, "delta", delta, above=0)
        super().__init__(functions.huber, reduction, name, dtype, delta=delta)


class LogCosh(FunctionLoss):
    """The mean of `log(cosh(y_pred - y_true))` over the outputs.

    See `losses.log_cosh`.

    Args:
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Example:
        >>> loss = LogCosh()
        >>> round(float(loss([[0.0, 1.0]], [[1.0, 1.0]])), 4)
        0.2169
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "log_cosh",
        dtype: str | None = None,
    ) -> None:
        super().__init__(functions.log_cosh, reduction, name, dtype)


class CosineSimilarity(FunctionLoss):
    """Minus the cosine of the angle between targets and predictions.

    -1 where they point one way, 1 where they are opposite; see `losses.cosine_similarity`.

    Args:
        axis: The axis of the vectors, the batch included.
        reduction: How the values of a batch become one; see `Loss`.
        name: A name for the loss.
        dtype: Only "float32".

    Raises:
        ArgumentError: `axis` is not an integer.

    Example:
        >>> loss = CosineSimilarity()
        >>> round(float(loss([[0.0, 1.0], [1.0, 1.0]], [[0.0, 2.0], [1.0, 0.0]])), 4)
        -0.8536
    """

    axis: int

    def __init__(
        self,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "cosine_similarity",
        dtype: str | None = None,
    ) -> None:
        axis = validation.integer(type(self).__name__, "axis", axis, minimum=None)
        super().__init__(functions.cosine_similarity, reduction, name, dtype, axis=axis)
