"""Rows about pooling."""

from __future__ import annotations

from itertools import product

from tests.parity.rows import layer_row

PADDINGS = ("valid", "same")

ROWS = [
    layer_row(layer, (7, 6, 3), {"pool_size": size, "strides": strides, "padding": padding})
    for layer, size, strides, padding in product(
        ("MaxPooling2D", "AveragePooling2D"), (2, 3, (2, 3)), (None, 1, 2), PADDINGS
    )
] + [
    layer_row(layer, (9, 5), {"pool_size": size, "strides": strides, "padding": padding})
    for layer, size, strides, padding in product(
        ("MaxPooling1D", "AveragePooling1D"), (2, 3), (None, 1), PADDINGS
    )
] + [
    layer_row(layer, shape, {"keepdims": keepdims})
    for (layer, shape), keepdims in product(
        [
            ("GlobalMaxPooling1D", (6, 5)),
            ("GlobalAveragePooling1D", (6, 5)),
            ("GlobalMaxPooling2D", (5, 4, 3)),
            ("GlobalAveragePooling2D", (5, 4, 3)),
        ],
        (False, True),
    )
]  # fmt: skip
