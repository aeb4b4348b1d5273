"""How rows about a single layer are written."""

from __future__ import annotations

from typing import Any

from tests.parity.comparison import Package, Row, Shape


def layer_row(
    layer: str, input_shape: Shape, settings: dict[str, Any] | None = None, **options: Any
) -> Row:
    """A row about one layer behind a dense one, so that the gradient of its input shows, too.

    Args:
        layer: The name of the layer.
        input_shape: The shape of its input, without the batch axis.
        settings: Its arguments; where one is a function, what it returns for the package.
        **options: More of the row.
    """
    settings = settings or {}
    bytes_come = options.get("dtype") == "uint8"

    def build(k: Package) -> Any:
        model = k.models.Sequential([k.Input(input_shape)])
        if bytes_come:
            model.add(k.layers.Rescaling(1 / 255))
        model.add(k.layers.Dense(input_shape[-1]))
        model.add(getattr(k.layers, layer)(**resolved(k, settings)))
        return model

    name = f"{layer}({described(settings)}) on {shape_text(input_shape)}"
    if "dtype" in options:
        name += f" of {options['dtype']}"
    return Row(name, build, (input_shape,), **options)


def resolved(k: Package, settings: dict[str, Any]) -> dict[str, Any]:
    """The settings, those that are functions asked for the package's objects."""
    return {key: value(k) if callable(value) else value for key, value in settings.items()}


def described(settings: dict[str, Any]) -> str:
    """Settings as they are read in the name of a test."""
    return ", ".join(
        f"{key}={value.__name__ if callable(value) else value}" for key, value in settings.items()
    )


def shape_text(shape: Shape) -> str:
    """A shape as it is read in the name of a test."""
    return "x".join(map(str, shape))
