"""Rows about layers that move values, fully connected ones, and those that prepare images."""

from __future__ import annotations

from itertools import product

from tests.parity.comparison import Package, Row, Shape
from tests.parity.rows import layer_row

MOVING = [
    layer_row(layer, shape, settings)
    for layer, shape, settings in [
        ("Flatten", (3, 4, 2), {}),
        ("Flatten", (5,), {}),
        ("Reshape", (4, 6), {"target_shape": (3, 8)}),
        ("Reshape", (4, 6), {"target_shape": (-1, 2, 3)}),
        ("Permute", (4, 6), {"dims": (2, 1)}),
        ("Permute", (4, 3, 2), {"dims": (3, 1, 2)}),
        ("RepeatVector", (5,), {"n": 3}),
        ("Cropping1D", (7, 3), {"cropping": (1, 2)}),
        ("Cropping2D", (7, 6, 3), {"cropping": 1}),
        ("Cropping2D", (7, 6, 3), {"cropping": ((1, 2), (0, 3))}),
        ("ZeroPadding1D", (5, 3), {"padding": (1, 2)}),
        ("ZeroPadding2D", (4, 5, 3), {"padding": 2}),
        ("ZeroPadding2D", (4, 5, 3), {"padding": ((0, 1), (2, 3))}),
        ("UpSampling1D", (4, 3), {"size": 3}),
        ("UpSampling2D", (4, 5, 3), {"size": 2}),
        ("UpSampling2D", (4, 5, 3), {"size": (1, 3)}),
        *(
            ("UpSampling2D", (4, 5, 3), {"size": (2, 3), "interpolation": interpolation})
            for interpolation in ("bilinear", "bicubic", "lanczos3", "lanczos5")
        ),
        ("Identity", (3, 4), {}),
    ]
]

DENSE = [
    layer_row("Dense", shape, settings)
    for shape, settings in [
        ((5,), {"units": 1}),
        ((5,), {"units": 33}),
        ((300,), {"units": 10, "activation": "softmax"}),
        ((4, 5), {"units": 3}),
        ((2, 3, 4), {"units": 6, "activation": "relu"}),
        ((7,), {"units": 4, "use_bias": False}),
        ((7,), {"units": 4, "trainable": False}),
    ]
]


def merging(layer: str, shapes: tuple[Shape, ...], **settings: object) -> Row:
    """A row about a layer with several inputs, each behind a dense one."""

    def build(k: Package) -> object:
        starts = [k.Input(shape) for shape in shapes]
        ends = [
            k.layers.Dense(shape[-1])(start) for start, shape in zip(starts, shapes, strict=True)
        ]
        return k.Model(starts, getattr(k.layers, layer)(**settings)(ends))

    return Row(f"{layer}({settings}) of {shapes}", build, shapes)


MERGING = [
    merging(layer, ((3, 4),) * count)
    for layer, count in product(
        ("Add", "Multiply", "Average", "Maximum", "Minimum", "Concatenate"), (2, 3)
    )
] + [
    merging("Subtract", ((3, 4), (3, 4))),
    merging("Add", ((3, 4), (1, 4))),
    merging("Concatenate", ((2, 4), (3, 4)), axis=1),
    merging("Concatenate", ((2, 3, 4), (2, 3, 1)), axis=-1),
]  # fmt: skip

# Between these, training draws random numbers: only what they predict is compared.
DRAWING = [
    layer_row(layer, shape, settings, trained=False)
    for layer, shape, settings in [
        ("Dropout", (6,), {"rate": 0.5}),
        ("SpatialDropout1D", (4, 3), {"rate": 0.5}),
        ("SpatialDropout2D", (4, 3, 2), {"rate": 0.5}),
        ("AlphaDropout", (6,), {"rate": 0.3}),
        ("GaussianDropout", (6,), {"rate": 0.3}),
        ("GaussianNoise", (6,), {"stddev": 0.3}),
    ]
] + [
    layer_row(layer, (6, 3), {"rate": 0.0}) for layer in ("Dropout", "SpatialDropout1D")
]  # fmt: skip

ROWS = [*MOVING, *DENSE, *MERGING, *DRAWING]
