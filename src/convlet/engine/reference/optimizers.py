"""The optimizers' updates, written from their formulas as Keras 3 defines them.

A rule changes the variable ``w`` and its slots (the optimizer's memory of earlier gradients under
each name) in place, by the gradient ``g`` and the learning rate; ``t`` counts updates from 1.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from convlet import optimizers
from convlet.engine.reference.arrays import Floats

Slots: TypeAlias = dict[str, Floats]
Rule: TypeAlias = Callable[[Any, Floats, Floats, Slots, float, int], None]


def apply_gradients(
    optimizer: optimizers.Optimizer,
    variables: Sequence[Floats],
    gradients: Sequence[Floats],
    slots: dict[str, list[Floats]],
    decayed: Sequence[bool] | None = None,
) -> None:
    """One step: gather and clip the gradients, decay the weights, update and average them.

    Reads the optimizer's settings and ``iterations`` (the steps already taken); its own slots
    are left alone: ``slots`` holds arrays under the same names, from ``new_slots`` at first.
    ``decayed`` tells which weights weight decay counts for; None is all.
    """
    steps = optimizer.gradient_accumulation_steps
    if steps is not None:
        sums = slots["gradient_accumulator"]
        gathered = [total + gradient for total, gradient in zip(sums, gradients, strict=True)]
        active = (optimizer.iterations + 1) % steps == 0
        for total, value in zip(sums, gathered, strict=True):
            total[...] = 0.0 if active else value
        gradients = [value / steps for value in gathered] if active else []
    for index, gradient in enumerate(clip_gradients(optimizer, gradients)):
        variable = variables[index]
        memory = {name: arrays[index] for name, arrays in slots.items()}
        rate = optimizer.learning_rate
        if optimizer.weight_decay is not None and (decayed is None or decayed[index]):
            variable -= variable * optimizer.weight_decay * rate
        _rule(optimizer)(optimizer, variable, gradient, memory, rate, optimizer.updates + 1)
    if optimizer.use_ema:
        average(optimizer, variables, slots["average"])


def average(
    optimizer: optimizers.Optimizer, variables: Sequence[Floats], averages: Sequence[Floats]
) -> None:
    """Moving averages of the weights, which at the first step are the weights themselves."""
    momentum = optimizer.ema_momentum if optimizer.updates > 0 else 0.0
    every = optimizer.ema_overwrite_frequency
    for variable, mean in zip(variables, averages, strict=True):
        mean[...] = momentum * mean + (1.0 - momentum) * variable
        if every is not None and (optimizer.updates + 1) % every == 0:
            variable[...] = mean


def new_slots(
    optimizer: optimizers.Optimizer, variables: Sequence[Floats]
) -> dict[str, list[Floats]]:
    """The slots before the first step."""
    return {
        name: [
            np.full(optimizer.slot_shape(name, v.shape), optimizer.slot_start(name), v.dtype)
            for v in variables
        ]
        for name in optimizer.slot_names
    }


def _rule(optimizer: optimizers.Optimizer) -> Rule:
    for kind in type(optimizer).__mro__:
        if kind in RULES:
            return RULES[kind]
    raise TypeError(f"The reference knows no update for {optimizer!r}.")


def sgd(o: Any, w: Floats, g: Floats, slots: Slots, rate: float, t: int) -> None:
    """Gradient descent; with momentum ``m = momentum * m - rate * g``, ``w += m``.

    Nesterov's form looks one step ahead: ``w += momentum * m - rate * g``.
    """
    if o.momentum == 0.0:
        w -= rate * g
        return
    m = slots["momentum"]
    m[...] = o.momentum * m - rate * g
    w += o.momentum * m - rate * g if o.nesterov else m


def rmsprop(o: Any, w: Floats, g: Floats, slots: Slots, rate: float, t: int) -> None:
    """Divide by the root of a running mean: ``v = rho * v + (1 - rho) * g**2``.

    The step is ``rate * g / sqrt(v + epsilon)``. A slot "average_gradient" centres the mean square
    into a variance: ``v - average**2``; with momentum, past steps are added on.
    """
    v = slots["velocity"]
    v[...] = o.rho * v + (1.0 - o.rho) * g**2
    variance = v
    if o.centered:
        mean = slots["average_gradient"]
        mean[...] = o.rho * mean + (1.0 - o.rho) * g
        variance = v - mean**2
    step = rate * g / np.sqrt(variance + o.epsilon)
    if o.momentum > 0.0:
        m = slots["momentum"]
        m[...] = o.momentum * m + step
        step = m
    w -= step


def _running_means(o: Any, g: Floats, slots: Slots) -> tuple[Floats, Floats]:
    """Those of ``g`` and of ``g**2``."""
    m, v = slots["momentum"], slots["velocity"]
    m += (g - m) * (1.0 - o.beta_1)
    v += (g**2 - v) * (1.0 - o.beta_2)
    return m, v


def adam(o: Any, w: Floats, g: Floats, slots: Slots, rate: float, t: int) -> None:
    """Running means of ``g`` and ``g**2``, the bias of their zero start taken out.

    ``w -= alpha * m / (sqrt(v) + epsilon)`` with
    ``alpha = rate * sqrt(1 - beta_2**t) / (1 - beta_1**t)``.
    A slot "velocity_hat" (amsgrad) holds the largest ``v`` so far and takes its place.
    """
    m, v = _running_means(o, g, slots)
    if o.amsgrad:
        largest = slots["velocity_hat"]
        v = np.maximum(largest, v, out=largest)
    alpha = rate * np.sqrt(1.0 - o.beta_2**t) / (1.0 - o.beta_1**t)
    w -= alpha * m / (np.sqrt(v) + o.epsilon)


def adamax(o: Any, w: Floats, g: Floats, slots: Slots, rate: float, t: int) -> None:
    """Divide the running mean by the largest gradient, slowly forgotten."""
    m, u = slots["momentum"], slots["norm"]
    m += (g - m) * (1.0 - o.beta_1)
    u[...] = np.maximum(o.beta_2 * u, np.abs(g))
    w -= rate * m / ((1.0 - o.beta_1**t) * (u + o.epsilon))


def nadam(o: Any, w: Floats, g: Floats, slots: Slots, rate: float, t: int) -> None:
    """Adam, looking ahead: ``u(t) = beta_1 * (1 - 0.96**t / 2)`` weighs mean and gradient."""
    m, v = _running_means(o, g, slots)
    u = o.beta_1 * (1.0 - 0.5 * 0.96 ** np.arange(1, t + 2))
    product, next_product = u[:-1].prod(), u.prod()
    ahead = u[-1] * m / (1.0 - next_product) + (1.0 - u[-2]) * g / (1.0 - product)
    w -= rate * ahead / (np.sqrt(v / (1.0 - o.beta_2**t)) + o.epsilon)


def adagrad(o: Any, w: Floats, g: Floats, slots: Slots, rate: float, t: int) -> None:
    """Divide by the root of the sum of all squares."""
    total = slots["accumulator"]
    total += g**2
    w -= rate * g / np.sqrt(total + o.epsilon)


def adadelta(o: Any, w: Floats, g: Floats, slots: Slots, rate: float, t: int) -> None:
    """Steps of the size of earlier steps, relative to gradients of the size of earlier ones."""
    squares, steps = slots["accumulated_grad"], slots["accumulated_delta_var"]
    squares[...] = o.rho * squares + (1.0 - o.rho) * g**2
    step = np.sqrt(steps + o.epsilon) * g / np.sqrt(squares + o.epsilon)
    steps[...] = o.rho * steps + (1.0 - o.rho) * step**2
    w -= rate * step


def lion(o: Any, w: Floats, g: Floats, slots: Slots, rate: float, t: int) -> None:
    """The sign of a mean of gradients; the mean that is kept is another."""
    m = slots["momentum"]
    w -= rate * np.sign(o.beta_1 * m + (1.0 - o.beta_1) * g)
    m[...] = o.beta_2 * m + (1.0 - o.beta_2) * g


def ftrl(o: Any, w: Floats, g: Floats, slots: Slots, rate: float, t: int) -> None:
    """Weights made anew from the sum of all gradients, ``linear``."""
    total, linear = slots["accumulator"], slots["linear"]
    power, l1 = -o.learning_rate_power, o.l1_regularization_strength
    new = total + g**2
    shrunk = g + 2.0 * o.l2_shrinkage_regularization_strength * w
    linear += shrunk - (new**power - total**power) / rate * w
    quadratic = new**power / rate + 2.0 * (o.l2_regularization_strength + o.beta / (2.0 * rate))
    w[...] = (np.clip(linear, -l1, l1) - linear) / quadratic
    total[...] = new


def lamb(o: Any, w: Floats, g: Floats, slots: Slots, rate: float, t: int) -> None:
    """Adam's step, scaled to the norm of the weights."""
    m, v = _running_means(o, g, slots)
    step = m / (1.0 - o.beta_1**t) / (np.sqrt(v / (1.0 - o.beta_2**t)) + o.epsilon)
    norms = float(np.sqrt((w**2).sum())), float(np.sqrt((step**2).sum()))
    w -= (norms[0] / norms[1] if min(norms) > 0.0 else 1.0) * rate * step


def adafactor(o: Any, w: Floats, g: Floats, slots: Slots, rate: float, t: int) -> None:
    """Mean squares factored into those of rows and columns; the step's size is bounded."""
    v, square = slots["velocity"], g**2 + o.epsilon_1
    beta = 1.0 - t**o.beta_2_decay
    if w.ndim >= 2:
        r, c = slots["r"], slots["c"]
        r[...] = beta * r + (1.0 - beta) * square.mean(axis=-1)
        c[...] = beta * c + (1.0 - beta) * square.mean(axis=-2)
        v[...] = (r / r.mean(axis=-1, keepdims=True))[..., np.newaxis] * c[..., np.newaxis, :]
    else:
        v[...] = beta * v + (1.0 - beta) * square
    step = g / np.sqrt(v)
    step = step / max(1.0, _rms(step) / o.clip_threshold)
    w -= max(o.epsilon_2, _rms(w)) * min(rate, 1.0 / np.sqrt(t)) * step


def _rms(x: Floats) -> float:
    return float(np.sqrt((x**2).mean()))


RULES: dict[type, Rule] = {
    optimizers.Adadelta: adadelta,
    optimizers.Adafactor: adafactor,
    optimizers.Adagrad: adagrad,
    optimizers.Adam: adam,  # and AdamW, which only decays the weights by default
    optimizers.Adamax: adamax,
    optimizers.Ftrl: ftrl,
    optimizers.Lamb: lamb,
    optimizers.Lion: lion,
    optimizers.Nadam: nadam,
    optimizers.RMSprop: rmsprop,
    optimizers.SGD: sgd,
}


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
