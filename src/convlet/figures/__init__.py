"""Pictures that explain a convnet, each computed by the network it shows.

Of a trained model: `filters`, `feature_maps`, `receptive_field`. Of the operations, with numbers
on a small grid: `convolution`, `padding`, `strides`, `pooling`. Every function returns a matplotlib
`Figure`, to show in a notebook (after `%matplotlib inline`) or to save with `figure.savefig(path)`.

They need the extra: `pip install 'convlet[figures]'`.
"""

from __future__ import annotations

from convlet.figures.diagrams import convolution, padding, pooling, strides
from convlet.figures.trained import feature_maps, filters, receptive_field

__all__ = [
    "convolution",
    "feature_maps",
    "filters",
    "padding",
    "pooling",
    "receptive_field",
    "strides",
]
