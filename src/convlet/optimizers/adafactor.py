"""Adafactor."""

from __future__ import annotations

from convlet import validation
from convlet.optimizers.base import LearningRate, Optimizer


class Adafactor(Optimizer):
    """`Adam`'s mean squares, kept as one number for each row and column.

    For a weight array `w` of two axes or more with the gradient `g`, in step number `t` counted
    from 1, with `beta_2 = 1 - t ** beta_2_decay` and `rate = min(learning_rate, 1 / sqrt(t))`:

        r = beta_2 * r + (1 - beta_2) * mean(g ** 2 + epsilon_1, axis=-1)
        c = beta_2 * c + (1 - beta_2) * mean(g ** 2 + epsilon_1, axis=-2)
        velocity = r / mean(r, axis=-1) * c
        step = g / sqrt(velocity)
        step = step / max(1, rms(step) / clip_threshold)
        w = w - max(epsilon_2, rms(w)) * rate * step

    where `rms` is the root of the mean square. Of a bias, `velocity` is the running mean itself.

    Args:
        learning_rate: A number, a schedule, or a function of the step.
        beta_2_decay: How fast the running means grow slower.
        epsilon_1: Keeps the divisor away from zero.
        epsilon_2: The smallest size that an array counts as.
        clip_threshold: The largest root mean square of a step.
        relative_step: Taken for Keras's sake, where it makes no difference.
        weight_decay: `w` loses `w * weight_decay * learning_rate` before each step.
        clipnorm, clipvalue, global_clipnorm: How gradients are clipped, as `Optimizer` says.
        use_ema, ema_momentum, ema_overwrite_frequency: A moving average of the weights, as
            `Optimizer` says.
        loss_scale_factor, gradient_accumulation_steps: As `Optimizer` says.
        name: A name for the optimizer; None for that of its class.

    Raises:
        ArgumentError: A number is out of its range, or more than one way of clipping is given.

    Example:
        >>> Adafactor().slot_shape("r", (3, 3, 16, 32))
        (3, 3, 16)

    References:
        Shazeer and Stern, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost", 2018,
        https://arxiv.org/abs/1804.04235
    """

    rule = "adafactor"
    settings = ("beta_2_decay", "epsilon_1", "epsilon_2", "clip_threshold", "relative_step")

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        beta_2_decay: float = -0.8,
        epsilon_1: float = 1e-30,
        epsilon_2: float = 0.001,
        clip_threshold: float = 1.0,
        relative_step: bool = True,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(
            learning_rate,
            weight_decay,
            clipnorm,
            clipvalue,
            global_clipnorm,
            use_ema,
            ema_momentum,
            ema_overwrite_frequency,
            loss_scale_factor,
            gradient_accumulation_steps,
            name,
        )
        self.beta_2_decay = self._number("beta_2_decay", beta_2_decay, maximum=0)
        self.epsilon_1 = self._number("epsilon_1", epsilon_1, minimum=0)
        self.epsilon_2 = self._number("epsilon_2", epsilon_2, minimum=0)
        self.clip_threshold = self._number("clip_threshold", clip_threshold, above=0)
        self.relative_step = validation.boolean("Adafactor", "relative_step", relative_step)

    @property
    def slot_groups(self) -> tuple[tuple[str, ...], ...]:
        """`r`, `c` and `velocity`."""
        return (("r", "c", "velocity"),)

    def slot_shape(self, slot: str, shape: tuple[int, ...]) -> tuple[int, ...]:
        """`r` lacks the last axis, `c` the one before; of a bias they have none at all."""
        if slot not in ("r", "c"):
            return shape
        if len(shape) < 2:
            return ()
        return shape[:-1] if slot == "r" else (*shape[:-2], shape[-1])
