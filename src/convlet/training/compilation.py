"""What `compile` settles: the optimizer, the losses and the metrics, found by name or given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from convlet import losses, metrics, optimizers, validation
from convlet.errors import ArgumentError, UnsupportedError
from convlet.losses import Loss
from convlet.training.inputs import listed
from convlet.training.scores import OutputScores, Scores, check_metrics


class Compilation:
    """The checked arguments of `compile`.

    Args:
        optimizer: A name, an object or a saved configuration.
        loss: A name, an object, a function of `convlet.losses` or a saved configuration; with
            several outputs also a list or a dictionary of them.
        given_metrics: What was given as `metrics`.
        given_weighted_metrics: What was given as `weighted_metrics`.
        loss_weights: What the losses are multiplied by before they are summed.
        output_names: Of the model's outputs; None before it is built, when there is taken to be
            one for each loss, until `settle` tells.

    Attributes:
        losses: One for each output; None where it has none.
        loss_weights: One for each output; None for ones.
        scores: The loss and the metrics of a pass over data.

    Raises:
        ArgumentError: One of them cannot be used, or does not fit the outputs.
        UnsupportedError: The engine cannot differentiate a loss.
    """

    def __init__(
        self,
        optimizer: Any,
        loss: Any,
        given_metrics: Any = None,
        given_weighted_metrics: Any = None,
        loss_weights: Any = None,
        output_names: Sequence[str] | None = None,
    ) -> None:
        self.optimizer = optimizers.get(optimizer, owner="compile")
        self.given_loss = loss
        self.given_loss_weights = loss_weights
        self._given = given_metrics
        self._given_weighted = given_weighted_metrics
        given_names = [loss, given_metrics, given_weighted_metrics]
        self.settle(_supposed(given_names) if output_names is None else output_names)

    def settle(self, output_names: Sequence[str]) -> None:
        """Says which loss and which metrics belong to each output, whose names are now known."""
        self.losses = [
            None if one is None else _trainable(losses.get(one, owner="compile"))
            for one in _losses(self.given_loss, output_names)
        ]
        self.loss_weights = _loss_weights(self.given_loss_weights, self.losses, output_names)
        plain = _metrics("metrics", self._given, output_names)
        weighted = _metrics("weighted_metrics", self._given_weighted, output_names)
        for given in (*plain, *weighted):
            check_metrics(given)
        self.scores = Scores(
            [OutputScores(*given) for given in zip(plain, weighted, strict=True)],
            output_names,
            [loss is not None for loss in self.losses],
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments as plain values; names stay names."""
        return {
            "optimizer": optimizers.serialize(self.optimizer),
            "loss": _serialized(self.given_loss, lambda loss: losses.serialize(losses.get(loss))),
            "loss_weights": self.given_loss_weights,
            "metrics": _serialized(self._given or None, _serialized_metric),
            "weighted_metrics": _serialized(self._given_weighted or None, _serialized_metric),
            "run_eagerly": False,
            "steps_per_execution": 1,
            "jit_compile": False,
        }


def _supposed(given: Sequence[Any]) -> list[str]:
    """Names for the outputs of a model that is not built: those in what is given, if any are."""
    loss = given[0]
    count = len(loss) if isinstance(loss, (list, tuple, dict)) and "class_name" not in loss else 1
    for entry in given:
        if _is_by_name(entry) and len(entry) == count:
            return list(entry)
    return [f"output_{number}" for number in range(1, count + 1)]


def _losses(loss: Any, names: Sequence[str]) -> list[Any]:
    """What is given as a loss for each output."""
    given = [loss] * len(names)
    if isinstance(loss, (list, tuple)):
        if len(loss) != len(names):
            raise ArgumentError(
                f"compile needs a loss for each of {len(names)} outputs, {listed(names)}. "
                f"Received {len(loss)}. Write None for an output without a loss."
            )
        given = list(loss)
    elif _is_by_name(loss):
        for name in loss:
            validation.one_of("compile", "each name in loss", name, names)
        for name in names:
            if name not in loss:
                raise ArgumentError(
                    f"compile needs a loss for each of {len(names)} outputs, {listed(names)}. "
                    f"Received none for {name!r}. Write {name!r}: None for an output without one."
                )
        given = [loss[name] for name in names]
    if all(one is None for one in given):
        raise ArgumentError(
            f"compile needs a loss. Received loss={loss!r}. Use loss='categorical_crossentropy' "
            "for one-hot targets, loss='sparse_categorical_crossentropy' for integer labels."
        )
    return given


def _is_by_name(given: Any) -> bool:
    """Whether it is a dictionary by the names of outputs, and not a saved configuration."""
    return isinstance(given, Mapping) and "class_name" not in given


def _trainable(loss: Loss) -> Loss:
    if not loss.differentiable:
        raise UnsupportedError(loss.missing_gradient("compile"))
    if loss.reduction in (None, "none"):
        raise UnsupportedError(
            "compile needs a loss that is reduced to one number. "
            f"Received reduction={loss.reduction!r}. Use 'sum_over_batch_size'."
        )
    return loss


def _loss_weights(
    given: Any, losses_of: Sequence[Loss | None], names: Sequence[str]
) -> list[float] | None:
    """A number for each output."""
    if given is None:
        return None
    if _is_by_name(given):
        for name in given:
            validation.one_of("compile", "each name in loss_weights", name, names)
        each = [given.get(name, 1.0) for name in names]
    else:
        each = list(given) if isinstance(given, (list, tuple)) else [given]
    if any(isinstance(weight, str) for weight in each):  # the third argument is a common slip
        raise ArgumentError(
            "compile needs metrics to be given by name. "
            f"Received loss_weights={given!r}. Write metrics={given!r}."
        )
    if len(each) == sum(loss is not None for loss in losses_of) != len(names):
        coming = iter(each)
        each = [1.0 if loss is None else next(coming) for loss in losses_of]
    if len(each) != len(names):
        raise ArgumentError(
            f"compile needs loss_weights to have a number for each of {len(names)} outputs, "
            f"{listed(names)}. Received {len(each)}."
        )
    return [validation.number("compile", "each of loss_weights", weight) for weight in each]


def _metrics(argument: str, given: Any, names: Sequence[str]) -> list[list[Any]]:
    """A list of metrics for each output."""
    if given is None or (isinstance(given, (list, tuple)) and not given):
        return [[] for _ in names]
    if not isinstance(given, (list, tuple)) and not _is_by_name(given):
        fix = f"Write {argument}=[{given!r}]." if isinstance(given, str) else ""
        needed = "a list"
        raise ArgumentError(validation.bad_argument("compile", argument, needed, given, fix))
    if _is_by_name(given):
        for name in given:
            validation.one_of("compile", f"each name in {argument}", name, names)
        return [_as_list(given.get(name)) for name in names]
    if len(names) == 1:
        return [[metric for entry in given for metric in _as_list(entry)]]
    if len(given) != len(names):
        raise ArgumentError(
            f"compile needs {argument} to be a list with an entry for each of {len(names)} "
            f"outputs, {listed(names)}, or a dictionary by these names. "
            f"Received {len(given)} entries."
        )
    return [_as_list(entry) for entry in given]


def _as_list(entry: Any) -> list[Any]:
    """The metrics of one output, given as a list, alone or as None."""
    if entry is None:
        return []
    return list(entry) if isinstance(entry, (list, tuple)) else [entry]


def _serialized(given: Any, serialize: Any) -> Any:
    """Plain values in place of what is given, in lists and dictionaries as they are."""
    if given is None or isinstance(given, str):
        return given
    if isinstance(given, (list, tuple)):
        return [_serialized(entry, serialize) for entry in given]
    if _is_by_name(given):
        return {name: _serialized(entry, serialize) for name, entry in given.items()}
    return serialize(given)


def _serialized_metric(metric: Any) -> dict[str, Any]:
    return metrics.serialize(metrics.get(metric))
