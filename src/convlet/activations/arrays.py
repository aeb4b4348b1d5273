"""What every activation function does with its argument first."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def floats(x: ArrayLike) -> NDArray[Any]:
    """An array of floating-point numbers: float32 stays float32, integers become float64."""
    array = np.asarray(x)
    return array if np.issubdtype(array.dtype, np.floating) else array.astype(float)
