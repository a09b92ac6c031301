"""Static vectors of words: what MiniLM makes of each token by itself, shortened by PCA, common tokens weighed less.

They find the passage of an answer that a point may be in, a thousand times faster than the model: python -m training.vectors OUT
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from sklearn.decomposition import PCA
from transformers import AutoModel, AutoTokenizer

from training.inputs import base_folder

SIZE = 192
TOKENS_AT_ONCE = 1024


@torch.no_grad()
def build(out: Path) -> None:
    """Write int8 vectors with one scale per token, `vectors.npz` without pickles: `values` (tokens, SIZE), `scales` (tokens,)."""
    tokenizer = AutoTokenizer.from_pretrained(base_folder())
    model = AutoModel.from_pretrained(base_folder()).eval()
    count = len(tokenizer)
    rows = []
    for start in range(0, count, TOKENS_AT_ONCE):
        ids = torch.arange(start, min(count, start + TOKENS_AT_ONCE))
        batch = torch.stack([torch.full_like(ids, tokenizer.cls_token_id), ids, torch.full_like(ids, tokenizer.sep_token_id)], dim=1)
        rows.append(model(input_ids=batch, attention_mask=torch.ones_like(batch)).last_hidden_state.mean(dim=1).numpy())
    vectors = PCA(n_components=SIZE, random_state=0).fit_transform(np.concatenate(rows))
    vectors *= np.log(1 + np.arange(count))[:, None]  # the vocabulary stands in the order of how common its words are
    scales = np.abs(vectors).max(axis=1) / 127
    values = np.round(vectors / np.maximum(scales, 1e-9)[:, None]).astype(np.int8)
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out, values=values, scales=scales.astype(np.float32))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    build(parser.parse_args().out)
