"""Rows about layers that slide a kernel."""

from __future__ import annotations

from itertools import product

from tests.parity.rows import layer_row

IMAGE = (7, 6, 3)
PADDINGS = ("valid", "same")

CONV2D = [
    layer_row("Conv2D", IMAGE, {"filters": 5, "kernel_size": k, "strides": s, "padding": p})
    for k, s, p in product((1, 2, 3, (3, 2), 5), (1, 2, (2, 1)), PADDINGS)
] + [
    layer_row("Conv2D", IMAGE, {"filters": 5, "kernel_size": k, "dilation_rate": d, "padding": p})
    for k, d, p in product((2, 3), (2, (1, 2)), PADDINGS)
] + [
    layer_row("Conv2D", shape, {"filters": filters, "kernel_size": 3, "padding": p}, **options)
    for (shape, filters, options), p in product(
        [
            ((8, 8, 1), 16, {}),
            ((5, 9, 7), 1, {}),
            ((3, 3, 33), 4, {}),
            ((12, 12, 16), 32, {}),  # Winograd's transforms
            ((9, 11, 24), 20, {}),
            ((9, 8, 3), 8, {"dtype": "uint8"}),
            ((9, 8, 3), 8, {"dtype": "float64"}),
            ((6, 6, 2), 8, {"batch": 1}),
            ((6, 6, 2), 8, {"batch": 67}),
        ],
        PADDINGS,
    )
] + [
    layer_row("Conv2D", IMAGE, {"filters": 4, "kernel_size": 3, **settings})
    for settings in (
        {"use_bias": False},
        {"activation": "relu"},
        {"activation": "tanh", "strides": 2},
        {"activation": "softmax", "padding": "same"},
        {"activation": "gelu", "use_bias": False},
        {"trainable": False},
    )
]  # fmt: skip

CONV1D = [
    layer_row("Conv1D", (9, 3), {"filters": 5, "kernel_size": k, "strides": s, "padding": p})
    for k, s, p in product((1, 2, 3, 5), (1, 2), (*PADDINGS, "causal"))
] + [
    layer_row("Conv1D", (11, 3), {"filters": 4, "kernel_size": 3, "dilation_rate": 2, "padding": p})
    for p in (*PADDINGS, "causal")
] + [
    layer_row("Conv1D", (9, 3), {"filters": 4, "kernel_size": 3, "activation": "relu", **settings})
    for settings in ({}, {"use_bias": False})
]  # fmt: skip

DEPTHWISE = [
    layer_row(
        "DepthwiseConv2D",
        IMAGE,
        {"kernel_size": k, "strides": s, "padding": p, "depth_multiplier": m},
    )
    for k, s, p, m in product((2, 3, (3, 1)), (1, 2), PADDINGS, (1, 3))
] + [
    layer_row("DepthwiseConv2D", (9, 8, channels), {"kernel_size": 3, "padding": p, **settings})
    for (channels, settings), p in product(
        [
            (40, {}),
            (40, {"activation": "relu6", "use_bias": False}),
            (5, {"dilation_rate": 2}),
            (1, {"depth_multiplier": 17}),
        ],
        PADDINGS,
    )
]  # fmt: skip

SEPARABLE = [
    layer_row(
        "SeparableConv2D",
        IMAGE,
        {"filters": 5, "kernel_size": k, "strides": s, "padding": p, "depth_multiplier": m},
    )
    for k, s, p, m in product((2, 3), (1, 2), PADDINGS, (1, 2))
] + [
    layer_row("SeparableConv2D", (8, 8, 16), {"filters": 20, "kernel_size": 3, **settings})
    for settings in ({"activation": "relu"}, {"dilation_rate": 2}, {"use_bias": False})
]  # fmt: skip

TRANSPOSED = [
    layer_row(
        "Conv2DTranspose", (4, 5, 3), {"filters": 5, "kernel_size": k, "strides": s, "padding": p}
    )
    for k, s, p in product((1, 2, 3, (4, 3)), (1, 2, 3), PADDINGS)
] + [
    layer_row("Conv2DTranspose", (4, 5, 3), {"filters": 4, "kernel_size": 3, **settings})
    for settings in (
        {"strides": 2, "output_padding": 1},
        {"strides": 2, "output_padding": 1, "padding": "same"},
        {"dilation_rate": 2},
        {"dilation_rate": 2, "padding": "same"},
        {"activation": "relu", "use_bias": False},
    )
]  # fmt: skip

ROWS = [*CONV2D, *CONV1D, *DEPTHWISE, *SEPARABLE, *TRANSPOSED]
