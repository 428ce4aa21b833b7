"""Where the course's own data and notebooks lie, installed or in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def _folder(installed: str, checkout: str) -> Path:
    inside = _PACKAGE / installed
    return inside if inside.is_dir() else _PACKAGE.parent / checkout


def data_path(*parts: str) -> Path:
    """Return the path of a file in ``data/``; the one way to reach it.

    A wheel carries the folder inside the package, an editable install finds it beside it.

    Raises:
        ValueError: a part that would lead out of the folder, also by a link.
    """
    for part in parts:
        if Path(part).is_absolute() or ".." in Path(part).parts or {"\0", "\n"} & set(part):
            raise ValueError(f"parts={part!r}: must be a plain name inside data/")
    folder = _folder("_data", "data")
    path = folder.joinpath(*parts)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"parts={parts!r}: must be names inside data/, and lead out by a link")
    return path


def notebooks_path() -> Path:
    """Return the folder that holds the stored notebooks."""
    return _folder("_notebooks", "notebooks")
