"""From a graph of layers to the ops of a program: which layers are computed as one.

- A convolution or Dense, bias, and relu or relu6, as an argument or as a layer behind it: one op.
- A max pool behind it whose windows neither overlap nor leave the image joins a convolution.
- BatchNormalization and a relu or relu6 behind it are one op. So are they and a convolution or
  Dense in front without an activation: its weights then hold the normalization for inference.
- A relu behind a sum, product, maximum or minimum of tensors joins it.
- A sequence is an image of one row: layers over one axis are the ops over images.
- A softmax or sigmoid in front of its cross-entropy is computed with the loss.
- Rescaling in front of everything happens while the images are read.
- Flatten and Reshape only change how the next op sees its input.

Layers join only where nothing else takes what lies between them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from math import prod
from typing import Any, cast

from convlet import activations
from convlet import layers as declared
from convlet.activations.lookup import describe
from convlet.engine.cpu.batch_normalization import BatchNormalization
from convlet.engine.cpu.folding import NormalisedProduct
from convlet.engine.cpu.merging import Combined
from convlet.engine.cpu.penalties import OutputPenalty
from convlet.engine.cpu.products import window_fits
from convlet.engine.kernel_layers import product_ops, shaped
from convlet.engine.ops import JoinOp, Op
from convlet.engine.plan import Halo
from convlet.engine.translations import (
    TRANSLATIONS,
    batch_normalization,
    pads,
)
from convlet.engine.translations import activation as activation_ops
from convlet.errors import UnsupportedError
from convlet.layers import Layer
from convlet.layers.activation import FunctionLayer
from convlet.layers.graph import Graph, Step
from convlet.layers.windows import over_image

FUSED = {
    "linear": (activations.linear,),
    "relu": (activations.relu,),
    "relu6": (activations.relu6, partial(activations.relu, max_value=6.0)),
}
"""Activations that convolutions and products apply before they store, in all their forms."""
WEIGHTED = (
    declared.Conv1D, declared.Conv2D, declared.Conv2DTranspose, declared.Dense,
    declared.DepthwiseConv2D, declared.SeparableConv2D,
)  # fmt: skip
"""Layers that what is behind them joins."""
POOLED = (declared.Conv1D, declared.Conv2D, declared.SeparableConv2D)
"""Those that a max pool joins, too."""


@dataclass
class Source:
    """An input of a network: its number, and what happens to it while it is read."""

    number: int
    shape: tuple[int, ...]
    scale: float = 1.0
    offset: float = 0.0
    mixing: Layer | None = None


@dataclass(frozen=True)
class Placed:
    """An op at its place: the numbers of the tensors that it takes and of the one that it makes."""

    op: Op
    inputs: tuple[int, ...]
    output: int


@dataclass
class Lowered:
    """The ops of a network in an order in which they can be computed, and its ends."""

    sources: list[Source]
    placed: list[Placed]
    outputs: list[int]

    @property
    def ops(self) -> list[Op]:
        """The ops alone."""
        return [placed.op for placed in self.placed]

    def halo(self, number: int) -> Halo:
        """The zeros that those who take a tensor want around it."""
        wanted = [each.op.input_halo() for each in self.placed if number in each.inputs]
        return Halo(*(max(sides) for sides in zip(*wanted, strict=True))) if wanted else Halo()

    def take_last(self, output: int, kind: type[Op], **settings: object) -> bool:
        """Takes off the op that makes an output if it is of this kind, set so.

        It stays where something else takes what it makes, too.

        Args:
            output: Which output of the network.
            kind: The op's class.
            **settings: Attributes of it, and what they have to be.

        Returns:
            Whether it was taken off: the output is then what it was made of.
        """
        number = self.outputs[output]
        makers = [each for each in self.placed if each.output == number]
        takers = [each for each in self.placed if number in each.inputs]
        if not makers or takers or self.outputs.count(number) > 1:
            return False
        op = makers[0].op
        if not isinstance(op, kind) or not settings.items() <= vars(op).items():
            return False
        self.placed.remove(makers[0])
        self.outputs[output] = makers[0].inputs[0]
        return True


def lower(graph: Graph, training: bool = True) -> Lowered:
    """Translates a graph of built layers into ops.

    Args:
        graph: The layers, wired.
        training: Whether a program is made that trains.
    """
    return _Lowering(graph, training).run()


class _Lowering:
    """Walks through a graph, and takes layers that are computed as one together."""

    def __init__(self, graph: Graph, training: bool) -> None:
        self.graph = graph
        self.training = training
        self.takers: dict[int, list[Step]] = defaultdict(list)
        for step in graph.steps:
            for number in set(step.inputs):
                self.takers[number].append(step)
        self.names: dict[int, int] = {}  # of tensors that are others, unchanged
        self.lowered = Lowered(
            [Source(number, graph.shapes[number]) for number in graph.inputs], [], []
        )
        self.next_number = len(graph.shapes)
        self.done: set[int] = set()  # the outputs of steps

    def run(self) -> Lowered:
        """The ops."""
        for source in self.lowered.sources:
            self._take_front(source)
        for step in self.graph.steps:
            if step.output not in self.done:
                self._take(step)
        self.lowered.outputs = [self._name(number) for number in self.graph.outputs]
        return self.lowered

    def _take_front(self, source: Source) -> None:
        """Rescaling by numbers in front of everything, then mixing, happen with the reading."""
        number = source.number
        while (step := self._only_taker(number)) and isinstance(step.layer, declared.Rescaling):
            layer = step.layer
            if not (layer.uniform and _passes_on(layer)):
                break
            source.scale *= layer.scale
            source.offset = source.offset * layer.scale + layer.offset
            self._take_in(source, step)
            number = step.output
        if step is not None and isinstance(step.layer, declared.MixUp | declared.CutMix):
            source.mixing = step.layer if self.training and step.training is not False else None
            self._take_in(source, step)

    def _take_in(self, source: Source, step: Step) -> None:
        """What a layer makes is what is read."""
        self.names[step.output] = source.number
        self.done.add(step.output)

    def _take(self, step: Step) -> None:
        """Places the ops of a layer, and of those behind it that join it."""
        steps = self._run_from(step)
        remaining = [each.layer for each in steps[1:]]
        for each in steps:
            shapes: Any = [(None, *self.graph.shapes[number]) for number in each.inputs]
            each.layer.build(shapes if each.layer.merges else shapes[0])
        if isinstance(step.layer, WEIGHTED):
            ops = _weighted(step.layer, remaining)
        elif isinstance(step.layer, declared.BatchNormalization):
            ops = [_normalization(step.layer, remaining)]
        else:
            ops = _plain(step.layer)
            if remaining and ops and _rectifies(ops[-1], remaining[0]):
                remaining.pop(0)
        taken = steps[: len(steps) - len(remaining)]
        ops += _penalty(taken[-1].layer)
        self.done.update(each.output for each in taken)
        self._place(ops, taken)

    def _run_from(self, step: Step) -> list[Step]:
        """The steps from one on between which nothing branches off: those could join it."""
        steps = [step]
        while (following := self._only_taker(steps[-1].output)) is not None:
            if following.layer in [each.layer for each in steps] or following.layer.merges:
                break
            if following.training is not step.training:
                break  # an op acts as in training as a whole, or not
            if not _passes_on(steps[-1].layer):
                break
            steps.append(following)
        return steps

    def _only_taker(self, number: int) -> Step | None:
        takers = self.takers[number]
        return takers[0] if len(takers) == 1 and number not in self.graph.outputs else None

    def _name(self, number: int) -> int:
        return self.names.get(number, number)

    def _place(self, ops: list[Op], steps: list[Step]) -> None:
        inputs = [self._name(number) for number in steps[0].inputs]
        output = steps[-1].output
        for op in ops:
            op.layers = tuple(each.layer for each in steps)
            op.result_shape = self.graph.shapes[output]
            op.inference = any(step.training is False for step in steps)
            count = (op.count or len(inputs)) if isinstance(op, JoinOp) else 1
            number = output
            if op is not ops[-1]:
                number, self.next_number = self.next_number, self.next_number + 1
            self.lowered.placed.append(Placed(op, tuple(inputs[:count]), number))
            inputs = [number, *inputs[count:]]
        if not ops:
            self.names[output] = inputs[0]


def _weighted(layer: Any, remaining: list[Layer]) -> list[Op]:
    """The ops of a layer of `WEIGHTED`; takes the layers that join it off the remaining ones."""
    fused = _fused(layer.activation)
    if fused == "linear" and remaining:
        folds = not isinstance(layer, declared.Conv2DTranspose)
        if folds and isinstance(remaining[0], declared.BatchNormalization):
            normalization = _normalization(remaining.pop(0), remaining)
            *before, product = product_ops(layer, "linear", None)
            return [*before, shaped(NormalisedProduct(product, normalization), layer, layer)]
        if relu := _rectifier(remaining[0]):
            remaining.pop(0)
            fused = relu
    if fused is None:
        *before, product = product_ops(layer, "linear", None)
        return [*before, shaped(product, layer, layer), *activation_ops(layer, layer.activation)]
    pool, last = None, layer
    if isinstance(layer, POOLED) and remaining and _is_simple_max_pool(remaining[0]):
        last = cast(Any, remaining.pop(0))
        pool = over_image(last.pool_size)
    *before, product = product_ops(layer, fused, pool)
    return [*before, shaped(product, layer, last)]


def _normalization(layer: Layer, remaining: list[Layer]) -> BatchNormalization:
    """The op of a BatchNormalization; takes a rectifier that joins it off the remaining layers."""
    if remaining and (relu := _rectifier(remaining[0])):
        remaining.pop(0)
        return batch_normalization(layer, relu)
    return batch_normalization(layer)


def _rectifies(op: Op, layer: Layer) -> bool:
    """Lets the op of a merging layer apply the layer behind it if that is relu."""
    if not isinstance(op, Combined) or _rectifier(layer) != "relu":
        return False
    op.activation = "relu"
    return True


def _passes_on(layer: Layer) -> bool:
    """Whether nobody but the next layer looks at a layer's output, so that they can be one."""
    return layer.activity_regularizer is None


def _fused(activation: Any) -> str | None:
    """What a product calls an activation that it can apply itself."""
    what = describe(activation)
    return next((name for name, forms in FUSED.items() if what in map(describe, forms)), None)


def _rectifier(layer: Layer) -> str | None:
    """Which of relu and relu6 a layer is, if it is nothing else."""
    name = _fused(layer.activation) if isinstance(layer, FunctionLayer) else None
    return None if name == "linear" else name


def _is_simple_max_pool(layer: Layer) -> bool:
    """Whether the windows lie side by side inside the image and fit into a register tile."""
    kinds = declared.MaxPooling1D | declared.MaxPooling2D
    if not isinstance(layer, kinds) or layer.strides != layer.pool_size:
        return False
    window = prod(layer.pool_size)
    return window > 1 and window_fits(window) and not any(pads(layer))


def _penalty(layer: Layer) -> list[Op]:
    """The op behind a layer whose outputs are penalised."""
    regularizer = layer.activity_regularizer
    factors = None if regularizer is None else regularizer.factors
    return [] if factors is None else [OutputPenalty(*factors)]


def _plain(layer: Layer) -> list[Op]:
    """The ops of a layer that nothing is fused with."""
    for kind in type(layer).__mro__:
        if kind in TRANSLATIONS:
            return TRANSLATIONS[kind](layer)
    raise UnsupportedError(
        f"The engine does not know how to compute {type(layer).__name__} {layer.name!r}. "
        f"Received a layer of type {type(layer).__module__}.{type(layer).__name__}."
    )
