"""Objects that are found by name, by the dictionary they were saved as, or given as they are."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, KeysView, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

from convlet import validation
from convlet.errors import ArgumentError

T = TypeVar("T")
_ORDINARY = inspect.Parameter.POSITIONAL_OR_KEYWORD
_CUSTOM: ContextVar[Mapping[str, Any]] = ContextVar("custom objects", default={})  # noqa: B039


@contextmanager
def custom_object_scope(custom_objects: Mapping[str, Any] | None) -> Iterator[None]:
    """Within it, saved objects and names may also mean these.

    Args:
        custom_objects: Classes and functions of your own, by the names under which they are saved;
            None for no more than before.

    Example:
        >>> from convlet import losses
        >>> class Halved(losses.MeanSquaredError):
        ...     def call(self, y_true, y_pred):
        ...         return super().call(y_true, y_pred) / 2
        >>> with custom_object_scope({"Halved": Halved}):
        ...     losses.get("Halved").name
        'mean_squared_error'
    """
    token = _CUSTOM.set({**_CUSTOM.get(), **(custom_objects or {})})
    try:
        yield
    finally:
        _CUSTOM.reset(token)


def custom_object(*names: Any) -> Any:
    """What the first of these names that is one of the user's means; None where none is."""
    known = _CUSTOM.get()
    return next((known[name] for name in names if isinstance(name, str) and name in known), None)


def snake_case(class_name: str) -> str:
    """A class's name in lower case, as Keras writes it.

    Example:
        >>> snake_case("MaxPooling2D"), snake_case("GlobalAveragePooling2D"), snake_case("ReLU")
        ('max_pooling2d', 'global_average_pooling2d', 're_lu')
    """
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", class_name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()


class Registry(Generic[T]):
    """The classes of one kind: losses, metrics, optimizers, initializers, and so on.

    Args:
        kind: What an object is called in messages: "loss".
        module: Where Keras keeps such objects; saved models name it.
        base: What every object of the kind is an instance of.
        classes: The classes by the name that messages list.
        aliases: Further names.
        refused: Classes that only say what to use instead, by names that messages do not list.
        from_function: Makes an object of the kind of a user's function, kept as its `function`;
            None where functions are not taken.
        from_custom: The same, of a function that only a `custom_object_scope` knows by its name;
            None for `from_function`.
    """

    def __init__(
        self,
        kind: str,
        module: str,
        base: type[T],
        classes: dict[str, type[T]],
        aliases: dict[str, str] | None = None,
        refused: dict[str, type[T]] | None = None,
        from_function: Callable[[Callable[..., Any]], T] | None = None,
        from_custom: Callable[[Callable[..., Any]], T] | None = None,
    ) -> None:
        self._kind = kind
        self._module = module
        self._base = base
        self._from_function = from_function
        self._from_custom = from_custom or from_function
        self._names = list(classes)
        self._known = {
            **{cls.__name__: cls for cls in classes.values()},
            **classes,
            **{alias: classes[name] for alias, name in (aliases or {}).items()},
            **(refused or {}),
        }

    def names(self) -> KeysView[str]:
        """Every name that `get` takes."""
        return self._known.keys()

    def get(self, identifier: Any, *, owner: str | None = None, argument: str | None = None) -> T:
        """Returns the object that `identifier` means.

        Args:
            identifier: A name, a class, an object of the kind, or what `serialize` returned; of
                some kinds a function, too.
            owner: Who asks, for the message of an error.
            argument: Which of the owner's arguments it is; None for the one named like the kind.

        Raises:
            UnknownNameError: The name is not known.
            ArgumentError: `identifier` is none of these.
        """
        owner = owner or f"{self._module.removeprefix('keras.')}.get"
        argument = argument or self._kind
        if isinstance(identifier, self._base):
            return identifier
        if isinstance(identifier, str):
            if (own := custom_object(identifier)) is not None:
                return self._of_custom(own, owner, argument)
            if identifier in self._known:
                return self._made(owner, argument, identifier)
            validation.one_of(owner, argument, identifier, self._names)
        if isinstance(identifier, dict):
            return self.deserialize(identifier)
        if isinstance(identifier, type) and issubclass(identifier, self._base):
            make: Callable[[], T] = identifier
            return make()
        if self._from_function and callable(identifier) and not isinstance(identifier, type):
            return self._from_function(identifier)
        article = "an" if self._base.__name__[0] in "AEIOU" else "a"
        kinds = "a name, a function or" if self._from_function else "a name or"
        needed = f"{kinds} {article} {self._base.__name__} object"
        raise ArgumentError(validation.bad_argument(owner, argument, needed, identifier))

    def _of_custom(self, own: Any, owner: str | None = None, argument: str | None = None) -> T:
        if inspect.isfunction(own) and self._from_custom is not None:
            return self._from_custom(own)
        return self.get(own, owner=owner, argument=argument)

    def _made(self, owner: str, argument: str, name: str) -> T:
        cls = self._known[name]
        try:
            return cls()
        except TypeError:
            needed = [
                parameter.name
                for parameter in inspect.signature(cls).parameters.values()
                if parameter.default is parameter.empty and parameter.kind is _ORDINARY
            ]
            if not needed:
                raise
            raise ArgumentError(
                f"{owner} needs {argument} {name!r} to be an object, for its {needed[0]}. "
                f"Received the name. Write {cls.__name__}({needed[0]}=...)."
            ) from None

    def serialize(self, instance: T) -> dict[str, Any]:
        """Returns a dictionary of plain values from which `deserialize` makes an equal object.

        A user's function is only named: who reads it must have it.
        """
        if self._from_custom and (function := getattr(instance, "function", None)):
            name = getattr(function, "__name__", type(function).__name__)
            return {
                "module": "builtins",
                "class_name": "function",
                "config": name,
                "registered_name": "function",
            }
        cls = type(instance)
        own = self._known.get(cls.__name__) is not cls
        return {
            "module": cls.__module__ if own else self._module,
            "class_name": cls.__name__,
            "config": instance.get_config(),  # type: ignore[attr-defined]
            "registered_name": cls.__name__ if own else None,
        }

    def deserialize(self, config: dict[str, Any]) -> T:
        """Makes the object that `serialize` described.

        Raises:
            UnknownNameError: The class is neither one of convlet's nor of a `custom_object_scope`.
        """
        name, settings = config.get("class_name"), config.get("config", {})
        if name == "function":  # Keras saves a function by its name
            name, settings = settings, {}
        own: Any = custom_object(config.get("registered_name"), name)
        if own is not None:
            is_class: bool = inspect.isclass(own)
            return self._of_custom(own.from_config(settings) if is_class else own)
        if name not in self._known:
            validation.one_of(f"A saved {self._kind}", "class_name", name, self._names)
        cls: Any = self._known[str(name)]
        made: T = cls.from_config(settings)
        return made
