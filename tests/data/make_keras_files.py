"""Makes the files in `tests/data/keras` with Keras itself, for tests that need no Keras.

    python tests/data/make_keras_files.py

Each model comes as a `.keras` file, some as older `.h5` and as weights alone, and all with an
`.npz` file of inputs and what Keras predicts of them, and of the weights after two more steps of
training where it is compiled.
"""

import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np
from keras import layers

FOLDER = Path(__file__).parent / "keras"


def stack():
    """Sequential, compiled and trained a little: its optimizer has a state."""
    model = keras.Sequential(
        [
            keras.Input((6, 6, 2)),
            layers.Rescaling(0.5),
            layers.Conv2D(3, 3, activation="relu", kernel_regularizer="l2"),
            layers.BatchNormalization(momentum=0.5),
            layers.MaxPooling2D(2),
            layers.Dropout(0.0),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ],
        name="stack",
    )
    model.compile(
        keras.optimizers.Adam(0.01),
        keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
        metrics=["accuracy", keras.metrics.TopKCategoricalAccuracy(2)],
    )
    return model


def later():
    """Sequential, without an Input."""
    model = keras.Sequential([layers.Dense(3, "relu"), layers.Dense(2)], name="later")
    model.build((None, 4))
    return model


def branches():
    """Functional, with merges, a shared layer and two ends, compiled with SGD."""
    image = keras.Input((6, 6, 1), name="image")
    table = keras.Input((4,), name="table")
    conv = layers.Conv2D(3, 3, padding="same", activation="silu", name="twice")
    narrow = layers.Conv2D(1, 1, use_bias=False)
    sums = layers.Add()([conv(image), conv(narrow(conv(image)))])
    features = layers.GlobalAveragePooling2D()(layers.DepthwiseConv2D(3)(sums))
    both = layers.Concatenate()([features, layers.Dense(3, "tanh")(table)])
    kind = layers.Dense(3, "softmax", name="kind")(both)
    size = layers.Dense(1, name="size")(both)
    model = keras.Model([image, table], {"kind": kind, "size": size}, name="branches")
    model.compile(
        keras.optimizers.SGD(0.1, momentum=0.9),
        {"kind": "categorical_crossentropy", "size": "mse"},
        loss_weights={"kind": 1.0, "size": 0.5},
    )
    return model


def nested():
    """Models in models, which share what they are used with; the inner one is the end."""
    inside = keras.Input((5,))
    inner = keras.Model(inside, layers.Dense(5, "relu", name="inner_dense")(inside), name="inner")
    part = keras.Sequential([layers.Dense(5), layers.BatchNormalization()], name="part")
    x = keras.Input((5,))
    return keras.Model(x, inner(part(inner(x))), name="nested")


def data(model):
    """Inputs and targets by the names of the model's ends."""
    rng = np.random.default_rng(0)
    inputs = {x.name: rng.random((4, *x.shape[1:]), np.float32) for x in model.inputs}
    outputs = [rng.random((4, *y.shape[1:]), np.float32) for y in model.outputs]
    return inputs, [y / y.sum(axis=-1, keepdims=True) if y.shape[-1] > 1 else y for y in outputs]


def main():
    FOLDER.mkdir(exist_ok=True)
    for make in (stack, later, branches, nested):
        keras.utils.clear_session()
        keras.utils.set_random_seed(1)
        model = make()
        inputs, outputs = data(model)
        given = inputs if len(inputs) > 1 else next(iter(inputs.values()))
        targets = (
            dict(zip(("kind", "size"), outputs, strict=False)) if len(outputs) > 1 else outputs
        )
        if model.compiled:
            model.fit(given, targets, epochs=3, shuffle=False, verbose=0)
        predictions = model.predict(given, verbose=0)
        if isinstance(predictions, dict):
            predictions = [predictions[name] for name in sorted(predictions)]
        model.save(FOLDER / f"{model.name}.keras")
        model.save(FOLDER / f"{model.name}.h5")
        model.save_weights(FOLDER / f"{model.name}.weights.h5")
        if model.compiled:
            model.fit(given, targets, epochs=2, shuffle=False, verbose=0)
        listed = predictions if isinstance(predictions, list) else [predictions]
        np.savez_compressed(
            FOLDER / f"{model.name}.npz",
            **{f"x{number}": x for number, x in enumerate(inputs.values())},
            **{f"y{number}": y for number, y in enumerate(outputs)},
            **{f"prediction{number}": y for number, y in enumerate(listed)},
            **{f"weight{number}": w for number, w in enumerate(model.get_weights())},
        )


if __name__ == "__main__":
    main()
