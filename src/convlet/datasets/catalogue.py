"""What a named data set is, and how it is found: on this machine first, then on the network."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from convlet.datasets.download import Download, DownloadError, download
from convlet.datasets.formats import DamagedFileError, Reader, Splits
from convlet.errors import DatasetError


@dataclass(frozen=True)
class Layout:
    """One way in which a data set lies in a folder.

    Args:
        files: The files, all of them needed, relative to the folder.
        read: What reads them.
    """

    files: tuple[str, ...]
    read: Reader

    def found_in(self, folder: Path) -> tuple[Path, ...] | None:
        """The files' paths where all of them are in `folder`, else None."""
        paths = tuple(folder / name for name in self.files)
        return paths if all(path.is_file() for path in paths) else None

    def without_folder(self) -> Layout:
        """The same files lying in a folder directly."""
        return Layout(tuple(Path(name).name for name in self.files), self.read)


@dataclass(frozen=True)
class NamedDataset:
    """A published data set of labelled images.

    Args:
        title: Its name as people write it.
        image_shape: The shape of one image.
        label_shape: The shape of one label: () or, where Keras has it so, (1,).
        training_images: How many images are for training.
        test_images: How many are for testing.
        class_names: What the labels 0, 1, 2 … mean.
        layouts: How it may lie in a folder, the preferred way first.
        downloads: The published files, which together make up one of the layouts.
    """

    title: str
    image_shape: tuple[int, ...]
    label_shape: tuple[int, ...]
    training_images: int
    test_images: int
    class_names: tuple[str, ...]
    layouts: tuple[Layout, ...]
    downloads: tuple[Download, ...]

    def load(self, path: str | os.PathLike[str] | None = None) -> Splits:
        """Reads the data set from `path`, or from where it is found first, or downloads it.

        Raises:
            DatasetError: If it is nowhere and cannot be downloaded, or a file of it is damaged.
        """
        if path is not None:
            named = self._at(Path(path).expanduser())
            return self._read(*named, fix="Put a whole copy in its place, or leave path out.")
        found = self._found() or self._downloaded()
        return self._read(*found, fix="Delete that file, and it is downloaded again.")

    def _found(self) -> tuple[Layout, tuple[Path, ...]] | None:
        """The first layout that is in one of the usual folders."""
        for folder in search_folders():
            for layout in self.layouts:
                if paths := layout.found_in(folder):
                    return layout, paths
        return None

    def _at(self, path: Path) -> tuple[Layout, tuple[Path, ...]]:
        """The layout of the file or folder that a user named."""
        if path.is_dir():
            for layout in self.layouts:
                for candidate in (layout, layout.without_folder()):
                    if paths := candidate.found_in(path):
                        return candidate, paths
            raise DatasetError(
                f"{self.title} needs {self._wanted()} in the folder that it is read from. "
                f"Received path='{path}', where there is none of these."
            )
        if not path.exists():
            raise DatasetError(
                f"{self.title} needs path to be a file or folder that exists. Received "
                f"path='{path}'. Without a path, it is looked for in the usual folders and "
                "downloaded where it is in none."
            )
        for layout in self.layouts:
            suffixes = "".join(Path(layout.files[0]).suffixes)
            if len(layout.files) == 1 and suffixes and path.name.endswith(suffixes):
                return layout, (path,)
        raise DatasetError(
            f"{self.title} needs path to be {self._wanted()}, or a folder that holds it. "
            f"Received path='{path}'."
        )

    def _downloaded(self) -> tuple[Layout, tuple[Path, ...]]:
        """Downloads the published files into convlet's cache."""
        folder = cache_folder()
        for source in self.downloads:
            if (folder / source.path).is_file():
                continue
            try:
                download(source, folder)
            except DownloadError as error:
                raise DatasetError(self._not_available(source, error)) from error
        layouts = ((layout, layout.found_in(folder)) for layout in self.layouts)
        return next((layout, paths) for layout, paths in layouts if paths)

    def _not_available(self, failed: Download, error: DownloadError) -> str:
        searched = ", ".join(f"'{folder}'" for folder in search_folders())
        files = " and ".join(f"'{source.path}'" for source in self.downloads)
        return (
            f"{self.title} needs {files} in one of its folders, or the network. It is not in "
            f"{searched}, and {failed.url} could not be downloaded: {error}. Download it on "
            f"another machine and put it into '{cache_folder()}', or name its folder in the "
            "environment variable CONVLET_DATASETS. For digits that need no network, use "
            "convlet.datasets.digits."
        )

    def _read(self, layout: Layout, paths: tuple[Path, ...], fix: str) -> Splits:
        """Reads the files and checks that they are the whole data set."""
        try:
            (x_train, y_train), (x_test, y_test) = splits = layout.read(paths)
        except DamagedFileError as error:
            raise DatasetError(
                f"{self.title} needs an undamaged '{error.path.name}'. Received '{error.path}', "
                f"which cannot be read: {error.reason}. {fix}"
            ) from error
        problem = self._problem(x_train, y_train, self.training_images, "training")
        problem = problem or self._problem(x_test, y_test, self.test_images, "test")
        if problem:
            raise DatasetError(
                f"{self.title} needs the published images. Received '{paths[0]}', where {problem}. "
                f"{fix}"
            )
        return splits

    def _problem(
        self, images: NDArray[np.uint8], labels: NDArray[np.uint8], count: int, part: str
    ) -> str:
        """What is wrong with one part of the data set, or nothing."""
        for array, shape, name in (
            (images, (count, *self.image_shape), "images"),
            (labels, (count, *self.label_shape), "labels"),
        ):
            if array.shape != shape or array.dtype != np.uint8:
                return (
                    f"the {part} {name} are {array.dtype} of shape {array.shape} instead of "
                    f"uint8 of shape {shape}"
                )
        largest = len(self.class_names) - 1
        if labels.max() > largest:
            return f"the {part} labels go up to {labels.max()} instead of {largest}"
        return ""

    def _wanted(self) -> str:
        names = dict.fromkeys(_name_in_message(layout) for layout in self.layouts)
        return " or ".join(names)


def search_folders() -> Iterator[Path]:
    """The folders in which data sets are looked for, in this order.

    Raises:
        DatasetError: If the environment variable CONVLET_DATASETS names no folder.
    """
    if named := os.environ.get("CONVLET_DATASETS"):
        folder = Path(named).expanduser()
        if not folder.is_dir():
            raise DatasetError(
                "CONVLET_DATASETS needs to name a folder that exists. Received "
                f"CONVLET_DATASETS='{named}'. Create it, or unset the environment variable."
            )
        yield folder
    yield cache_folder()
    yield keras_folder()


def cache_folder() -> Path:
    """Where convlet keeps the data sets that it downloads."""
    import platformdirs

    cache = os.environ.get("CONVLET_CACHE") or platformdirs.user_cache_dir("convlet")
    return Path(cache).expanduser() / "datasets"


def keras_folder() -> Path:
    """Where Keras keeps the data sets that it downloads."""
    home = Path.home()
    base = home if os.access(home, os.W_OK) else Path(tempfile.gettempdir())
    return Path(os.environ.get("KERAS_HOME") or base / ".keras").expanduser() / "datasets"


def _name_in_message(layout: Layout) -> str:
    if len(layout.files) == 1:
        return f"'{layout.files[0]}'"
    return f"the {len(layout.files)} files '{layout.files[0]}' …"
