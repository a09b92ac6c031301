"""Every error of this package that reaches a user. The message of each is a sentence for the user.

InterviewerError
├── Refused                 the interview's state forbids the action; nothing was changed
│   ├── AlreadyAnswered     the turn is closed; its answer stands
│   ├── TooLate             the deadline and its grace have passed
│   ├── NewerDraft          another tab holds newer text
│   └── TooLong             the text is over the limit
├── NotFound                no such interview, question, track or page
├── BankError               the question bank cannot be used at all
├── SettingsError           a setting has a value we cannot use
├── PromptError             a prompt file is missing, malformed or filled with the wrong variables
├── PayloadError            a file of the attack suite cannot be used
├── DataError               a file of answers or a report cannot be used
├── StorageError            the data folder or database cannot be read or written
│   └── Conflict            somebody else changed the interview first; read again
└── ModelError              the model endpoint gave no usable reply (`reason` says which way)
"""

from __future__ import annotations

from enum import StrEnum


class InterviewerError(Exception):
    """Base of all: `str(error)` is a sentence that says what happened, what was kept and what to do."""


class Refused(InterviewerError):
    """The interview's state forbids the action."""


class AlreadyAnswered(Refused):
    """The turn is closed; its answer stands."""


class TooLate(Refused):
    """The deadline and its grace have passed."""


class NewerDraft(Refused):
    """Another tab holds newer text of the same turn."""


class TooLong(Refused):
    """The text is over the limit."""


class NotFound(InterviewerError):
    """No such interview, question or track."""


class BankError(InterviewerError):
    """The question bank cannot be used at all."""


class SettingsError(InterviewerError):
    """A setting has a value we cannot use."""


class PromptError(InterviewerError):
    """A prompt file is missing, malformed, or filled with the wrong variables."""


class PayloadError(InterviewerError):
    """A file of the attack suite cannot be used."""


class DataError(InterviewerError):
    """A file of answers or a report cannot be used."""


class StorageError(InterviewerError):
    """The data folder or database cannot be read or written."""


class Conflict(StorageError):
    """Somebody else changed the interview between our reading and writing."""


class FailureReason(StrEnum):
    """Why there is no grade, or no usable reply."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    KEY_REJECTED = "key_rejected"
    NO_SUCH_MODEL = "no_such_model"
    QUOTA = "quota"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    BAD_REQUEST = "bad_request"
    NOT_AN_ENDPOINT = "not_an_endpoint"
    REFUSED = "refused"
    CUT_OFF = "cut_off"
    MALFORMED = "malformed"
    UNDECIDED = "undecided"
    UNTRUSTED = "untrusted"
    TOO_LARGE = "too_large"
    SPENT = "spent"
    PAUSED = "paused"
    INTERNAL = "internal"


class ModelError(InterviewerError):
    """The model endpoint gave no usable reply."""

    def __init__(self, reason: FailureReason, sentence: str, *, raw: str = "") -> None:
        super().__init__(sentence)
        self.reason = reason
        self.raw = raw
