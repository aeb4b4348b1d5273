"""Reading a model from a `.keras` file.

Nothing in a file can make convlet run anything: layers, losses, metrics and optimizers are looked
up in fixed tables, and the rest is numbers and text.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

from convlet import validation
from convlet.errors import ConvletError, ModelFileError, ModelFileNotFoundError
from convlet.models.model import Model
from convlet.models.saving import (
    CONFIG,
    METADATA,
    OPTIMIZER_GROUP,
    SUFFIX,
    WEIGHTS,
    layer_groups,
)
from convlet.models.sequential import Sequential
from convlet.optimizers import Optimizer

_DAMAGE = (OSError, EOFError, zipfile.BadZipFile, RuntimeError)


def load_model(
    filepath: str | os.PathLike[str],
    custom_objects: None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Sequential:
    """Reads a model that `model.save` wrote.

    Args:
        filepath: The `.keras` file.
        custom_objects: Only None: a model is made of convlet's own layers.
        compile: Whether to compile it as it was, and to restore the optimizer's state.
        safe_mode: Only True: nothing in a file is ever run.

    Raises:
        ModelFileNotFoundError: Where there is no such file.
        ModelFileError: Where the file is something else, is damaged, or holds what convlet lacks.

    Example:
        >>> import tempfile
        >>> from convlet import layers, models
        >>> model = models.Sequential([layers.Input((4,)), layers.Dense(2)])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     model.save(f"{folder}/model.keras")
        ...     loaded = models.load_model(f"{folder}/model.keras")
        >>> loaded.output_shape
        (None, 2)
    """
    validation.unsupported("load_model", "custom_objects", custom_objects or None, only=None)
    validation.unsupported("load_model", "safe_mode", safe_mode, only=True)
    compile = validation.boolean("load_model", "compile", compile)
    path = Path(filepath)
    members = _read_members(path)
    description = _parse(path, CONFIG, members[CONFIG])
    metadata = _parse(path, METADATA, members[METADATA])
    model = _make(path, description)
    compile_config = description.get("compile_config") if compile else None
    if compile_config is not None:
        _compile(path, model, compile_config)
    optimizer = model.optimizer if model.compiled else None
    _read_weights(path, model, members[WEIGHTS], optimizer)
    names = metadata.get("class_names")
    model.class_names = None if names is None else [str(name) for name in names]
    return model


def load_weights(model: Model, filepath: str | os.PathLike[str]) -> None:
    """Reads into a model the weights that another of the same layers wrote.

    Args:
        model: A model that is built.
        filepath: The `.weights.h5` or `.keras` file.

    Raises:
        ModelFileNotFoundError: Where there is no such file.
        ModelFileError: Where the file is something else, is damaged, or its weights do not fit.
        NotBuiltError: Before the model is built.
    """
    model._check_built("before weights are loaded into it")
    path = Path(filepath)
    if path.suffix == SUFFIX:
        content = _read_members(path)[WEIGHTS]
    else:
        _check_exists("load_weights", path)
        content = path.read_bytes()
    _read_weights(path, model, content, optimizer=None)


def _check_exists(owner: str, path: Path) -> None:
    if not path.exists():
        raise ModelFileNotFoundError(f"{owner} needs a file. There is none at {str(path)!r}.")


def _read_members(path: Path) -> dict[str, bytes]:
    _check_exists("load_model", path)
    try:
        with zipfile.ZipFile(path) as archive:
            missing = {CONFIG, METADATA, WEIGHTS} - set(archive.namelist())
            if missing:
                raise ModelFileError(
                    f"load_model needs a .keras file. {str(path)!r} is a zip archive without "
                    f"{' and '.join(sorted(missing))}."
                )
            return {name: archive.read(name) for name in (CONFIG, METADATA, WEIGHTS)}
    except _DAMAGE as error:
        raise ModelFileError(_what_is_wrong(path)) from error


def _what_is_wrong(path: Path) -> str:
    needed = "load_model needs a .keras file."
    if path.is_dir():
        return f"{needed} {str(path)!r} is a folder."
    with open(path, "rb") as file:
        start = file.read(8)
    if start.startswith(b"PK\x03\x04"):
        return f"{needed} {str(path)!r} is damaged or cut short. Copy or save it again."
    if start == b"\x89HDF\r\n\x1a\n":
        return f"{needed} {str(path)!r} is an HDF5 file. Save the model with the ending .keras."
    return f"{needed} {str(path)!r} is something else."


def _parse(path: Path, member: str, content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except ValueError as error:
        raise ModelFileError(_cannot_read(path, f"Its {member} is not JSON: {error}.")) from error
    if not isinstance(value, dict):
        raise ModelFileError(_cannot_read(path, f"Its {member} is not a dictionary."))
    return value


def _make(path: Path, description: dict[str, Any]) -> Sequential:
    class_name = description.get("class_name")
    if class_name != "Sequential":
        reason = f"It holds a {class_name}, and only Sequential models are supported yet."
        raise ModelFileError(_cannot_read(path, reason))
    try:
        return Sequential.from_config(description["config"])
    except (ConvletError, KeyError, TypeError, AttributeError) as error:
        raise ModelFileError(_cannot_read(path, _reason(error))) from error


def _compile(path: Path, model: Sequential, config: dict[str, Any]) -> None:
    try:
        model.compile_from_config(config)
    except (ConvletError, KeyError, TypeError, AttributeError) as error:
        reason = f"{_reason(error)} Pass compile=False to load it without its training state."
        raise ModelFileError(_cannot_read(path, reason)) from error


def _read_weights(path: Path, model: Model, content: bytes, optimizer: Optimizer | None) -> None:
    import h5py

    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            for group, layer in layer_groups(model.layers):
                arrays = file.get(group, {})
                layer.set_weights([arrays[str(position)][()] for position in range(len(arrays))])
            if optimizer is not None and OPTIMIZER_GROUP in file:
                optimizer.build(model.trainable_variables)
                optimizer.load_own_variables(file[OPTIMIZER_GROUP])
    except (ConvletError, OSError, RuntimeError, KeyError, TypeError) as error:
        raise ModelFileError(_cannot_read(path, _reason(error))) from error


def _cannot_read(path: Path, reason: str) -> str:
    return f"load_model cannot read the model in {str(path)!r}. {reason}"


def _reason(error: Exception) -> str:
    """The words of an error of convlet's; of any other, its kind too."""
    if isinstance(error, ConvletError):
        return str(error)
    return f"It is damaged: {type(error).__name__}: {error}."
