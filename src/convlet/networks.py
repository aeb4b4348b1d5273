"""The networks that the command trains and the experiment compares, by name.

All convnets are the same three convolutions under the same classifier; they differ in how the
feature maps shrink between them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from convlet import layers, models, validation
from convlet.errors import ArgumentError, ShapeError
from convlet.layers.windows import receptive_field

__all__ = ["NETWORKS", "Network", "build", "suited"]


@dataclass(frozen=True)
class Network:
    """A network up to its classifier.

    Args:
        description: One line about it.
        feature_layers: Makes the layers before `Flatten`.
        hidden_units: Units of the dense layer between `Flatten` and the classes.
    """

    description: str
    feature_layers: Callable[[], list[layers.Layer]]
    hidden_units: int = 64


def _convnet() -> list[layers.Layer]:
    return [
        layers.Conv2D(32, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Conv2D(64, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Conv2D(64, (3, 3), activation="relu"),
    ]


def _no_pooling() -> list[layers.Layer]:
    return [
        layers.Conv2D(32, (3, 3), activation="relu"),
        layers.Conv2D(64, (3, 3), activation="relu"),
        layers.Conv2D(64, (3, 3), activation="relu"),
    ]


def _strided() -> list[layers.Layer]:
    return [
        layers.Conv2D(32, (3, 3), strides=(2, 2), activation="relu"),
        layers.Conv2D(64, (3, 3), strides=(2, 2), activation="relu"),
        layers.Conv2D(64, (3, 3), activation="relu"),
    ]


def _average_pooling() -> list[layers.Layer]:
    return [
        layers.Conv2D(32, (3, 3), activation="relu"),
        layers.AveragePooling2D((2, 2)),
        layers.Conv2D(64, (3, 3), activation="relu"),
        layers.AveragePooling2D((2, 2)),
        layers.Conv2D(64, (3, 3), activation="relu"),
    ]


NETWORKS = {
    "convnet": Network("three convolutions with max pooling between them", _convnet),
    "dense": Network("one dense layer of 512 units, no convolution", list, hidden_units=512),
    "no_pooling": Network("the convnet without pooling", _no_pooling),
    "strided": Network("the convnet with strides in place of pooling", _strided),
    "average_pooling": Network("the convnet with average pooling", _average_pooling),
}


def build(
    name: str,
    input_shape: Sequence[int],
    classes: int,
    *,
    rescaling: bool = False,
    front: Sequence[layers.Layer] = (),
) -> models.Sequential:
    """Builds a network, not yet compiled.

    Args:
        name: "convnet", "dense", "no_pooling", "strided" or "average_pooling".
        input_shape: Height, width and channels of an image. "dense" also takes rows of numbers:
            `(features,)`.
        classes: How many classes there are, at least 2.
        rescaling: Puts `Rescaling(1 / 255)` first, for images whose pixels go from 0 to 255.
        front: Layers between the input and the network, such as a `Normalization`.

    Raises:
        UnknownNameError: If there is no network of that name.
        ArgumentError: If `input_shape` or `classes` is not as described.
        ShapeError: If the images are smaller than the network needs.

    Example:
        >>> build("convnet", (28, 28, 1), 10).count_params()
        93322
    """
    network = NETWORKS[validation.one_of("networks.build", "name", name, list(NETWORKS))]
    classes = validation.integer("networks.build", "classes", classes, minimum=2)
    feature_layers = network.feature_layers()
    shape = _sample_shape(input_shape, rows=not feature_layers)
    if feature_layers:
        _check_size(name, shape, receptive_field(feature_layers))
    return models.Sequential(
        [
            layers.Input(shape),
            *([layers.Rescaling(1 / 255)] if rescaling else []),
            *front,
            *feature_layers,
            layers.Flatten(),
            layers.Dense(network.hidden_units, activation="relu"),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def suited(input_shape: Sequence[int]) -> str:
    """The name of the network to try first on images of a size.

    Args:
        input_shape: Height, width and channels of an image, or `(features,)` of a row of numbers.

    Returns:
        "convnet"; "no_pooling" for images too small for that; "dense" for the smallest ones, and
        for rows.

    Raises:
        ArgumentError: If `input_shape` is not as described.

    Example:
        >>> suited((28, 28, 1)), suited((8, 8, 1)), suited((64,))
        ('convnet', 'no_pooling', 'dense')
    """
    shape = _sample_shape(input_shape, rows=True, owner="networks.suited")
    if len(shape) == 1:
        return "dense"
    candidates = ("convnet", "no_pooling")
    fields = {name: receptive_field(NETWORKS[name].feature_layers()) for name in candidates}
    return next((name for name in candidates if _fits(shape, fields[name])), "dense")


def _sample_shape(
    input_shape: Sequence[int], rows: bool, owner: str = "networks.build"
) -> tuple[int, ...]:
    """The checked shape of an image, or of a row of numbers where `rows` is true."""
    shape = validation.shape(owner, "input_shape", input_shape)
    if None in shape or len(shape) not in ((1, 3) if rows else (3,)):
        needed = "(height, width, channels)"
        fix = f"Write ({shape[0]}, {shape[1]}, 1) for grey images." if len(shape) == 2 else ""
        raise ArgumentError(validation.bad_argument(owner, "input_shape", needed, input_shape, fix))
    return tuple(size for size in shape if size is not None)


def _fits(shape: Sequence[int], smallest: tuple[int, int] | None) -> bool:
    """Whether something of an image is left: without padding, one value needs its whole field."""
    return smallest is None or (shape[0] >= smallest[0] and shape[1] >= smallest[1])


def _check_size(name: str, shape: Sequence[int], smallest: tuple[int, int] | None) -> None:
    """Refuses images that shrink to nothing."""
    if smallest is not None and not _fits(shape, smallest):
        raise ShapeError(
            f"The network '{name}' needs images of at least {smallest[0]}x{smallest[1]} pixels. "
            f"Received input_shape={shape}. Enlarge the images, or use the network 'dense'."
        )
