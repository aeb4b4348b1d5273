"""The table of a model's layers."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from convlet import validation
from convlet.errors import ArgumentError
from convlet.layers import Layer
from convlet.layers.shapes import Shape, count_values
from convlet.layers.windows import receptive_field as field_after
from convlet.models.functional import Functional
from convlet.models.model import Model

FLOAT_BYTES = 4
UNKNOWN = "?"


class _Column(NamedTuple):
    """One column: its title, its least width, and its text for each layer."""

    title: str
    width: int
    cells: list[str]


def summary_text(
    model: Model,
    line_length: int | None = None,
    receptive_field: bool = False,
    multiply_adds: bool = False,
    memory: bool = False,
) -> str:
    """The table that `Model.summary` prints.

    Args:
        model: The model; where it is not built, what is not known yet is a "?".
        line_length: The width of the table; None makes room for the longest name.
        receptive_field: Also what part of the input one value of each output sees.
        multiply_adds: Also how many multiplications an image takes.
        memory: Also how many bytes each output takes for an image.
    """
    layers = model.layers
    shapes = _output_shapes(model)
    columns = [
        _Column("Layer (type)", 29, [f"{layer.name} ({type(layer).__name__})" for layer in layers]),
        _Column("Output Shape", 26, [UNKNOWN if shape is None else str(shape) for shape in shapes]),
        _Column("Param #", 10, [_parameters(layer) for layer in layers]),
    ]
    if isinstance(model, Functional):
        columns.append(_Column("Connected to", 25, [_sources(model, layer) for layer in layers]))
    if receptive_field:
        one_after_another = not isinstance(model, Functional)
        cells = [
            _field(layers[: position + 1]) if one_after_another else UNKNOWN
            for position in range(len(layers))
        ]
        columns.append(_Column("Receptive field", 17, cells))
    if multiply_adds:
        columns.append(_Column("Multiply-adds", 15, _multiply_adds(model)))
    if memory:
        columns.append(_Column("Output memory", 15, [_output_memory(shape) for shape in shapes]))
    table = _table(columns, line_length)
    return "\n".join([f'Model: "{model.name}"', *table, *_totals(model), table[0]])


def _table(columns: Sequence[_Column], line_length: int | None) -> list[str]:
    widths = [
        max(column.width, *(len(cell) + 1 for cell in (column.title, *column.cells)))
        for column in columns
    ]
    if line_length is not None:
        others = sum(widths[1:])
        shortest = others + len(columns[0].title) + 1
        line_length = validation.integer("summary", "line_length", line_length)
        if line_length < shortest:
            needed = f"at least {shortest} for these columns"
            raise ArgumentError(
                validation.bad_argument("summary", "line_length", needed, line_length)
            )
        widths[0] = line_length - others
    total = sum(widths)
    rows = [
        _row(cells, widths) for cells in zip(*(column.cells for column in columns), strict=True)
    ]
    title = _row([column.title for column in columns], widths)
    return [
        "_" * total,
        title,
        "=" * total,
        *f"\n{'_' * total}\n".join(rows).splitlines(),
        "=" * total,
    ]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    """One row; a first cell that is too long goes on in the next line, and nothing is cut off."""
    first, *below = textwrap.wrap(cells[0], widths[0] - 1)
    line = "".join(
        cell.ljust(width) for cell, width in zip((first, *cells[1:]), widths, strict=True)
    )
    return "\n".join(text.rstrip() for text in (line, *below))


def _totals(model: Model) -> list[str]:
    if not model.built:
        return [f"Total params: {UNKNOWN} (not built: the shape of the input is not known)"]
    return [
        f"{title} params: {sum(weight.size for weight in weights):,}"
        for title, weights in (
            ("Total", model.weights),
            ("Trainable", model.trainable_weights),
            ("Non-trainable", model.non_trainable_weights),
        )
    ]


def _output_shapes(model: Model) -> list[Shape | None]:
    """Of each layer, at the first place at which it is used."""
    if not model.built:
        return [None] * len(model.layers)
    known = model.wiring.output_shapes
    return [known.get(id(layer)) for layer in model.layers]


def _multiply_adds(model: Model) -> list[str]:
    """Of each layer, at all places at which it is used."""
    if not model.built:
        return [UNKNOWN] * len(model.layers)
    counts: Counter[int] = Counter()
    for node in model.wiring.nodes:
        if node.wiring is not None:
            counts[id(node.layer)] += node.wiring.graph.multiply_adds
        elif node.inputs:
            counts[id(node.layer)] += node.layer.multiply_adds(node.inputs[0].shape)
    return [f"{counts[id(layer)]:,}" for layer in model.layers]


def _sources(model: Model, layer: Layer) -> str:
    """Whose outputs a layer takes, at every place where it is used."""
    nodes = [node for node in model.wiring.nodes if node.layer is layer]
    return ", ".join(tensor.node.layer.name for node in nodes for tensor in node.inputs) or "-"


def _parameters(layer: Layer) -> str:
    return f"{layer.count_params():,}" if layer.built else UNKNOWN


def _field(layers: Sequence[Layer]) -> str:
    field = field_after(layers)
    return "all" if field is None else f"{field[0]} x {field[1]}"


def _output_memory(shape: Shape | None) -> str:
    return UNKNOWN if shape is None else f"{count_values(shape) * FLOAT_BYTES:,} B"
