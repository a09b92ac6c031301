"""The documents say what the code does. `python -m tests.test_docs` writes the generated parts anew."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pytest

from interviewer.cli import main
from interviewer.settings import ROOT, Settings

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def settings_table() -> str:
    rows = ["| variable | default | what |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default_factory or field.is_required() else str(field.default)
        if name == "openai_api_key":
            default = ""
        rows.append(f"| `{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


def command_help() -> str:
    parts = []

    def walk(command: click.Command, path: str) -> None:
        with click.Context(command, info_name=path) as context:
            parts.append(f"```text\n{command.get_help(context)}\n```")
        if isinstance(command, click.Group):
            for name, inner in sorted(command.commands.items()):
                walk(inner, f"{path} {name}")

    walk(main, "interviewer")
    return "\n\n".join(parts) + "\n"


GENERATED = {"docs/settings.md": settings_table, "docs/commands.md": command_help}
START, END = "<!-- generated -->\n", "<!-- end -->"


@pytest.mark.parametrize("name", GENERATED)
def test_generated_parts_are_up_to_date(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert text.split(START)[1].split(END)[0] == GENERATED[name](), "run: python -m tests.test_docs"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    targets = [t for t in LINK.findall(document.read_text("utf-8")) if "://" not in t]
    assert [t for t in targets if not (document.parent / t).exists()] == []


def test_the_readme_gives_the_commands_at_once_and_stays_short() -> None:
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert len(lines) <= 150
    top = "\n".join(lines[:20])
    assert "make run" in top
    assert "make test" in top


def test_the_readme_names_every_part_of_the_tree() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    parts = [p.name for p in (ROOT / "interviewer").iterdir() if not p.name.startswith(("_", "."))]
    parts += ["app.py", "prompts", "question_bank", "tests", "benchmarks", "docs", ".streamlit"]
    assert [p for p in parts if p not in text] == []


def test_the_design_pages_name_tests_that_exist() -> None:
    for page in (ROOT / "docs" / "design").glob("*.md"):
        for named in re.findall(r"`(tests/[\w/.]+)`", page.read_text("utf-8")):
            assert (ROOT / named).exists(), f"{page.name} names {named}"


def test_the_changelog_begins_with_what_is_unreleased() -> None:
    assert (ROOT / "CHANGELOG.md").read_text("utf-8").startswith("# Changelog\n\n## Unreleased\n- ")


def test_every_choice_of_the_streamlit_config_is_read() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert config["server"]["address"] == "127.0.0.1"
    assert config["browser"]["gatherUsageStats"] is False


if __name__ == "__main__":
    for file, make in GENERATED.items():
        path = ROOT / file
        before, rest = path.read_text("utf-8").split(START)
        path.write_text(before + START + make() + END + rest.split(END)[1], "utf-8")
