"""How layers are wired: tensors that stand for values, and the graph that an engine is given.

Calling a layer on a `SymbolicTensor` computes nothing. It remembers, as a `Node`, that the layer
was put there. A `Wiring` is what lies between some such tensors and others: all that a functional
model is. Flattened, with everything that consists of layers taken apart, it is a `Graph`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from convlet.errors import ArgumentError
from convlet.layers.shapes import Shape
from convlet.layers.structure import Structure
from convlet.layers.symbolic import Node, SymbolicTensor

if TYPE_CHECKING:
    from convlet.layers.base import Layer


class Step(NamedTuple):
    """A layer at its place in a graph.

    Attributes:
        layer: The layer.
        inputs: The numbers of the tensors that it takes.
        output: The number of the tensor that it makes.
        training: False where it never acts as in training; None where that depends.
    """

    layer: Layer
    inputs: tuple[int, ...]
    output: int
    training: bool | None = None


class Graph:
    """Layers in an order in which they can be computed, with numbered tensors between them.

    Args:
        inputs: The tensors that are given.
        steps: The layers.
        outputs: The tensors that are wanted.
        shapes: Of one sample of each tensor, by its number.
    """

    def __init__(
        self,
        inputs: Sequence[int],
        steps: Sequence[Step],
        outputs: Sequence[int],
        shapes: Sequence[tuple[int, ...]],
    ) -> None:
        self.inputs = tuple(inputs)
        self.steps = tuple(steps)
        self.outputs = tuple(outputs)
        self.shapes = tuple(shapes)

    @cached_property
    def layers(self) -> list[Layer]:
        """Each layer once, in the order of their first places."""
        return list({id(step.layer): step.layer for step in self.steps}.values())

    @property
    def multiply_adds(self) -> int:
        """How many multiplications by weights one sample takes on its way forward."""
        return sum(
            step.layer.multiply_adds((None, *self.shapes[step.inputs[0]])) for step in self.steps
        )

    @property
    def input_shapes(self) -> list[tuple[int, ...]]:
        """Of one sample of each input."""
        return [self.shapes[number] for number in self.inputs]

    @property
    def output_shapes(self) -> list[tuple[int, ...]]:
        """Of one sample of each output."""
        return [self.shapes[number] for number in self.outputs]


def chain(layers: Sequence[Layer]) -> Graph:
    """The graph of built layers of one input each, one after the other.

    Example:
        >>> from convlet import layers
        >>> flatten = layers.Flatten()
        >>> flatten.build((None, 4, 4, 1))
        >>> graph = chain([flatten])
        >>> graph.shapes, graph.outputs
        (((4, 4, 1), (16,)), (1,))
    """
    shapes = [layers[0].input_shape, *(layer.output_shape for layer in layers)]
    return Graph(
        [0],
        [Step(layer, (number,), number + 1) for number, layer in enumerate(layers)],
        [len(layers)],
        [tuple(size for size in shape[1:] if size is not None) for shape in shapes],
    )


class Wiring:
    """What lies between some symbolic tensors and others.

    Args:
        inputs: Where it begins.
        outputs: Where it ends.
        input_structure: How the inputs are handed over.
        output_structure: How the outputs are.
        owner: Whose it is, for the messages of errors.

    Raises:
        ArgumentError: An output depends on an input that is not among the inputs.
    """

    def __init__(
        self,
        inputs: Sequence[SymbolicTensor],
        outputs: Sequence[SymbolicTensor],
        input_structure: Structure = Structure(),  # noqa: B008 - it never changes
        output_structure: Structure = Structure(),  # noqa: B008
        owner: str = "Model",
    ) -> None:
        self.inputs = tuple(inputs)
        self.outputs = tuple(outputs)
        self.input_structure = input_structure
        self.output_structure = output_structure
        self.nodes = _in_keras_order(self.inputs, self.outputs, owner)

    @cached_property
    def layers(self) -> list[Layer]:
        """Each layer once: the deepest first, as Keras lists them."""
        return list({id(node.layer): node.layer for node in self.nodes}.values())

    @cached_property
    def output_shapes(self) -> dict[int, Shape]:
        """What each layer puts out where it is first used, by the layer's id."""
        everywhere = [x for node in self.nodes for x in node.inputs]
        shapes: dict[int, Shape] = {}
        for tensor in (*self.inputs, *everywhere, *self.outputs):
            shapes.setdefault(id(tensor.node.layer), tensor.shape)
        return shapes

    @cached_property
    def graph(self) -> Graph:
        """All of it, with everything that consists of layers taken apart."""
        shapes = [tensor.sizes for tensor in self.inputs]
        steps: list[Step] = []
        numbers = list(range(len(shapes)))
        outputs = _expand(self, numbers, None, steps, shapes)
        return Graph(numbers, steps, outputs, shapes)

    def __reduce__(self) -> tuple[Any, ...]:
        # A flat list of the nodes: walking from tensor to node to tensor would nest too deeply.
        places = {id(node): place for place, node in enumerate(self.nodes)}

        def place_of(tensor: SymbolicTensor) -> tuple[int, int]:
            return places[id(tensor.node)], tensor.index

        used = [*self.inputs, *self.outputs, *(x for node in self.nodes for x in node.inputs)]
        tensors = {place_of(x): (x.shape, x.name) for x in used if id(x.node) in places}
        starts = {id(tensor.node) for tensor in self.inputs}
        nodes = [
            (
                node.layer,
                [] if id(node) in starts else [place_of(tensor) for tensor in node.inputs],
                node.training,
                node.wiring,
                node.structure,
            )
            for node in self.nodes
        ]
        ends = [list(map(place_of, self.inputs)), list(map(place_of, self.outputs))]
        return _rewired, (nodes, tensors, *ends, self.input_structure, self.output_structure)


def _rewired(
    nodes: list[tuple[Any, ...]],
    shapes: dict[tuple[int, int], tuple[Shape, str]],
    inputs: list[tuple[int, int]],
    outputs: list[tuple[int, int]],
    input_structure: Structure,
    output_structure: Structure,
) -> Wiring:
    """Undoes `Wiring.__reduce__`."""
    tensors: dict[tuple[int, int], SymbolicTensor] = {}
    for place, (layer, sources, *others) in enumerate(nodes):
        node = Node(layer, [tensors[source] for source in sources], *others)
        made = [key for key in sorted(shapes) if key[0] == place]
        for key in made:
            shape, name = shapes[key]
            tensors[key] = SymbolicTensor(shape, node, key[1], name)
        layer.remember_call([tensors[key] for key in made])
    starts, ends = ([tensors[key] for key in keys] for keys in (inputs, outputs))
    return Wiring(starts, ends, input_structure, output_structure)


def key_of(tensor: SymbolicTensor) -> tuple[int, int]:
    """What tells a tensor from others: of a node there may be several objects."""
    return id(tensor.node), tensor.index


def _expand(
    wiring: Wiring,
    numbers: Sequence[int],
    training: bool | None,
    steps: list[Step],
    shapes: list[tuple[int, ...]],
) -> list[int]:
    """Appends the steps of a wiring whose inputs have these numbers; returns its outputs'."""
    known = dict(zip(map(key_of, wiring.inputs), numbers, strict=True))
    starts = {id(tensor.node) for tensor in wiring.inputs}
    for node in wiring.nodes:
        if id(node) in starts:
            continue
        inputs = tuple(known[key_of(tensor)] for tensor in node.inputs)
        mode = False if training is False else node.training
        if node.wiring is not None:
            outputs = _expand(node.wiring, inputs, mode, steps, shapes)
        else:
            outputs = [len(shapes)]
            given = [shapes[number] for number in inputs]
            shapes.append(output_sizes(node.layer, given))
            steps.append(Step(node.layer, inputs, outputs[0], mode))
        known.update({(id(node), index): number for index, number in enumerate(outputs)})
    return [known[key_of(tensor)] for tensor in wiring.outputs]


def output_sizes(layer: Layer, given: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """The shape of one sample of what a layer makes of samples of these shapes."""
    return layer.output_sizes(given if layer.merges else given[0])  # type: ignore[arg-type]


def _in_keras_order(
    inputs: Sequence[SymbolicTensor], outputs: Sequence[SymbolicTensor], owner: str
) -> list[Node]:
    """The nodes between tensors: by decreasing distance from the outputs, then as first met.

    It is the order in which Keras lists the layers of a model, and with them its weights.
    """
    starts = {id(tensor.node) for tensor in inputs}
    order = list(_after_their_inputs(starts, outputs, owner))
    depths: dict[int, int] = {}
    layer_depths: dict[int, int] = {}
    for node, _ in reversed(order):
        depth = max(depths.get(id(node), 0), layer_depths.get(id(node.layer), 0))
        depths[id(node)] = layer_depths[id(node.layer)] = depth
        if id(node) in starts:
            continue
        for tensor in node.inputs:
            before = id(tensor.node)
            depths[before] = max(depth + 1, depths.get(before, 0))
    first_met: dict[int, int] = {}
    for node, met in sorted(order, key=lambda item: item[1]):
        first_met.setdefault(id(node.layer), met)
    order.sort(key=lambda item: (-depths[id(item[0])], first_met[id(item[0].layer)]))
    return [node for node, _ in order]


def _after_their_inputs(
    starts: set[int], outputs: Sequence[SymbolicTensor], owner: str
) -> Iterator[tuple[Node, int]]:
    """Each node after those that it takes something from, with the order in which it was met."""
    met: dict[int, int] = {}
    waiting = [(tensor.node, False) for tensor in reversed(outputs)]
    done: set[int] = set()
    while waiting:
        node, ready = waiting.pop()
        if ready:
            if id(node) not in done:
                done.add(id(node))
                yield node, met[id(node)]
            continue
        if id(node) in met:
            continue
        met[id(node)] = len(met)
        waiting.append((node, True))
        if id(node) in starts:
            continue
        if not node.inputs:
            raise ArgumentError(
                f"{owner} needs all inputs that its outputs depend on. "
                f"Received outputs that also depend on {node.layer.label}. Add it to inputs."
            )
        waiting += [(tensor.node, False) for tensor in reversed(node.inputs)]


def are_symbolic(values: Sequence[Any]) -> bool:
    """Whether all of these are symbolic tensors."""
    return bool(values) and all(isinstance(value, SymbolicTensor) for value in values)
