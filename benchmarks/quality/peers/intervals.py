"""Areas under curves, and their intervals over films."""

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

REPLICATES = 1000


def auc(scores, labels):
    return float(roc_auc_score(labels, scores))


def _wins(scores, labels):
    """[abnormal, normal]: 1 where the abnormal film scores higher, a half at a tie."""
    abnormal, normal = scores[labels == 1], scores[labels == 0]
    return (abnormal[:, None] > normal) + 0.5 * (abnormal[:, None] == normal)


def auc_with_interval(runs, labels, against=()):
    """Mean AUC of the runs (less that of `against`) and its 95% interval, films drawn anew within either class."""
    labels = np.asarray(labels)
    wins = _mean([_wins(np.asarray(scores), labels) for scores in runs])
    if len(against):
        wins = wins - _mean([_wins(np.asarray(scores), labels) for scores in against])
    abnormal, normal = wins.shape
    random = np.random.default_rng(1)
    drawn = [
        random.multinomial(abnormal, np.full(abnormal, 1 / abnormal))
        @ wins
        @ random.multinomial(normal, np.full(normal, 1 / normal))
        / wins.size
        for _ in range(REPLICATES)
    ]
    return [float(wins.mean()), *np.quantile(drawn, [0.025, 0.975]).tolist()]


def average_precision(runs, labels):
    """Mean over the runs; chance is the prevalence."""
    return _mean([float(average_precision_score(labels, scores)) for scores in runs])


def _mean(values):
    return sum(values) / len(values)
