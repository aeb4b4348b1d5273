"""What `compile` settles: the optimizer, the loss and the metrics, found by name or given."""

from __future__ import annotations

from typing import Any

from convlet import losses, metrics, optimizers, validation
from convlet.errors import ArgumentError, UnsupportedError
from convlet.metrics import Metric
from convlet.training.scores import Scores


class Compilation:
    """The checked arguments of `compile`.

    Args:
        optimizer: A name, an object or a saved configuration.
        loss: A name, an object, a function of `convlet.losses` or a saved configuration.
        given_metrics: The list given as `metrics`.
        given_weighted_metrics: The list given as `weighted_metrics`.

    Raises:
        ArgumentError: One of them cannot be used.
        UnsupportedError: The engine cannot differentiate the loss.
    """

    def __init__(
        self,
        optimizer: Any,
        loss: Any,
        given_metrics: Any = None,
        given_weighted_metrics: Any = None,
    ) -> None:
        self.optimizer = optimizers.get(optimizer, owner="compile")
        if loss is None:
            raise ArgumentError(
                "compile needs a loss. Received loss=None. Use loss='categorical_crossentropy' for "
                "one-hot targets, loss='sparse_categorical_crossentropy' for integer labels."
            )
        self.loss = losses.get(loss, owner="compile")
        _check_trainable(self.loss)
        self.given_loss = loss
        self._given = _as_list("metrics", given_metrics)
        self._given_weighted = _as_list("weighted_metrics", given_weighted_metrics)
        for metric in [*self._given, *self._given_weighted]:
            _find(metric, None)  # a misspelt name is refused here rather than in fit
        self._scores: Scores | None = None

    def scores(
        self, target_shape: tuple[int, ...] = (), output_shape: tuple[int, ...] = ()
    ) -> Scores:
        """Returns the loss and metrics, which are settled when the shapes are first known.

        Args:
            target_shape: The shape of a batch of prepared targets.
            output_shape: The shape of a batch of predictions.
        """
        if self._scores is None:
            shapes = (target_shape, output_shape) if output_shape else None
            found = Scores(
                [_find(metric, shapes) for metric in self._given],
                [_find(metric, shapes) for metric in self._given_weighted],
            )
            if shapes is None:
                return found
            self._scores = found
        return self._scores

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments as plain values; names stay names."""
        loss = self.given_loss
        return {
            "optimizer": optimizers.serialize(self.optimizer),
            "loss": loss if isinstance(loss, str) else losses.serialize(self.loss),
            "loss_weights": None,
            "metrics": [_serialized(metric) for metric in self._given] or None,
            "weighted_metrics": [_serialized(metric) for metric in self._given_weighted] or None,
            "run_eagerly": False,
            "steps_per_execution": 1,
            "jit_compile": False,
        }


def _check_trainable(loss: losses.Loss) -> None:
    if not loss.differentiable:
        raise UnsupportedError(loss.missing_gradient("compile"))
    if loss.reduction in (None, "none"):
        raise UnsupportedError(
            "compile needs a loss that is reduced to one number. "
            f"Received reduction={loss.reduction!r}. Use 'sum_over_batch_size'."
        )


def _as_list(argument: str, given: Any) -> list[Any]:
    if given is None:
        return []
    if isinstance(given, (list, tuple)):
        return list(given)
    fix = f"Write {argument}=[{given!r}]." if isinstance(given, str) else ""
    raise ArgumentError(validation.bad_argument("compile", argument, "a list", given, fix))


def _find(identifier: Any, shapes: tuple[tuple[int, ...], tuple[int, ...]] | None) -> Metric:
    """Returns the metric that is meant; the word "accuracy" means one that fits the shapes."""
    if identifier in ("accuracy", "acc"):
        return _accuracy(identifier, *shapes) if shapes else metrics.Accuracy(identifier)
    metric = metrics.get(identifier, owner="compile")
    if isinstance(identifier, str):
        metric.name = identifier
    return metric


def _accuracy(name: str, target_shape: tuple[int, ...], output_shape: tuple[int, ...]) -> Metric:
    if output_shape[-1] == 1:
        return metrics.BinaryAccuracy(name)
    if len(target_shape) < len(output_shape) or target_shape[-1] == 1:
        return metrics.SparseCategoricalAccuracy(name)
    return metrics.CategoricalAccuracy(name)


def _serialized(metric: Any) -> Any:
    if isinstance(metric, str):
        return metric
    return metrics.serialize(metrics.get(metric))
