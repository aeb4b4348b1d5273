"""HDF5 files as Keras wrote them before `.keras`: whole models, and weights by layers' names.

The weights of each layer lie in a group of its name: those that are trained before the others. The
attributes `layer_names` and `weight_names` say in which order; a whole model also has its
configuration as attributes, as JSON.
"""

from __future__ import annotations

from typing import Any

from convlet.errors import ModelFileError
from convlet.layers import Layer
from convlet.models import hdf5
from convlet.models.archives import parse_json
from convlet.models.weight_files import arrays_for, assign
from convlet.optimizers import Optimizer
from convlet.variable import Variable

_WEIGHTS = "model_weights"
_OPTIMIZER = "optimizer_weights"


def description(root: Any) -> dict[str, Any]:
    """What `config.json` would say: the model, and how it was compiled.

    Raises:
        ModelFileError: The file holds weights alone, or no model at all.
    """
    found = hdf5.text(root, "model_config")
    if found is None:
        raise ModelFileError(
            "It holds no model. If it holds weights, build the model and call load_weights."
        )
    model = parse_json("Its model_config", found)
    training = hdf5.text(root, "training_config")
    if training is not None:
        settings = parse_json("Its training_config", training)
        settings["optimizer"] = settings.pop("optimizer_config", None)
        model["compile_config"] = settings
    return model


def is_legacy(root: Any) -> bool:
    """Whether an HDF5 file is of the old kind, not Keras 3's weights."""
    return _WEIGHTS in root or bool(hdf5.texts(root, "layer_names"))


def read_weights(model: Any, root: Any, skip_mismatch: bool = False, by_name: bool = False) -> None:
    """Copies the weights of such a file into a model.

    Args:
        model: The model.
        root: The file.
        skip_mismatch: Leave a layer as it is, with a warning, where what is there does not fit.
        by_name: Look layers up by their names, and leave those that are not there as they are; else
            by their order.

    Raises:
        ModelFileError: Something is missing or does not fit; no weight is changed then.
    """
    top = hdf5.group(root, _WEIGHTS) or root
    saved = {name: _weight_names(top, name) for name in hdf5.texts(top, "layer_names")}
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


def read_optimizer(optimizer: Optimizer, variables: list[Variable], root: Any) -> None:
    """Takes the state of training back, where the file has it.

    Args:
        optimizer: The optimizer, which is built.
        variables: What it changes.
        root: The file.

    Raises:
        ArgumentError: It is the state of other settings.
    """
    group = hdf5.group(root, _OPTIMIZER)
    if group is None:
        return
    arrays = [hdf5.array(group, name) for name in hdf5.texts(group, "weight_names")]
    optimizer.build(variables)
    if len(arrays) > 2 or not optimizer.variables:  # fewer were saved before the first step
        optimizer.load_own_variables({str(place): each for place, each in enumerate(arrays)})


def _weight_names(top: Any, name: str) -> list[str]:
    group = hdf5.group(top, name)
    return [] if group is None else hdf5.texts(group, "weight_names")


def _in_old_order(layer: Layer) -> list[Variable]:
    return layer.trainable_weights + layer.non_trainable_weights
