"""Fine-tune MiniLM as a cross-encoder: (point, passage) -> nothing said, asserted, the opposite asserted.

python -m training.train OUT [--folds 3 --fold 0] [--without SOURCE …] [--share 1.0] [--epochs 2]
Interrupted, it goes on from the last checkpoint in OUT. The same arguments and inputs give the same batches.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from torch.nn.functional import cross_entropy
from transformers import AutoModelForSequenceClassification, AutoTokenizer, PreTrainedTokenizerBase, get_linear_schedule_with_warmup

from training.inputs import base_folder
from training.pairs import Pair, of_bank, of_long, of_public, of_short, usable_questions

SEED = 11
BATCH = 32
LONGEST = 160
RATE = 6e-5
SMOOTHING = 0.05
CHUNK = 40
"""Batches sorted by length together, so that little is padded."""
SAVE_EVERY = 200
DEV = 12
"""One question of so many is held back to watch the loss."""


def fold_of(group: str, folds: int) -> int:
    """Which fold a question belongs to: by its name, so that new questions move none."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % folds


def load_pairs(*, without: Sequence[str], share: float) -> list[Pair]:
    """All pairs but those of some sources; `share` of the questions, for a learning curve."""
    rng = Random(SEED)
    found = [*of_bank(usable_questions(), rng), *of_public(rng), *of_short(rng), *of_long(rng)]
    kept = [p for p in found if p.source not in without]
    return [p for p in kept if fold_of(f"share/{p.group}", 1000) < 1000 * share]


def encoded(pairs: Sequence[Pair], tokenizer: PreTrainedTokenizerBase) -> list[tuple[list[int], list[int], int]]:
    """Token ids, token types and label of each pair; of a long passage the end goes."""
    found = tokenizer([p.point for p in pairs], [p.passage for p in pairs], truncation="longest_first", max_length=LONGEST)
    return [(i, t, p.label) for i, t, p in zip(found["input_ids"], found["token_type_ids"], pairs, strict=True)]


def batches(rows: Sequence[tuple[list[int], list[int], int]], epoch: int) -> Iterator[tuple[torch.Tensor, ...]]:
    """Shuffled, then sorted by length within chunks of batches, the batches of a chunk shuffled again."""
    rng = Random(SEED * 1000 + epoch)
    order = list(range(len(rows)))
    rng.shuffle(order)
    for start in range(0, len(order), CHUNK * BATCH):
        chunk = sorted(order[start : start + CHUNK * BATCH], key=lambda n: len(rows[n][0]))
        parts = [chunk[n : n + BATCH] for n in range(0, len(chunk), BATCH)]
        rng.shuffle(parts)
        for part in parts:
            yield padded([rows[n] for n in part])


def padded(rows: Sequence[tuple[list[int], list[int], int]]) -> tuple[torch.Tensor, ...]:
    """Ids, types, mask and labels of a batch."""
    longest = max(len(ids) for ids, _, _ in rows)
    ids, types, mask = (torch.zeros(len(rows), longest, dtype=torch.long) for _ in range(3))
    for n, (i, t, _) in enumerate(rows):
        ids[n, : len(i)], types[n, : len(t)], mask[n, : len(i)] = torch.tensor(i), torch.tensor(t), 1
    return ids, types, mask, torch.tensor([label for _, _, label in rows])


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """`folds`, `fold`: questions of this fold are left out (-1: of none); `without`: sources left out; `share`: of questions."""

    epochs: int = 2
    folds: int = 1
    fold: int = -1
    without: tuple[str, ...] = ()
    share: float = 1.0
    threads: int = 2


def train(out: Path, recipe: Recipe) -> None:
    """Train into `out/model`, with checkpoints."""
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(SEED)
    tokenizer = AutoTokenizer.from_pretrained(base_folder())
    pairs = load_pairs(without=recipe.without, share=recipe.share)
    used = [p for p in pairs if recipe.fold < 0 or fold_of(p.group, recipe.folds) != recipe.fold]
    rows = encoded([p for p in used if fold_of(f"dev/{p.group}", DEV) != 0], tokenizer)
    held = encoded([p for p in used if fold_of(f"dev/{p.group}", DEV) == 0], tokenizer)
    steps = recipe.epochs * -(-len(rows) // BATCH)
    model = beginning()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=RATE, weight_decay=0.01, fused=True)
    schedule = get_linear_schedule_with_warmup(optimizer, steps // 10, steps)
    done = resume(out, model, optimizer, schedule)
    print(f"{len(rows):,} pairs, {len(held):,} held back, {steps:,} steps, {done:,} done", flush=True)
    step, began = 0, time.monotonic()
    for epoch in range(recipe.epochs):
        for batch in batches(rows, epoch):
            step += 1
            if step <= done:
                continue
            loss = learn(model, optimizer, schedule, batch)
            if step % SAVE_EVERY == 0:
                save(out, model, optimizer, schedule, step)
                rate = (step - done) * BATCH / (time.monotonic() - began)
                print(f"step {step:,}: loss {loss:.3f}, {rate:.0f} pairs a second", flush=True)
        print(f"epoch {epoch + 1}: {json.dumps(watched(model, held))}", flush=True)
    save(out, model, optimizer, schedule, step)
    model.save_pretrained(out / "model")
    tokenizer.save_pretrained(out / "model")


def learn(
    model: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    batch: tuple[torch.Tensor, ...],
) -> float:
    """One step; returns its loss."""
    ids, types, mask, labels = batch
    model.train()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(input_ids=ids, token_type_ids=types, attention_mask=mask).logits
    loss = cross_entropy(logits.float(), labels, label_smoothing=SMOOTHING)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    schedule.step()
    optimizer.zero_grad()
    return float(loss.item())


def beginning() -> torch.nn.Module:
    """The base with a head for three labels. Word embeddings stay; without dropout, which costs a fifth of the time on a CPU."""
    model = AutoModelForSequenceClassification.from_pretrained(
        base_folder(), num_labels=3, attn_implementation="eager", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    for parameter in model.bert.embeddings.parameters():
        parameter.requires_grad = False
    return model


def resume(out: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer, schedule: torch.optim.lr_scheduler.LRScheduler) -> int:
    """Go back to the checkpoint, if there is one; returns its step."""
    path = out / "checkpoint.pt"
    if not path.exists():
        return 0
    kept = torch.load(path, weights_only=True)
    model.load_state_dict(kept["model"])
    optimizer.load_state_dict(kept["optimizer"])
    schedule.load_state_dict(kept["schedule"])
    torch.set_rng_state(kept["rng"])
    return int(kept["step"])


def save(
    out: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer, schedule: torch.optim.lr_scheduler.LRScheduler, step: int
) -> None:
    """A checkpoint that is whole or is not there."""
    new = out / "checkpoint.new"
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict()}
    torch.save({**state, "rng": torch.get_rng_state(), "step": step}, new)
    new.replace(out / "checkpoint.pt")


@torch.no_grad()
def watched(model: torch.nn.Module, rows: Sequence[tuple[list[int], list[int], int]]) -> dict[str, float]:
    """Macro-F1 of asserted or not, true positive and true negative rate on what was held back."""
    model.eval()
    counts = [[0, 0], [0, 0]]
    for start in range(0, len(rows), 64):
        ids, types, mask, labels = padded(rows[start : start + 64])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            said = model(input_ids=ids, token_type_ids=types, attention_mask=mask).logits.argmax(-1)
        for truth, found in zip((labels == 1).tolist(), (said == 1).tolist(), strict=True):
            counts[truth][found] += 1
    (tn, fp), (fn, tp) = counts
    f1 = tp / max(1, 2 * tp + fp + fn) + tn / max(1, 2 * tn + fp + fn)
    return {"macro_f1": round(f1, 3), "tpr": round(tp / max(1, tp + fn), 3), "tnr": round(tn / max(1, tn + fp), 3)}


def main() -> None:
    """Read the recipe from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--folds", type=int, default=1)
    parser.add_argument("--fold", type=int, default=-1, help="left out of training; -1: none")
    parser.add_argument("--without", nargs="*", default=[], help="sources left out: bank, written, synthetic, short, long, saf …")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    options = vars(parser.parse_args())
    out = options.pop("out")
    train(out, Recipe(**{**options, "without": tuple(options["without"])}))


if __name__ == "__main__":
    main()
