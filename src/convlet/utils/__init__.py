"""Helpers around training, under Keras's names."""

from convlet.rng import set_random_seed
from convlet.utils.files import get_file
from convlet.utils.image_folder import image_dataset_from_directory
from convlet.utils.images import array_to_img, img_to_array, load_img, save_img
from convlet.utils.numerical import normalize, to_categorical
from convlet.utils.py_dataset import PyDataset, Sequence
from convlet.utils.session import clear_session

__all__ = [
    "PyDataset",
    "Sequence",
    "array_to_img",
    "clear_session",
    "get_file",
    "image_dataset_from_directory",
    "img_to_array",
    "load_img",
    "normalize",
    "save_img",
    "set_random_seed",
    "to_categorical",
]
