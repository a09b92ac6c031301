"""The shipped cross-encoder and word vectors, behind the ports `PointJudge` and `Similarity`.

Pairs are run one at a time: nothing is padded, and since activations are quantized by what a batch holds, only so does a pair
always get the same probabilities.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from interviewer.embedded.files import FOLDER, MANIFEST, read
from interviewer.grading.embedded.head import Head
from interviewer.ports import Judged
from interviewer.text.lexicon import Matrix

if TYPE_CHECKING:  # the first page need not wait for either
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MODEL, TOKENIZER, VECTORS, HEAD = "point-verdict.int8.onnx", "tokenizer.json", "vectors.npz", "head.json"
LONGEST = 160
"""Tokens of a pair; of longer ones the end of the longer text goes, as in training."""
CLS, SEP = 101, 102


class _Words(NamedTuple):
    tokenizer: Tokenizer
    values: Matrix
    scales: Matrix


class MiniLM:
    """Loaded on first use, once; any number of threads may use it."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._loading = threading.RLock()
        self._words_found: _Words | None = None
        self._session_found: InferenceSession | None = None
        self._ids = lru_cache(maxsize=10_000)(self._tokens)

    @property
    def identity(self) -> str:
        """Which files: another model, tokenizer, table or head is another grader."""
        manifest = self._folder / MANIFEST
        return sha256(manifest.read_bytes()).hexdigest()[:16] if manifest.exists() else "missing"

    def head(self) -> Head:
        """The head fitted to this model."""
        return Head.model_validate_json(read(HEAD, self._folder))

    def judge(self, claim: str, passage: str) -> Judged:
        """Probabilities of nothing said, asserted, denied."""
        one, other = self._ids(claim), self._ids(passage)
        while len(one) + len(other) > LONGEST - 3:
            one, other = (one[:-1], other) if len(one) > len(other) else (one, other[:-1])
        ids = [CLS, *one, SEP, *other, SEP]
        types = [0] * (len(one) + 2) + [1] * (len(other) + 1)
        given = {"input_ids": [ids], "token_type_ids": [types], "attention_mask": [[1] * len(ids)]}
        arrays = {name: np.array(rows, np.int64) for name, rows in given.items()}
        logits = np.asarray(self._session().run(["logits"], arrays)[0], np.float64)[0]
        powers = np.exp(logits - logits.max())
        nothing, asserted, denied = (powers / powers.sum()).tolist()
        return Judged(nothing, asserted, denied)

    def vectors(self, texts: Sequence[str]) -> Matrix:
        """The sum of the vectors of each text's tokens; common tokens weigh less."""
        words = self._words()
        rows = []
        for text in texts:
            ids = list(self._ids(text))
            rows.append((words.values[ids] * words.scales[ids, None]).sum(axis=0))
        return np.array(rows, np.float32).reshape(len(texts), words.values.shape[1])

    def _tokens(self, text: str) -> tuple[int, ...]:
        return tuple(self._words().tokenizer.encode(text, add_special_tokens=False).ids)

    def _words(self) -> _Words:
        if self._words_found is None:
            with self._loading:
                self._words_found = self._words_found or _words(self._folder)
        return self._words_found

    def _session(self) -> InferenceSession:
        if self._session_found is None:
            with self._loading:
                self._session_found = self._session_found or _session(self._folder)
        return self._session_found


def _words(folder: Path) -> _Words:
    """Tokenizer and vectors, checked. Raises `ModelError`."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(read(TOKENIZER, folder).decode())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    with np.load(io.BytesIO(read(VECTORS, folder)), allow_pickle=False) as table:
        return _Words(tokenizer, table["values"], table["scales"])


def _session(folder: Path) -> InferenceSession:
    """The cross-encoder, checked. Raises `ModelError`."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    return InferenceSession(read(MODEL, folder), options, providers=["CPUExecutionProvider"])
