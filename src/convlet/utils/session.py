"""Starting afresh within one process."""

from __future__ import annotations


def clear_session(free_memory: bool = True) -> None:
    """Starts the counting of layer and model names afresh: the next Conv2D is `conv2d` again.

    Args:
        free_memory: Taken for Keras's sake: a model's memory is freed with the last reference to
            it.

    Example:
        >>> from convlet import layers
        >>> clear_session()
        >>> layers.Conv2D(8, 3).name, layers.Conv2D(8, 3).name
        ('conv2d', 'conv2d_1')
    """
    from convlet.layers import naming

    naming.reset()
