"""Draws every picture of the documentation anew: python docs/make_images.py.

Trains the chapter's network for them: on MNIST where it is found or can be downloaded, otherwise on
the digits that come with scikit-learn.
"""

from pathlib import Path

from convlet import figures, networks
from convlet.datasets import digits, mnist
from convlet.errors import DatasetError
from convlet.utils import set_random_seed, to_categorical

FOLDER = Path(__file__).parent / "images"


def main() -> None:
    """Trains, draws and writes."""
    set_random_seed(1)
    try:
        (images, labels), (test_images, _) = mnist.load_data()
    except DatasetError:
        (images, labels), (test_images, _) = digits.load_data()
    model = networks.build("convnet", (28, 28, 1), 10)
    model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
    model.fit(
        images.reshape(-1, 28, 28, 1).astype("float32") / 255,
        to_categorical(labels),
        epochs=5,
        batch_size=64,
    )
    without_pooling = networks.build("no_pooling", (28, 28, 1), 10)
    seven, four = test_images[[0, 4]].astype("float32") / 255

    FOLDER.mkdir(exist_ok=True)
    for name, figure in {
        "convolution": figures.convolution(),
        "padding": figures.padding(),
        "strides": figures.strides(),
        "pooling": figures.pooling(),
        "filters": figures.filters(model),
        "feature-maps": figures.feature_maps(model, seven),
        "receptive-field": figures.receptive_field(model, four),
        "receptive-field-without-pooling": figures.receptive_field(without_pooling, four),
    }.items():
        figure.savefig(FOLDER / f"{name}.png", metadata={"Software": None})
        print(FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
