"""Scores films as examples/python/score_ray.py does, in one process and on one thread: MODEL.onnx FILMS OUT."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "examples/python"))
from film_chunks import ChunkScorer, Run

run = Run(*sys.argv[1:4])
scorer = ChunkScorer(run)
for films in run.chunks():
    scorer.score_chunk(films)
run.join()
