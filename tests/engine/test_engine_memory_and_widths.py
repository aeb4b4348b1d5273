import os
import subprocess
import sys
from pathlib import Path

import pytest

from convlet.engine.cpu import simd
from tests.engine.networks_table import AT_EVERY_VECTOR_WIDTH, SMALL

ROOT = Path(__file__).parents[2]
OTHER_WIDTHS = [lanes for lanes in (16, 8, 4, 1) if lanes != simd.LANES]

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="protecting memory pages needs mprotect"
)


def check_in_a_process_of_its_own(names, lanes):
    environment = {**os.environ, "CONVLET_LANES": str(lanes)}
    command = [sys.executable, "-m", "tests.engine.guarded_process", *names]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    last = done.stdout.splitlines()[-1:]
    assert done.returncode == 0, f"ended with {done.returncode} at {last}\n{done.stderr}"
    assert done.stdout.splitlines() == list(names)


def test_no_kernel_leaves_the_arrays_it_is_given():
    check_in_a_process_of_its_own(list(SMALL), simd.LANES)


@pytest.mark.parametrize("lanes", OTHER_WIDTHS)
def test_every_vector_width(lanes):
    check_in_a_process_of_its_own(AT_EVERY_VECTOR_WIDTH, lanes)
