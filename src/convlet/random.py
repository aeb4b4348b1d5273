"""Keras's random operations are not here: asking for one says what to do instead."""

from convlet.absent import each, refuser

__getattr__ = refuser(
    "random",
    each(
        """
        SeedGenerator beta binomial categorical dropout gamma normal randint shuffle
        truncated_normal uniform
        """,
        "Arrays are NumPy's: use numpy.random.default_rng(seed). In a model, use Dropout, "
        "GaussianNoise or one of the layers that augment.",
    ),
)
