"""The table of an explanation, word for word."""

from convlet.engine.explain import Explanation, Operation, PhaseCost, Task

PLANNED = """\
Inference: steps of 256 images, each 28x28x1 uint8, in chunks of at most 24
threads: up to 2; floats of a vector: 16
memory: 2 x 800.4 KiB for tensors, 2 x 35.5 KiB of scratch

                           multiply-adds        memory  kernel, with its tile's rows x vectors

conv2d + max_pooling2d: 3x3 convolution + bias -> 13x13x32; 1.2 KiB of weights
  output                         194,688     340.0 KiB  elementwise.apply linear
                                                        products.product relu 8x2
    pooled in registers

flatten: another view of the same floats -> 5408
  no work

phase                              tasks
chunks                                11"""

MEASURED = """\
Training: steps of 64 images, each 28x28x1 uint8, in chunks of at most 24
threads: 2; floats of a vector: 16
memory: 2 x 800.4 KiB for tensors, 2 x 35.5 KiB of scratch, 2,998.5 KiB for the gradients of all chunks
GFLOP/s: of all threads; what lists and transforms save is counted as if computed

                           multiply-adds        memory            ms       GFLOP/s  kernel, with its tile's rows x vectors

loss: softmax
  loss and gradient                            1.0 KiB        0.5000                losses.loss

dense: dense
  output                           1,000                      2.0000         128.0  products.product 8x1

phase                              tasks            ms       waiting
chunks                                 3        2.5000        0.2500
sums                                  12        0.1250        0.0000
outside the phases                              0.1250
whole step                                      3.0000"""  # noqa: E501


def explanation(**changes):
    facts = {
        "training": False,
        "images": 256,
        "input_shape": (28, 28, 1),
        "dtype": "uint8",
        "chunk": 24,
        "threads": 2,
        "lanes": 16,
        "slots": 2,
        "slot_bytes": 819_600,
        "scratch_bytes": 36_352,
        "gradient_bytes": 0,
    }
    return Explanation(**facts | changes)


def test_before_a_measurement():
    kernels = ("elementwise.apply linear", "products.product relu 8x2")
    fused = Task("forward", "output", "pooled in registers", kernels, 194_688, 348_160)
    operations = (
        Operation("conv2d + max_pooling2d", "3x3 convolution + bias", (13, 13, 32), 1280, (fused,)),
        Operation("flatten", "another view of the same floats", (5408,), 0, ()),
    )
    text = str(explanation(operations=operations, phases=(PhaseCost("chunks", 11),)))
    assert text == PLANNED


def test_after_a_measurement():
    loss = Task("forward", "loss and gradient", "", ("losses.loss",), 0, 1024, 0.5)
    dense = Task("forward", "output", "", ("products.product 8x1",), 1000, 0, 2.0, 128.0)
    text = str(
        explanation(
            training=True,
            images=64,
            gradient_bytes=3_070_464,
            operations=(
                Operation("loss", "softmax", (), 0, (loss,)),
                Operation("dense", "dense", (), 0, (dense,)),
            ),
            phases=(PhaseCost("chunks", 3, 2.5, 0.25), PhaseCost("sums", 12, 0.125, 0.0)),
            milliseconds=3.0,
        )
    )
    assert text == MEASURED
