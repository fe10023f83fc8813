/** Scores the files of a folder by an .onnx file on onnxruntime-node, one thread, one process: MODEL.onnx FILMS OUT.jsonl. */
import { readdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { OnnxScorer } from 'salad-ad/onnx';
import sharp from 'sharp';

const [model, films, out] = process.argv.slice(2);
sharp.concurrency(1);
const file = readFileSync(model);
const session = await ort.InferenceSession.create(file, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
});
const scorer = new OnnxScorer({ file, session, Tensor: ort.Tensor });
const names = readdirSync(films).sort();
const rows = await open(out, 'w');
for (let first = 0; first < names.length; first += 64) {
  const chunk = names.slice(first, first + 64);
  const {
    scores,
    indices,
    problems = [],
  } = await scorer.scoreFiles(chunk.map((name) => join(films, name)));
  const lines = Array.from(scores, (score, i) =>
    JSON.stringify({ name: chunk[indices?.[i] ?? i], score }),
  );
  for (const { index } of problems) lines.push(JSON.stringify({ name: chunk[index], score: null }));
  await rows.write(`${lines.join('\n')}\n`);
}
await rows.close();
