"""Rows about normalization."""

from __future__ import annotations

from tests.parity.comparison import Package
from tests.parity.rows import layer_row


def zeros(k: Package) -> object:
    """An initializer other than the default."""
    return k.initializers.Zeros()


IMAGE = (5, 4, 6)

ROWS = [
    layer_row(layer, shape, settings, **options)
    for layer, shape, settings, options in [
        ("BatchNormalization", IMAGE, {}, {}),
        ("BatchNormalization", (7,), {}, {}),
        ("BatchNormalization", (5, 3), {}, {}),
        ("BatchNormalization", (3, 3, 37), {}, {}),
        ("BatchNormalization", IMAGE, {"momentum": 0.5, "epsilon": 0.1}, {}),
        ("BatchNormalization", IMAGE, {"scale": False}, {}),
        ("BatchNormalization", IMAGE, {"center": False}, {}),
        ("BatchNormalization", IMAGE, {"scale": False, "center": False}, {}),
        ("BatchNormalization", IMAGE, {"trainable": False}, {}),
        ("BatchNormalization", IMAGE, {"gamma_initializer": zeros}, {}),
        ("BatchNormalization", IMAGE, {}, {"batch": 35}),
        ("BatchNormalization", IMAGE, {}, {"dtype": "uint8"}),
        ("LayerNormalization", IMAGE, {}, {}),
        ("LayerNormalization", (9,), {}, {}),
        ("LayerNormalization", (4, 33), {"epsilon": 0.1}, {}),
        ("LayerNormalization", IMAGE, {"axis": [1, 2, 3]}, {}),
        ("LayerNormalization", IMAGE, {"axis": (2, 3)}, {}),
        ("LayerNormalization", IMAGE, {"scale": False}, {}),
        ("LayerNormalization", IMAGE, {"center": False}, {}),
        ("GroupNormalization", IMAGE, {"groups": 1}, {}),
        ("GroupNormalization", IMAGE, {"groups": 2}, {}),
        ("GroupNormalization", IMAGE, {"groups": 3, "epsilon": 0.1}, {}),
        ("GroupNormalization", IMAGE, {"groups": 6, "scale": False}, {}),
        ("GroupNormalization", IMAGE, {"groups": -1, "center": False}, {}),
        ("GroupNormalization", (7, 4), {"groups": 2}, {}),
        ("RMSNormalization", IMAGE, {}, {}),
        ("RMSNormalization", (9,), {"epsilon": 0.1}, {}),
        ("UnitNormalization", IMAGE, {}, {}),
        ("UnitNormalization", (9,), {}, {}),
    ]
]
