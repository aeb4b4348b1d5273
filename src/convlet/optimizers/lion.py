"""Lion."""

from __future__ import annotations

from convlet.optimizers.base import LearningRate, Optimizer


class Lion(Optimizer):
    """Steps of one length: only the sign of a mean of gradients counts.

    For a weight `w` with the gradient `g`, element by element:

        w = w - learning_rate * sign(beta_1 * momentum + (1 - beta_1) * g)
        momentum = beta_2 * momentum + (1 - beta_2) * g

    Steps are longer than `Adam`'s of the same rate: take a rate three to ten times smaller.

    Args:
        learning_rate: A number, a schedule, or a function of the step.
        beta_1: How much of the mean counts in the sign, above 0 and at most 1.
        beta_2: How much of the mean is kept at each step.
        weight_decay: `w` loses `w * weight_decay * learning_rate` before each step.
        clipnorm, clipvalue, global_clipnorm: How gradients are clipped, as `Optimizer` says.
        use_ema, ema_momentum, ema_overwrite_frequency: A moving average of the weights, as
            `Optimizer` says.
        loss_scale_factor, gradient_accumulation_steps: As `Optimizer` says.
        name: A name for the optimizer; None for that of its class.

    Raises:
        ArgumentError: A number is out of its range, or more than one way of clipping is given.

    Example:
        >>> Lion(1e-4).slot_names
        ('momentum',)

    References:
        Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023,
        https://arxiv.org/abs/2302.06675
    """

    rule = "lion"
    settings = ("beta_1", "beta_2")

    def __init__(
        self,
        learning_rate: LearningRate = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.99,
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
        self.beta_1 = self._number("beta_1", beta_1, above=0, maximum=1)
        self.beta_2 = self._number("beta_2", beta_2, minimum=0, maximum=1)

    @property
    def slot_groups(self) -> tuple[tuple[str, ...], ...]:
        """`momentum`."""
        return (("momentum",),)
