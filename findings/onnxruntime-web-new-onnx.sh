#!/usr/bin/env bash
# Guess: the newest onnxruntime for JavaScript loads what the newest onnx for Python writes.
# What happens: onnx 1.23 writes IR version 14 and opset 28 by default, and onnxruntime-web 1.30 refuses the file
# whatever is in it, here one Relu. Written with ir_version=8 and opset 17, the same graph loads and runs.
. "$(dirname "$0")/support/common.sh"

python_packages onnx==1.23.2
npm_packages onnxruntime-web@1.30.0
venv/bin/python - <<'PY'
from onnx import TensorProto, helper
from seen import seen

x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in "xy")
graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "graph", [x], [y])
model = helper.make_model(graph)
seen("onnx writes IR version and opset", (model.ir_version, model.opset_import[0].version), (14, 28))
old = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
for name, each in {"default": model, "old": old}.items():
    with open(f"{name}.onnx", "wb") as file:
        file.write(each.SerializeToString())
PY
node - <<'JS'
const { seen } = require(process.env.SEEN);
const { readFileSync } = require('node:fs');
const ort = require('onnxruntime-web');

async function run(name) {
  try {
    const session = await ort.InferenceSession.create(readFileSync(`${name}.onnx`), { executionProviders: ['wasm'] });
    return [...(await session.run({ x: new ort.Tensor('float32', [3], [1]) })).y.data];
  } catch (error) {
    return error.message.match(/Unsupported model IR version: \d+/)?.[0] ?? error.message;
  }
}
(async () => {
  seen('onnxruntime-web, IR version 8 and opset 17', await run('old'), [3]);
  seen("onnxruntime-web, onnx's defaults", await run('default'), 'Unsupported model IR version: 14');
  process.exit(0);
})();
JS

# Seen on 2026-11-28 with:
# Python 3.11.7, onnx==1.23.2
# Node v20.20.2, onnxruntime-web@1.30.0
# onnx writes IR version and opset: (14, 28)
# onnxruntime-web, IR version 8 and opset 17: [3]
# onnxruntime-web, onnx's defaults: "Unsupported model IR version: 14"
