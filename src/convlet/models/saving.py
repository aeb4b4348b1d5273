"""Writing a model into one `.keras` file.

The file is a zip archive with Keras 3's structure: `config.json` describes the layers and how the
model was compiled, `model.weights.h5` holds the weights and the optimizer's state under paths such
as `layers/conv2d_1/vars/0`, and `metadata.json` holds the rest.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any

import convlet
from convlet.files import checked_path, written_whole
from convlet.models.configs import serialize
from convlet.models.weight_paths import layer_paths

if TYPE_CHECKING:
    from convlet.models.model import Model
    from convlet.optimizers import Optimizer

SUFFIX = ".keras"
WEIGHTS_SUFFIX = ".weights.h5"
CONFIG = "config.json"
METADATA = "metadata.json"
WEIGHTS = "model.weights.h5"
OPTIMIZER_GROUP = "optimizer/vars"
KERAS_VERSION = "3.0.0"  # the first version of Keras that reads and writes this structure


def save_model(model: Model, filepath: str | os.PathLike[str], overwrite: bool = True) -> None:
    """Writes layers, weights, the state of training and class names into one `.keras` file.

    Args:
        model: A model that is built.
        filepath: Where, ending in `.keras`.
        overwrite: Whether a file that is there may be replaced.

    Raises:
        ArgumentError: Where the name ends otherwise, the folder is missing, or the file is there
            and may not be replaced.
        NotBuiltError: Before the model is built.
    """
    path = checked_path("save", filepath, SUFFIX, overwrite)
    model._check_built("before it is saved")
    with written_whole(path) as file, zipfile.ZipFile(file, "w") as archive:
        archive.writestr(METADATA, json.dumps(_metadata(model)))
        archive.writestr(CONFIG, json.dumps(model_description(model)))
        archive.writestr(WEIGHTS, _weights_file(model, model.optimizer if model.compiled else None))


def save_weights(model: Model, filepath: str | os.PathLike[str], overwrite: bool = True) -> None:
    """Writes the weights alone into one `.weights.h5` file.

    Args:
        model: A model that is built.
        filepath: Where, ending in `.weights.h5`.
        overwrite: Whether a file that is there may be replaced.

    Raises:
        ArgumentError: Where the name ends otherwise, the folder is missing, or the file is there
            and may not be replaced.
        NotBuiltError: Before the model is built.
    """
    path = checked_path("save_weights", filepath, WEIGHTS_SUFFIX, overwrite)
    model._check_built("before its weights are saved")
    with written_whole(path) as file:
        file.write(_weights_file(model, optimizer=None))


def model_description(model: Model) -> dict[str, Any]:
    """What `config.json` says: the model's class, its layers, and how it was compiled."""
    description = serialize(model)
    compile_config = model.get_compile_config()
    if compile_config is not None:
        description["compile_config"] = compile_config
    return description


def _metadata(model: Model) -> dict[str, Any]:
    return {
        "keras_version": KERAS_VERSION,
        "date_saved": datetime.now().strftime("%Y-%m-%d@%H:%M:%S"),
        "convlet_version": convlet.__version__,
        "class_names": model.class_names,
    }


def _weights_file(model: Model, optimizer: Optimizer | None) -> bytes:
    import h5py

    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for path, layer in layer_paths(model):
            group = file.create_group(f"{path}/vars")
            group.attrs["name"] = layer.name
            for position, weight in enumerate(layer.own_weights):
                group[str(position)] = weight.value
        if optimizer is not None and optimizer.built:  # before the first step there is no state
            optimizer.save_own_variables(file.create_group(OPTIMIZER_GROUP))
    return content.getvalue()
