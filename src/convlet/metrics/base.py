"""What every metric is, and the two that all others are made of: means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike

from convlet import validation

Direction = Literal["up", "down"]
MetricFunction = Callable[..., ArrayLike]


class Metric:
    """A figure that is gathered batch by batch.

    Subclass it and define `update_state`, `result` and `reset_state`.

    Args:
        dtype: Only "float32".
        name: A name: the key in the history.

    Attributes:
        direction: "up" where larger is better, "down" where smaller is, None where neither is
            known. Callbacks with `mode="auto"` go by it.
    """

    direction: Direction | None = None

    def __init__(self, dtype: str | None = None, name: str | None = None) -> None:
        owner = type(self).__name__
        validation.unsupported(owner, "dtype", dtype or "float32", only="float32")
        self.dtype = "float32"
        self.name = name or owner

    def update_state(self, *args: Any, **kwargs: Any) -> None:
        """Takes another batch in."""
        raise NotImplementedError(f"{type(self).__name__} needs to define update_state().")

    def result(self) -> float:
        """Returns the figure over everything taken in since the last `reset_state`."""
        raise NotImplementedError(f"{type(self).__name__} needs to define result().")

    def reset_state(self) -> None:
        """Forgets everything."""
        raise NotImplementedError(f"{type(self).__name__} needs to define reset_state().")

    def __call__(self, *args: Any, **kwargs: Any) -> float:
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
        weight = np.asarray(sample_weight, np.float64)
        if array.ndim > weight.ndim:
            array = array.mean(axis=tuple(range(weight.ndim, array.ndim)))
        elif weight.ndim == array.ndim + 1 and weight.shape[-1] == 1:
            weight = weight[..., 0]
        weight = np.broadcast_to(weight, array.shape)
        self.total += float((array * weight).sum())
        self.count += float(weight.sum())

    def result(self) -> float:
        """Returns the mean of everything taken in, 0.0 if there was nothing."""
        return self.total / self.count if self.count else 0.0

    def reset_state(self) -> None:
        """Forgets everything."""
        self.total = 0.0
        self.count = 0.0


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

    def update_state(  # type: ignore[override]  # a mean takes values, this takes what makes them
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> None:
        """Takes a batch in."""
        values = self._function(np.asarray(y_true), np.asarray(y_pred), **self._arguments)
        super().update_state(values, sample_weight)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments, but for the function."""
        return {**super().get_config(), **self._arguments}
