"""Rows about layers that prepare images, and about those that change them at random.

What is drawn is left no choice but a sign, a range from one number to itself, so that both packages
draw the same. Not here are layers that always have a choice, such as `RandomContrast`, and what is
another thing than Keras's by intention: docs/augmentation.md lists it.
"""

from __future__ import annotations

from typing import Any

from tests.parity.comparison import Package, Row
from tests.parity.rows import described, shape_text

IMAGE = (9, 8, 3)


def preparing(
    layer: str, settings: dict[str, Any], dtype: str = "float32", tolerance: float = 1e-4
) -> Row:
    """A row about a layer at the front of a model; there is nothing in it to train."""

    def build(k: Package) -> Any:
        return k.models.Sequential([k.Input(IMAGE), getattr(k.layers, layer)(**settings)])

    name = f"{layer}({described(settings)}) on {shape_text(IMAGE)} of {dtype}"
    return Row(name, build, (IMAGE,), trained=False, dtype=dtype, tolerance=tolerance)


INTERPOLATIONS = ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5")

PREPARING = [
    preparing(layer, settings, dtype)
    for layer, settings, dtype in [
        ("Rescaling", {"scale": 1 / 255}, "uint8"),
        ("Rescaling", {"scale": 2.0, "offset": -1.0}, "float32"),
        ("Rescaling", {"scale": 1 / 127.5, "offset": -1}, "uint8"),
        ("Normalization", {"mean": [1.0, 2.0, 3.0], "variance": [4.0, 1.0, 2.0]}, "float32"),
        ("Normalization", {"axis": None, "mean": 100.0, "variance": 400.0}, "uint8"),
        ("Normalization", {"mean": 0.5, "variance": 0.3, "invert": True}, "float32"),
        ("CenterCrop", {"height": 5, "width": 4}, "float32"),
        ("CenterCrop", {"height": 4, "width": 7}, "uint8"),
        ("CenterCrop", {"height": 12, "width": 11}, "float32"),
        *(
            ("Resizing", {"height": 5, "width": 11, "interpolation": interpolation}, "float32")
            for interpolation in INTERPOLATIONS
        ),
        ("Resizing", {"height": 18, "width": 4}, "uint8"),
        ("Resizing", {"height": 4, "width": 4, "crop_to_aspect_ratio": True}, "float32"),
        ("Resizing", {"height": 4, "width": 8, "crop_to_aspect_ratio": True}, "uint8"),
        ("Resizing", {"height": 6, "width": 6, "pad_to_aspect_ratio": True}, "float32"),
        (
            "Resizing",
            {"height": 6, "width": 12, "pad_to_aspect_ratio": True, "fill_value": 7.0},
            "uint8",
        ),
        ("RandomFlip", {}, "float32"),
        ("RandomRotation", {"factor": 0.3}, "float32"),
        ("RandomContrast", {"factor": 0.3}, "uint8"),
        ("RandomErasing", {}, "float32"),
    ]
]

CHANGING: list[tuple[str, dict[str, Any]]] = [
    *(
        ("RandomRotation", {"factor": (0.1, 0.1), "fill_mode": fill, "interpolation": way})
        for fill in ("reflect", "wrap", "constant", "nearest")
        for way in ("bilinear", "nearest")
    ),
    ("RandomRotation", {"factor": (-0.25, -0.25)}),
    *(
        ("RandomTranslation", {"height_factor": up, "width_factor": left, "fill_mode": fill})
        for up, left, fill in [
            ((0.2, 0.2), (0.1, 0.1), "reflect"),
            ((-0.2, -0.2), (0.3, 0.3), "constant"),
            ((0.15, 0.15), (-0.3, -0.3), "wrap"),
            ((0.5, 0.5), (0.0, 0.0), "nearest"),
        ]
    ),
    ("RandomZoom", {"height_factor": (0.3, 0.3)}),
    ("RandomZoom", {"height_factor": (-0.3, -0.3), "width_factor": (-0.1, -0.1)}),
    ("RandomZoom", {"height_factor": (0.2, 0.2), "fill_mode": "constant", "fill_value": 9.0}),
    ("RandomShear", {"x_factor": (0.2, 0.2)}),
    ("RandomShear", {"x_factor": (0.1, 0.1), "y_factor": (0.3, 0.3), "fill_mode": "constant"}),
    ("RandomBrightness", {"factor": (0.2, 0.2)}),
    ("RandomBrightness", {"factor": (-0.3, -0.3), "value_range": (0, 1)}),
    ("RandomColorDegeneration", {"factor": (0.4, 0.4)}),
    ("RandomSaturation", {"factor": (0.7, 0.7)}),
    ("RandomHue", {"factor": (0.2, 0.2)}),
    ("RandomInvert", {"factor": (1.0, 1.0)}),
    ("RandomPosterization", {"factor": (3, 3)}),
    ("RandomGrayscale", {"factor": 1.0}),
    ("RandomSharpness", {"factor": (0.7, 0.7)}),
    ("Solarization", {"addition_factor": 0.0, "threshold_factor": 0.0}),
    ("AutoContrast", {}),
]
"""Layers with settings that leave nothing but a sign to chance."""
