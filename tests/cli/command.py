"""The `interviewer` command, called in this process."""

from __future__ import annotations

from click.testing import CliRunner, Result

from interviewer.cli import main


def call(*arguments: object, typed: str | None = None) -> Result:
    """The command's result; it never ends in a traceback."""
    result = CliRunner().invoke(main, [str(a) for a in arguments], input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "Traceback" not in result.output
    return result


def refusal(*arguments: object, status: int = 1) -> str:
    """The sentence on standard error; nothing is on standard output."""
    result = call(*arguments)
    assert (result.exit_code, result.stdout) == (status, "")
    return result.stderr
