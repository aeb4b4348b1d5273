"""Where in a file each layer's weights lie: Keras 3's paths, by class and position.

A model's layers lie under `layers/`, as `layers/conv2d`, `layers/conv2d_1`; those of a model inside
it under `layers/functional/layers/`. A layer of one's own has its parts under the names of its
attributes. Names of layers don't count: they may differ from process to process.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from convlet.layers import Layer
from convlet.registry import snake_case


def layer_paths(model: Layer) -> Iterator[tuple[str, Layer]]:
    """The model itself, at the path "", and each layer that it consists of, with its path.

    A layer comes once, at the first of its paths, but for one that several models share: each of
    them has it.
    """
    return _walk(model, "", set())


def _walk(part: Layer, path: str, seen: set[int]) -> Iterator[tuple[str, Layer]]:
    seen.add(id(part))
    yield path, part
    if isinstance(part, _layered()):
        for name, layer in _numbered(part.layers):
            yield from _walk(layer, f"{path}/layers/{name}".removeprefix("/"), seen)
    for name, value in _attributes(part):
        yield from _visit(value, f"{path}/{name}".removeprefix("/"), seen)


def _layered() -> tuple[type[Any], ...]:
    from convlet.models.functional import Functional
    from convlet.models.sequential import Sequential

    return Functional, Sequential


def _attributes(part: Layer) -> Iterator[tuple[str, Any]]:
    """Where else Keras looks for layers, in its order."""
    from convlet.models.model import Model

    attributes = vars(part)
    if isinstance(part, Model):
        attributes = {**attributes, "layers": part.layers}
    for name in sorted(attributes, key=lambda name: f"~{name}" if name.startswith("_") else name):
        yield name, attributes[name]


def _visit(value: Any, path: str, seen: set[int]) -> Iterator[tuple[str, Layer]]:
    """What is reached by an attribute: a layer, or a container of them."""
    if isinstance(value, Layer) and id(value) not in seen:
        yield from _walk(value, path, seen)
    elif isinstance(value, (list, tuple, dict)):
        items = value.values() if isinstance(value, dict) else value
        for name, item in _numbered(items):
            yield from _visit(item, f"{path}/{name}", seen)


def _numbered(items: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Names for the members of a container: `dense`, `dense_1`."""
    counts: Counter[str] = Counter()
    for item in items:
        if isinstance(item, (list, tuple, dict)):
            kind = "container"
        elif isinstance(item, Layer):
            kind = snake_case(type(item).__name__)
        else:
            continue
        yield (f"{kind}_{counts[kind]}" if counts[kind] else kind), item
        counts[kind] += 1
