"""Asking for JSON in the way a server understands: a strict schema, else any JSON object, else a forced tool call.

Which one works is found out with the first requests, once per endpoint and model, and kept for the life of the process.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.llm.replies import Form, Refusal

ORDER: tuple[Form, ...] = ("json_schema", "json_object", "tool")
NAME = "reply"
ABOUT_FORMS = re.compile(
    r"response_format|json_?schema|json_?object|json mode|structured[ _]output|grammar|tool_choice|\btools?\b", re.IGNORECASE
)
ABOUT_TEMPERATURE = re.compile(
    r"support|only the default|deprecated|not allowed|unknown|unrecognized|unexpected|not permitted", re.IGNORECASE
)
READ = 300


@dataclass(kw_only=True)
class Learned:
    """What is known of one model at one endpoint. `by_text`: whether another form is tried when a reply is no JSON at all."""

    form: Form = ""
    temperature: bool = True
    by_text: bool = True

    def works(self, form: Form) -> None:
        """Remember this form; of two found out at the same time the stricter one."""
        if not self.form or ORDER.index(form) < ORDER.index(self.form):
            self.form = form


def asking(form: Form, messages: Sequence[dict[str, str]], schema: dict[str, object] | None) -> dict[str, object]:
    """The part of a request's body that holds the messages and asks for the form.

    JSON mode knows no schema, so the first message tells it; it stays first and the same for all, so that servers can cache it.
    """
    if schema is None or not form:
        return {"messages": list(messages)}
    if form == "json_schema":
        wanted = {"type": "json_schema", "json_schema": {"name": NAME, "strict": True, "schema": schema}}
        return {"messages": list(messages), "response_format": wanted}
    if form == "json_object":
        first, *others = messages
        told = f"{first['content']}\n\nThe reply is one JSON object, and nothing else. It fits this JSON schema:\n{json.dumps(schema)}"
        return {"messages": [{**first, "content": told}, *others], "response_format": {"type": "json_object"}}
    tool = {"type": "function", "function": {"name": NAME, "description": "Give the reply.", "parameters": schema}}
    return {"messages": list(messages), "tools": [tool], "tool_choice": {"type": "function", "function": {"name": NAME}}}


def names_form(refusal: Refusal) -> bool:
    """Whether the server speaks of the form itself."""
    return bool(ABOUT_FORMS.search(refusal.message[:READ]) or ABOUT_FORMS.search(refusal.param))


def may_be_the_form(refusal: Refusal) -> bool:
    """Whether this may be how a server says that it does not know the form: some with a 400, some with a 500, gateways with a 404."""
    return refusal.status in (400, 404, 422, 500, 501)


def refuses_temperature(refusal: Refusal) -> bool:
    """Whether the model takes no temperature, as reasoning models do."""
    if refusal.status not in (400, 422):
        return False
    told = refusal.message[:READ]
    return refusal.param == "temperature" or ("temperature" in told.casefold() and bool(ABOUT_TEMPERATURE.search(told)))
