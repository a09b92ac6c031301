"""A versioned prompt: text with named variables, identified by its sha256."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from interviewer.domain.errors import PromptError

VARIABLE = re.compile(r"\{\{([a-z_]+)\}\}")


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """One prompt file. `text` holds `{{variable}}` marks."""

    id: str
    version: int
    purpose: str
    variables: tuple[str, ...]
    text: str

    @property
    def sha256(self) -> str:
        """Hash of the text: what a grade's provenance names."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def fill(self, **values: str) -> str:
        """Put the values in. Exactly the declared variables must be given; values are not searched for marks."""
        if set(values) != set(self.variables):
            raise PromptError(f"Prompt {self.id} takes {sorted(self.variables)}, not {sorted(values)}.")
        return VARIABLE.sub(lambda m: values[m.group(1)], self.text)
