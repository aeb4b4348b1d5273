"""A program for a process of its own: checks networks with nothing readable around their arrays.

Kernels load and store through raw addresses, which nothing checks. Here images, targets, weights,
slots, predictions and the engine's buffers end where a memory page ends, and the pages before and
behind may not be touched: a kernel that reads or writes one float too far ends the process.

    CONVLET_LANES=8 python -m tests.engine.guarded_process NAME ...
"""

import ctypes
import math
import mmap
import sys

import numpy as np

PAGE = mmap.PAGESIZE
NO_ACCESS = 0


def guarded_empty(shape, dtype=np.float32):
    """An array whose last byte is the last before a page that may not be touched."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    pages = -(-size // PAGE) * PAGE
    memory = np.frombuffer(mmap.mmap(-1, PAGE + pages + PAGE), np.uint8)
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    protect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for guard in (0, PAGE + pages):
        if protect(memory.ctypes.data + guard, PAGE, NO_ACCESS):
            raise OSError(ctypes.get_errno(), "mprotect")
    end = PAGE + pages
    return memory[end - size : end].view(dtype).reshape(tuple(shape))


def guarded(array):
    """A copy between guards."""
    copy = guarded_empty(array.shape, array.dtype)
    copy[...] = array
    return copy


class GuardingNumPy:
    """NumPy, whose ``empty`` makes guarded arrays."""

    empty = staticmethod(guarded_empty)

    def __getattr__(self, name):
        return getattr(np, name)


def main(names):
    """Check the networks of these names."""
    from convlet import variable

    variable.aligned_empty = guarded_empty  # before the modules that take it from there

    from convlet.engine import inference, program, training

    for module in (inference, program, training):  # predictions are written into arrays they make
        module.np = GuardingNumPy()

    from tests.engine.cases import make_case
    from tests.engine.comparison import check_gradients, check_inference, engine_gradients
    from tests.engine.networks_table import NETWORKS

    for name in names:
        print(name, flush=True)
        case = make_case(NETWORKS[name])
        weights = case.sample_weight
        case = case._replace(
            x=guarded(case.x),
            y=guarded(case.y),
            index=guarded(case.index),
            sample_weight=None if weights is None else guarded(weights),
        )
        check_inference(case)
        check_gradients(case)
        if case.x.dtype != np.uint8:  # images that Winograd's way leaves to the definition
            case.x[case.index[1::2]] = np.inf
            with np.errstate(invalid="ignore"):
                engine_gradients(case)


if __name__ == "__main__":
    main(sys.argv[1:])
