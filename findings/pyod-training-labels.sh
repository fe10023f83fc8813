#!/usr/bin/env bash
# Guess: a PyOD detector's labels_ of the training set are what predict() says of the training set.
# What happens: for KNN they differ. Learning leaves a row out of its own neighbours; predict() finds the row in the training set, at
# distance 0, and counts it as the nearest. Scores are lower, the threshold stays, and fewer rows are outliers than contamination says.
. "$(dirname "$0")/support/common.sh"

python_packages pyod==3.6.7 numpy==2.4.6 scikit-learn==1.9.1
venv/bin/python - <<'PY'
import numpy as np
from pyod.models.knn import KNN
from seen import seen

rows = np.random.default_rng(0).normal(size=(100, 2))
detector = KNN(contamination=0.1).fit(rows)
again = detector.decision_function(rows)
seen("labels_, outliers of 100 at contamination 0.1", int(detector.labels_.sum()), 10)
seen("predict of the same rows, outliers", int(detector.predict(rows).sum()), 8)
seen("rows with a lower score than decision_scores_ has", int((again < detector.decision_scores_).sum()), 100)
PY

# Seen on 2026-11-28 with:
# Python 3.11.7, pyod==3.6.7 numpy==2.4.6 scikit-learn==1.9.1
# labels_, outliers of 100 at contamination 0.1: 10
# predict of the same rows, outliers: 8
# rows with a lower score than decision_scores_ has: 100
