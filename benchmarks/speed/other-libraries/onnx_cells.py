"""Writes cells.onnx: films to the mean distances of their cells to a bank, by a frozen EfficientNet-Lite0."""

from pathlib import Path

from protocol import need, serve, settings

onnx = need("onnx")
np = need("numpy")

import lite0  # noqa: E402, after what it needs is known to be there

WEIGHTS = Path(__file__).resolve().parents[3] / "src/encoders/efficientnet-lite0.bin"
SIDE, DIM = 224, 152


def model(bank):
    graph = lite0.Graph()
    add = graph.add
    parts = []
    for level, x in enumerate(lite0.maps(graph, "films", SIDE, WEIGHTS)):
        x = add("AveragePool", x, kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=0)
        if level == 0:
            x = add("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
        parts.append(add("LpNormalization", x, axis=1, p=2))
    cells = add("Transpose", add("Concat", *parts, axis=1), perm=[0, 2, 3, 1])
    cells = add("Reshape", cells, np.array([-1, DIM], np.int64))
    # |q - r|^2 = |q|^2 + (|r|^2 - 2 q . r), of which only the bracket has to be searched.
    apart = add("Gemm", cells, (-2 * bank.T), (bank * bank).sum(1))
    nearest = add("ReduceMin", apart, axes=[1], keepdims=1)
    squares = add("Add", nearest, add("ReduceSumSquare", cells, axes=[1], keepdims=1))
    distances = add("Sqrt", add("Relu", squares))
    scores = add("ReduceMean", add("Reshape", distances, np.array([-1, 196], np.int64)), axes=[1], keepdims=0)
    graph.nodes.append(onnx.helper.make_node("Identity", [scores], ["scores"]))
    real = onnx.TensorProto.FLOAT
    made = onnx.helper.make_graph(
        graph.nodes,
        "cells",
        [onnx.helper.make_tensor_value_info("films", real, ["films", 1, SIDE, SIDE])],
        [onnx.helper.make_tensor_value_info("scores", real, ["films"])],
        graph.weights,
    )
    return onnx.helper.make_model(made, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9)


def main():
    folder = Path(settings()["folder"])
    made = model(np.fromfile(folder / "cells.bin", "<f4").reshape(-1, DIM))
    onnx.checker.check_model(made)
    onnx.save(made, folder / "cells.onnx")
    serve(lambda: None, versions={"onnx": onnx.__version__})


main()
