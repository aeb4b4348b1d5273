"""Keras's operations, where they are NumPy's: for metrics, callbacks and pictures, in Python.

Each is the function of that name in NumPy (`ops.mean is numpy.mean`), so it takes arrays, and gives
float64 where NumPy does. In a layer there are no numbers to compute with: convlet differentiates
its own layers, not Python code, and says so.

>>> from convlet import ops
>>> ops.sum(ops.square([1.0, 2.0])).item()
5.0
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from convlet import activations
from convlet.absent import each, refuser

__all__ = ["cast", "convert_to_numpy", "convert_to_tensor", "one_hot"]

_HOMES: dict[str, Any] = {
    **each(
        """
        abs absolute add all allclose amax amin any append arange arccos arcsin arctan
        arctan2 argmax argmin argsort array array_split average broadcast_to ceil clip
        concatenate copy cos cosh count_nonzero cross cumprod cumsum diag diagonal diff
        divide dot einsum empty empty_like equal exp expand_dims expm1 eye flip floor
        floor_divide full full_like greater greater_equal histogram hstack hypot identity
        inner isclose isfinite isinf isnan less less_equal linspace log log10 log1p log2
        logaddexp logical_and logical_not logical_or logical_xor matmul max maximum mean
        median meshgrid min minimum mod moveaxis multiply nan_to_num ndim negative nonzero
        not_equal ones ones_like outer pad percentile power prod quantile ravel reciprocal
        repeat reshape roll rot90 round searchsorted shape sign sin sinh size sort split
        sqrt square squeeze stack std subtract sum swapaxes take take_along_axis tan tanh
        tensordot tile trace transpose tril triu true_divide trunc unique vdot vstack var
        where zeros zeros_like
        """,
        np,
    ),
    **each(
        """
        celu elu gelu hard_sigmoid hard_silu hard_swish leaky_relu log_sigmoid log_softmax
        relu relu6 selu sigmoid silu softmax softplus softsign swish
        """,
        activations,
    ),
}
_refuse = refuser(
    "ops",
    each(
        """
        adaptive_average_pool adaptive_max_pool angle arccosh arcsinh arctanh argpartition
        associative_scan average_pool bartlett batch_normalization binary_crossentropy
        bincount bitwise_and bitwise_invert bitwise_left_shift bitwise_not bitwise_or
        bitwise_right_shift bitwise_xor blackman categorical_crossentropy cbrt cdist
        cholesky cholesky_inverse cond conj conjugate conv conv_transpose corrcoef
        correlate ctc_decode ctc_loss custom_gradient deg2rad depth_to_space
        depthwise_conv det diagflat digitize divide_no_nan dot_product_attention dsplit
        dstack dtype eig eigh erf erfc erfinv exp2 extract_sequences fabs fft fft2 fliplr
        flipud fmax fmin fmod fold fori_loop gcd geomspace get_item glu hamming hanning
        hard_shrink hard_tanh heaviside hsplit i0 ifft2 imag image in_top_k inv irfft
        is_tensor isin isneginf isposinf isreal istft jvp kaiser kron layer_normalization
        lcm ldexp left_shift linalg logaddexp2 logdet logspace logsumexp lstsq lu_factor
        map matrix_rank max_pool moments multi_hot nanargmax nanargmin nancumprod
        nancumsum nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd
        nansum nanvar nextafter nn norm normalize pinv polar psnr ptp qr rad2deg real
        rearrange rfft right_shift rms_normalization rsqrt saturate_cast scan scatter
        scatter_update segment_max segment_min segment_prod segment_sum select
        separable_conv signbit sinc slice slice_update slogdet soft_shrink solve
        solve_triangular space_to_depth sparse_categorical_crossentropy sparse_plus
        sparse_sigmoid sparsemax squareplus stft stop_gradient svd switch tanh_shrink
        threshold top_k trapezoid tri unfold unravel_index unstack vander vectorize
        vectorized_map view view_as_complex view_as_real vsplit while_loop
        """,
        "Compute it with NumPy on what predict returns. In a model, compose layers.",
    ),
)


def __getattr__(name: str) -> Any:
    return getattr(_HOMES[name], name) if name in _HOMES else _refuse(name)


def convert_to_numpy(x: ArrayLike) -> NDArray[Any]:
    """Anything that is like an array, as NumPy's.

    Args:
        x: An array, a weight, nested lists of numbers.
    """
    return np.asarray(x)


def convert_to_tensor(x: ArrayLike, dtype: DTypeLike | None = None) -> NDArray[Any]:
    """Anything that is like an array, as NumPy's: there are no other tensors.

    Args:
        x: An array, a weight, nested lists of numbers.
        dtype: What it is to consist of; None leaves it.
    """
    return np.asarray(x, dtype)


def cast(x: ArrayLike, dtype: DTypeLike) -> NDArray[Any]:
    """The values as another type.

    Args:
        x: An array.
        dtype: What it is to consist of.

    Example:
        >>> cast([0.5, 2.5], "uint8").tolist()
        [0, 2]
    """
    return np.asarray(x).astype(dtype)


def one_hot(
    x: ArrayLike, num_classes: int, axis: int = -1, dtype: DTypeLike = "float32"
) -> NDArray[Any]:
    """For each integer `i`, `num_classes` zeros with a one at position `i`.

    Args:
        x: The integers; one that is no position gives zeros alone.
        num_classes: How many positions there are.
        axis: Where the new axis comes.
        dtype: What the result consists of.

    Example:
        >>> one_hot([2, 0, -1], 3).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """
    found = np.asarray(x)[..., np.newaxis] == np.arange(num_classes)
    result: NDArray[Any] = np.moveaxis(found, -1, axis).astype(dtype)
    return result
