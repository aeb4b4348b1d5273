"""Reading weights: from the HDF5 file in a `.keras` file, or from one of its own."""

from __future__ import annotations

import warnings
from typing import Any

from numpy.typing import NDArray

from convlet.errors import DataWarning, ModelFileError
from convlet.layers import Layer
from convlet.models import hdf5
from convlet.models.saving import OPTIMIZER_GROUP
from convlet.models.weight_paths import layer_paths
from convlet.optimizers import Optimizer
from convlet.variable import Variable


def read_weights(model: Layer, root: Any, skip_mismatch: bool = False) -> None:
    """Copies into a model the weights that lie in a file at the paths of its layers.

    Args:
        model: The model.
        root: The file.
        skip_mismatch: Leave a layer as it is, with a warning, where what is there does not fit.

    Raises:
        ModelFileError: Something is missing or does not fit; no weight is changed then.
    """
    found = []
    for path, layer in layer_paths(model):
        if layer.own_weights:
            arrays = arrays_for(layer, layer.own_weights, root, f"{path}/vars", skip_mismatch)
            found.append((layer.own_weights, arrays))
    assign(found)


def assign(found: list[tuple[list[Variable], list[NDArray[Any]] | None]]) -> None:
    """Copies arrays into weights; None leaves them as they are."""
    for weights, arrays in found:
        for weight, values in zip(weights, arrays or [], strict=arrays is not None):
            weight.assign(values)


def arrays_for(
    layer: Layer,
    weights: list[Variable],
    root: Any,
    path: str,
    skip_mismatch: bool,
    names: list[str] | None = None,
) -> list[NDArray[Any]] | None:
    """What lies in a group for the weights of a layer.

    Args:
        layer: The layer, for the messages of errors.
        weights: Its weights.
        root: The file.
        path: The group in it.
        skip_mismatch: Warn where something does not fit, and return None.
        names: Of the arrays in the group, in the order of the weights; None for Keras 3's, which
            are numbers.

    Raises:
        ModelFileError: Something is missing or does not fit.
    """
    try:
        group = hdf5.group(root, path)
        if names is None:
            names = [str(number) for number in range(len(group or ()))]
        if group is None or len(names) != len(weights):
            raise ModelFileError(
                f"{layer.label} needs {len(weights)} arrays of weights. "
                f"Received {len(names)}, at {path!r}."
            )
        return [
            hdf5.array(group, name, weight.shape)
            for name, weight in zip(names, weights, strict=True)
        ]
    except ModelFileError as error:
        if not skip_mismatch:
            raise
        message = f"{layer.label} keeps the weights that it has. {error}"
        warnings.warn(message, DataWarning, stacklevel=4)
        return None


def read_optimizer(optimizer: Optimizer, variables: list[Variable], root: Any) -> None:
    """Takes the state of training back, where the file has it.

    Args:
        optimizer: The optimizer, which is built.
        variables: What it changes.
        root: The file.

    Raises:
        ModelFileError: The state is damaged.
    """
    group = hdf5.group(root, OPTIMIZER_GROUP)
    if group is None:
        return
    optimizer.build(variables)
    if len(group) > 2 or not optimizer.variables:  # fewer were saved before the first step
        optimizer.load_own_variables(_Store(group))


class _Store:
    """The arrays of a group, each read when it is asked for."""

    def __init__(self, group: Any) -> None:
        self._group = group

    def __len__(self) -> int:
        return len(self._group)

    def __getitem__(self, name: str) -> NDArray[Any]:
        return hdf5.array(self._group, name)

    def __setitem__(self, name: str, array: Any) -> None:
        raise ModelFileError("A file that is read is not written to.")
