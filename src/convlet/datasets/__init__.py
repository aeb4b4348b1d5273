"""Named data sets of labelled images, returned as Keras returns them.

>>> from convlet.datasets import digits
>>> (x_train, y_train), (x_test, y_test) = digits.load_data()
>>> x_train.shape, y_train.shape
((1437, 28, 28), (1437,))
"""

from convlet.absent import each, refuser
from convlet.datasets import cifar10, digits, fashion_mnist, mnist
from convlet.datasets.labelled import LabelledImages, load

__all__ = ["LabelledImages", "cifar10", "digits", "fashion_mnist", "load", "mnist"]

__getattr__ = refuser(
    "datasets",
    {
        **each("cifar100", "Use cifar10, or read it into an .npz file and use datasets.load."),
        **each("boston_housing california_housing", "Read it yourself, and pass arrays."),
        **each(
            "imdb reuters",
            "convlet is for images. Turn texts into numbers first, with scikit-learn.",
        ),
    },
)
