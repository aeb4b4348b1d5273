"""Draws every picture of the documentation anew: python docs/make_images.py.

Trains the chapter's network for them: on MNIST where it is found or can be downloaded, otherwise on
the digits that come with scikit-learn.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from convlet import figures, layers, networks
from convlet.datasets import digits, mnist
from convlet.errors import DatasetError
from convlet.utils import set_random_seed, to_categorical

if TYPE_CHECKING:
    from PIL.Image import Image

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
    augmentation().save(FOLDER / "augmentation.png")
    print(FOLDER / "augmentation.png")


AUGMENTATIONS: dict[str, Callable[[], layers.Layer]] = {
    "RandomFlip": lambda: layers.RandomFlip(seed=1),
    "RandomRotation": lambda: layers.RandomRotation(0.1, seed=1),
    "RandomTranslation": lambda: layers.RandomTranslation(0.2, 0.2, "wrap", seed=1),
    "RandomZoom": lambda: layers.RandomZoom(0.4, fill_mode="nearest", seed=1),
    "RandomShear": lambda: layers.RandomShear(0.3, 0.3, fill_mode="constant", seed=1),
    "RandomElasticTransform": lambda: layers.RandomElasticTransform((1, 1), (0.4, 0.7), seed=1),
    "RandomErasing": lambda: layers.RandomErasing((1, 1), seed=1),
    "RandomBrightness": lambda: layers.RandomBrightness(0.3, seed=1),
    "RandomHue": lambda: layers.RandomHue(0.5, seed=1),
    "RandomSaturation": lambda: layers.RandomSaturation((0.1, 0.7), seed=1),
    "MixUp": lambda: layers.MixUp(2.0, seed=1),
    "CutMix": lambda: layers.CutMix((1, 1), seed=1),
}
"""What the picture of augmentation shows, row by row."""


def augmentation() -> Image:
    """Photos and digits as each layer changes them in training, one row a layer."""
    from PIL import Image, ImageDraw
    from sklearn.datasets import load_sample_image

    side, label = 72, 150
    photos = [
        Image.fromarray(load_sample_image(name)).crop((80, 0, 507, 427)).resize((side, side))
        for name in ("flower.jpg", "china.jpg")
    ]
    numbers = [
        Image.fromarray(image).convert("RGB").resize((side, side))
        for image in digits.load_data()[0][0][:2]
    ]
    images = np.stack([np.asarray(image) for image in [*photos, *numbers] * 2])
    rows = {"images": images} | {
        name: np.asarray(make()(images, training=True)) for name, make in AUGMENTATIONS.items()
    }
    sheet = Image.new("RGB", (label + len(images) * (side + 4), len(rows) * (side + 4)), "white")
    for row, (name, pictures) in enumerate(rows.items()):
        top = row * (side + 4)
        ImageDraw.Draw(sheet).text((4, top + side // 2), name, fill="black")
        for column, picture in enumerate(np.clip(pictures, 0, 255).astype(np.uint8)):
            sheet.paste(Image.fromarray(picture), (label + column * (side + 4), top))
    return sheet.quantize(96)


if __name__ == "__main__":
    main()
