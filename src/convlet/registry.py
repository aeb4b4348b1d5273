"""Objects that are found by name, by the dictionary they were saved as, or given as they are."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from convlet import validation
from convlet.errors import ArgumentError

T = TypeVar("T")
_ORDINARY = inspect.Parameter.POSITIONAL_OR_KEYWORD


def snake_case(class_name: str) -> str:
    """A class's name in lower case, as Keras writes it.

    Example:
        >>> snake_case("MaxPooling2D"), snake_case("GlobalAveragePooling2D"), snake_case("ReLU")
        ('max_pooling2d', 'global_average_pooling2d', 're_lu')
    """
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", class_name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()


class Registry(Generic[T]):
    """The classes of one kind: losses, metrics, optimizers or learning-rate schedules.

    Args:
        kind: What an object is called in messages: "loss".
        module: Where Keras keeps such objects; saved models name it.
        base: What every object of the kind is an instance of.
        classes: The classes by the name that messages list.
        aliases: Further names.
        refused: Classes that only say what to use instead, by names that messages do not list.
    """

    def __init__(
        self,
        kind: str,
        module: str,
        base: type[T],
        classes: dict[str, type[T]],
        aliases: dict[str, str] | None = None,
        refused: dict[str, type[T]] | None = None,
    ) -> None:
        self._kind = kind
        self._module = module
        self._base = base
        self._names = list(classes)
        self._known = {
            **{cls.__name__: cls for cls in classes.values()},
            **classes,
            **{alias: classes[name] for alias, name in (aliases or {}).items()},
            **(refused or {}),
        }

    def names(self) -> Iterable[str]:
        """Every name that `get` takes."""
        return self._known.keys()

    def get(self, identifier: Any, *, owner: str | None = None) -> T:
        """Returns the object that `identifier` means.

        Args:
            identifier: A name, a class, an object of the kind, or what `serialize` returned.
            owner: Who asks, for the message of an error.

        Raises:
            UnknownNameError: The name is not known.
            ArgumentError: `identifier` is none of these.
        """
        owner = owner or f"{self._module.removeprefix('keras.')}.get"
        if isinstance(identifier, self._base):
            return identifier
        if isinstance(identifier, str):
            if identifier in self._known:
                return self._made(owner, identifier)
            validation.one_of(owner, self._kind, identifier, self._names)
        if isinstance(identifier, dict):
            return self.deserialize(identifier)
        if isinstance(identifier, type) and issubclass(identifier, self._base):
            make: Callable[[], T] = identifier
            return make()
        article = "an" if self._base.__name__[0] in "AEIOU" else "a"
        needed = f"a name or {article} {self._base.__name__} object"
        raise ArgumentError(validation.bad_argument(owner, self._kind, needed, identifier))

    def _made(self, owner: str, name: str) -> T:
        cls = self._known[name]
        needed = [
            parameter.name
            for parameter in inspect.signature(cls).parameters.values()
            if parameter.default is parameter.empty and parameter.kind is _ORDINARY
        ]
        if needed:
            raise ArgumentError(
                f"{owner} needs {self._kind} {name!r} to be an object, for its {needed[0]}. "
                f"Received the name. Write {cls.__name__}({needed[0]}=...)."
            )
        return cls()

    def serialize(self, instance: T) -> dict[str, Any]:
        """Returns a dictionary of plain values from which `deserialize` makes an equal object."""
        return {
            "module": self._module,
            "class_name": type(instance).__name__,
            "config": instance.get_config(),  # type: ignore[attr-defined]
            "registered_name": None,
        }

    def deserialize(self, config: dict[str, Any]) -> T:
        """Makes the object that `serialize` described.

        Raises:
            UnknownNameError: The class is not one of convlet's.
        """
        name = config.get("class_name")
        if name not in self._known:
            validation.one_of(f"A saved {self._kind}", "class_name", name, self._names)
        cls: Any = self._known[str(name)]
        made: T = cls.from_config(config.get("config", {}))
        return made
