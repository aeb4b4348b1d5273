"""A model written for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

from numpy.typing import ArrayLike

from convlet import validation
from convlet.models.wired import Wired


class Exported(Wired):
    """Layers between inputs and outputs that can be exported.

    Args:
        trainable: Whether training changes the weights.
        name: Its name; None counts one up.

    Attributes:
        class_names: What the outputs of a classifier mean; or None.
    """

    class_names: list[str] | None = None

    def export(
        self,
        filepath: str | PathLike[str],
        format: str = "onnx",
        verbose: bool | None = None,
        input_signature: None = None,
        *,
        opset_version: int | None = None,
        class_names: Sequence[str] | None = None,
        input_dtype: str = "float32",
        value_range: Sequence[float] | None = None,
        samples: ArrayLike | Sequence[ArrayLike] | None = None,
        overwrite: bool = True,
    ) -> None:
        """Writes the model, preprocessing layers included, for other programs to predict with.

        The file takes batches of any size, channels last, under the names of the model's inputs. It
        is checked by ONNX itself, run in ONNX Runtime and compared with this model; it appears only
        if each output agrees to 1e-4 of its largest value. It needs the extra:
        `pip install 'convlet[onnx]'`.

        Args:
            filepath: Where, ending in `.onnx`.
            format: Only `"onnx"`.
            verbose: Whether to say on the screen where the file is; None does.
            input_signature: Only None: the shapes are the model's, and the batch is left open.
            opset_version: None or 17, the version of ONNX's operators.
            class_names: What the outputs mean, for the metadata; None takes the model's.
            input_dtype: What the file takes: `"float32"`, or `"uint8"` for pixels as they are.
            value_range: The smallest and the largest value of the inputs, for the metadata; None
                for (0, 255) with `"uint8"`, and else for no statement.
            samples: What the file is tried on: an array of some images, or a list of one for each
                input; None makes up random ones.
            overwrite: Whether a file that is there may be replaced.

        Raises:
            ArgumentError: An argument is out of its range, or the file may not be replaced.
            ExportError: The file does not compute what the model computes; none is left behind.
            MissingExtraError: The extra is not installed.
            NotBuiltError: Before the model is built.
            UnsupportedError: For a layer that cannot be translated, which is named with its path,
                and for another format, signature or version.

        Example:
            >>> import pathlib, tempfile
            >>> from convlet import layers, models
            >>> model = models.Sequential([layers.Input((8, 8, 1)), layers.Conv2D(4, 3)])
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     model.export(pathlib.Path(folder, "m.onnx"), verbose=False)

        References:
            https://onnx.ai/onnx/operators: the operators that the file consists of.
        """
        from convlet import export

        validation.unsupported("export", "format", format, only="onnx")
        validation.unsupported("export", "input_signature", input_signature, only=None)
        if opset_version is not None:
            validation.unsupported("export", "opset_version", opset_version, only=export.OPSET)
        announced = verbose is None or validation.boolean("export", "verbose", verbose)
        self._check_built("before it is exported")
        export.export_onnx(
            self,
            filepath,
            class_names=class_names,
            input_dtype=input_dtype,
            value_range=value_range,
            samples=samples,
            overwrite=overwrite,
        )
        if announced:
            print(f"Saved artifact at '{filepath}'.")
