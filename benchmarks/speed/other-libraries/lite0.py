"""EfficientNet-Lite0 up to its last map of stride 16 as nodes of ONNX, from the weights that come with the library."""

import numpy as np
from onnx import helper, numpy_helper

# Of stages 1 to 5: the filter's side, stride, expansion, channels, blocks.
STAGES = [(3, 1, 1, 16, 1), (3, 2, 6, 24, 2), (5, 2, 6, 40, 2), (3, 2, 6, 80, 3), (5, 1, 6, 112, 3)]


class Graph:
    """Nodes and weights, as they are added."""

    def __init__(self):
        self.nodes, self.weights = [], []

    def add(self, operator, *inputs, **attributes):
        """A node of its inputs: names, or arrays that become weights. Its output's name."""
        names = [each if isinstance(each, str) else self.constant(each) for each in inputs]
        output = f"{operator} {len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, names, [output], **attributes))
        return output

    def constant(self, array):
        name = f"weight {len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name


class Convolutions:
    """Hands out filter and bias of one convolution after the other, in ONNX's order; the file: scripts/encoder-weights."""

    def __init__(self, path):
        self.bytes, self.at = path.read_bytes(), 0

    def numbers(self, count, kind="<f4"):
        found = np.frombuffer(self.bytes, kind, count, self.at)
        self.at += found.nbytes
        return found.astype(np.float32)

    def take(self, shape, outputs):
        count = int(np.prod(shape))
        if count < 4000:
            return self.numbers(count).reshape(shape), self.numbers(outputs)
        scales, bias = self.numbers(outputs), self.numbers(outputs)
        return (self.numbers(count, "<i2").reshape(-1, outputs) * scales).reshape(shape), bias

    def filters(self, side, inputs, outputs):
        filters, bias = self.take((side, side, inputs, outputs), outputs)
        return filters.transpose(3, 2, 0, 1), bias

    def depthwise(self, side, channels):
        filters, bias = self.take((side, side, channels, 1), channels)
        return filters.transpose(2, 3, 0, 1), bias


def maps(graph, images, size, path):
    """The maps of stride 8 and 16 of grey images [batch, 1, size, size]; TensorFlow's `same` padding."""
    weights = Convolutions(path)

    def convolve(x, filters, side, stride, rows, channels=1, activate=True):
        around = max(0, (-(-rows // stride) - 1) * stride + side - rows)
        before, after = around // 2, around - around // 2
        x = graph.add("Conv", x, *filters, strides=[stride] * 2, pads=[before, before, after, after], group=channels)
        return graph.add("Clip", x, np.float32(0), np.float32(6)) if activate else x

    stem, bias = weights.filters(3, 3, 32)
    # A grey film is the same in all three channels.
    x = convolve(images, (stem.sum(1, keepdims=True), bias), 3, 2, size)
    rows, channels, found = -(-size // 2), 32, []
    for stage, (side, stride, expansion, outputs, blocks) in enumerate(STAGES):
        for block in range(blocks):
            step = stride if block == 0 else 1
            start, inner = x, channels * expansion
            if expansion > 1:
                x = convolve(x, weights.filters(1, channels, inner), 1, 1, rows)
            x = convolve(x, weights.depthwise(side, inner), side, step, rows, inner)
            rows = -(-rows // step)
            x = convolve(x, weights.filters(1, inner, outputs), 1, 1, rows, activate=False)
            if block > 0:
                x = graph.add("Add", start, x)
            channels = outputs
        if stage in (2, 4):
            found.append(x)
    assert weights.at == len(weights.bytes)
    return found
