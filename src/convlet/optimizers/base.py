"""What every optimizer is: settings, a learning rate, a step counter, slots for each weight."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol, Self, TypeAlias

import numpy as np

from convlet import validation
from convlet.errors import ArgumentError, StateError, UnsupportedError
from convlet.optimizers import schedules
from convlet.optimizers.rate import Rate
from convlet.optimizers.schedules import LearningRateSchedule
from convlet.variable import Variable

LearningRate: TypeAlias = float | LearningRateSchedule | Callable[..., float]
"""What a `learning_rate` may be: a number, a schedule, or a function of the step."""


class ArrayStore(Protocol):
    """Named arrays, such as an open HDF5 group or a dictionary."""

    def __getitem__(self, name: str, /) -> Any: ...

    def __setitem__(self, name: str, array: Any, /) -> None: ...

    def __len__(self) -> int: ...


class Optimizer:
    """The base of all optimizers: it declares an update rule, which the engine runs.

    Args:
        learning_rate: A number, a schedule, or a function of the step that returns the rate.
        weight_decay: Each weight `w` loses `w * weight_decay * learning_rate` before a step.
        clipnorm: Scale each weight's gradient down to at most this length.
        clipvalue: Cut each element of a gradient to at most this size.
        global_clipnorm: Scale all gradients together down to at most this length.
        use_ema: Keep a moving average of the weights, which they become at the end of `fit`.
        ema_momentum: `average = ema_momentum * average + (1 - ema_momentum) * w` after each step.
        ema_overwrite_frequency: Set the weights to their averages every so many steps, too.
        loss_scale_factor: Taken for Keras's sake, without effect: there is no float16.
        gradient_accumulation_steps: Change weights only every so many steps, by the mean of the
            gradients since.
        name: A name for the optimizer; None for that of its class.

    Attributes:
        learning_rate: The rate of the coming step; set a number or a schedule.
        iterations: How many steps have been taken.
        slots: For each name in `slot_names` one variable per weight, in the order of `build`.
    """

    settings: tuple[str, ...] = ()
    """The names of the arguments that an optimizer has beside those of all."""

    def __init__(
        self,
        learning_rate: LearningRate,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None:
        self.name = name or type(self).__name__.lower()
        self._learning_rate = self._checked_learning_rate(learning_rate)
        self.weight_decay = weight_decay
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.global_clipnorm = global_clipnorm
        self.use_ema = validation.boolean(type(self).__name__, "use_ema", use_ema)
        self.ema_momentum = ema_momentum
        self.ema_overwrite_frequency = ema_overwrite_frequency
        self.loss_scale_factor = loss_scale_factor
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self.iterations = 0
        self.slots: dict[str, list[Variable]] = {}
        self._built_for: list[Variable] | None = None
        self._undecayed: tuple[list[Variable], list[str]] = ([], [])
        self._check_clipping()
        self._check_steps()

    def _check_clipping(self) -> None:
        clips = {
            "clipnorm": self.clipnorm,
            "clipvalue": self.clipvalue,
            "global_clipnorm": self.global_clipnorm,
        }
        given = {name: value for name, value in clips.items() if value is not None}
        for name, value in given.items():
            self._number(name, value, above=0)
        if len(given) > 1:
            received = ", ".join(f"{name}={value}" for name, value in given.items())
            raise ArgumentError(
                f"{type(self).__name__} clips gradients in one way at a time. Received {received}."
            )

    def _check_steps(self) -> None:
        owner = type(self).__name__
        if self.weight_decay is not None:
            self._number("weight_decay", self.weight_decay, minimum=0)
        self._number("ema_momentum", self.ema_momentum, minimum=0, maximum=1)
        for name, minimum in (("ema_overwrite_frequency", 1), ("gradient_accumulation_steps", 2)):
            value = getattr(self, name)
            if value is not None:
                validation.integer(owner, name, value, minimum)
        if self.loss_scale_factor is not None:
            self._number("loss_scale_factor", self.loss_scale_factor, above=0)

    def _number(self, argument: str, value: float, **bounds: float) -> float:
        return validation.number(type(self).__name__, argument, value, **bounds)

    def _checked_learning_rate(self, value: LearningRate) -> float | LearningRateSchedule:
        if callable(value):
            return schedules.get(value)
        return self._number("learning_rate", value, minimum=0)

    @property
    def rule(self) -> str:
        """The row of the engine's table of update rules.

        Raises:
            UnsupportedError: It is an optimizer of one's own, made from nothing.
        """
        raise UnsupportedError(
            f"{type(self).__name__} needs an update rule that the engine knows. "
            "Make it a subclass of SGD, Adam or another optimizer, and change that one's numbers."
        )

    @property
    def learning_rate(self) -> Rate:
        """The learning rate of the coming step: a number, which also has Keras's `assign`."""
        if isinstance(self._learning_rate, LearningRateSchedule):
            return Rate(self._learning_rate(self.iterations), self)
        return Rate(self._learning_rate, self)

    @learning_rate.setter
    def learning_rate(self, value: LearningRate) -> None:
        checked = self._checked_learning_rate(value)
        follows_schedule = isinstance(self._learning_rate, LearningRateSchedule)
        if follows_schedule and not isinstance(checked, LearningRateSchedule):
            raise ArgumentError(
                f"{type(self).__name__} follows the schedule {type(self._learning_rate).__name__}, "
                f"so its learning rate is not set by hand. Received learning_rate={value!r}. "
                "Make the optimizer with a number as its learning_rate, or set another schedule."
            )
        self._learning_rate = checked

    @property
    def slot_groups(self) -> tuple[tuple[str, ...], ...]:
        """The names of what the rule keeps for each weight, in Keras's order.

        The slots of a group lie side by side, weight by weight; one group comes after the other.
        """
        return ()

    @property
    def _all_groups(self) -> tuple[tuple[str, ...], ...]:
        shared = {"average": self.use_ema, "gradient_accumulator": self._accumulates}
        return (*((name,) for name, wanted in shared.items() if wanted), *self.slot_groups)

    @property
    def slot_names(self) -> tuple[str, ...]:
        """The names of all that is kept for each weight: first what every optimizer may keep."""
        return tuple(name for group in self._all_groups for name in group)

    def slot_start(self, slot: str) -> float:
        """What a slot holds before the first step."""
        return 0.0

    def slot_shape(self, slot: str, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape of a slot for a weight of the given shape."""
        return shape

    @property
    def _accumulates(self) -> bool:
        return self.gradient_accumulation_steps is not None

    @property
    def updates(self) -> int:
        """How often the weights have been changed: once a step, or in every so many."""
        return self.iterations // (self.gradient_accumulation_steps or 1)

    def exclude_from_weight_decay(
        self, var_list: Sequence[Variable] | None = None, var_names: Sequence[str] | None = None
    ) -> None:
        """Says which weights `weight_decay` leaves alone; to be called before training.

        Args:
            var_list: The weights themselves.
            var_names: Or parts of their names, as regular expressions: `["bias"]`.

        Raises:
            StateError: The optimizer is built already.
        """
        if self.built:
            raise StateError(
                f"{type(self).__name__} needs exclude_from_weight_decay to be called before it is "
                "built. Call it before compile."
            )
        self._undecayed = (list(var_list or []), list(var_names or []))

    def decays(self, variable: Variable) -> bool:
        """Whether `weight_decay` counts for a weight."""
        variables, patterns = self._undecayed
        return not (
            any(variable is other for other in variables)
            or any(re.search(pattern, variable.name) for pattern in patterns)
        )

    @property
    def built(self) -> bool:
        """Whether `build` has made the slots."""
        return self._built_for is not None

    def build(self, variables: Sequence[Variable]) -> None:
        """Makes the slots; for the variables they were made for, does nothing.

        Args:
            variables: The trainable weights, in the order in which the slots are wanted.

        Raises:
            ArgumentError: The optimizer has slots for other variables.
        """
        if self._built_for is not None:
            same = len(variables) == len(self._built_for) and all(
                new is old for new, old in zip(variables, self._built_for, strict=True)
            )
            if not same:
                raise ArgumentError(
                    f"{type(self).__name__} keeps running averages for the weights that it was "
                    "built for. Received other weights. Call compile() with a new optimizer."
                )
            return
        self.slots = {
            slot: [
                Variable(
                    np.full(self.slot_shape(slot, weight.shape), self.slot_start(slot)),
                    _slot_name(weight, slot),
                    trainable=False,
                )
                for weight in variables
            ]
            for slot in self.slot_names
        }
        self._built_for = list(variables)

    def unbuilt(self) -> Self:
        """An optimizer of the same settings and steps that has no slots yet."""
        other = copy.copy(self)
        other.slots = {}
        other._built_for = None
        return other

    @property
    def variables(self) -> list[Variable]:
        """The slots as one list, in the order in which Keras stores them."""
        return [
            slot
            for group in self._all_groups
            for of_a_weight in zip(*(self.slots.get(name, []) for name in group), strict=True)
            for slot in of_a_weight
        ]

    def finalize_variable_values(self, var_list: Sequence[Variable]) -> None:
        """Sets weights to their moving averages, with `use_ema`; `fit` does so at its end.

        Args:
            var_list: The weights that the optimizer was built for.
        """
        for variable, average in zip(var_list, self.slots.get("average", []), strict=False):
            variable.assign(average.value)

    def scalars(self) -> dict[str, float]:
        """Returns the numbers that the coming step's update uses; `step` counts from 1."""
        return {
            "learning_rate": self.learning_rate,
            "weight_decay": self.weight_decay or 0.0,
            "step": self.updates + 1,
            **{name: float(getattr(self, name)) for name in self.settings},
        }

    def save_own_variables(self, store: ArrayStore) -> None:
        """Writes the state into `store`: step counter, learning rate unless scheduled, slots."""
        for position, array in enumerate(self._state()):
            store[str(position)] = array

    def load_own_variables(self, store: ArrayStore) -> None:
        """Takes the state back that `save_own_variables` wrote; the optimizer must be built.

        Raises:
            ArgumentError: `store` holds another number of arrays than this optimizer has.
        """
        expected = len(self._state())
        if len(store) != expected:
            raise ArgumentError(
                f"{type(self).__name__} needs {expected} arrays to restore its state. "
                f"Received {len(store)}. Build it for the same weights and settings first."
            )
        self.iterations = int(store["0"][()])
        first_slot = 1
        if not isinstance(self._learning_rate, LearningRateSchedule):
            # Saved as float32, as Keras does: keep the float64 setting where it is the same number.
            saved = np.float32(store["1"][()])
            if np.float32(self._learning_rate) != saved:
                self._learning_rate = float(saved)
            first_slot = 2
        for position, variable in enumerate(self.variables, first_slot):
            variable.assign(np.asarray(store[str(position)]))

    def _state(self) -> list[np.ndarray[Any, Any]]:
        state: list[np.ndarray[Any, Any]] = [np.array(self.iterations, np.int64)]
        if not isinstance(self._learning_rate, LearningRateSchedule):
            state.append(np.array(self._learning_rate, np.float32))
        return state + [variable.numpy() for variable in self.variables] + self._further_state()

    def _further_state(self) -> list[np.ndarray[Any, Any]]:
        """What Keras stores behind the slots and convlet knows from the step counter."""
        return []

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments, a schedule in serialized form."""
        rate: float | dict[str, Any]
        if isinstance(self._learning_rate, LearningRateSchedule):
            rate = schedules.serialize(self._learning_rate)
        else:
            rate = self._learning_rate
        return {
            "name": self.name,
            "learning_rate": rate,
            "weight_decay": self.weight_decay,
            "clipnorm": self.clipnorm,
            "global_clipnorm": self.global_clipnorm,
            "clipvalue": self.clipvalue,
            "use_ema": self.use_ema,
            "ema_momentum": self.ema_momentum,
            "ema_overwrite_frequency": self.ema_overwrite_frequency,
            "loss_scale_factor": self.loss_scale_factor,
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
            **{name: getattr(self, name) for name in self.settings},
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Makes an optimizer, without state, from what `get_config` returned."""
        config = dict(config)
        if isinstance(config.get("learning_rate"), dict):
            config["learning_rate"] = schedules.deserialize(config["learning_rate"])
        return cls(**config)


def _slot_name(weight: Variable, slot: str) -> str:
    return f"{weight.path.replace('/', '_')}_{slot}"
