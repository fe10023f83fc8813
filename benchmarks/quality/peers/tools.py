"""Every tool with the settings it may choose from: as it is shipped first, then others of the same small number."""

from dataclasses import dataclass, field
from typing import Any, Callable


@dataclass(frozen=True)
class Tool:
    name: str
    package: str
    # module and function that fits it
    fit: tuple[str, str]
    settings: list[dict[str, Any]] = field(default_factory=lambda: [{}])
    # whether a seed changes it
    random: bool = False
    note: str = ""

    def function(self) -> Callable:
        module, name = self.fit
        return getattr(__import__(module), name)


BACKBONE = {"backbone": "resnet18"}
UNTRAINED = "its ResNet-18 with random weights in place of the downloaded ones"

TOOLS = [
    Tool("KNN", "pyod", ("vector_tools", "knn"), [{}, {"n_neighbors": 1}, {"n_neighbors": 20}]),
    Tool("LOF", "pyod", ("vector_tools", "lof"), [{}, {"n_neighbors": 5}, {"n_neighbors": 100}]),
    Tool("ECOD", "pyod", ("vector_tools", "ecod"), note="has no settings"),
    Tool(
        "one-class SVM",
        "scikit-learn",
        ("vector_tools", "one_class_svm"),
        [{}, {"nu": 0.1}, {"nu": 0.1, "gamma": "auto"}],
    ),
    Tool(
        "isolation forest",
        "scikit-learn",
        ("vector_tools", "isolation_forest"),
        [{}, {"n_estimators": 500}, {"n_estimators": 500, "max_features": 0.1}],
        random=True,
    ),
    Tool(
        "AutoEncoder",
        "pyod",
        ("vector_tools", "auto_encoder"),
        [{}, {"epoch_num": 50}, {"epoch_num": 50, "hidden_neuron_list": [256, 128]}],
        random=True,
        note="about 5 s of its fitting compile PyOD's distances (numba), once a process",
    ),
    Tool(
        "DeepSVDD",
        "pyod",
        ("vector_tools", "deep_svdd"),
        [{}, {"learning_rate": 1e-3}, {"use_ae": True}],
        random=True,
    ),
    Tool(
        "PaDiM, random backbone",
        "anomalib",
        ("image_tools", "padim"),
        [{}, {"layers": ["layer1"], "n_features": 64}, {"layers": ["layer1", "layer2"]}],
        random=True,
        note=UNTRAINED,
    ),
    Tool(
        "PatchCore, random backbone",
        "anomalib",
        ("image_tools", "patchcore"),
        [BACKBONE, {**BACKBONE, "num_neighbors": 1}, {**BACKBONE, "coreset_sampling_ratio": 0.02}],
        random=True,
        note=UNTRAINED + "; choosing its core set took .7 to 11 GB from run to run of the same size",
    ),
    Tool(
        "DFKDE, random backbone",
        "anomalib",
        ("image_tools", "dfkde"),
        [{}, {"n_pca_components": 64}, {"layers": ["layer2"]}],
        random=True,
        note=UNTRAINED,
    ),
    Tool(
        "DFM, random backbone",
        "anomalib",
        ("image_tools", "dfm"),
        [
            {**BACKBONE, "pooling_kernel_size": 2},
            {**BACKBONE, "pooling_kernel_size": 2, "pca_level": 0.5},
            {**BACKBONE, "pooling_kernel_size": 2, "layer": "layer2"},
        ],
        random=True,
        note=UNTRAINED,
    ),
    Tool(
        "GANomaly",
        "anomalib",
        ("image_tools", "ganomaly"),
        [{"epochs": 30}, {"epochs": 30, "latent_vec_size": 32}, {"epochs": 30, "n_features": 32}],
        random=True,
        note="30 epochs, since it ships no number; more than 4 minutes of processor time a run at 32 px",
    ),
    Tool(
        "DRAEM",
        "anomalib",
        ("image_tools", "draem"),
        [{"epochs": 30}],
        random=True,
        note="Perlin noise alone, without the downloaded textures; 30 epochs",
    ),
]

# anomalib's other image models, and why they are not here.
LEFT_OUT = {
    "fetch weights whatever they are told": "AnomalyDINO, AnomalyVFM, CFA, CFM, CS-Flow, Dinomaly, DSR, EfficientAD, FoundAD, INP-Former, L2BT, STFPM, "
    "SuperADD, SuperSimpleNet, U-Flow, UniNet, VLM-AD, WinCLIP",
    "would train for epochs on top of features that have learnt nothing": "CFLOW, FastFlow, FRE, GeneralAD, GLASS, PatchFlow, Reverse Distillation",
    "are variants of PatchCore on other backbones": "MHPatchcore, RAD",
}
