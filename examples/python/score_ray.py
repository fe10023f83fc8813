"""Scores films on the machines of a Ray cluster, by a model's ONNX file.

    pip install -r examples/python/requirements-ray.txt
    python examples/python/score_ray.py chest.onnx films out            # a folder, or a table with the column `path`
    python examples/python/score_ray.py chest.onnx films out --workers 8 --address auto

Models, films and OUT lie where every machine sees them. The same line again goes on where a run was stopped; --retry does films again
that had an error. Research software, not a medical device: a score is no diagnosis.
"""
import argparse
import json
from pathlib import Path

import ray

from film_chunks import ChunkScorer, Run

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("films")
parser.add_argument("out")
parser.add_argument("--workers", type=int, default=2)
parser.add_argument("--threads", type=int, default=1, help="of each worker")
parser.add_argument("--address", help="of a cluster; this machine without it")
parser.add_argument("--chunk", type=int, default=64, help="films that are done, or done again, together")
parser.add_argument("--retry", action="store_true")
parser.add_argument("--recipe", type=json.loads, help="of a model that learnt from arrays, such as '{\"channels\": 1}'")
given = parser.parse_args()


class Scorer(ChunkScorer):
    """An actor: Ray starts one anew where it ends, and gives its chunk to another."""

    def __call__(self, batch):
        results = [self.score_chunk(list(films)) for films in batch["films"]]
        return {"films": [r["films"] for r in results], "errors": [r["errors"] for r in results]}


run = Run(given.model, given.films, given.out, given.recipe)
chunks = run.chunks(given.chunk, given.retry)
if chunks:
    here = {"num_cpus": given.workers, "include_dashboard": False}
    there = {"address": given.address, "runtime_env": {"working_dir": str(Path(__file__).parent)}}  # the modules beside this file go along
    ray.init(**(there if given.address else here), log_to_driver=False)
    ray.data.from_items([{"films": films} for films in chunks], override_num_blocks=len(chunks)).map_batches(
        Scorer,
        fn_constructor_args=(run, given.threads),
        batch_size=1,
        num_cpus=1,
        compute=ray.data.ActorPoolStrategy(size=given.workers),
    ).materialize()
run.join()
