"""Detectors of PyOD and scikit-learn, which see a film as a row of numbers.

`fit(films, seed, setting)` gives a function from films to scores, higher = more abnormal. Every tool standardises, or does
not, as it is shipped.
"""

import numpy as np


def rows(films):
    return films.reshape(len(films), -1)


def _pyod(make):
    def fit(films, seed, setting):
        detector = make(films[0].size, seed, setting).fit(rows(films))
        return lambda more: detector.decision_function(rows(more))

    return fit


def _scikit_learn(make):
    def fit(films, seed, setting):
        detector = make(seed, setting).fit(rows(films))
        # scikit-learn scores what is normal.
        return lambda more: -np.asarray(detector.score_samples(rows(more)))

    return fit


def _knn(size, seed, setting):
    from pyod.models.knn import KNN

    return KNN(**setting)


def _lof(size, seed, setting):
    from pyod.models.lof import LOF

    return LOF(**setting)


def _ecod(size, seed, setting):
    from pyod.models.ecod import ECOD

    return ECOD(**setting)


def _auto_encoder(size, seed, setting):
    from pyod.models.auto_encoder import AutoEncoder

    return AutoEncoder(random_state=seed, device="cpu", verbose=0, **setting)


def _deep_svdd(size, seed, setting):
    from pyod.models.deep_svdd import DeepSVDD

    return DeepSVDD(n_features=size, random_state=seed, verbose=0, **setting)


def _one_class_svm(seed, setting):
    from sklearn.svm import OneClassSVM

    return OneClassSVM(**setting)


def _isolation_forest(seed, setting):
    from sklearn.ensemble import IsolationForest

    return IsolationForest(random_state=seed, **setting)


knn, lof, ecod = _pyod(_knn), _pyod(_lof), _pyod(_ecod)
auto_encoder, deep_svdd = _pyod(_auto_encoder), _pyod(_deep_svdd)
one_class_svm, isolation_forest = _scikit_learn(_one_class_svm), _scikit_learn(_isolation_forest)
