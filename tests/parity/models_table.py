"""Whole models, as their papers and the chapter write them, cut to sizes that train in a moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.parity.comparison import Package, Row, Shape

CLASSES = 5


def classification(k: Package) -> dict[str, Any]:
    """The arguments of `compile` for one class of several."""
    optimizer = k.optimizers.SGD(0.02, momentum=0.9)
    return {"optimizer": optimizer, "loss": "categorical_crossentropy", "metrics": ["accuracy"]}


def one_hot(draw: np.random.Generator, outputs: list[Any]) -> list[Any]:
    """A class for each sample."""
    classes = outputs[0].shape[1]
    return [np.eye(classes, dtype=np.float32)[draw.integers(0, classes, len(outputs[0]))]]


def classifier(name: str, build: Callable[[Package], Any], shape: Shape, **options: Any) -> Row:
    """A row about a model that tells classes apart."""
    return Row(name, build, (shape,), classification, one_hot, batch=6, **options)


def chapter(k: Package, features: list[Any], hidden: int = 16) -> Any:
    """The chapter's classifier on some features."""
    return k.models.Sequential(
        [
            k.Input((20, 20, 1)),
            *features,
            k.layers.Flatten(),
            k.layers.Dense(hidden, activation="relu"),
            k.layers.Dense(10, activation="softmax"),
        ]
    )


def convnet(k: Package) -> Any:
    """Convolutions with max pooling between them."""
    features = [
        k.layers.Conv2D(8, (3, 3), activation="relu"),
        k.layers.MaxPooling2D((2, 2)),
        k.layers.Conv2D(16, (3, 3), activation="relu"),
        k.layers.MaxPooling2D((2, 2)),
        k.layers.Conv2D(16, (3, 3), activation="relu"),
    ]
    return chapter(k, features)


def dense(k: Package) -> Any:
    """No convolution."""
    return chapter(k, [], hidden=64)


def no_pooling(k: Package) -> Any:
    """Convolutions alone."""
    return chapter(k, [k.layers.Conv2D(n, (3, 3), activation="relu") for n in (4, 8, 8)])


def strided(k: Package) -> Any:
    """Strides in place of pooling."""
    features = [
        k.layers.Conv2D(8, (3, 3), strides=(2, 2), activation="relu"),
        k.layers.Conv2D(16, (3, 3), strides=(2, 2), activation="relu"),
        k.layers.Conv2D(16, (3, 3), activation="relu"),
    ]
    return chapter(k, features)


def average_pooling(k: Package) -> Any:
    """Average pooling between convolutions."""
    features = [
        k.layers.Conv2D(8, (3, 3), activation="relu"),
        k.layers.AveragePooling2D((2, 2)),
        k.layers.Conv2D(16, (3, 3), activation="relu"),
        k.layers.AveragePooling2D((2, 2)),
        k.layers.Conv2D(16, (3, 3), activation="relu"),
    ]
    return chapter(k, features)


def vgg(k: Package) -> Any:
    """Pairs of 3x3 convolutions, each normalized (Simonyan and Zisserman, 2015)."""
    model = k.models.Sequential([k.Input((16, 16, 3))])
    for filters in (8, 12):
        for _ in range(2):
            model.add(k.layers.Conv2D(filters, 3, padding="same", use_bias=False))
            model.add(k.layers.BatchNormalization())
            model.add(k.layers.Activation("relu"))
        model.add(k.layers.MaxPooling2D())
    model.add(k.layers.Flatten())
    model.add(k.layers.Dense(20, activation="relu"))
    model.add(k.layers.Dropout(0.0))
    model.add(k.layers.Dense(CLASSES, activation="softmax"))
    return model


def residual(k: Package) -> Any:
    """Blocks that add to what goes past them (He et al., 2016)."""

    def unit(x: Any, filters: int, strides: int = 1) -> Any:
        x = k.layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
        return k.layers.BatchNormalization()(x)

    inputs = k.Input((12, 12, 3))
    x = k.layers.ReLU()(unit(inputs, 8))
    for filters, strides in ((8, 1), (12, 2)):
        past = x
        if strides > 1:
            past = k.layers.Conv2D(filters, 1, strides=strides)(past)
            past = k.layers.BatchNormalization()(past)
        y = k.layers.ReLU()(unit(x, filters, strides))
        x = k.layers.ReLU()(k.layers.Add()([unit(y, filters), past]))
    x = k.layers.GlobalAveragePooling2D()(x)
    return k.Model(inputs, k.layers.Dense(CLASSES, activation="softmax")(x))


def inverted_residual(k: Package) -> Any:
    """Depthwise convolutions between pointwise ones (Sandler et al., 2018: MobileNetV2)."""
    inputs = k.Input((12, 12, 3))
    x = k.layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(inputs)
    x = k.layers.BatchNormalization()(x)
    x = k.layers.ReLU(6.0)(x)
    for filters, strides in ((8, 1), (12, 2)):
        y = k.layers.Conv2D(24, 1, use_bias=False)(x)
        y = k.layers.ReLU(6.0)(k.layers.BatchNormalization()(y))
        y = k.layers.DepthwiseConv2D(3, strides=strides, padding="same", use_bias=False)(y)
        y = k.layers.ReLU(6.0)(k.layers.BatchNormalization()(y))
        y = k.layers.BatchNormalization()(k.layers.Conv2D(filters, 1, use_bias=False)(y))
        x = k.layers.Add()([x, y]) if strides == 1 else y
    x = k.layers.GlobalAveragePooling2D()(x)
    return k.Model(inputs, k.layers.Dense(CLASSES, activation="softmax")(x))


def two_ends(k: Package) -> Any:
    """An image and numbers beside it tell a class and a number."""
    image, numbers = k.Input((8, 8, 3), name="image"), k.Input((4,), name="numbers")
    x = k.layers.Conv2D(6, 3, activation="relu")(image)
    x = k.layers.GlobalMaxPooling2D()(x)
    x = k.layers.Concatenate()([x, k.layers.Dense(5, activation="tanh")(numbers)])
    kind = k.layers.Dense(CLASSES, activation="softmax", name="kind")(x)
    size = k.layers.Dense(1, name="size")(x)
    return k.Model([image, numbers], [kind, size])


def two_losses(k: Package) -> dict[str, Any]:
    """A loss, a weight and a metric for each of two outputs."""
    return {
        "optimizer": k.optimizers.SGD(0.02, momentum=0.9),
        "loss": ["categorical_crossentropy", "mean_squared_error"],
        "loss_weights": [1.0, 0.3],
        "metrics": [["accuracy"], ["mae"]],
    }


def a_class_and_a_number(draw: np.random.Generator, outputs: list[Any]) -> list[Any]:
    """Targets of the two outputs."""
    return [*one_hot(draw, outputs), draw.normal(size=outputs[1].shape).astype(np.float32)]


def shared(k: Package) -> Any:
    """The same layers look at both images (Bromley et al., 1993: siamese networks)."""
    first, second = k.Input((8, 8, 1)), k.Input((8, 8, 1))
    convolution = k.layers.Conv2D(6, 3, activation="relu")
    hidden = k.layers.Dense(7, activation="tanh")

    def look(image: Any) -> Any:
        return hidden(k.layers.Flatten()(convolution(image)))

    difference = k.layers.Subtract()([look(first), look(second)])
    return k.Model([first, second], k.layers.Dense(CLASSES, activation="softmax")(difference))


def nested(k: Package) -> Any:
    """A model and a Sequential as layers of a third."""
    image = k.Input((8, 8, 2))
    x = k.layers.Conv2D(6, 3, activation="relu")(image)
    features = k.Model(image, k.layers.BatchNormalization()(x))
    head = k.models.Sequential(
        [
            k.layers.Flatten(),
            k.layers.Dense(8, activation="tanh"),
            k.layers.Dense(CLASSES, activation="softmax"),
        ]
    )
    inputs = k.Input((8, 8, 2))
    return k.Model(inputs, head(features(inputs)))


def frozen(k: Package) -> Any:
    """Features that stay as they are, below a classifier that learns."""
    model = vgg(k)
    for layer in model.layers[:6]:
        layer.trainable = False
    return model


def sequence(k: Package) -> Any:
    """Convolutions along one axis, no value seeing later ones (van den Oord et al., 2016)."""
    return k.models.Sequential(
        [
            k.Input((24, 4)),
            k.layers.Conv1D(8, 3, padding="causal", activation="relu"),
            k.layers.Conv1D(8, 3, padding="causal", dilation_rate=2, activation="relu"),
            k.layers.MaxPooling1D(2),
            k.layers.Conv1D(10, 3, activation="relu"),
            k.layers.GlobalAveragePooling1D(),
            k.layers.Dense(CLASSES, activation="softmax"),
        ]
    )


def autoencoder(k: Package) -> Any:
    """Down by strides and up again by transposed convolutions."""
    return k.models.Sequential(
        [
            k.Input((12, 12, 1)),
            k.layers.Conv2D(6, 3, strides=2, padding="same", activation="relu"),
            k.layers.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
            k.layers.Conv2DTranspose(6, 3, strides=2, padding="same", activation="relu"),
            k.layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid"),
        ]
    )


CHAPTER = (20, 20, 1)

ROWS = [
    classifier("the chapter's convnet", convnet, CHAPTER),
    classifier("the chapter's dense network", dense, CHAPTER),
    classifier("the chapter's convnet without pooling", no_pooling, CHAPTER),
    classifier("the chapter's convnet with strides", strided, CHAPTER),
    classifier("the chapter's convnet with average pooling", average_pooling, CHAPTER),
    classifier("VGG with batch normalization", vgg, (16, 16, 3)),
    classifier("VGG with frozen features", frozen, (16, 16, 3)),
    classifier("ResNet", residual, (12, 12, 3)),
    classifier("MobileNetV2", inverted_residual, (12, 12, 3)),
    Row(
        "two inputs and two outputs",
        two_ends,
        ((8, 8, 3), (4,)),
        two_losses,
        a_class_and_a_number,
        weighted=True,
    ),
    Row("shared layers", shared, ((8, 8, 1), (8, 8, 1)), classification, one_hot),
    classifier("nested models", nested, (8, 8, 2)),
    classifier("convolutions over a sequence", sequence, (24, 4)),
    Row("an autoencoder", autoencoder, ((12, 12, 1),)),
]
