"""Models of the same layers with weights of their own."""

from __future__ import annotations

from typing import Any

from convlet import validation
from convlet.models.model import Model


def clone_model(model: Model, input_tensors: Any = None, clone_function: Any = None) -> Any:
    """Makes a model of the same layers, whose weights begin anew; it is not compiled.

    Args:
        model: A Sequential or functional model, or one whose class has `get_config`.
        input_tensors: Only None.
        clone_function: Only None.

    Raises:
        UnsupportedError: For anything else, or a class that does not say how it is made.

    Example:
        >>> from convlet import layers, models
        >>> model = models.Sequential([layers.Input((4,)), layers.Dense(2, name="scores")])
        >>> clone = clone_model(model)
        >>> clone.get_layer("scores") is model.get_layer("scores"), clone.output_shape
        (False, (None, 2))
    """
    validation.unsupported("clone_model", "input_tensors", input_tensors, only=None)
    validation.unsupported("clone_model", "clone_function", clone_function, only=None)
    return type(model).from_config(model.get_config())
