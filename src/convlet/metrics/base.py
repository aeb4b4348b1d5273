"""What every metric is, and those that many others are made of: means and sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convlet import validation
from convlet.metrics.state import MetricVariable
from convlet.registry import snake_case

Direction = Literal["up", "down"]
MetricFunction = Callable[..., ArrayLike]


class Metric:
    """A figure that is gathered batch by batch.

    A metric of your own is a subclass that makes its state with `add_weight` and defines
    `update_state` and `result`, in NumPy. State of another kind is forgotten in `reset_state`.

    Args:
        dtype: Only "float32".
        name: A name: the key in the history; the class's own in lower case by default.

    Attributes:
        direction: "up" where larger is better, "down" where smaller is, None where neither is
            known. Callbacks with `mode="auto"` go by it.
        variables: The state that `add_weight` made.

    Example:
        >>> class LargestError(Metric):
        ...     def __init__(self, name="largest_error"):
        ...         super().__init__(name=name)
        ...         self.largest = self.add_weight(name="largest")
        ...
        ...     def update_state(self, y_true, y_pred, sample_weight=None):
        ...         error = np.abs(np.asarray(y_true) - y_pred).max()
        ...         self.largest.assign(np.maximum(self.largest, error))
        ...
        ...     def result(self):
        ...         return float(self.largest)
        >>> metric = LargestError()
        >>> metric.update_state([1.0, 2.0], np.array([1.5, 2.25]))
        >>> metric.update_state([1.0, 2.0], np.array([1.0, 2.0]))
        >>> metric.result()
        0.5
    """

    direction: Direction | None = None

    def __init__(self, dtype: str | None = None, name: str | None = None) -> None:
        owner = type(self).__name__
        validation.unsupported(owner, "dtype", dtype or "float32", only="float32")
        self.dtype = "float32"
        self.name = name or snake_case(owner)
        self.variables: list[MetricVariable] = []

    def add_variable(
        self,
        shape: Sequence[int] = (),
        initializer: Any = "zeros",
        dtype: str | None = None,
        aggregation: str | None = "sum",
        name: str | None = None,
    ) -> MetricVariable:
        """Returns new state, which `reset_state` sets back to zero.

        Args:
            shape: Its shape; `()` for a single number.
            initializer: What it holds at first: "zeros", or whatever `initializers.get` takes.
            dtype: Taken for Keras's sake, without effect: state is float64.
            aggregation: Taken for Keras's sake, without effect: there is one device.
            name: A name.
        """
        variable = MetricVariable(shape, initializer or "zeros", name)
        self.variables.append(variable)
        return variable

    def add_weight(
        self,
        shape: Sequence[int] = (),
        initializer: Any = None,
        dtype: str | None = None,
        name: str | None = None,
    ) -> MetricVariable:
        """Another name for `add_variable`."""
        return self.add_variable(shape, initializer, dtype, name=name)

    def update_state(self, *args: Any, **kwargs: Any) -> None:
        """Takes another batch in."""
        raise NotImplementedError(f"{type(self).__name__} needs to define update_state().")

    def result(self) -> Any:
        """Returns the figure, or an array of them, since the last `reset_state`."""
        raise NotImplementedError(f"{type(self).__name__} needs to define result().")

    def reset_state(self) -> None:
        """Forgets everything."""
        for variable in self.variables:
            variable.assign(0)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Takes another batch in and returns the figure."""
        self.update_state(*args, **kwargs)
        return self.result()

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments."""
        return {"name": self.name, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Makes a metric, without its state, from what `get_config` returned."""
        return cls(**config)


class Mean(Metric):
    """The weighted mean of numbers: `sum(values * sample_weight) / sum(sample_weight)`.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> mean = Mean()
        >>> mean.update_state([1, 3, 5, 7])
        >>> mean.result()
        4.0
    """

    def __init__(self, name: str = "mean", dtype: str | None = None) -> None:
        super().__init__(dtype, name)
        self.total = 0.0
        self.count = 0.0

    def update_state(self, values: ArrayLike, sample_weight: ArrayLike | None = None) -> None:
        """Takes values in, each with the weight 1 or its own."""
        array = np.asarray(values)
        if sample_weight is None:
            self.total += float(array.sum(dtype=np.float64))
            self.count += array.size
            return
        array, weight = _weighted(array, sample_weight, np.mean)
        self.total += float((array * weight).sum())
        self.count += float(weight.sum())

    def result(self) -> float:
        """Returns the mean of everything taken in, 0.0 if there was nothing."""
        return self.total / self.count if self.count else 0.0

    def reset_state(self) -> None:
        """Forgets everything."""
        self.total = 0.0
        self.count = 0.0


class Sum(Metric):
    """The weighted sum of numbers: `sum(values * sample_weight)`.

    Args:
        name: A name: the key in the history.
        dtype: Only "float32".

    Example:
        >>> total = Sum()
        >>> total.update_state([1, 3, 5, 7])
        >>> total.result()
        16.0
    """

    def __init__(self, name: str = "sum", dtype: str | None = None) -> None:
        super().__init__(dtype, name)
        self.total = 0.0

    def update_state(self, values: ArrayLike, sample_weight: ArrayLike | None = None) -> None:
        """Takes values in, each with the weight 1 or its own."""
        array, weight = _weighted(np.asarray(values), sample_weight, np.sum)
        self.total += float((array * weight).sum())

    def result(self) -> float:
        """Returns the sum of everything taken in."""
        return self.total

    def reset_state(self) -> None:
        """Forgets everything."""
        self.total = 0.0


def _weighted(
    values: NDArray[Any], sample_weight: ArrayLike | None, reduce: Callable[..., Any]
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Values and a weight for each; values of one sample are reduced where only it has a weight."""
    weight = np.asarray(1.0 if sample_weight is None else sample_weight, np.float64)
    if sample_weight is not None and values.ndim > weight.ndim:
        values = reduce(values, axis=tuple(range(weight.ndim, values.ndim)))
    elif weight.ndim == values.ndim + 1 and weight.shape[-1] == 1:
        weight = weight[..., 0]
    return values, np.broadcast_to(weight, values.shape)


class MeanMetricWrapper(Mean):
    """The mean of a function of targets and predictions.

    Args:
        fn: Takes `(y_true, y_pred, **kwargs)` and returns one value for each sample.
        name: A name: the key in the history; the function's own by default.
        dtype: Only "float32".
        **kwargs: Passed on to `fn`.

    Example:
        >>> largest = MeanMetricWrapper(lambda y_true, y_pred: y_pred.max(axis=-1), name="largest")
        >>> largest.update_state(np.array([0, 1]), np.array([[0.5, 0.5], [0.0, 1.0]]))
        >>> largest.result()
        0.75
    """

    def __init__(
        self, fn: MetricFunction, name: str | None = None, dtype: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(name or str(getattr(fn, "__name__", type(fn).__name__)), dtype)
        self._function = fn
        self._arguments = kwargs
        if hasattr(fn, "gradient"):  # a loss
            self.direction = "down"

    def update_state(  # type: ignore[override]  # a mean takes values, this takes what makes them
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> None:
        """Takes a batch in."""
        values = self._function(np.asarray(y_true), np.asarray(y_pred), **self._arguments)
        super().update_state(values, sample_weight)

    @property
    def function(self) -> MetricFunction | None:
        """A function of yours, by whose name the metric is saved; None in a metric of its own."""
        return self._function if type(self) is MeanMetricWrapper else None

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments, but for the function."""
        return {**super().get_config(), **self._arguments}
