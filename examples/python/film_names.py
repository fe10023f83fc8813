"""Which films there are: the files that `salad-ad score` finds in a folder, or those of a table with the column `path`."""
import os
import re
from pathlib import Path

IMAGE = re.compile(r"(\.(png|jpe?g|webp|tiff?|dcm|dicom|ima)|^[^.]+)$", re.IGNORECASE)


def names_in(films):
    """Paths below the folder, or as the table has them. Ends the program where there is none."""
    names = paths_of_table(Path(films)) if os.path.isfile(films) else names_below(films)
    if not names:
        raise SystemExit(f"{films} has no films (PNG, JPEG, WebP, TIFF, DICOM); name a folder of films, or a table with their paths")
    return names


def paths_of_table(table):
    import pyarrow as pa
    from pyarrow import csv, parquet

    if table.suffix == ".parquet":
        found = parquet.read_table(table, columns=["path"])
    else:  # as text: 007 is no number
        options = csv.ConvertOptions(column_types={"path": pa.string()}, include_columns=["path"])
        found = csv.read_csv(table, convert_options=options)
    return list(dict.fromkeys(path or "" for path in found["path"].to_pylist()))


def names_below(root):
    """A folder that links lead to is entered once, after those that lie here: each film has one name, and links in a circle end."""
    names, entered, folders = [], set(), [root]
    while folders:
        linked = []
        for folder in folders:
            enter(folder, names, linked, entered)
        folders = sorted(linked, key=code_units)
    return sorted((os.path.relpath(name, root) for name in names), key=code_units)


def enter(folder, names, linked, entered):
    real = os.path.realpath(folder)
    if real in entered:
        return
    entered.add(real)
    with os.scandir(folder) as entries:
        found = [entry for entry in entries if not entry.name.startswith(".")]
    for entry in found:
        if entry.is_dir():
            if entry.is_symlink():
                linked.append(entry.path)
            else:
                enter(entry.path, names, linked, entered)
        # A link that leads nowhere is told of as a file that cannot be read.
        elif (entry.is_file() or entry.is_symlink()) and IMAGE.search(entry.name):
            names.append(entry.path)


def code_units(path):
    """The order of JavaScript."""
    return path.encode("utf-16-be", "surrogatepass")
