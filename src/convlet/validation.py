"""Checks of arguments, all with messages of one grammar: who needs what, then what was received.

`owner` is who is asking, as the message names it: `"Conv2D"`, `"fit"`, `"Adam"`.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Sequence
from numbers import Integral, Real
from typing import Any

from convlet.errors import ArgumentError, UnknownNameError, UnsupportedError


def bad_argument(owner: str, argument: str, needed: str, value: object, fix: str = "") -> str:
    """The message that every check ends in.

    Example:
        >>> bad_argument("Conv2D", "filters", "an integer of at least 1", 0)
        'Conv2D needs filters to be an integer of at least 1. Received filters=0.'
    """
    message = f"{owner} needs {argument} to be {needed}. Received {argument}={value!r}."
    return f"{message} {fix}" if fix else message


def did_you_mean(name: str, choices: Iterable[str]) -> str:
    """A sentence with the choice that is spelt most like `name`, or nothing.

    Example:
        >>> did_you_mean("adm", ["adam", "sgd"])
        "Did you mean 'adam'?"
    """
    by_lower_case = {choice.lower(): choice for choice in choices}
    close = difflib.get_close_matches(name.lower(), by_lower_case, n=1)
    return f"Did you mean {by_lower_case[close[0]]!r}?" if close else ""


def one_of(owner: str, argument: str, value: object, choices: Sequence[str]) -> str:
    """Returns `value` where it is one of `choices`.

    Raises:
        UnknownNameError: With the choice that was probably meant, and all of them.

    Example:
        >>> one_of("Conv2D", "padding", "same", ["same", "valid"])
        'same'
    """
    if isinstance(value, str) and value in choices:
        return value
    listed = ", ".join(repr(choice) for choice in choices)
    needed = f"one of {listed}" if len(choices) > 1 else listed
    fix = did_you_mean(value, choices) if isinstance(value, str) else ""
    raise UnknownNameError(bad_argument(owner, argument, needed, value, fix))


def integer(owner: str, argument: str, value: object, minimum: int | None = 1) -> int:
    """Returns `value` as an int where it is an integer of at least `minimum`.

    Raises:
        ArgumentError: For anything else, a bool included.

    Example:
        >>> integer("Dense", "units", 10)
        10
    """
    if _is_integer(value, minimum):
        return int(value)  # type: ignore[call-overload, no-any-return]
    needed = "an integer" if minimum is None else f"an integer of at least {minimum}"
    raise ArgumentError(bad_argument(owner, argument, needed, value))


def integer_pair(owner: str, argument: str, value: object, minimum: int = 1) -> tuple[int, int]:
    """Returns one integer twice, or two integers as a tuple: (height, width).

    Raises:
        ArgumentError: Where `value` is neither, or an integer is below `minimum`.

    Example:
        >>> integer_pair("Conv2D", "kernel_size", 3)
        (3, 3)
    """
    first, second = integers(owner, argument, value, 2, minimum)
    return (first, second)


def integers(
    owner: str, argument: str, value: object, count: int, minimum: int = 1
) -> tuple[int, ...]:
    """Returns one integer `count` times, or `count` integers as a tuple: one for each axis.

    Raises:
        ArgumentError: Where `value` is neither, or an integer is below `minimum`.

    Example:
        >>> integers("Conv1D", "kernel_size", 3, count=1)
        (3,)
    """
    if _is_integer(value, minimum):
        return (int(value),) * count  # type: ignore[call-overload]
    if (
        isinstance(value, (tuple, list))
        and len(value) == count
        and all(_is_integer(item, minimum) for item in value)
    ):
        return tuple(int(item) for item in value)
    needed = f"an integer or {count} integers, each at least {minimum}"
    if count == 1:
        needed = f"an integer of at least {minimum}"
    raise ArgumentError(bad_argument(owner, argument, needed, value))


def number(
    owner: str,
    argument: str,
    value: object,
    *,
    minimum: float | None = None,
    above: float | None = None,
    maximum: float | None = None,
    below: float | None = None,
) -> float:
    """Returns `value` as a float where it is a finite number within the bounds.

    Args:
        owner: Who needs the number.
        argument: The argument's name.
        value: What was received.
        minimum: The smallest number allowed.
        above: A number that is just too small.
        maximum: The largest number allowed.
        below: A number that is just too large.

    Raises:
        ArgumentError: For anything else, NaN and the infinities included.

    Example:
        >>> number("Dropout", "rate", 0.5, minimum=0, below=1)
        0.5
    """
    if not isinstance(value, bool) and isinstance(value, Real) and math.isfinite(value):
        candidate = float(value)
        if (
            (minimum is None or candidate >= minimum)
            and (above is None or candidate > above)
            and (maximum is None or candidate <= maximum)
            and (below is None or candidate < below)
        ):
            return candidate
    bounds = [
        f"{word} {bound:g}"
        for word, bound in (
            ("at least", minimum),
            ("above", above),
            ("at most", maximum),
            ("below", below),
        )
        if bound is not None
    ]
    needed = " ".join(["a number", " and ".join(bounds)]).strip()
    raise ArgumentError(bad_argument(owner, argument, needed, value))


def boolean(owner: str, argument: str, value: object) -> bool:
    """Returns `value` where it is True or False.

    Raises:
        ArgumentError: For anything else: `"no"` and `0` are usually slips.

    Example:
        >>> boolean("Conv2D", "use_bias", True)
        True
    """
    if isinstance(value, bool):
        return value
    raise ArgumentError(bad_argument(owner, argument, "True or False", value))


def shape(owner: str, argument: str, value: object) -> tuple[int | None, ...]:
    """Returns a shape as a tuple: each size an integer of at least 1, or None where it may vary.

    Raises:
        ArgumentError: For anything else.

    Example:
        >>> shape("Input", "shape", [28, 28, 1])
        (28, 28, 1)
    """
    if isinstance(value, (tuple, list)) and all(
        size is None or _is_integer(size, 1) for size in value
    ):
        return tuple(None if size is None else int(size) for size in value)
    needed = "a tuple of sizes, each an integer of at least 1 or None"
    fix = f"Write ({value},) for a single size." if _is_integer(value, 1) else ""
    raise ArgumentError(bad_argument(owner, argument, needed, value, fix))


def unsupported(owner: str, argument: str, value: Any, only: object) -> None:
    """Refuses an argument of Keras that has only one supported value so far.

    Raises:
        UnsupportedError: Where `value` is not `only`.

    Example:
        >>> unsupported("Conv2D", "groups", 1, only=1)
    """
    if value != only:
        raise UnsupportedError(
            f"{owner} does not support {argument}={value!r} yet. The only value is {only!r}."
        )


def sequence_axes_fix(sizes: Sequence[int]) -> str:
    """How to bring an array to (batch, steps, channels), where that can be guessed.

    Args:
        sizes: The array's shape without its batch axis.

    Example:
        >>> sequence_axes_fix((100,))
        'Add the channel axis: x[..., None] has shape (batch, 100, 1).'
    """
    if len(sizes) == 3:
        return f"Reshape to (-1, {sizes[0] * sizes[1]}, {sizes[2]}) first, or use the 2D layer."
    if len(sizes) == 1:
        return f"Add the channel axis: x[..., None] has shape (batch, {sizes[0]}, 1)."
    return ""


def image_axes_fix(sizes: Sequence[int]) -> str:
    """How to bring an array to (batch, height, width, channels), where that can be guessed.

    Args:
        sizes: The array's shape without its batch axis.

    Example:
        >>> image_axes_fix((28, 28))
        'Add the channel axis: x[..., None] has shape (batch, 28, 28, 1).'
        >>> image_axes_fix((784,))
        'Reshape to (-1, 28, 28, 1) first.'
    """
    if len(sizes) == 4:
        return f"Leave the number of images out of the shape: {tuple(sizes[1:])}."
    if len(sizes) == 2:
        height, width = sizes
        return f"Add the channel axis: x[..., None] has shape (batch, {height}, {width}, 1)."
    if len(sizes) == 1:
        for channels in (1, 3):
            side = math.isqrt(sizes[0] // channels)
            if side > 1 and side * side * channels == sizes[0]:
                return f"Reshape to (-1, {side}, {side}, {channels}) first."
    return ""


def _is_integer(value: object, minimum: int | None) -> bool:
    return (
        not isinstance(value, bool)
        and isinstance(value, Integral)
        and (minimum is None or int(value) >= minimum)
    )
