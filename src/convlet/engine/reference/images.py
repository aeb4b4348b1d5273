"""Layers that prepare or augment images, as rows of the reference's table of layers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from convlet import layers as declarations
from convlet.engine.reference import color, distortion, geometric, resizing
from convlet.engine.reference.arrays import Floats
from convlet.engine.reference.draws import Draws

if TYPE_CHECKING:
    from convlet.engine.reference.layer import Mode

Forward = Callable[[Any, Floats, "Mode"], Floats]
Plain = Callable[[Any, Floats], Floats]
PlainBackward = Callable[[Any, Floats, Floats], Floats]


def augmented(change: Callable[[Any, Floats, Draws], Floats]) -> Forward:
    """In training, what ``change(layer, x, draws)`` makes of the images; else they are left alone.

    The images' positions in the data set are those that the mode names, else 0, 1, 2 ….
    """

    def forward(layer: Any, x: Floats, mode: "Mode") -> Floats:
        if not mode.training:
            return x
        images = range(len(x)) if mode.images is None else mode.images
        return change(layer, x, Draws(layer.seed, mode.epoch, images))

    return forward


def normalization(layer: declarations.Normalization, x: Floats) -> Floats:
    """``(x - mean) / deviation``, inverted ``mean + x * deviation``; no deviation is below 1e-7."""
    mean, deviation = _spread_statistics(layer, x)
    return np.asarray(mean + x * deviation if layer.invert else (x - mean) / deviation)


def normalization_backward(
    layer: declarations.Normalization, dy: Floats, x: Floats
) -> tuple[Floats, list[Floats]]:
    """The gradient with respect to ``x``; the weights have none, since they are not trained."""
    _, deviation = _spread_statistics(layer, x)
    dx = dy * deviation if layer.invert else dy / deviation
    return dx, [np.zeros(weight.shape) for weight in layer.weights]


def _spread_statistics(layer: declarations.Normalization, x: Floats) -> tuple[Floats, Floats]:
    mean, variance = (
        layer.spread(value.astype(x.dtype), x.shape[1:]) for value in layer.statistics()
    )  # fmt: skip
    return mean, np.maximum(np.sqrt(variance), 1e-7)


def _random_crop(layer: Any, x: Floats, mode: "Mode") -> Floats:
    if not mode.training:
        return resizing.random_crop(layer, x, None)
    return augmented(resizing.random_crop)(layer, x, mode)


def _jitter(layer: Any, x: Floats, mode: "Mode") -> Floats:
    def change(layer: Any, x: Floats, draws: Draws) -> Floats:
        images = range(len(x)) if mode.images is None else mode.images
        return color.jitter(
            layer, x, [Draws(part.seed, mode.epoch, images) for part in layer.parts]
        )  # fmt: skip

    return augmented(change)(layer, x, mode)


def _mixed_before(layer: Any, x: Floats, mode: "Mode") -> Floats:
    """Images that are mixed already, as `mixing` does it: others are not at hand here."""
    return x


AUGMENTATIONS: dict[type, Forward] = {
    declarations.AutoContrast: lambda layer, x, mode: color.stretched(layer, x),
    declarations.CutMix: _mixed_before,
    declarations.MixUp: _mixed_before,
    declarations.RandomBrightness: augmented(color.brightness),
    declarations.RandomColorDegeneration: augmented(color.degeneration),
    declarations.RandomColorJitter: _jitter,
    declarations.RandomContrast: augmented(color.contrast),
    declarations.RandomCrop: _random_crop,
    declarations.RandomGaussianBlur: augmented(distortion.blur),
    declarations.RandomGrayscale: augmented(color.grayscale),
    declarations.RandomHue: augmented(color.hue),
    declarations.RandomInvert: augmented(color.inversion),
    declarations.RandomPosterization: augmented(color.posterization),
    declarations.RandomSaturation: augmented(color.saturation),
    declarations.Solarization: augmented(color.solarization),
    declarations.RandomElasticTransform: augmented(distortion.elastic),
    declarations.RandomErasing: augmented(distortion.erasing),
    declarations.RandomFlip: augmented(geometric.flip),
    declarations.RandomRotation: augmented(geometric.affine),
    declarations.RandomSharpness: augmented(distortion.sharpness),
    declarations.RandomShear: augmented(geometric.affine),
    declarations.RandomTranslation: augmented(geometric.affine),
    declarations.RandomZoom: augmented(geometric.affine),
}
"""Of each layer by its class through which no gradient passes."""

PREPARATIONS: dict[type, tuple[Plain, PlainBackward]] = {
    declarations.CenterCrop: (resizing.resizing, resizing.resizing_backward),
    declarations.Resizing: (resizing.resizing, resizing.resizing_backward),
}
"""Of each layer that prepares images: ``forward(layer, x)`` and ``backward(layer, dy, x)``."""
