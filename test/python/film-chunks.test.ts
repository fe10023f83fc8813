import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { missingIn, root } from '../safetensors/python.js';

const missing = missingIn('pyarrow', 'numpy');
const python = process.env.SALAD_AD_PYTHON ?? 'python3';

/** Chunks without a model: a film's score is its number of bytes, and reading `deadly` ends the process. */
const program = `
import os, sys, tempfile
from pathlib import Path
sys.path.insert(0, "examples/python")
import pyarrow.parquet as pq
from film_chunks import FilmScorer, Run

class Scorer(FilmScorer):
    def __init__(self, run):
        self.run = run
    def scored(self, content):
        if content == b"deadly":
            os._exit(9)
        if content == b"poison":
            raise ValueError("poison")
        return {"score": float(len(content))}

def worker(run, films):
    """In a process of its own, as an engine has it; whether it lived."""
    child = os.fork()
    if child == 0:
        Scorer(run).score_chunk(films)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0

place = Path(tempfile.mkdtemp())
(place / "films").mkdir()
(place / "model").write_bytes(b"model")
for i in range(10):
    (place / "films" / f"{i}.png").write_bytes(b"x" * (i + 1))
(place / "films" / "4.png").write_bytes(b"deadly")
(place / "films" / "7.png").write_bytes(b"poison")
run = Run(place / "model", place / "films", place / "out")
print([len(chunk) for chunk in run.chunks(4)])
first, second, third = run.chunks(4)
print(worker(run, first), [worker(run, second) for _ in range(3)], [len(chunk) for chunk in run.chunks(4)])
try:
    run.join()
except SystemExit as error:
    print(str(error).split(";")[0])
print(worker(run, third))
run.join()
print([(row["name"], row["error"]) for row in pq.read_table(place / "out" / "scores.parquet").to_pylist() if row["error"]])
(place / "films" / "7.png").write_bytes(b"mended!!")
os.utime(place / "films" / "7.png", ns=(1, 1))
print([[film["name"] for film in chunk] for chunk in run.chunks(4)], [[film["name"] for film in chunk] for chunk in run.chunks(4, retry=True)])
for chunk in run.chunks(4):
    worker(run, chunk)
run.join()
(place / "model").write_bytes(b"another")
print(sum(map(len, Run(place / "model", place / "films", place / "out").chunks())))
print([name for name in os.listdir(place / "out" / "chunks") if "partial" in name])
`;

it.skipIf(missing)(`a manifest: resumed, retried, joined, poison named${missing}`, () => {
  const text = execFileSync(python, ['-c', program], { cwd: root, encoding: 'utf8' });
  expect(text.replaceAll(/\/\S+\/scores/g, 'scores').split('\n')).toEqual([
    '[4, 4, 2]',
    // The film that ends its worker: once without a note, once with one; the third time it is passed over.
    'True [False, False, True] [2]',
    '2 of 10 films are not scored',
    'True',
    '10 films in scores.parquet, 2 of them with an error, which the table names',
    "[('4.png', 'WORKER_ENDED: a worker ended while it scored this film, twice'), ('7.png', 'ValueError: poison')]",
    "[['7.png']] [['4.png', '7.png']]",
    '10 films in scores.parquet, 1 of them with an error, which the table names',
    '10',
    '[]',
    '',
  ]);
});
