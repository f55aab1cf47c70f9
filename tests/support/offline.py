"""The script that verifies proofs, as somebody runs it who has nothing but Python."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

SCRIPT = Path(settings.BASE_DIR) / "tools" / "verify_proof.py"


class Offline:
    """Verifies proofs in a folder, in a process that knows nothing of the project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, proof: Any, *arguments: str) -> tuple[int, str]:
        """Return the exit code and what was said of this proof, or of this text in its place."""
        path = self.folder / "proof.json"
        path.write_text(proof if isinstance(proof, str) else json.dumps(proof), encoding="utf-8")
        process = subprocess.run(
            [sys.executable, "-I", str(SCRIPT), str(path), *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        )
        return process.returncode, process.stdout + process.stderr
