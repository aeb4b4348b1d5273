"""Machine code: its instructions are those of the width that is asked for, on other CPUs too."""

import os
import platform
import re
import subprocess
import sys

import llvmlite.binding as llvm
import pytest

from convlet.engine.cpu import machine_code, simd

ARM = "aarch64-unknown-linux-gnu"
X86 = platform.machine().lower() in ("x86_64", "amd64")
ASSEMBLY = """
import sys
from convlet.engine.cpu import machine_code, products
from convlet.engine.cpu.simd import LANES
shape = products.tile_shape(64, 4)
kernel = products.product(shape.rows, shape.vectors, 0, 4, "relu", True, False)
module = kernel.optimised()
machine = machine_code.target_machine()
if sys.argv[1:]:
    import llvmlite.binding as llvm
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    machine = llvm.Target.from_triple(sys.argv[1]).create_target_machine(opt=3)
    module.triple, module.data_layout = sys.argv[1], str(machine.target_data)
print(machine.emit_assembly(module))
"""


def assembly(lanes, *triple):
    """The assembly of a convolution's product with relu and pool, at a vector width."""
    done = subprocess.run(
        [sys.executable, "-c", ASSEMBLY, *triple],
        env=os.environ | {"CONVLET_LANES": str(lanes)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def registers(text, kind):
    return {int(number) for number in re.findall(rf"\b{kind}(\d+)\b", text)}


@pytest.mark.skipif(not X86, reason="the registers of x86-64")
@pytest.mark.parametrize("lanes", [16, 8, 4, 1])
def test_a_width_uses_its_own_registers_and_as_many_as_such_a_cpu_has(lanes):
    if lanes > simd.LANES:
        pytest.skip(f"this CPU has no vectors of {lanes} floats")
    text = assembly(lanes)
    kinds = {"zmm": 16, "ymm": 8, "xmm": 1}
    used = {kind: registers(text, kind) for kind in kinds}
    widest = {16: "zmm", 8: "ymm", 4: "xmm", 1: "xmm"}[lanes]
    assert next(kind for kind in kinds if used[kind]) == widest
    assert max(used[widest]) < (32 if lanes == 16 else 16)
    sums = {
        16: r"vfmadd\d+ps.*zmm",
        8: r"vfmadd\d+ps.*ymm",
        4: r"\bmulps.*xmm",
        1: r"\bmulss.*xmm",
    }[lanes]
    assert len(re.findall(sums, text)) >= 8
    if lanes == 1:
        assert not re.search(r"\b(mul|add|sub)ps\b", text)


def test_four_lanes_become_neon():
    llvm.initialize_all_targets()
    try:
        llvm.Target.from_triple(ARM)
    except RuntimeError:
        pytest.skip("this LLVM is built without a code generator for ARM")
    sums = set(re.findall(r"fmla\s+v(\d+)\.4s", assembly(4, ARM)))
    assert len(sums) >= 8


def test_features_wider_than_asked_for_are_off():
    available = llvm.get_host_cpu_features()
    for lanes, wider in ((4, ("avx", "avx512f")), (8, ("avx512f",)), (16, ())):
        off = machine_code.features(lanes).removeprefix(available.flatten()).strip(",").split(",")
        expected = sorted(f"-{name}" for name in wider if available.get(name))
        assert sorted(name for name in off if name) == expected
