"""Who is measured, each in an environment of its own, and how one turn is taken."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from convlet.datasets import mnist
from worker import Samples, Task

HERE = Path(__file__).resolve().parent
ENVIRONMENTS = Path(os.environ.get("CONVLET_PEERS", HERE.parent / ".venv-peers"))
# Named with its version, the first that was measured, so that pip can be pointed at builds for
# CPUs alone: see README.md.
TORCH = "torch==2.13.0"


@dataclass(frozen=True)
class Peer:
    """A framework with its settings.

    Attributes:
        title: What tables call it.
        framework: The module of `sides`, and the package where a module serves several.
        environment: The name of its virtual environment; empty for this one.
        packages: What is installed there.
        precision: Of products: "float32" or "bfloat16".
        variables: Environment variables that it needs.
    """

    title: str
    framework: str
    environment: str
    packages: tuple[str, ...]
    precision: str = "float32"
    variables: Mapping[str, str] = field(default_factory=dict)

    def python(self, environments: Path) -> Path:
        """Its interpreter, in an environment that is made where it is missing."""
        if not self.environment:
            return Path(sys.executable)
        folder = environments / self.environment
        python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
        if not (folder / "complete").exists():
            progress(f"installing {', '.join(self.packages)} in {folder}")
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            install = [str(python), "-m", "pip", "install", "--quiet", *self.packages]
            subprocess.run(install, check=True, stdout=sys.stderr)
            (folder / "complete").touch()
        return python

    def versions(self, environments: Path) -> str:
        """The installed versions, such as 'keras 3.15.1, tensorflow-cpu 2.21.0'."""
        program = (
            "import sys; from importlib.metadata import version; "
            "print(', '.join(f'{name} {version(name)}' for name in sys.argv[1:]))"
        )
        names = [package.partition("==")[0] for package in self.packages]
        command = [str(self.python(environments)), "-c", program, *names]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def take_turn(
        self, task: Task, environments: Path, variables: Mapping[str, str] | None = None
    ) -> Samples:
        """Does the task in a new process and returns what it measured.

        Raises:
            SystemExit: With what the process wrote, if it failed.
        """
        python = str(self.python(environments))
        task = replace(
            task, framework=self.framework, precision=self.precision, started=time.time()
        )
        command = [python, str(HERE / "worker.py"), json.dumps(asdict(task))]
        process = subprocess.run(
            command,
            env={**os.environ, **self.variables, **(variables or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        if process.returncode:
            raise SystemExit(f"{shlex.join(command)} failed:\n{process.stderr}")
        samples: Samples = json.loads(process.stdout.splitlines()[-1])
        return samples


def _keras(backend: str, *packages: str) -> Peer:
    titles = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
    variables = {"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"}
    return Peer(
        f"Keras on {titles[backend]}", "keras_names:keras", f"keras-{backend}",
        ("keras", *packages), variables=variables,
    )  # fmt: skip


_PYTORCH = Peer("PyTorch, channels last", "pytorch", "torch", (TORCH, "numpy"))
_OPENVINO = Peer("OpenVINO", "openvino_runtime", "openvino", ("openvino", "onnx", "numpy"))

PEERS = {
    "convlet": Peer("convlet", "keras_names:convlet", "", ("convlet", "numba")),
    "keras-tensorflow": _keras("tensorflow", "tensorflow-cpu"),
    "keras-jax": _keras("jax", "jax"),
    "keras-torch": _keras("torch", TORCH),
    "pytorch": _PYTORCH,
    "pytorch-bf16": replace(
        _PYTORCH, title="PyTorch, channels last, bfloat16", precision="bfloat16"
    ),
    "onnxruntime": Peer(
        "ONNX Runtime", "onnx_runtime", "onnxruntime", ("onnxruntime", "onnx", "numpy")
    ),
    "openvino": _OPENVINO,
    "openvino-bf16": replace(_OPENVINO, title="OpenVINO, bfloat16", precision="bfloat16"),
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """The option that every comparison takes."""
    parser.add_argument(
        "--environments",
        type=Path,
        default=ENVIRONMENTS,
        help="where the peers' virtual environments are, or are made on first use (default: the "
        "folder that CONVLET_PEERS names, else .venv-peers)",
    )


def progress(line: str) -> None:
    """Says on stderr what is going on."""
    print(line, file=sys.stderr, flush=True)


def write_mnist(path: Path, images: int = 60_000) -> None:
    """Writes MNIST, with its first `images` training images, where every peer can read it."""
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    np.savez(path, x_train=x_train[:images], y_train=y_train[:images], x_test=x_test, y_test=y_test)
