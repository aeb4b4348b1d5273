"""HDF5 files as Keras wrote them before `.keras`: whole models, and weights by layers' names.

The weights of each layer lie in a group of its name: those that are trained before the others. The
attributes `layer_names` and `weight_names` say in which order; a whole model also has its
configuration as attributes, as JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from convlet.errors import ModelFileError
from convlet.layers import Layer
from convlet.models import hdf5
from convlet.models.archives import parse_json
from convlet.models.hdf5_texts import Texts, opened_texts
from convlet.models.model import Model
from convlet.models.weight_files import arrays_for, assign
from convlet.optimizers import Optimizer
from convlet.variable import Variable

_WEIGHTS = "model_weights"
_OPTIMIZER = "optimizer_weights"


class LegacyFile(NamedTuple):
    """An HDF5 file that is open.

    Attributes:
        root: Its groups and arrays.
        texts: Its attributes.
    """

    root: Any
    texts: Texts


@contextmanager
def opened(path: Path) -> Iterator[LegacyFile]:
    """Such a file, to be read."""
    with hdf5.opened(path) as root, opened_texts(path) as texts:
        yield LegacyFile(root, texts)


def is_legacy(root: Any) -> bool:
    """Whether an HDF5 file is of the old kind, not Keras 3's weights."""
    return _WEIGHTS in root or "layer_names" in root.attrs or "layer_names0" in root.attrs


def description(file: LegacyFile) -> dict[str, Any]:
    """What `config.json` would say: the model, and how it was compiled.

    Raises:
        ModelFileError: The file holds weights alone, or no model at all.
    """
    found = file.texts.one(file.root, "model_config")
    if found is None:
        raise ModelFileError(
            "It holds no model. If it holds weights, build the model and call load_weights."
        )
    model = parse_json("Its model_config", found)
    training = file.texts.one(file.root, "training_config")
    if training is not None:
        settings = parse_json("Its training_config", training)
        model["compile_config"] = {**settings, "optimizer": settings.pop("optimizer_config", None)}
    return model


def read_weights(
    model: Model, file: LegacyFile, skip_mismatch: bool = False, by_name: bool = False
) -> None:
    """Copies the weights of such a file into a model.

    Args:
        model: The model.
        file: The file.
        skip_mismatch: Leave a layer as it is, with a warning, where what is there does not fit.
        by_name: Look layers up by their names, and leave those that are not there as they are; else
            by their order.

    Raises:
        ModelFileError: Something is missing or does not fit; no weight is changed then.
    """
    top = hdf5.group(file.root, _WEIGHTS) or file.root
    saved = {
        name: [] if group is None else file.texts.several(group, "weight_names")
        for name in file.texts.several(top, "layer_names")
        for group in [hdf5.group(top, name)]
    }
    saved = {name: names for name, names in saved.items() if names}
    layers = [layer for layer in model.layers if layer.weights]
    if by_name:
        pairs = [(layer, layer.name) for layer in layers if layer.name in saved]
    elif len(saved) == len(layers):
        pairs = list(zip(layers, saved, strict=True))
    else:
        raise ModelFileError(
            f"{model.label} needs weights of {len(layers)} layers. Received those of {len(saved)}."
        )
    found = []
    for layer, name in pairs:
        weights = _in_old_order(layer)
        arrays = arrays_for(layer, weights, top, name, skip_mismatch, saved[name])
        found.append((weights, arrays))
    assign(found)


def read_optimizer(optimizer: Optimizer, variables: list[Variable], file: LegacyFile) -> None:
    """Takes the state of training back, where the file has it.

    Args:
        optimizer: The optimizer.
        variables: What it changes.
        file: The file.

    Raises:
        ArgumentError: It is the state of other settings.
    """
    group = hdf5.group(file.root, _OPTIMIZER)
    if group is None:
        return
    arrays = [hdf5.array(group, name) for name in file.texts.several(group, "weight_names")]
    optimizer.build(variables)
    if len(arrays) > 2 or not optimizer.variables:  # fewer were saved before the first step
        optimizer.load_own_variables({str(place): each for place, each in enumerate(arrays)})


def _in_old_order(layer: Layer) -> list[Variable]:
    return layer.trainable_weights + layer.non_trainable_weights
