"""Other Pythons that this machine has."""

import os
import shutil
import subprocess
from pathlib import Path


def interpreter(name: str) -> str | None:
    """Return the path of an interpreter that really starts, or ``None``.

    pyenv's own command for a version starts nothing where that version is not switched on.
    """
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for path in filter(None, [shutil.which(name), *root.glob(f"versions/*/bin/{name}")]):
        asked = [path, "-I", "-S", "-c", "import sys; print(sys.executable)"]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=30)
        if done.returncode == 0:
            return done.stdout.strip()
    return None
