"""Training that goes on after an interruption."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convlet import validation
from convlet.callbacks.callback import Callback, Logs
from convlet.errors import ArgumentError
from convlet.files import written_whole

_DAMAGED = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)
Backup = dict[str, NDArray[np.generic]]


class BackupAndRestore(Callback):
    """Keeps the state of training in a folder, and goes on from there when `fit` is called again.

    Start the same program again after it was interrupted: `fit` then begins with the epoch that was
    not finished. With `set_random_seed` at the start of the program, the weights become the same to
    the bit as without the interruption; the history has the remaining epochs only.

    Args:
        backup_dir: A folder for this training alone; it is made.
        save_freq: "epoch" writes at the end of every epoch, a number after so many steps. An epoch
            that was interrupted is begun anew, with the weights of the latest backup.
        double_checkpoint: Keep the backup before the latest, too, for where that is damaged.
        delete_checkpoint: Remove the backup when training has come to its end.

    Raises:
        ArgumentError: An argument is out of its range; in `fit`, the backup is of another model,
            or damaged.

    Example:
        >>> callback = BackupAndRestore("backup")
    """

    def __init__(
        self,
        backup_dir: str | os.PathLike[str],
        save_freq: str | int = "epoch",
        double_checkpoint: bool = False,
        delete_checkpoint: bool = True,
    ) -> None:
        super().__init__()
        owner = "BackupAndRestore"
        self.backup_dir = os.fspath(backup_dir)
        if not self.backup_dir:
            raise ArgumentError(
                validation.bad_argument(owner, "backup_dir", "a folder's path", backup_dir)
            )
        self.save_freq = save_freq
        if save_freq != "epoch":
            validation.integer(owner, "save_freq", save_freq)
        self.double_checkpoint = validation.boolean(owner, "double_checkpoint", double_checkpoint)
        self.delete_checkpoint = validation.boolean(owner, "delete_checkpoint", delete_checkpoint)
        self._latest = Path(self.backup_dir) / "latest.npz"
        self._previous = Path(self.backup_dir) / "previous.npz"
        self._epoch = 0
        self._steps = 0

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Takes the state back, if there is one."""
        self._epoch = self.model._initial_epoch
        self._steps = 0
        backup = self._read()
        if backup is not None:
            self._restore(backup)

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Writes a backup where `save_freq` steps have passed."""
        if self.save_freq == "epoch":
            return
        self._steps += 1
        if self._steps >= int(self.save_freq):
            self._steps = 0
            self._write()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Writes a backup where `save_freq` is "epoch"."""
        self._epoch = epoch + 1
        if self.save_freq == "epoch":
            self._write()

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Removes the backup, unless training was interrupted."""
        if not self.delete_checkpoint:
            return
        if self._epoch >= self.params["epochs"] or self.model.stop_training:
            for path in (self._latest, self._previous):
                path.unlink(missing_ok=True)
            folder = Path(self.backup_dir)
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    def _write(self) -> None:
        state: dict[str, Any] = {}
        self.model.optimizer.save_own_variables(state)
        arrays: dict[str, Any] = {f"optimizer_{name}": array for name, array in state.items()}
        arrays |= {f"weight_{n}": array for n, array in enumerate(self.model.get_weights())}
        self._latest.parent.mkdir(parents=True, exist_ok=True)
        if self.double_checkpoint and self._latest.exists():
            os.replace(self._latest, self._previous)
        with written_whole(self._latest) as file:
            np.savez(file, epoch=np.array(self._epoch), **arrays)

    def _read(self) -> Backup | None:
        """The latest backup that can be read; None where there is none.

        Raises:
            ArgumentError: There are backups, and all of them are damaged.
        """
        there = [path for path in (self._latest, self._previous) if path.exists()]
        for path in there:
            try:
                with np.load(path, allow_pickle=False) as file:
                    return {name: file[name] for name in file.files}
            except _DAMAGED:
                continue
        if not there:
            return None
        raise ArgumentError(
            f"BackupAndRestore needs a backup that can be read. Received {str(there[0])!r}, which "
            "is damaged. Remove it to begin anew."
        )

    def _restore(self, backup: Backup) -> None:
        model = self.model
        weights = _numbered(backup, "weight_")
        shapes = [array.shape for array in weights]
        if shapes != [array.shape for array in model.get_weights()]:
            raise ArgumentError(
                f"BackupAndRestore needs a backup of the model that is trained. Received that of "
                f"another in {self.backup_dir!r}. Pass another backup_dir, or remove the folder."
            )
        model.set_weights(weights)
        model.optimizer.build(model.trainable_weights)
        state = {str(n): array for n, array in enumerate(_numbered(backup, "optimizer_"))}
        model.optimizer.load_own_variables(state)
        self._epoch = model._initial_epoch = max(int(backup["epoch"]), model._initial_epoch)


def _numbered(backup: Backup, prefix: str) -> list[NDArray[np.generic]]:
    count = sum(name.startswith(prefix) for name in backup)
    return [backup[f"{prefix}{number}"] for number in range(count)]
