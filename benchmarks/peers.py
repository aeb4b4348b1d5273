"""What the benchmarks share: the two sides, the data they get, the machine they run on."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from convlet.datasets import mnist

HERE = Path(__file__).resolve().parent
KERAS_ENVIRONMENT = HERE.parent / ".venv-keras"
KERAS_REQUIREMENTS = ("keras", "tensorflow-cpu")


@dataclass(frozen=True)
class Side:
    """One of the two packages compared, with the interpreter that has it."""

    name: str
    framework: str
    python: Path

    def train(self, data: Path, *, epochs: int, seed: int, evaluate: bool) -> dict[str, Any]:
        """Trains in a process of its own and returns the figures that worker.py prints."""
        command = [str(self.python), str(HERE / "worker.py"), self.framework, str(data)]
        command += ["--epochs", str(epochs), "--seed", str(seed)]
        command += ["--evaluate"] if evaluate else []
        quiet = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
        process = subprocess.run(
            command, env=os.environ | quiet, capture_output=True, text=True, check=False
        )
        if process.returncode:
            raise SystemExit(f"{shlex.join(command)} failed:\n{process.stderr}")
        figures: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
        return figures

    def versions(self) -> str:
        """The installed versions that matter, such as 'keras 3.10.0, tensorflow-cpu 2.19.0'."""
        names = ("convlet", "numba") if self.framework == "convlet" else KERAS_REQUIREMENTS
        program = (
            "import sys; from importlib.metadata import version; "
            "print(', '.join(f'{name} {version(name)}' for name in sys.argv[1:]))"
        )
        command = [str(self.python), "-c", program, *names]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that every benchmark takes."""
    parser.add_argument(
        "--keras-python",
        type=Path,
        help="an interpreter that has keras and tensorflow "
        f"(default: one in {KERAS_ENVIRONMENT.name}, made on first use)",
    )
    parser.add_argument(
        "--images",
        type=int,
        default=60_000,
        help="how many training images to use; fewer only to try the benchmark itself",
    )


def both_sides(keras_python: Path | None) -> tuple[Side, Side]:
    """Convlet in this interpreter, and Keras on TensorFlow in its own."""
    return (
        Side("convlet", "convlet", Path(sys.executable)),
        Side("Keras on TensorFlow", "keras", keras_python or make_keras_environment()),
    )


def make_keras_environment() -> Path:
    """The interpreter of an environment with Keras on TensorFlow, which is made where missing."""
    folder = "Scripts" if os.name == "nt" else "bin"
    python = KERAS_ENVIRONMENT / folder / "python"
    if not (KERAS_ENVIRONMENT / "complete").exists():
        print(f"Installing {' and '.join(KERAS_REQUIREMENTS)} in {KERAS_ENVIRONMENT} …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(KERAS_ENVIRONMENT)], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "install", "--quiet", *KERAS_REQUIREMENTS], check=True
        )
        (KERAS_ENVIRONMENT / "complete").touch()
    return python


def write_mnist(path: Path, images: int) -> None:
    """Writes MNIST, with its first `images` training images, where both sides can read it."""
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    np.savez(path, x_train=x_train[:images], y_train=y_train[:images], x_test=x_test, y_test=y_test)


def processor() -> str:
    """The processor's name as the system gives it."""
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def circumstances(sides: Sequence[Side]) -> str:
    """Machine, versions, date and command, as the lines of a Markdown list."""
    return "\n".join(
        [
            f"- machine: {processor()}, {os.cpu_count()} cores, {platform.system()}",
            f"- versions: Python {platform.python_version()}; "
            + "; ".join(side.versions() for side in sides),
            f"- date: {datetime.date.today().isoformat()}",
            f"- command: `{command_line()}`",
        ]
    )


def command_line() -> str:
    """This process's command, as it would be typed in the repository's folder.

    Without --keras-python, which says where things are on this machine, not what was measured.
    """
    place = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    place.add_argument("--keras-python")
    _, measured = place.parse_known_args(sys.argv[1:])
    return shlex.join(["python", f"benchmarks/{Path(sys.argv[0]).name}", *measured])


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column is text and whose others are numbers."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
