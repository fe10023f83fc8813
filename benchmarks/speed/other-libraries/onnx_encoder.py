"""Writes the encoder of the exported network as ONNX: encoder.onnx, and a batch with its embeddings.

Batch normalisation stays a node of its own: ONNX Runtime folds it into the convolution when it loads the graph.
"""

from pathlib import Path

from exported import read
from protocol import need, serve, settings

onnx = need("onnx")
np = need("numpy")
helper, numpy_helper = onnx.helper, onnx.numpy_helper


def encoder(exported):
    nodes, weights = [], []

    def add(operator, inputs, output, arrays=(), **attributes):
        names = [f"{output} {i}" for i in range(len(arrays))]
        for name, array in zip(names, arrays):
            weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        nodes.append(helper.make_node(operator, [*inputs, *names], [output], **attributes))
        return output

    x = "images"
    for i, layer in enumerate(exported.encoder):
        stride = 2 - i % 2
        # TensorFlow's `same`: an even map is padded below and right alone where it is halved.
        pads = [0, 0, 1, 1] if stride == 2 else [1, 1, 1, 1]
        kernel = layer.filter.transpose(3, 2, 0, 1)
        x = add("Conv", [x], f"convolution {i}", [kernel], strides=[stride, stride], pads=pads)
        arrays = [layer.scale, layer.offset, layer.mean, layer.variance]
        x = add("BatchNormalization", [x], f"normalised {i}", arrays, epsilon=1e-5)
        x = add("LeakyRelu", [x], f"activated {i}", alpha=0.1)
    projection, channels = exported.projection, exported.encoder[-1].scale.size
    # Rows in the order height, width, channels; ONNX flattens channels first.
    side = int((projection.weights.shape[0] / channels) ** 0.5)
    rows = projection.weights.reshape(side, side, channels, -1).transpose(2, 0, 1, 3)
    flat = add("Flatten", [x], "flat")
    z = add("Gemm", [flat], "z", [rows.reshape(projection.weights.shape), projection.bias])
    add("LpNormalization", [z], "embeddings", axis=1, p=2)

    batch, height, width, _ = exported.images.shape
    real = onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "encoder",
        [helper.make_tensor_value_info("images", real, [batch, 1, height, width])],
        [helper.make_tensor_value_info("embeddings", real, exported.embeddings.shape)],
        weights,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def main():
    folder = Path(settings()["folder"])
    exported = read(folder)
    model = encoder(exported)
    onnx.checker.check_model(model)
    onnx.save(model, folder / "encoder.onnx")
    exported.images.tofile(folder / "images.bin")
    exported.embeddings.tofile(folder / "embeddings.bin")
    serve(lambda: None, versions={"onnx": onnx.__version__})


main()
