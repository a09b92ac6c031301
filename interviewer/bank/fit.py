"""Which questions of the bank a pasted text calls for: a job description, a CV, a page of notes.

Words decide what a passage calls for: the terms it shares with a question, and the more so the rarer they are and the more they belong
to single topics. Meaning decides whether it calls for anything: a passage that is nearer to the boilerplate of job offers than to every
statement of the bank does not, whichever words it shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interviewer.bank.duplicates import apart_from, meanings, statements, weigh
from interviewer.domain.question import Question
from interviewer.ports import Similarity
from interviewer.text.lexicon import Matrix
from interviewer.text.sanitise import sanitise
from interviewer.text.words import WORD, sentences, terms

LARGEST = 100_000
"""Characters of a text that are looked at."""
LONGEST = 50
"""Words of a passage; longer sentences are cut."""
PASSAGES = 1_000
"""So many passages are looked at closely: those that call the most."""
CALLS = 0.15
"""A passage that calls for no question as strongly as this calls for none. Calls are sums of the weights of shared terms."""
FAINT = 0.075
"""A weaker call for a single question is left out."""
PLAIN = 0.15
"""A passage by so much nearer (cosine) to the bank than to boilerplate counts in full, one that is not nearer does not count."""
AGAIN = 0.9
"""What a call is worth for each question that the same passage has called for already: the next one may be another passage's."""
HALF = 0.6
"""The sum of calls that scores 0.5."""
SMOOTHING = 3.0
"""Questions that a term's topics are taken to have been seen in before any was looked at."""
BOILERPLATE = (
    "We offer a competitive salary, bonus, stock options, pension, health and dental insurance and other benefits.",
    "Paid holidays, annual leave, parental leave, sick pay, flexible hours, part-time, remote or hybrid work from home and the office.",
    "Gym, lunch, fruit, coffee, drinks, team events, bicycle, public transport ticket, laptop of your choice.",
    "We are an equal opportunity employer and do not discriminate on grounds of race, colour, religion, sex, gender, sexual"
    " orientation, age, national origin, disability or veteran status.",
    "We celebrate diversity and inclusion; all applicants are welcome, and accommodation is provided on request.",
    "You are a motivated team player with excellent communication skills, curiosity, ownership and a hands-on mentality.",
    "You have a degree in computer science or a related field, and several years of professional experience.",
    "Fluent English, spoken and written; German, French or Spanish is an advantage; driving licence and willingness to travel.",
    "We are a fast-growing company with an international team, a mission, values, passionate colleagues and happy customers.",
    "Permanent or fixed-term contract limited to two years, place of work, hours a week, start and closing date, reference number.",
    "Base pay of 80 to 100 thousand euros or dollars a year, depending on experience, plus a target bonus of 10 per cent.",
    "Please apply with your CV, cover letter, salary expectations and earliest starting date; interviews, background checks, visa.",
    "About us, your tasks, responsibilities, requirements, qualifications, your profile, what you bring, nice to have, what we offer.",
)


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A question, how well it fits the text (0–1), and the passage that calls for it the most."""

    question: Question
    score: float
    passage: str


class Fitting:
    """The bank, made ready to be held against any number of texts."""

    def __init__(self, questions: Sequence[Question], similarity: Similarity) -> None:
        """Raises `ModelError`."""
        self._questions = sorted(questions, key=lambda q: q.id)
        self._similarity = similarity
        said = [statements(question) for question in self._questions]
        self._terms = weigh([" ".join(texts) for texts in said])
        specific = _specificity(self._terms.rows, [q.topic.value for q in self._questions])
        self._weights: Matrix = np.asarray(self._terms.rarity / self._terms.rarity.max(initial=1.0) * specific, np.float32)
        rows = meanings([text for texts in said for text in texts], similarity)
        self._usual = rows.mean(axis=0)
        self._bank = apart_from(self._usual, rows)
        self._boilerplate = apart_from(self._usual, meanings(BOILERPLATE, similarity))

    def best(self, text: str, *, most: int) -> list[Fit]:
        """At most so many questions that the text calls for, best first; none where it calls for none. Raises `ModelError`."""
        passages, calls = self._calls(cut(sanitise(text[:LARGEST]).text))
        if not passages:
            return []
        worth = calls.sum(axis=0)
        source = calls.argmax(axis=0)
        left = worth.copy()
        chosen: list[int] = []
        while len(chosen) < most and left.max() > 0:
            chosen.append(at := int(left.argmax()))
            left[at] = 0.0
            left[source == source[at]] *= AGAIN
        chosen.sort(key=lambda at: -worth[at])
        score = worth / (worth + HALF)
        return [Fit(question=self._questions[at], score=float(score[at]), passage=passages[source[at]]) for at in chosen]

    def _calls(self, passages: Sequence[str]) -> tuple[list[str], Matrix]:
        """The passages that call for something, and how strongly each calls for each question: (passages, questions)."""
        rows = [self._shared(passage) for passage in passages]
        loud = [at for at, row in enumerate(rows) if row.max(initial=0.0) >= CALLS]
        loud = sorted(sorted(loud, key=lambda at: -rows[at].max())[:PASSAGES])
        if not loud:
            return [], np.zeros((0, len(self._questions)), np.float32)
        found = [passages[at] for at in loud]
        calls = np.stack([rows[at] for at in loud]) * self._substance(found)[:, None]
        calls[(calls < FAINT) | (calls.max(axis=1, keepdims=True) < CALLS)] = 0.0
        heard = [at for at in range(len(found)) if calls[at].any()]
        return [found[at] for at in heard], calls[heard]

    def _shared(self, passage: str) -> Matrix:
        """The weight of the terms that the passage shares with each question."""
        columns = [at for term in set(terms(passage)) if (at := self._terms.column.get(term)) is not None]
        columns.sort()  # so that sums do not depend on the order of a set
        return np.asarray(self._terms.rows[:, columns] @ self._weights[columns], np.float32)

    def _substance(self, passages: Sequence[str]) -> Matrix:
        """Shares (0–1): 0 for a passage as near to boilerplate as to the bank."""
        rows = apart_from(self._usual, meanings(passages, self._similarity))
        nearer = (rows @ self._bank.T).max(axis=1) - (rows @ self._boilerplate.T).max(axis=1)
        return np.asarray(np.clip(nearer / PLAIN, 0.0, 1.0), np.float32)


def cut(text: str) -> list[str]:
    """Sentences, list items and lines, without the marks around them; what comes again counts once."""
    found: dict[tuple[str, ...], str] = {}
    for span in sentences(text):
        piece = text[span.start : span.end]
        marks = list(WORD.finditer(piece))
        for first in range(0, len(marks), LONGEST):
            part = marks[first : first + LONGEST]
            found.setdefault(tuple(mark[0].lower() for mark in part), piece[part[0].start() : part[-1].end()])
    return list(found.values())


def _specificity(rows: Matrix, topics: Sequence[str]) -> Matrix:
    """How much each term says about the topic of a question that holds it; `rows` is (questions, terms).

    The square root of the information gained (nats) over the topics' shares in the bank.
    """
    names, which = np.unique(np.array(topics), return_inverse=True)
    if len(names) < 2:
        return np.ones(rows.shape[1], np.float32)
    belongs = np.eye(len(names))[which]
    usual = belongs.mean(axis=0)
    counts = (rows > 0).T.astype(np.float64) @ belongs
    given = (counts + SMOOTHING * usual) / (counts.sum(axis=1, keepdims=True) + SMOOTHING)
    return np.asarray(np.sqrt(np.maximum((given * np.log(given / usual)).sum(axis=1), 0.0)), np.float32)
