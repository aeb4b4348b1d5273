"""The older home of what is now in `convlet.utils`."""

from convlet.absent import each, refuser
from convlet.preprocessing import image
from convlet.utils import image_dataset_from_directory

__all__ = ["image", "image_dataset_from_directory"]

__getattr__ = refuser(
    "preprocessing",
    each(
        "sequence text text_dataset_from_directory timeseries_dataset_from_array",
        "It is made for images: turn other data into arrays of numbers with NumPy first.",
    ),
)
