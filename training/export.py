"""From a trained model to what ships: int8 ONNX, per channel, with the tokenizer; each file's sha256 in a manifest.

python -m training.export RUN OUT
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModelForSequenceClassification

from interviewer.embedded.files import MANIFEST
from interviewer.embedded.minilm import MODEL, TOKENIZER


class Logits(torch.nn.Module):
    """The model with its three inputs in a fixed order and the logits alone."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, token_type_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Nothing said, asserted, the opposite asserted."""
        found: torch.Tensor = self.model(input_ids=input_ids, token_type_ids=token_type_ids, attention_mask=attention_mask).logits
        return found


def export(run: Path, out: Path) -> None:
    """Write model, tokenizer and manifest."""
    out.mkdir(parents=True, exist_ok=True)
    model = Logits(AutoModelForSequenceClassification.from_pretrained(run / "model", attn_implementation="eager").eval())
    names = ["input_ids", "token_type_ids", "attention_mask"]
    example = tuple(torch.ones(2, 16, dtype=torch.long) for _ in names)
    axes = {name: {0: "pairs", 1: "tokens"} for name in names} | {"logits": {0: "pairs"}}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "model.onnx"
        torch.onnx.export(model, example, whole, input_names=names, output_names=["logits"], dynamic_axes=axes, dynamo=False)
        quantize_dynamic(whole, out / MODEL, per_channel=True, weight_type=QuantType.QInt8)
    shutil.copy(run / "model" / TOKENIZER, out / TOKENIZER)
    hashes = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in (MODEL, TOKENIZER)}
    (out / MANIFEST).write_text(json.dumps(hashes, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    export(arguments.run, arguments.out)
