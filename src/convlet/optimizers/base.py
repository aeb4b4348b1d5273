"""What every optimizer is: settings, a learning rate, a step counter, slots for each weight."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, Protocol, Self

import numpy as np

from convlet import validation
from convlet.errors import ArgumentError
from convlet.optimizers import schedules
from convlet.optimizers.schedules import LearningRateSchedule
from convlet.variable import Variable

_UNSUPPORTED = {
    "use_ema": False,
    "ema_momentum": 0.99,
    "ema_overwrite_frequency": None,
    "loss_scale_factor": None,
    "gradient_accumulation_steps": None,
}


class ArrayStore(Protocol):
    """Named arrays, such as an open HDF5 group or a dictionary."""

    def __getitem__(self, name: str, /) -> Any: ...

    def __setitem__(self, name: str, array: Any, /) -> None: ...

    def __len__(self) -> int: ...


class Optimizer:
    """The base of all optimizers: it declares an update rule, which the engine runs.

    Attributes:
        learning_rate: The rate of the coming step; set a number or a schedule.
        iterations: How many steps have been taken.
        slots: For each name in `slot_names` one variable per weight, in the order of `build`.
    """

    def __init__(
        self,
        learning_rate: float | LearningRateSchedule,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        name: str | None = None,
        **unsupported: Any,  # the arguments of _UNSUPPORTED
    ) -> None:
        self.name = name or type(self).__name__.lower()
        self._learning_rate = self._checked_learning_rate(learning_rate)
        self.weight_decay = weight_decay
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.global_clipnorm = global_clipnorm
        self.iterations = 0
        self.slots: dict[str, list[Variable]] = {}
        self._built_for: list[Variable] | None = None
        self._check_settings(unsupported)

    def _check_settings(self, unsupported: dict[str, Any]) -> None:
        owner = type(self).__name__
        if self.weight_decay is not None:
            validation.number(owner, "weight_decay", self.weight_decay, minimum=0)
        clips = {
            "clipnorm": self.clipnorm,
            "clipvalue": self.clipvalue,
            "global_clipnorm": self.global_clipnorm,
        }
        given = {name: value for name, value in clips.items() if value is not None}
        for name, value in given.items():
            validation.number(owner, name, value, above=0)
        if len(given) > 1:
            received = ", ".join(f"{name}={value}" for name, value in given.items())
            raise ArgumentError(
                f"{owner} clips gradients in one way at a time. Received {received}."
            )
        for name, value in unsupported.items():
            validation.unsupported(owner, name, value, only=_UNSUPPORTED[name])

    def _checked_learning_rate(
        self, value: float | LearningRateSchedule
    ) -> float | LearningRateSchedule:
        if isinstance(value, LearningRateSchedule):
            return value
        validation.number(type(self).__name__, "learning_rate", value, minimum=0)
        return float(value)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the coming step."""
        if isinstance(self._learning_rate, LearningRateSchedule):
            return float(self._learning_rate(self.iterations))
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float | LearningRateSchedule) -> None:
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
    def slot_names(self) -> tuple[str, ...]:
        """The names of the running averages that the rule keeps for each weight."""
        return ()

    @property
    def built(self) -> bool:
        """Whether `build` has made the slots."""
        return self._built_for is not None

    def build(self, variables: Sequence[Variable]) -> None:
        """Makes the slots, all zeros; for the variables they were made for, does nothing.

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
                Variable(np.zeros(weight.shape, np.float32), _slot_name(weight, slot), False)
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
        """The slots as one list, slot name by slot name."""
        return [variable for slot in self.slot_names for variable in self.slots.get(slot, [])]

    def scalars(self) -> dict[str, float]:
        """Returns the numbers that the coming step's update uses."""
        return {
            "learning_rate": self.learning_rate,
            "weight_decay": self.weight_decay or 0.0,
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
        return state + [variable.numpy() for variable in self.variables]

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
            **_UNSUPPORTED,
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
