"""Where `templates/` and `migrations/` lie: beside the package in a checkout, inside it in an installed wheel."""

from pathlib import Path


def folder(name: str) -> Path:
    """Return the folder of that name."""
    package = Path(__file__).resolve().parent
    return next(path for path in (package / name, package.parent / name) if path.is_dir())
