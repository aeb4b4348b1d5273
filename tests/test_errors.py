"""The tree of exceptions is the one drawn at the top of the module."""

import builtins
import re

import pytest

from convlet import errors

DRAWN = re.findall(r"[├└]── (\w+) \((\w+)\)", errors.__doc__)


def test_every_error_is_drawn():
    names = {name for name in vars(errors) if name.endswith("Error")}
    drawn = set(re.findall(r"\w*Error\b", errors.__doc__)) & names
    assert drawn == names


@pytest.mark.parametrize(("name", "builtin"), DRAWN)
def test_is_the_builtin_error_it_is_drawn_with(name, builtin):
    error = getattr(errors, name)
    assert issubclass(error, errors.ConvletError)
    assert issubclass(error, getattr(builtins, builtin))
    assert str(error("A message.")) == "A message."
