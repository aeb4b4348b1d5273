"""Keras's downloads of files, which are refused."""

from __future__ import annotations

from typing import Any, NoReturn

from convlet.errors import UnsupportedError


def get_file(fname: str | None = None, origin: str | None = None, **kwargs: Any) -> NoReturn:
    """Refuses to download a file: convlet fetches nothing but its own named data sets.

    Args:
        fname: The file's name in Keras.
        origin: Where it is.
        **kwargs: Keras's further arguments.

    Raises:
        UnsupportedError: Always.

    Example:
        >>> get_file(origin="https://example.org/flowers.tgz")
        Traceback (most recent call last):
        convlet.errors.UnsupportedError: get_file does not download files. Received
        origin='https://example.org/flowers.tgz'. Download and unpack it yourself, and pass the
        path. convlet.datasets has MNIST, Fashion-MNIST and CIFAR-10.
    """
    raise UnsupportedError(
        f"get_file does not download files. Received origin={origin!r}. Download and unpack it "
        "yourself, and pass the path. convlet.datasets has MNIST, Fashion-MNIST and CIFAR-10."
    )
