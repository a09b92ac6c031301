"""Public sets of short answers that people graded, turned into rows that `interviewer calibrate` reads. The sets are not part of this."""

from __future__ import annotations

from interviewer.calibration.data.converters import mohler, saf, semeval
from interviewer.calibration.data.converters.sources import Converted, Converter

__all__ = ["CONVERTERS", "Converted", "Converter"]

CONVERTERS: dict[str, Converter] = {"saf": saf.convert, "semeval": semeval.convert, "mohler": mohler.convert}
"""By the name of the format; `semeval` reads SciEntsBank and Beetle."""
