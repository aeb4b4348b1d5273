"""What the callbacks share that watch one figure for improvement."""

from __future__ import annotations

from convlet import validation
from convlet.callbacks.callback import Callback, Logs
from convlet.errors import ArgumentError, UnknownNameError


class MonitorCallback(Callback):
    """The base of the callbacks that watch one figure.

    Args:
        monitor: The figure's name in the logs, such as "val_loss".
        mode: "min" where smaller is better, "max" where larger is, "auto" to go by the metric.
        min_delta: Changes smaller than this are no improvement.

    Raises:
        UnknownNameError: There is no such mode.
        ArgumentError: `min_delta` is not a number.
    """

    def __init__(self, monitor: str, mode: str, min_delta: float = 0.0) -> None:
        super().__init__()
        owner = type(self).__name__
        self.monitor = monitor
        self.mode = validation.one_of(owner, "mode", mode, ["auto", "max", "min"])
        self.min_delta = abs(validation.number(owner, "min_delta", min_delta))
        self.best: float | None = None

    def monitored(self, logs: Logs | None) -> float:
        """Returns the watched figure.

        Raises:
            UnknownNameError: It is not in the logs.
            ArgumentError: It is several figures.
        """
        logs = logs or {}
        if self.monitor not in logs:
            unvalidated = not any(name.startswith("val_") for name in logs)
            if unvalidated and self.monitor.startswith("val_"):
                fix = "Pass validation_data or validation_split to fit."
            else:
                fix = validation.did_you_mean(self.monitor, logs)
            raise UnknownNameError(
                validation.bad_argument(
                    type(self).__name__,
                    "monitor",
                    f"one of {', '.join(map(repr, logs))}",
                    self.monitor,
                    fix,
                )
            )
        value = logs[self.monitor]
        if isinstance(value, list):
            raise ArgumentError(
                f"{type(self).__name__} needs monitor to be one figure. Received "
                f"monitor={self.monitor!r}, which is {len(value)}. Let the metric average them."
            )
        return float(value)

    def is_improvement(self, value: float, reference: float | None) -> bool:
        """Returns whether `value` is better than `reference` by more than `min_delta`.

        Raises:
            ArgumentError: The mode is "auto" and the metric does not say what is better.
        """
        if reference is None:
            return True
        if self._larger_is_better():
            return value - self.min_delta > reference
        return value + self.min_delta < reference

    def _larger_is_better(self) -> bool:
        if self.mode != "auto":
            return self.mode == "max"
        name = self.monitor.removeprefix("val_")
        if name in ("loss", "learning_rate"):
            return False
        for known, metric in zip(self.model.metrics_names, self.model.metrics, strict=True):
            if known == name and metric.direction is not None:
                return bool(metric.direction == "up")
        raise ArgumentError(
            f"{type(self).__name__} needs to know whether a larger {self.monitor!r} is better. "
            "Received mode='auto', and the metric does not say. Pass mode='max' or mode='min'."
        )
