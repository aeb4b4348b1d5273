"""Rows of ``networks_table``: 3 x 3 convolutions that are computed by Winograd's transforms.

Between them they have every size of tile (2 forward in training, up to 5 in inference, up to 4 in
gradients), tiles that reach back, and channels that fill no vector, some, or several panels.
"""

from convlet.layers import AveragePooling2D, Conv2D, Dense, Flatten, MaxPooling2D
from tests.engine.network import Network

SAME = {"padding": "same"}


def stack(shape, *layers, **row):
    """Convolutions of these filters and pools, the same layers at each call, and a classifier."""
    kinds = {
        "same": lambda filters: Conv2D(filters, 3, activation="relu", **SAME),
        "valid": lambda filters: Conv2D(filters, 3, activation="relu"),
        "linear": lambda filters: Conv2D(filters, 3, use_bias=False),
        "max": MaxPooling2D,
        "average": AveragePooling2D,
    }
    return Network(
        shape,
        lambda: [
            *(kinds[kind](size) for kind, size in layers),
            Flatten(),
            Dense(3, activation="softmax"),
        ],
        **row,
    )


WINOGRAD = {
    "planes, tiles of 2": stack((6, 6, 16), ("valid", 32), ("valid", 16)),
    "planes, tiles of 3": stack((5, 5, 32), ("valid", 32), batch=3),
    "planes, tiles of 4": stack((8, 8, 16), ("same", 48), ("same", 80)),
    "planes, tiles of 5 and a pool": stack((12, 12, 32), ("valid", 64), ("max", 2), ("valid", 20)),
    "planes, tiles that reach back": stack((11, 9, 17), ("same", 33), ("valid", 18)),
    "planes, channels of several panels": stack((6, 6, 36), ("same", 80), ("same", 130), batch=2),
    "planes, pooled twice": stack((18, 14, 12), ("same", 24), ("max", 2), ("same", 24), ("max", 2)),
    "planes, pool 3": stack((13, 12, 24), ("valid", 32), ("max", 3)),
    "planes, pool 4": stack((18, 17, 24), ("valid", 32), ("max", 4)),
    "planes, pool (2, 1)": stack((9, 8, 24), ("valid", 32), ("max", (2, 1))),
    "planes, average pool": stack((10, 10, 24), ("same", 32), ("average", 2), ("same", 16)),
    "planes without bias": stack((9, 10, 16), ("linear", 16), ("linear", 40), batch=7),
}
