"""From the code that Numba optimised to machine code that needs nothing of Numba.

A cached kernel is an object file that LLVM alone loads: Numba's compiler, which takes a quarter of
a second to start, is not started for it.
"""

from __future__ import annotations

from functools import lru_cache

import llvmlite.binding as llvm

from convlet.engine.cpu.simd import LANES

_PYTHON = ("Py", "_Py", "numba_", "NRT_")
"""How the functions begin with which Numba raises exceptions and counts references."""


def features(lanes: int = LANES) -> str:
    """The CPU's features, without those that are only there for wider vectors than are used.

    So a width that is forced gives the instructions and the registers of a CPU of that width.
    """
    available = llvm.get_host_cpu_features()
    too_wide = [name for name, least in (("avx512f", 16), ("avx", 8)) if lanes < least]
    off = [f"-{name}" for name in too_wide if available.get(name)]
    return ",".join([available.flatten(), *off])


@lru_cache(maxsize=1)
def target_machine() -> llvm.TargetMachine:
    """The code generator for this CPU."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=features(),
        opt=3,
        reloc="static" if target.name.startswith("x86") else "default",
        codemodel="jitdefault",
        jit=True,
    )


def standalone(code: str, function: str, name: str) -> llvm.ModuleRef:
    """LLVM code of one function, under a new name, with nothing else to be seen from outside.

    Numba wraps a function into one that prints Python's exceptions. Once LLVM knows that nobody
    else calls it, it finds that kernels raise none, and removes what would.

    Args:
        code: As Numba writes it.
        function: Its name in the code.
        name: Its name from now on.

    Raises:
        RuntimeError: The function can raise exceptions after all.
    """
    module = llvm.parse_assembly(code)
    for number, value in enumerate((*module.functions, *module.global_variables)):
        if value.name == function:
            value.name = name
        elif not value.is_declaration:
            value.linkage = "internal"
            value.name = f"{name}.{number}"  # Numba's names hold numbers that count compilations
    passes = llvm.create_new_module_pass_manager()
    passes.add_ipsccp_pass()
    passes.add_simplify_cfg_pass()
    passes.add_global_dead_code_eliminate_pass()
    tuning = llvm.create_pipeline_tuning_options()
    passes.run(module, llvm.create_pass_builder(target_machine(), tuning))
    python = [called for called in _externals(module) if called.startswith(_PYTHON)]
    if python:
        raise RuntimeError(
            f"The kernel {name!r} needs to be code that can't raise exceptions. Received code that "
            f"calls {', '.join(python)}. Is there a range whose step may be 0?"
        )
    return module


def emit(module: llvm.ModuleRef) -> bytes:
    """Machine code, behind a line with the functions of the C library that it calls."""
    code: bytes = target_machine().emit_object(module)
    return " ".join(_externals(module)).encode() + b"\n" + code


def load(name: str, data: bytes) -> int | None:
    """Makes what ``emit`` returned executable.

    Returns:
        The address of the function of that name; None if something that it calls isn't there,
        which would end the process.
    """
    engine = _engine()  # before symbols are looked up: it opens the C library
    externals, code = data.split(b"\n", 1)
    if not all(llvm.address_of_symbol(called.decode()) for called in externals.split()):
        return None
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return int(engine.get_function_address(name))


@lru_cache(maxsize=1)
def _engine() -> llvm.ExecutionEngine:
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), target_machine())


def _externals(module: llvm.ModuleRef) -> list[str]:
    """The functions and variables that a module takes from elsewhere."""
    values = (*module.functions, *module.global_variables)
    names = [value.name for value in values if value.is_declaration]
    return [name for name in names if not name.startswith("llvm.")]
