"""Everything, from pinned inputs to the files that ship: python -m training RUN

Word vectors, cross-encoder, int8 export, head; into `interviewer/embedded/weights`. RUN is a folder for checkpoints: interrupted,
the same command goes on from the last one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from interviewer.embedded.files import FOLDER
from interviewer.embedded.minilm import VECTORS
from training.export import export
from training.head import fit
from training.train import Recipe, train
from training.vectors import build

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("run", type=Path)
    run = parser.parse_args().run
    train(run, Recipe())
    export(run, FOLDER)
    build(FOLDER / VECTORS)
    fit(FOLDER)
