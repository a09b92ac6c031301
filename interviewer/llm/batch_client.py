"""Batches of chat requests at an endpoint with OpenAI's Batch API, with every failure named. Imports `openai`, as `openai_client` does.

A file of requests is uploaded, a batch is made of it, and its replies are fetched as files. Each request's body is the one that
`OpenAIChat` would send; JSON is always asked for by a schema, since a batch cannot find out what its server understands.
"""

from __future__ import annotations

import asyncio
import json
import weakref
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import openai

from interviewer.domain.errors import FailureReason, ModelError
from interviewer.domain.grade import Usage
from interviewer.llm import background
from interviewer.llm.batch_replies import BatchRecord, Failed, by_custom_id, read_batch, read_file_id, read_page
from interviewer.llm.failures import KEPT, QUOTA_NAMES, Failures, SettingNames, is_filtered, is_no_model
from interviewer.llm.forms import asking, refuses_temperature
from interviewer.llm.openai_client import CONNECT, FILTERED, MODEL_NAME, NO_KEY, RETRIES
from interviewer.llm.prices import Price, price_of
from interviewer.llm.redaction import guard_logs, shown, without_key, without_whole_key
from interviewer.llm.replies import Refusal, read_refusal, read_reply
from interviewer.ports import BatchResults, BatchState, ChatReply

MOST_REQUESTS = 50_000
MOST_BYTES = 200_000_000
"""Limits of one file: https://developers.openai.com/api/docs/guides/batch (50,000 requests, 200 MB)."""
OPENAI_HOST = "api.openai.com"
BATCH_SHARE = 0.5
"""What a token costs in a batch, as a share of the list price: "50% cost discount compared to synchronous APIs", the same page."""
URL: Final = "/v1/chat/completions"
WINDOW: Final = "24h"
NOTE = "interviewer_note"
CALL = 60.0
TRANSFER = 1800.0
"""Seconds that one request may take in all, retries included; and the sending or fetching of a file."""
PAGE = 100
MOST_PAGES = 100
NONE_HERE = (404, 405, 501)
T = TypeVar("T")


class OpenAIBatches:
    """The batches of one model. `endpoint` is what the user is shown of its address."""

    def __init__(
        self,
        *,
        model: str,
        base_url: str,
        endpoint: str,
        api_key: str,
        temperature: float | None,
        prices: Mapping[str, Price] | None = None,
        settings: SettingNames | None = None,
        most_requests: int = MOST_REQUESTS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        """Sends nothing yet. `most_requests` and `most_bytes` are the endpoint's limits of one file."""
        self.model, self.endpoint = model, endpoint
        self.parameters: dict[str, str | int | float | None] = {} if temperature is None else {"temperature": temperature}
        self.most_requests, self.most_bytes = most_requests, most_bytes
        self._base_url, self._key, self._prices = base_url, api_key, prices or {}
        self._failures = Failures(endpoint=endpoint, model=model, key=api_key, timeout=CALL, settings=settings or SettingNames())
        self._refused: set[str] = set()
        http = openai.DefaultAsyncHttpxClient(follow_redirects=False)
        background.hold(http)
        weakref.finalize(self, background.release, http).atexit = False
        self._client = openai.AsyncOpenAI(
            api_key=api_key or NO_KEY,
            base_url=base_url,
            timeout=openai.Timeout(None, connect=CONNECT),
            max_retries=RETRIES,
            http_client=http,
        )
        guard_logs(api_key)

    def line(self, custom_id: str, messages: Sequence[dict[str, str]], *, schema: dict[str, object] | None) -> bytes:
        """A request as a line of a file, without a parameter that was refused before."""
        parameters = {name: value for name, value in self.parameters.items() if name not in self._refused}
        body = {"model": self.model, **asking("json_schema", messages, schema), **parameters}
        return json.dumps({"custom_id": custom_id, "method": "POST", "url": URL, "body": body}).encode() + b"\n"

    def submit(self, lines: Sequence[bytes], *, note: str) -> str:
        """Upload the file and make a batch of it. Making it is tried once: a lost answer may stand for a batch that is there."""
        file_id = self._call(self._upload(b"".join(lines), note), TRANSFER, strange=self._no_batches())
        return self._call(self._create(file_id, note), CALL, strange=self._no_batches())

    def find(self, note: str) -> str | None:
        """The id of the batch with this note, among all that the account has."""
        return self._call(self._find(note), TRANSFER)

    def state(self, batch_id: str) -> BatchState:
        """How the batch stands."""
        batch = self._call(self._retrieve(batch_id), CALL)
        return BatchState(status=shown(batch.status, self._key), ended=batch.ended, done=batch.done, failed=batch.failed)

    def results(self, batch_id: str) -> BatchResults:
        """The replies of a batch that ended. Lines that are none, and what is twice there, are passed over."""
        return self._call(self._results(batch_id), TRANSFER)

    def price(self, usage: Usage) -> float | None:
        """USD these tokens cost; at OpenAI's own address half the list price."""
        listed = price_of(usage, model=self.model, base_url=self._base_url, own=self._prices)
        return listed * BATCH_SHARE if listed is not None and urlsplit(self._base_url).hostname == OPENAI_HOST else listed

    def _call(self, work: Coroutine[Any, Any, T], seconds: float, *, strange: ModelError | None = None) -> T:
        """The result. Raises `ModelError` without a chain: the library's errors hold the key. `strange`: for an answer of another kind."""
        if not (self._key.isascii() and self._key.isprintable()):
            work.close()
            raise self._failures.bad_key()
        outcome = background.run(self._outcome(work, seconds, strange or self._strange()))
        if isinstance(outcome, ModelError):
            raise outcome
        return outcome

    async def _outcome(self, work: Coroutine[Any, Any, T], seconds: float, strange: ModelError) -> T | ModelError:
        try:
            async with asyncio.timeout(seconds):
                return await work
        except TimeoutError:
            return ModelError(FailureReason.TIMEOUT, f"{self.endpoint} did not answer within {seconds:g} s. {KEPT}")
        except openai.APIStatusError as error:
            return self._by_status(read_refusal(error.status_code, error.response.text))
        except openai.APIConnectionError:
            return self._failures.unreachable()
        except ModelError as error:
            return ModelError(error.reason, str(error), raw=error.raw)
        except (openai.OpenAIError, ValueError):
            return strange

    async def _upload(self, content: bytes, note: str) -> str:
        raw: Any = await self._client.files.with_raw_response.create(
            file=(f"interviewer-{note}.jsonl", content, "application/jsonl"), purpose="batch"
        )
        return read_file_id(raw.text)

    async def _create(self, file_id: str, note: str) -> str:
        once = self._client.with_options(max_retries=0)
        raw: Any = await once.batches.with_raw_response.create(
            input_file_id=file_id, endpoint=URL, completion_window=WINDOW, metadata={NOTE: note}
        )
        return read_batch(raw.text).id

    async def _find(self, note: str) -> str | None:
        after: dict[str, Any] = {}
        for _ in range(MOST_PAGES):
            raw: Any = await self._client.batches.with_raw_response.list(limit=PAGE, **after)
            page = read_page(raw.text)
            for batch in page.data:
                if batch.told(NOTE) == note:
                    return batch.id
            if not (page.has_more and page.data):
                break
            after = {"after": page.data[-1].id}
        return None

    async def _retrieve(self, batch_id: str) -> BatchRecord:
        try:
            raw: Any = await self._client.batches.with_raw_response.retrieve(batch_id)
        except openai.NotFoundError:
            told = f"{self.endpoint} knows no batch “{shown(batch_id, self._key)}”: it was sent with another key, or it is gone. {KEPT}"
            raise ModelError(FailureReason.BAD_REQUEST, told) from None
        return read_batch(raw.text)

    async def _results(self, batch_id: str) -> BatchResults:
        batch = await self._retrieve(batch_id)
        if batch.done and not (batch.output_file_id or batch.error_file_id):
            told = f"{self.endpoint} says that {batch.done:,} requests of a batch are done, but does not give out the replies yet. {KEPT}"
            raise ModelError(FailureReason.SERVER_ERROR, told)
        found: dict[str, ChatReply | ModelError | None] = {}
        for file_id in filter(None, (batch.output_file_id, batch.error_file_id)):
            for custom_id, answer in by_custom_id(await self._content(file_id)):
                read = self._read(answer)
                if custom_id not in found or (isinstance(read, ChatReply) and not isinstance(found[custom_id], ChatReply)):
                    found[custom_id] = read
        return BatchResults(found=found, missing=self._missing(batch))

    async def _content(self, file_id: str) -> bytes:
        try:
            raw: Any = await self._client.files.with_raw_response.content(file_id)
        except openai.NotFoundError:
            told = f"{self.endpoint} no longer has the replies of a batch: such files are kept for some time only. {KEPT}"
            raise ModelError(FailureReason.BAD_REQUEST, told) from None
        return bytes(raw.content)

    def _read(self, answer: Refusal | Failed | str) -> ChatReply | ModelError | None:
        """A line's reply, cleaned and with its price; or what the same answer is online."""
        if isinstance(answer, Failed):
            return self._failed(answer)
        if isinstance(answer, Refusal):
            return self._of_refusal(answer)
        reply = read_reply(answer, model=self.model, form="json_schema", latency_ms=0)
        if reply is None:
            return self._failures.not_a_reply(answer, read_refusal(200, answer).message)
        name = without_key(reply.model, self._key)[:MODEL_NAME]
        return replace(reply, text=without_whole_key(reply.text, self._key), model=name, cost=self.price(reply.usage))

    def _of_refusal(self, refusal: Refusal) -> ChatReply | ModelError | None:
        if is_filtered(refusal):
            return ChatReply(text=FILTERED, finish="refusal", model=self.model, form="json_schema")
        if "temperature" in self.parameters and refuses_temperature(refusal):
            self._refused.add("temperature")
            return None
        return self._failures.by_status(refusal)

    def _failed(self, failed: Failed) -> ModelError:
        """A request that the endpoint never brought before the model."""
        who, code = self.endpoint, failed.code.casefold()
        if "expired" in code:
            return ModelError(FailureReason.TIMEOUT, f"{who} did not come to this answer within {WINDOW}. Start again to ask once more.")
        if "cancel" in code:
            return ModelError(FailureReason.SERVER_ERROR, f"The batch at {who} was cancelled. Start again to ask once more.")
        if "timeout" in code:
            return ModelError(FailureReason.TIMEOUT, f"The model at {who} took too long over this answer. Start again to ask once more.")
        told = self._quoted(failed.message or failed.code)
        return ModelError(FailureReason.SERVER_ERROR, f"{who} could not answer in its batch.{told} Start again to ask once more.")

    def _missing(self, batch: BatchRecord) -> ModelError:
        """What came of requests that no line tells of."""
        if batch.status == "failed":
            return self._rejected(batch.error)
        if batch.status in ("expired", "cancelled"):
            return self._failed(Failed(code=batch.status))
        told = f"The batch at {self.endpoint} ended without a reply to this request. Start again to ask once more."
        return ModelError(FailureReason.SERVER_ERROR, told)

    def _rejected(self, refusal: Refusal) -> ModelError:
        """A batch that was not begun."""
        who, told = self.endpoint, self._quoted(refusal.message)
        if "token_limit_exceeded" in refusal.names:
            sentence = f"{who} lets only so many tokens wait in batches, and this batch has more.{told} Grade fewer answers at a time."
            return ModelError(FailureReason.RATE_LIMITED, sentence)
        if QUOTA_NAMES.intersection(refusal.names) or is_no_model(refusal):
            return self._by_status(refusal)
        return ModelError(FailureReason.BAD_REQUEST, f"{who} did not accept the batch.{told}")

    def _by_status(self, refusal: Refusal) -> ModelError:
        if QUOTA_NAMES.intersection(refusal.names):
            return self._failures.by_status(replace(refusal, status=429))
        return self._no_batches() if refusal.status in NONE_HERE else self._failures.by_status(refusal)

    def _no_batches(self) -> ModelError:
        told = f"{self.endpoint} does not take batches the way OpenAI does. Leave out --batch: the answers are then sent one by one."
        return ModelError(FailureReason.NOT_AN_ENDPOINT, told)

    def _strange(self) -> ModelError:
        """Perhaps a page of something between here and the endpoint: it may pass."""
        return ModelError(FailureReason.SERVER_ERROR, f"{self.endpoint} answered, but not with what it knows of its batches. {KEPT}")

    def _quoted(self, words: str) -> str:
        told = shown(words, self._key)
        return f" It said: “{told}”" + ("" if told.endswith((".", "…", "!")) else ".") if told else ""
