"""How files become pixels before a model's graph, as the metadata of its ONNX file says: obeyed, or refused."""
import json

from film_refused import Refused

SHAPES = ("LINEAR", "LINEAR_EXACT", "SIGMOID")
EXAMPLE = "--recipe '{\"channels\": 1}'"


def recipe_in(model, given=None):
    """`recipe_of` the metadata of a model's file."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # nothing is run
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return recipe_of(session.get_modelmeta().custom_metadata_map, given)


def recipe_of(metadata, given=None):
    """The recipe that the model learnt by, with what is `given` in its place. Raises Refused (NO_RECIPE)."""
    steps = metadata.get("salad-ad.preparation") or metadata.get("salad-ad.steps") or "{}"
    learnt = json.loads(steps).get("recipe")
    if learnt is None and given is None:
        raise refused(f"it does not say how its images were made of files; give its recipe, such as {EXAMPLE}")
    recipe = {"channels": 1, **(learnt or {}), **(given or {})}
    told = (recipe.get("decoders") or {}).get("dicom") or {}
    if recipe.get("transform"):
        raise refused(f"its images went through '{recipe['transform']['name']}', which is not there in Python; score by salad-ad score, or train without it")
    for step in ("size", "resize"):  # these are in the graph
        if step in (given or {}) and given[step] != (learnt or {}).get(step):
            raise refused(f"the graph itself brings films to its size, and not by {step} {given[step]}; leave it out")
    check_names("the recipe", recipe, {"channels", "size", "resize", "bitsStored", "decoders", "transform"})
    check_names("decoders", recipe.get("decoders") or {}, {"dicom"})
    check_names("decoders.dicom", told, {"window", "frame"})
    if recipe["channels"] not in (1, 3) or recipe.get("bitsStored", 16) not in range(1, 17):
        raise refused(f"its recipe has channels {recipe['channels']} and bitsStored {recipe.get('bitsStored')}; expected 1 or 3, and 1 to 16")
    check_window(told.get("window", "file"))
    return recipe


def check_names(place, given, known):
    for name in set(given) - known:
        raise refused(f"{place} names '{name}', which is not known here; score by salad-ad score")


def check_window(window):
    if window in ("file", "full"):
        return
    if not isinstance(window, dict) or window.get("shape", "LINEAR") not in SHAPES or not {"center", "width"} <= set(window) <= {"center", "width", "shape"}:
        raise refused(f"its recipe has the window {window}; expected 'file', 'full' or center and width")


def refused(reason):
    return Refused(f"NO_RECIPE: films cannot be read as this model learnt: {reason}")
