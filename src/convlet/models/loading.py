"""Reading models and weights that convlet or Keras saved.

Nothing in a file can make convlet run anything: layers, losses, metrics and optimizers are looked
up in fixed tables and among the caller's `custom_objects`, and the rest is numbers and text. Sizes
are counted before there is memory for them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from convlet import validation
from convlet.errors import ModelFileError
from convlet.layers import limits
from convlet.models import hdf5, legacy, weight_files
from convlet.models.archives import read_archive, readable
from convlet.models.configs import Custom, deserialize
from convlet.models.model import Model
from convlet.registry import custom_object_scope


def load_model(
    filepath: str | os.PathLike[str],
    custom_objects: Custom | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Any:
    """Reads a model that convlet or Keras 3 saved.

    Args:
        filepath: The `.keras` file, or a whole model in Keras's older `.h5`.
        custom_objects: Classes and functions of your own, by the names under which they are saved:
            layers, losses, metrics and so on. Nothing else that a file names is ever looked for.
        compile: Whether to compile it as it was, and to restore the optimizer's state.
        safe_mode: Only True: nothing in a file is ever run.

    Returns:
        A `Sequential` or a `Functional`, or the model of your own that the file names.

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
    validation.unsupported("load_model", "safe_mode", safe_mode, only=True)
    compile = validation.boolean("load_model", "compile", compile)
    path = Path(filepath)
    with custom_object_scope(custom_objects):
        if hdf5.is_hdf5(path):
            return _load_old_model(path, compile)
        archive = read_archive("load_model", path)
        model = _made(path, archive.config, compile, len(archive.weights))
        with readable("load_model", path), hdf5.opened(archive.weights) as root:
            weight_files.read_weights(model, root)
            if model.compiled:
                weight_files.read_optimizer(model.optimizer, model.trainable_variables, root)
            names = archive.metadata.get("class_names")
            model.class_names = None if names is None else [str(name) for name in names]
    return model


def _load_old_model(path: Path, compile: bool) -> Any:
    with readable("load_model", path), legacy.opened(path) as file:
        description = legacy.description(file)
    model = _made(path, description, compile, path.stat().st_size)
    with readable("load_model", path), legacy.opened(path) as file:
        legacy.read_weights(model, file)
        if model.compiled:
            legacy.read_optimizer(model.optimizer, model.trainable_variables, file)
    return model


def load_weights(
    model: Model,
    filepath: str | os.PathLike[str],
    skip_mismatch: bool = False,
    by_name: bool = False,
) -> None:
    """Reads into a model the weights that another of the same layers wrote, here or in Keras.

    Args:
        model: A model that is built.
        filepath: The `.weights.h5`, `.keras` or older `.h5` file.
        skip_mismatch: Leave a layer as it is, with a warning, where what the file has does not fit.
        by_name: Look layers up by their names, and leave those that are not in the file as they
            are; only in older `.h5` files, which have names.

    Raises:
        ModelFileNotFoundError: Where there is no such file.
        ModelFileError: Where the file is something else, is damaged, or its weights do not fit; or
            has no names, for `by_name`.
        NotBuiltError: Before the model is built.
    """
    model._check_built("before weights are loaded into it")
    path = Path(filepath)
    is_archive = not hdf5.is_hdf5(path)
    file = read_archive("load_weights", path).weights if is_archive else path
    with readable("load_weights", path), hdf5.opened(file) as root:
        if legacy.is_legacy(root):
            with legacy.opened(path) as old:
                legacy.read_weights(model, old, skip_mismatch, by_name)
        elif by_name:
            raise ModelFileError("It has no names, as by_name needs them. Only older .h5 files do.")
        else:
            weight_files.read_weights(model, root, skip_mismatch)


def _made(path: Path, description: dict[str, Any], compile: bool, size: int) -> Any:
    """The model that a description means, with no more weights than the file has bytes."""
    with readable("load_model", path), limits.limited(size):
        model = deserialize(description)
        if not isinstance(model, Model):
            raise ModelFileError(f"It holds {model!r}, which is no model.")
        build_config = description.get("build_config") or {}
        if not model.built and build_config.get("input_shape"):
            model.build(build_config["input_shape"])
        model._check_built("before weights are loaded into it")
    compile_config = description.get("compile_config") if compile else None
    if compile_config:
        hint = "Pass compile=False to load it without its training state."
        with readable("load_model", path, hint):
            model.compile_from_config(compile_config)
    return model
