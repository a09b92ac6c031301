"""prompts/ -> Prompt: one file each, front matter and text."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from interviewer.domain.errors import PromptError
from interviewer.domain.prompt import VARIABLE, Prompt


class FrontMatter(BaseModel):
    """What stands between the two `---` lines."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    version: int
    purpose: str
    variables: tuple[str, ...]
    changelog: tuple[str, ...]


class PromptFolder:
    """Reads prompts from a folder; a file is `ID.md`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[Prompt]:
        """Every prompt of the folder, by name."""
        return [self.get(path.stem) for path in sorted(self._folder.glob("*.md"), key=lambda path: path.stem)]

    def get(self, prompt_id: str) -> Prompt:
        """The prompt, or `PromptError` with the file and what is wrong."""
        if not self._folder.is_dir():
            raise PromptError(f"The folder of the prompts, {self._folder}, is not a folder. Set INTERVIEWER_PROMPTS anew, or leave it out.")
        path = self._folder / f"{prompt_id}.md"
        if not path.is_file():
            known = ", ".join(sorted(found.stem for found in self._folder.glob("*.md")))
            raise PromptError(f"There is no prompt “{prompt_id}” (prompts/{path.name}). There are: {known or 'none'}.")
        try:
            _, head, text = path.read_text("utf-8").split("---\n", 2)
            front = FrontMatter.model_validate(yaml.safe_load(head))
        except (OSError, ValueError, yaml.YAMLError, ValidationError) as error:
            raise PromptError(f"The prompt file prompts/{path.name} cannot be used: {error}") from error
        if front.id != prompt_id:
            raise PromptError(f"prompts/{path.name}: id is {front.id!r}, not the file's name.")
        if set(VARIABLE.findall(text)) != set(front.variables):
            raise PromptError(f"prompts/{path.name}: `variables` are not the ones the text uses.")
        return Prompt(id=front.id, version=front.version, purpose=front.purpose, variables=front.variables, text=text)
