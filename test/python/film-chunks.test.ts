import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { missingIn, root } from '../safetensors/python.js';

const missing = missingIn('pyarrow', 'numpy', 'pyvips', 'pydicom');
const python = process.env.SALAD_AD_PYTHON ?? 'python3';

/** Chunks without a model: a film's score is its number of bytes, and reading `deadly` ends the process. */
const scorer = `
import os, sys
from pathlib import Path
sys.path.insert(0, "examples/python")
import film_child, film_chunks
from film_refused import Refused

film_chunks.recipe_in = lambda model, recipe: {"channels": 1}

class Scorer(film_chunks.ChunkScorer):
    def scored(self, content):
        with open(self.run.out + "/log", "a") as log:
            log.write(f"{len(content)} ")
        if content == b"deadly" or content == b"second deadly":
            os._exit(9)
        if content == b"poison":
            raise Refused("IMAGE_INVALID: poison")
        return {"score": float(len(content))}

def make(run, threads):
    return Scorer(film_chunks.Run.again(run), threads)
`;

const beginning = `${scorer}
import tempfile
import pyarrow.parquet as pq

Scorer.program = [sys.executable, "-c", ${JSON.stringify(`${scorer}\nfilm_child.serve(make)`)}]

def worker(run, films):
    """In a process of its own, as an engine has it; whether it lived."""
    child = os.fork()
    if child == 0:
        Scorer(run).score_chunk(films)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0

def scored(run):
    """How long the films were that were scored since this was asked last."""
    log = Path(run.out, "log")
    text = log.read_text() if log.exists() else ""
    log.write_text("")
    return text.split()

def errors(run):
    return [(row["name"], row["error"]) for row in pq.read_table(run.out + "/scores.parquet").to_pylist() if row["error"]]

def again(**given):
    return film_chunks.Run(place / "model", place / "films", place / "out", **given)

place = Path(tempfile.mkdtemp())
(place / "films").mkdir()
(place / "model").write_bytes(b"model")
for i in range(10):
    (place / "films" / f"{i}.png").write_bytes(b"x" * (i + 1))
run = again()
`;

function printed(program: string): string[] {
  const given = ['-c', `${beginning}${program}`];
  const text = execFileSync(python, given, { cwd: root, encoding: 'utf8' });
  return text
    .replaceAll(/\/\S+\/scores/g, 'scores')
    .trim()
    .split('\n');
}

it.skipIf(missing)(`a manifest: resumed, retried, joined, poison named${missing}`, () => {
  const lines = printed(`
(place / "films" / "4.png").write_bytes(b"deadly")
(place / "films" / "6.png").write_bytes(b"second deadly")
(place / "films" / "7.png").write_bytes(b"poison")
first, second, third = run.chunks(4)
print([len(films) for films in (first, second, third)])
print(worker(run, first), [worker(run, second) for _ in range(2)], [len(chunk) for chunk in run.chunks(4)])
try:
    run.join()
except SystemExit as error:
    print(str(error).split(";")[0])
print(worker(run, third))
run.join()
print(errors(run))
(place / "films" / "7.png").write_bytes(b"mended!!")
os.utime(place / "films" / "7.png", ns=(1, 1))
print([[film["name"] for film in chunk] for chunk in run.chunks(4)], [[film["name"] for film in chunk] for chunk in again().chunks(4, retry=True)])
for chunk in run.chunks(4):
    worker(run, chunk)
run.join()
(place / "model").write_bytes(b"another")
print(sum(map(len, again().chunks())))
print(sum(map(len, again(recipe={"channels": 3}).chunks())))
print(os.listdir(run.out + "/begun"), [name for name in os.listdir(run.out + "/chunks") if "partial" in name])
`);
  const ended = (name: string) =>
    `('${name}', 'WORKER_ENDED: a process ended while it scored this film, 2 times')`;
  expect(lines).toEqual([
    '[4, 4, 2]',
    // Two films that end their process cost one worker; then they are scored apart.
    'True [False, True] [2]',
    '2 of 10 films are not scored',
    'True',
    '10 films in scores.parquet, 3 of them with an error, which the table names',
    `[${ended('4.png')}, ${ended('6.png')}, ('7.png', 'IMAGE_INVALID: poison')]`,
    "[['7.png']] [['4.png', '6.png', '7.png']]",
    '10 films in scores.parquet, 2 of them with an error, which the table names',
    '10',
    '10',
    '[] []',
  ]);
});

it.skipIf(missing)(
  `a finished chunk is not done again, one that failed is, with retry${missing}`,
  () => {
    const lines = printed(`
(place / "films" / "0.png").write_bytes(b"poison")
first, second = run.chunks(5)
print(worker(run, first), scored(run), worker(run, first), scored(run), worker(run, second), scored(run))
retried = again()
(films,) = retried.chunks(5, retry=True)
print(worker(retried, films), scored(run), worker(retried, films), scored(run))
retried = again()
(films,) = retried.chunks(5, retry=True)
print(worker(retried, films), scored(run))
run.join()
`);
    expect(lines).toEqual([
      "True ['6', '2', '3', '4', '5'] True [] True ['6', '7', '8', '9', '10']",
      "True ['6'] True []",
      "True ['6']",
      '10 films in scores.parquet, 1 of them with an error, which the table names',
    ]);
  },
);

it.skipIf(missing)(`a run beside another blames no film of a worker that lives${missing}`, () => {
  const lines = printed(`
(films,) = run.chunks(10)
def beside(self, content):
    """Another run takes the chunk while this one is at a film, and finishes it first."""
    Scorer.scored = plain
    print(worker(again(), films))
    return plain(self, content)
plain, Scorer.scored = Scorer.scored, beside
print(Scorer(run).score_chunk(films))
run.join()
print(errors(run), os.listdir(run.out + "/begun"))
`);
  expect(lines).toEqual([
    'True',
    "{'films': 10, 'errors': 0}",
    '10 films in scores.parquet, 0 of them with an error, which the table names',
    '[] []',
  ]);
});

it.skipIf(missing)(
  `a name that is no UTF-8, or leads nowhere, is one film's error${missing}`,
  () => {
    const lines = printed(`
(place / "films" / os.fsdecode(b"caf\\xe9.png")).write_bytes(b"x")
(place / "films" / "lost.png").symlink_to("nowhere")
for films in run.chunks(4):
    worker(run, films)
run.join()
print([(name, error.split(":")[0]) for name, error in errors(run)])
print(run.chunks())
`);
    expect(lines).toEqual([
      '12 films in scores.parquet, 2 of them with an error, which the table names',
      "[('caf\\\\xe9.png', 'IMAGE_UNREADABLE'), ('lost.png', 'IMAGE_UNREADABLE')]",
      '[]',
    ]);
  },
);
