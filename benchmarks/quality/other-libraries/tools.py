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
    # too slow for more
    first_seed_alone: bool = False
    note: str = ""

    def function(self) -> Callable:
        module, name = self.fit
        return getattr(__import__(module), name)


BACKBONE = {"backbone": "resnet18"}
UNTRAINED = "its ResNet-18 with random weights in place of the downloaded ones"

TOOLS = [
    Tool("PyOD KNN", "pyod", ("vector_tools", "knn"), [{}, {"n_neighbors": 1}, {"n_neighbors": 20}]),
    Tool("PyOD LOF", "pyod", ("vector_tools", "lof"), [{}, {"n_neighbors": 5}, {"n_neighbors": 100}]),
    Tool("PyOD ECOD", "pyod", ("vector_tools", "ecod"), note="has no settings"),
    Tool(
        "scikit-learn one-class SVM",
        "scikit-learn",
        ("vector_tools", "one_class_svm"),
        [{}, {"nu": 0.1}, {"nu": 0.1, "gamma": "auto"}],
    ),
    Tool(
        "scikit-learn isolation forest",
        "scikit-learn",
        ("vector_tools", "isolation_forest"),
        [{}, {"n_estimators": 500}, {"n_estimators": 500, "max_features": 0.1}],
        random=True,
    ),
    Tool(
        "PyOD AutoEncoder",
        "pyod",
        ("vector_tools", "auto_encoder"),
        [{}, {"epoch_num": 50}, {"epoch_num": 50, "hidden_neuron_list": [256, 128]}],
        random=True,
    ),
    Tool(
        "PyOD DeepSVDD",
        "pyod",
        ("vector_tools", "deep_svdd"),
        [{}, {"learning_rate": 1e-3}, {"use_ae": True}],
        random=True,
    ),
    Tool(
        "anomalib PaDiM (random backbone)",
        "anomalib",
        ("image_tools", "padim"),
        [{}, {"layers": ["layer1"], "n_features": 64}, {"layers": ["layer1", "layer2"]}],
        random=True,
        note=UNTRAINED,
    ),
    Tool(
        "anomalib DFKDE (random backbone)",
        "anomalib",
        ("image_tools", "dfkde"),
        [{}, {"n_pca_components": 64}, {"layers": ["layer2"]}],
        random=True,
        note=UNTRAINED,
    ),
    Tool(
        "anomalib DFM (random backbone)",
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
        "anomalib PatchCore (random backbone)",
        "anomalib",
        ("image_tools", "patchcore"),
        [BACKBONE, {**BACKBONE, "num_neighbors": 1}, {**BACKBONE, "coreset_sampling_ratio": 0.02}],
        random=True,
        note=f"{UNTRAINED}; on PneumoniaMNIST with MALLOC_MMAP_THRESHOLD_=1048576 in the environment, since glibc's own choice keeps what the coreset frees, and 23 GiB were not enough for it; that costs time, 37 s for 6",
    ),
    Tool(
        "anomalib GANomaly",
        "anomalib",
        ("image_tools", "ganomaly"),
        [{"epochs": 30}],
        random=True,
        first_seed_alone=True,
        note="of 30 epochs, as many as the library's own networks, since it ships no number; one setting and the first seed alone, as a fit takes all of the budget",
    ),
    Tool(
        "anomalib DRAEM",
        "anomalib",
        ("image_tools", "draem"),
        [{"epochs": 30}],
        random=True,
        first_seed_alone=True,
        note="Perlin noise alone, without the textures that it would download; of 30 epochs; one setting and the first seed alone, as a fit takes all of the budget",
    ),
]
