"""A residual network with augmentation and batch normalisation, written with Keras's names.

It learns scikit-learn's digits, which come with the installation: python examples/residual.py
"""

from convlet import callbacks, layers, models
from convlet.datasets import digits


def residual(x, filters, strides=1):
    """Two convolutions, added to what came in."""
    y = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization(momentum=0.9)(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9)(y)
    if strides > 1:
        x = layers.Conv2D(filters, 1, strides=strides)(x)
    return layers.ReLU()(layers.add([x, y]))


def network(input_shape, classes):
    """Images of bytes go in; the model itself varies and scales them."""
    image = layers.Input(input_shape)
    x = layers.RandomTranslation(0.05, 0.05, fill_mode="constant")(image)
    x = layers.RandomRotation(0.03, fill_mode="constant")(x)
    x = layers.Rescaling(1 / 255)(x)
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(x)
    for filters in (16, 32, 64):
        x = residual(x, filters, strides=2 if filters > 16 else 1)
    x = layers.GlobalAveragePooling2D()(x)
    return models.Model(image, layers.Dense(classes, activation="softmax")(x))


def main(epochs=30):
    (x, y), (test_x, test_y) = digits.load_data()
    x, test_x = x[..., None], test_x[..., None]
    model = network(x.shape[1:], 10)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    slower = callbacks.ReduceLROnPlateau("loss", patience=2, factor=0.3)
    model.fit(x, y, batch_size=64, epochs=epochs, callbacks=[slower], verbose=2)
    _, accuracy = model.evaluate(test_x, test_y, verbose=0)
    print(f"test accuracy: {accuracy:.4f}")

    # What the last block sees: a model up to any layer shares its weights.
    features = models.Model(model.inputs, model.layers[-2].output)
    print("features:", features.predict(test_x, verbose=0).shape)
    return accuracy


if __name__ == "__main__":
    main()
