"""The older home of the functions for image files, which are now in `convlet.utils`."""

from convlet.absent import each, refuser
from convlet.utils import array_to_img, img_to_array, load_img, save_img

__all__ = ["array_to_img", "img_to_array", "load_img", "save_img"]

__getattr__ = refuser(
    "preprocessing.image",
    {
        **each(
            "DirectoryIterator ImageDataGenerator Iterator NumpyArrayIterator",
            "Keras 3 has dropped it, too: use utils.image_dataset_from_directory, and as the first "
            "layers of the model Rescaling, RandomFlip, RandomRotation, RandomTranslation, "
            "RandomShear, RandomZoom.",
        ),
        **each("smart_resize", "Use Resizing(height, width, crop_to_aspect_ratio=True)."),
    },
)
