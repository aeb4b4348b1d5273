"""What batch normalization computes of a whole batch, between two stages of its chunks.

Chunks are taken in their order, in float64, so that no bit hangs on which thread came first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from convlet.engine.cpu.jit import helper, specialised
from convlet.engine.cpu.simd import floats_at

STATISTICS = np.dtype(
    [
        ("channels", np.int64),
        ("size", np.int64),
        ("pixels", np.int64),  # of an image
        ("gamma", np.int64),  # addresses of the variables; gamma and beta may be 0
        ("beta", np.int64),
        ("moving_mean", np.int64),
        ("moving_variance", np.int64),
        ("momentum", np.float64),
        ("epsilon", np.float64),
        ("moments", np.int64),  # as in batch_normalization.NORMALISE
        ("gamma_gradient", np.int64),
        ("beta_gradient", np.int64),
        ("inverse", np.int64),
        ("mean_pattern", np.int64),  # addresses of patterns
        ("factor_pattern", np.int64),
        ("beta_pattern", np.int64),
        ("constant_pattern", np.int64),
        ("slope_pattern", np.int64),
    ]
)


@helper
def _spread_statistics(op: Any, channel: Any, mean: Any, variance: Any) -> None:
    """Writes what a channel's values are normalised with, to all its places in the patterns."""
    inverse = 1.0 / np.sqrt(variance + op.epsilon)
    gamma = carray(floats_at(op.gamma), op.channels)[channel] if op.gamma != 0 else 1.0
    beta = carray(floats_at(op.beta), op.channels)[channel] if op.beta != 0 else 0.0
    means = carray(floats_at(op.mean_pattern), op.size)
    factors = carray(floats_at(op.factor_pattern), op.size)
    betas = carray(floats_at(op.beta_pattern), op.size)
    carray(floats_at(op.inverse), op.channels)[channel] = inverse
    for i in range(channel, op.size, max(op.channels, 1)):
        means[i], factors[i], betas[i] = mean, gamma * inverse, beta


@specialised(STATISTICS)
def batch_statistics() -> Any:
    """One mean and variance of the chunks' moments, in their order; renews the moving ones.

    Moments of two sets are joined by Chan's formula (Chan, Golub and LeVeque, 1983).
    """

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        moving_mean = carray(floats_at(op.moving_mean), op.channels)
        moving_variance = carray(floats_at(op.moving_variance), op.channels)
        kept, new = op.momentum, 1.0 - op.momentum
        for channel in range(op.channels):
            count, mean, squares = 0.0, 0.0, 0.0
            for chunk in range((b.images + b.chunk - 1) // b.chunk):
                address = f.gradients + chunk * f.gradient_bytes + 4 * op.moments
                found = carray(floats_at(address), 2 * op.channels)
                more = np.float64(min(b.chunk, b.images - chunk * b.chunk) * op.pixels)
                distance = found[channel] - mean
                together = count + more
                squares += found[op.channels + channel]
                squares += distance * distance * count * more / together
                mean += distance * more / together
                count = together
            variance = max(squares / count, 0.0)
            moving_mean[channel] = moving_mean[channel] * kept + mean * new
            moving_variance[channel] = moving_variance[channel] * kept + variance * new
            _spread_statistics(op, channel, mean, variance)

    return kernel


@specialised(STATISTICS)
def moving_statistics() -> Any:
    """Takes the moving statistics for the batch's."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        mean = carray(floats_at(op.moving_mean), op.channels)
        variance = carray(floats_at(op.moving_variance), op.channels)
        for channel in range(op.channels):
            _spread_statistics(
                op, channel, np.float64(mean[channel]), np.float64(variance[channel])
            )

    return kernel


@specialised(STATISTICS)
def batch_gradients() -> Any:
    """What dx takes from the whole batch: the mean of dz, and that of dz times the normalised x."""

    def kernel(args: Any, batch: Any, frame: Any) -> None:
        op = carray(args, 1)[0]
        b = carray(batch, 1)[0]
        f = carray(frame, 1)[0]
        factor = carray(floats_at(op.factor_pattern), op.size)
        inverse = carray(floats_at(op.inverse), op.channels)
        constant = carray(floats_at(op.constant_pattern), op.size)
        slope = carray(floats_at(op.slope_pattern), op.size)
        count = b.images * op.pixels
        for channel in range(op.channels):
            total, product = 0.0, 0.0
            for chunk in range((b.images + b.chunk - 1) // b.chunk):
                place = f.gradients + chunk * f.gradient_bytes
                gradient = carray(floats_at(place + 4 * op.beta_gradient), op.channels)
                total += gradient[channel]
                gradient = carray(floats_at(place + 4 * op.gamma_gradient), op.channels)
                product += gradient[channel]
            mean_total = -factor[channel] * total / count
            mean_product = -factor[channel] * inverse[channel] * product / count
            for i in range(channel, op.size, max(op.channels, 1)):
                constant[i], slope[i] = mean_total, mean_product

    return kernel
