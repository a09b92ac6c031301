"""Chat requests to any OpenAI-compatible endpoint, with every failure named. Only this file and `batch_client` import `openai`.

`complete` is a plain blocking call. The request runs on the event loop of `background`, where one deadline covers all of
it: finding out the form, retries (408, 429, 5xx, lost connections: the client library's) and the reading of the reply.
Waiting in line for the endpoint does not count against the deadline.
"""

from __future__ import annotations

import asyncio
import threading
import time
import weakref
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

import openai

from interviewer.domain.errors import ModelError
from interviewer.domain.grade import Usage
from interviewer.llm import background
from interviewer.llm.circuit import FAILURES, SECONDS, Circuit, Paused
from interviewer.llm.failures import Failures, SettingNames, is_filtered, is_no_model, is_overflow
from interviewer.llm.forms import ORDER, Learned, asking, may_be_the_form, names_form, refuses_temperature
from interviewer.llm.pacing import Held, Pace
from interviewer.llm.prices import Price, price_of
from interviewer.llm.redaction import guard_logs, without_key, without_whole_key
from interviewer.llm.replies import Form, Refusal, is_object, read_models, read_refusal, read_reply
from interviewer.ports import ChatReply

RETRIES = 2
CONCURRENCY = 12
CONNECT = 10.0
LISTING = 5.0
NO_KEY = "not-needed"
FILTERED = "The endpoint's content filter stopped the request."
MODEL_NAME = 200

_deadline: ContextVar[float] = ContextVar("deadline")
_tried_forms: ContextVar[int | None] = ContextVar("tried_forms", default=None)


@dataclass(kw_only=True, eq=False)
class Endpoint:
    """What the models at one address share for the life of the process: connections, pace, circuit, and what was found out."""

    http: openai.DefaultAsyncHttpxClient
    pace: Pace
    circuit: Circuit
    models: dict[str, Learned] = field(default_factory=dict)


_endpoints: weakref.WeakValueDictionary[str, Endpoint] = weakref.WeakValueDictionary()
_joining = threading.Lock()


def _join(base_url: str, *, concurrency: int, failures: int, pause: float) -> Endpoint:
    """The endpoint at this address, shared with whoever holds it already; the first one's figures count."""
    address = base_url.rstrip("/")
    with _joining:
        endpoint = _endpoints.get(address)
        if endpoint is None:
            pace = Pace(concurrency)
            before, after = _watch(pace)
            http = openai.DefaultAsyncHttpxClient(follow_redirects=False, event_hooks={"request": [before], "response": [after]})
            endpoint = _endpoints[address] = Endpoint(http=http, pace=pace, circuit=Circuit(failures=failures, seconds=pause))
            background.hold(http)
            weakref.finalize(endpoint, background.release, http).atexit = False
        return endpoint


def _watch(pace: Pace) -> tuple[Callable[[Any], Awaitable[None]], Callable[[Any], Awaitable[None]]]:
    """Hooks around each try of each request: the library's retries are paced, and stopped where they are of no use."""

    async def before(request: Any) -> None:
        request.extensions["sent"] = await pace.hold()

    async def after(response: Any) -> None:
        wait = pace.heard(response.status_code, response.headers, sent=response.request.extensions["sent"])
        in_vain = asyncio.get_running_loop().time() + wait > _deadline.get()
        if response.status_code in (500, 501) and (tried := _tried_forms.get()) is not None:
            await response.aread()
            in_vain = in_vain or tried > 0 or names_form(read_refusal(response.status_code, response.text))
        if in_vain:
            response.headers["x-should-retry"] = "false"  # how this library is told

    return before, after


class OpenAIChat:
    """A chat model behind the OpenAI protocol. `timeout`: seconds one `complete` may take in all, from its place in line on."""

    def __init__(
        self,
        *,
        model: str,
        base_url: str,
        endpoint: str,
        api_key: str,
        timeout: float,
        temperature: float | None,
        retries: int = RETRIES,
        concurrency: int = CONCURRENCY,
        prices: Mapping[str, Price] | None = None,
        form: Form = "",
        settings: SettingNames | None = None,
        failures: int = FAILURES,
        pause: float = SECONDS,
    ) -> None:
        """`form`: how JSON is asked for, if it is known; else found out. `failures` in a row pause the endpoint for `pause` seconds."""
        self.model = model
        self.endpoint = endpoint
        self.parameters: dict[str, str | int | float | None] = {} if temperature is None else {"temperature": temperature}
        self._base_url, self._key, self._timeout, self._prices, self._form = base_url, api_key, timeout, prices or {}, form
        self._failures = Failures(endpoint=endpoint, model=model, key=api_key, timeout=timeout, settings=settings or SettingNames())
        self._shared = _join(base_url, concurrency=concurrency, failures=failures, pause=pause)
        self._learned = self._shared.models.setdefault(model, Learned())
        self._client = openai.AsyncOpenAI(
            api_key=api_key or NO_KEY,
            base_url=base_url,
            timeout=openai.Timeout(None, connect=min(CONNECT, timeout / 2)),
            max_retries=retries,
            http_client=self._shared.http,
        )
        guard_logs(api_key)

    def complete(self, messages: Sequence[dict[str, str]], *, schema: dict[str, object] | None) -> ChatReply:
        """One reply. Raises `ModelError` with a sentence for the user, and without a chain: the library's errors hold the key."""
        if not (self._key.isascii() and self._key.isprintable()):
            raise self._failures.bad_key()
        outcome = background.run(self._outcome(messages, schema))
        if isinstance(outcome, ModelError):
            raise outcome
        name = without_key(outcome.model, self._key)[:MODEL_NAME]
        text = without_whole_key(outcome.text, self._key)
        return replace(outcome, text=text, model=name, cost=self.price(outcome.usage))

    def price(self, usage: Usage) -> float | None:
        """USD these tokens cost; None where no price is known."""
        return price_of(usage, model=self.model, base_url=self._base_url, own=self._prices)

    async def _outcome(self, messages: Sequence[dict[str, str]], schema: dict[str, object] | None) -> ChatReply | ModelError:
        shared = self._shared
        try:
            shared.circuit.check()
            async with shared.pace.slot():
                with shared.circuit.attempt():
                    return await self._in_time(messages, schema)
        except Paused as paused:
            return self._failures.paused(paused.failures, paused.seconds)
        except Held as held:
            return self._failures.limited(held.seconds)
        except ModelError as error:
            return ModelError(error.reason, str(error), raw=error.raw)

    async def _in_time(self, messages: Sequence[dict[str, str]], schema: dict[str, object] | None) -> ChatReply:
        try:
            async with asyncio.timeout(self._timeout) as limit:
                _deadline.set(limit.when() or 0.0)
                if schema is None:
                    return await self._plain(messages)
                return await self._formed(messages, schema)
        except TimeoutError:
            left = self._shared.pace.hold_left()
            raise self._failures.limited(left) if left else self._failures.late() from None

    async def _plain(self, messages: Sequence[dict[str, str]]) -> ChatReply:
        got = await self._send(messages, "", None)
        if isinstance(got, Refusal):
            raise await self._error(got)
        return got

    async def _formed(self, messages: Sequence[dict[str, str]], schema: dict[str, object]) -> ChatReply:
        """A reply in the known form, or in the first one that gives a JSON object. What all tries cost is in the reply."""
        known = self._form or self._learned.form
        refusals: list[Refusal] = []
        replies: list[ChatReply] = []
        forms = [known, *(f for f in ORDER if f != known and not self._form)] if known else list(ORDER)
        for tried, form in enumerate(forms):
            _tried_forms.set(None if known else tried)
            try:
                got = await self._send(messages, form, schema)
            except ModelError:
                if not replies:
                    raise
                break  # what was paid for is kept, and told as what it is
            if isinstance(got, Refusal):
                refusals.append(got)
                if form == known or not self._other_form_may_help(got):
                    break
                continue
            replies.append(got)
            usable = got.finish == "stop" and is_object(got.text)
            if usable:
                self._learned.works(form)
            if usable or self._form or got.finish != "stop" or not self._learned.by_text:
                return _summed(replies, -1)
            self._learned.form = ""  # one lucky reply taught it, and it does not hold
        if not replies:
            raise await self._error(refusals[0])
        if len(replies) > 1:
            self._learned.by_text = False  # it is the model, not the form: do not pay for three replies every time
        return _summed(replies, 0)

    def _other_form_may_help(self, refusal: Refusal) -> bool:
        return may_be_the_form(refusal) and not is_overflow(refusal) and (names_form(refusal) or not is_no_model(refusal))

    async def _send(self, messages: Sequence[dict[str, str]], form: Form, schema: dict[str, object] | None) -> ChatReply | Refusal:
        """One request with its retries, and once more without the temperature where that is refused."""
        body = asking(form, messages, schema)
        parameters = dict(self.parameters) if self._learned.temperature else {}
        got = await self._post({**body, **parameters}, form)
        if isinstance(got, Refusal) and parameters and refuses_temperature(got):
            got = await self._post(body, form)
            self._learned.temperature = isinstance(got, Refusal)
        if isinstance(got, Refusal) and is_filtered(got):
            return ChatReply(text=FILTERED, finish="refusal", model=self.model, form=form)
        if isinstance(got, ChatReply) and _unread(messages, got.usage):
            raise self._failures.too_large(f"Only {got.usage.prompt:,} tokens of the request, not half of it, were read")
        return got

    async def _post(self, body: dict[str, object], form: Form) -> ChatReply | Refusal:
        started = time.monotonic()
        try:
            raw: Any = await self._client.chat.completions.with_raw_response.create(model=self.model, **body)  # type: ignore[call-overload]
        except openai.APIStatusError as error:
            return read_refusal(error.status_code, error.response.text)
        except openai.APIConnectionError:
            raise self._failures.unreachable() from None
        except (openai.OpenAIError, ValueError):
            raise self._failures.not_a_reply("", "") from None
        latency = round((time.monotonic() - started) * 1000)
        reply = read_reply(raw.text, model=self.model, form=form, latency_ms=latency)
        if reply is None:
            raise self._failures.not_a_reply(raw.text, read_refusal(raw.status_code, raw.text).message)
        return reply

    async def _error(self, refusal: Refusal) -> ModelError:
        if is_no_model(refusal) and not is_overflow(refusal):
            return self._failures.no_model(refusal, await self._names())
        return self._failures.by_status(refusal, hold=self._shared.pace.hold_left())

    async def _names(self) -> tuple[str, ...]:
        """The models the endpoint says it has; empty when it does not say."""
        try:
            async with asyncio.timeout(LISTING):
                raw: Any = await self._client.with_options(max_retries=0).models.with_raw_response.list()
        except (openai.OpenAIError, TimeoutError, ValueError):
            return ()
        return read_models(raw.text)


def _summed(replies: Sequence[ChatReply], chosen: int) -> ChatReply:
    """The chosen reply, with the tokens and the time of all of them."""
    return replace(
        replies[chosen],
        usage=Usage(
            prompt=_sum([r.usage.prompt for r in replies]),
            completion=_sum([r.usage.completion for r in replies]),
            cached=_sum([r.usage.cached for r in replies]),
        ),
        latency_ms=sum(r.latency_ms for r in replies),
    )


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _unread(messages: Sequence[dict[str, str]], usage: Usage) -> bool:
    """Whether the server silently cut the request: it counts fewer tokens than half the words, which no tokenizer makes."""
    words = sum(len(message["content"].split()) for message in messages)
    return bool(usage.prompt) and (usage.prompt or 0) + (usage.cached or 0) < words / 2
