"""The optimizers' updates, written from their formulas as Keras 3 defines them.

Every function changes the variable and its slots (the optimizer's memory of earlier
gradients: an array of the variable's shape under each name) in place. ``g`` is the gradient.
"""

from collections.abc import Sequence

import numpy as np

from convlet import optimizers
from convlet.engine.reference.arrays import Floats


def apply_gradients(
    optimizer: optimizers.Optimizer,
    variables: Sequence[Floats],
    gradients: Sequence[Floats],
    slots: dict[str, list[Floats]],
) -> None:
    """One step of the optimizer: clip the gradients, decay the weights, update each variable.

    Reads the optimizer's settings and ``iterations`` (the steps already taken); its own slots
    are left alone: ``slots`` holds arrays under the same names, from ``zero_slots`` at first.
    """
    for index, gradient in enumerate(clip_gradients(optimizer, gradients)):
        variable = variables[index]
        memory = {name: arrays[index] for name, arrays in slots.items()}
        learning_rate = optimizer.learning_rate
        if optimizer.weight_decay is not None:
            variable -= variable * optimizer.weight_decay * learning_rate
        match optimizer:
            case optimizers.SGD():
                sgd(
                    variable,
                    gradient,
                    memory,
                    learning_rate,
                    optimizer.momentum,
                    optimizer.nesterov,
                )
            case optimizers.RMSprop():
                rmsprop(
                    variable,
                    gradient,
                    memory,
                    learning_rate,
                    optimizer.rho,
                    optimizer.momentum,
                    optimizer.epsilon,
                )
            case optimizers.Adam():  # and AdamW, which only decays the weights by default
                adam(
                    variable,
                    gradient,
                    memory,
                    learning_rate,
                    optimizer.beta_1,
                    optimizer.beta_2,
                    optimizer.epsilon,
                    step=optimizer.iterations + 1,
                )
            case _:
                raise TypeError(f"The reference knows no update for {optimizer!r}.")


def zero_slots(
    optimizer: optimizers.Optimizer, variables: Sequence[Floats]
) -> dict[str, list[Floats]]:
    """The slots before the first step."""
    return {name: [np.zeros_like(v) for v in variables] for name in optimizer.slot_names}


def sgd(
    variable: Floats,
    g: Floats,
    slots: dict[str, Floats],
    learning_rate: float,
    momentum: float,
    nesterov: bool,
) -> None:
    """Gradient descent; with momentum ``m = momentum * m - learning_rate * g``, ``w += m``.

    Nesterov's form looks one step ahead: ``w += momentum * m - learning_rate * g``.
    """
    if momentum == 0.0:
        variable -= learning_rate * g
        return
    m = slots["momentum"]
    m[...] = momentum * m - learning_rate * g
    variable += momentum * m - learning_rate * g if nesterov else m


def rmsprop(
    variable: Floats,
    g: Floats,
    slots: dict[str, Floats],
    learning_rate: float,
    rho: float,
    momentum: float,
    epsilon: float,
) -> None:
    """Divide by the root of a running mean: ``v = rho * v + (1 - rho) * g**2``.

    The step is ``learning_rate * g / sqrt(v + epsilon)``. A slot "average_gradient" centres the
    mean square into a variance: ``v - average**2``; with momentum, past steps are added on.
    """
    v = slots["velocity"]
    v[...] = rho * v + (1.0 - rho) * g**2
    variance = v
    if "average_gradient" in slots:
        average = slots["average_gradient"]
        average[...] = rho * average + (1.0 - rho) * g
        variance = v - average**2
    step = learning_rate * g / np.sqrt(variance + epsilon)
    if momentum > 0.0:
        m = slots["momentum"]
        m[...] = momentum * m + step
        step = m
    variable -= step


def adam(
    variable: Floats,
    g: Floats,
    slots: dict[str, Floats],
    learning_rate: float,
    beta_1: float,
    beta_2: float,
    epsilon: float,
    step: int,
) -> None:
    """Running means of ``g`` and ``g**2``, the bias of their zero start taken out.

    ``w -= alpha * m / (sqrt(v) + epsilon)`` with
    ``alpha = learning_rate * sqrt(1 - beta_2**step) / (1 - beta_1**step)``.
    A slot "velocity_hat" (amsgrad) holds the largest ``v`` so far and takes its place.
    """
    m, v = slots["momentum"], slots["velocity"]
    m += (g - m) * (1.0 - beta_1)
    v += (g**2 - v) * (1.0 - beta_2)
    if "velocity_hat" in slots:
        largest = slots["velocity_hat"]
        v = np.maximum(largest, v, out=largest)
    alpha = learning_rate * np.sqrt(1.0 - beta_2**step) / (1.0 - beta_1**step)
    variable -= alpha * m / (np.sqrt(v) + epsilon)


def clip_gradients(
    optimizer: optimizers.Optimizer, gradients: Sequence[Floats]
) -> Sequence[Floats]:
    """Shorten each gradient, or all of them by one factor, or cut their elements.

    A norm that is not a number or not finite makes every gradient under it NaN when it is the
    global one, as in Keras.
    """
    if optimizer.clipnorm:
        limit = optimizer.clipnorm
        return [g * limit / max(float(np.sqrt((g**2).sum())), limit) for g in gradients]
    if optimizer.global_clipnorm:
        limit = optimizer.global_clipnorm
        norm = float(np.sqrt(sum(float((g**2).sum()) for g in gradients)))
        factor = limit / max(norm, limit) if np.isfinite(norm) else np.nan
        return [g * factor for g in gradients]
    if optimizer.clipvalue:
        limit = optimizer.clipvalue
        return [np.clip(g, -limit, limit) for g in gradients]
    return gradients
