"""Scores films on the machines of a Spark cluster, by a model's ONNX file.

    pip install -r examples/python/requirements-spark.txt
    PYSPARK_PYTHON=$(which python) python examples/python/score_spark.py chest.onnx films out    # a folder, or a table with the column `path`
    PYSPARK_PYTHON=python3 python examples/python/score_spark.py chest.onnx films out --master spark://host:7077

Models, films and OUT lie where every machine sees them. The same line again goes on where a run was stopped; --retry does films again
that had an error. Research software, not a medical device: a score is no diagnosis.
"""
import argparse
import json
from pathlib import Path

import pandas as pd
from pyspark.sql import SparkSession

from film_chunks import ChunkScorer, Run

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("films")
parser.add_argument("out")
parser.add_argument("--master", default="local[2,4]", help="two workers here, and a chunk is tried four times")
parser.add_argument("--threads", type=int, default=1, help="of each worker")
parser.add_argument("--chunk", type=int, default=64, help="films that are done, or done again, together")
parser.add_argument("--retry", action="store_true")
parser.add_argument("--recipe", type=json.loads, help="of a model that learnt from arrays, such as '{\"channels\": 1}'")
given = parser.parse_args()
run = Run(given.model, given.films, given.out, given.recipe)


def score(batches, run=run, threads=given.threads):
    scorer = ChunkScorer(run, threads)
    for batch in batches:
        yield pd.DataFrame([scorer.score_chunk(json.loads(films)) for films in batch["films"]])


chunks = run.chunks(given.chunk, given.retry)
if chunks:
    spark = SparkSession.builder.master(given.master).appName("salad-ad").getOrCreate()
    for module in Path(__file__).parent.glob("film_*.py"):
        spark.sparkContext.addPyFile(str(module))
    # A part for each chunk: a worker that dies loses one chunk, and tries are counted for it alone. Workers keep the model from part to part.
    parts = spark.sparkContext.parallelize([(json.dumps(films),) for films in chunks], len(chunks))
    spark.createDataFrame(parts, "films string").mapInPandas(score, "films long, errors long").collect()
    spark.stop()
run.join()
