"""The grader that needs no model and no network: each point's wordings against the answer's sentences. An estimate.

A point is met when some one to three neighbouring sentences hold enough of the rare words of its claim, of one of its
`accept` wordings, of all of them together, or of the reference sentence that says it. Words of the question count for
little; words in a denied clause count against; shuffled words count for nothing; and a `reject` wording that fits
better takes the point away. Word overlap cannot tell every wrong claim from a right one, so whatever this grades is
labelled an estimate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from interviewer.domain.errors import FailureReason
from interviewer.domain.grade import Evidence, Grade, MisconceptionResult, PointResult, Provenance, Ungraded, Verdict
from interviewer.domain.question import Point, Question
from interviewer.domain.scoring import POLICY_1, band_of
from interviewer.grading.attempts.find import attempts
from interviewer.grading.evidence import Spoken, check
from interviewer.grading.figures import apply_figure, check_figure
from interviewer.grading.gates import gate, zero
from interviewer.grading.verdicts import advice_for
from interviewer.ports import Answer, GraderName
from interviewer.text.overlap import Held, Holding, Wording, coverage, held_terms, idf_of, near_terms, pooled, wording_of
from interviewer.text.words import Span, is_prose, polarity, sentences, terms, words

VERSION = "embedded-1"
MET = 0.45
SHORT_CLAIM = 0.3
SHORT_EXAMPLE = 0.9
POOLED_MET = 0.70
REFERENCE_MET = 0.75
MISCONCEPTION = 0.80
CORRECTION_MARGIN = 0.08
QUESTION_WORTH = 0.3
WIDEST = 3
LONGEST_WINDOW = 70
LONGEST_PIECE = 300
FEWEST_TERMS = 2
TRIES = 4


@dataclass(frozen=True, kw_only=True)
class Window:
    """One to three neighbouring sentences of a text: where they stand, and what they hold of the wanted terms."""

    start: int
    end: int
    held: Held


@dataclass(frozen=True, kw_only=True)
class Fit:
    """How well a wording fits a window."""

    share: float
    window: Window
    wording: Wording

    @property
    def spare(self) -> float:
        """How far above (below: negative) what is enough."""
        return self.share - self.wording.enough


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """A point with its wordings weighed."""

    point: Point
    singles: tuple[Wording, ...]
    wanted: tuple[Wording, ...]
    rejected: tuple[Wording, ...]


class EmbeddedGrader:
    """Lexical, deterministic, offline."""

    name: GraderName = "embedded"

    def __init__(self, bank: Iterable[Question]) -> None:
        self._bank = tuple(bank)
        self._compiled: dict[str, tuple[Rubric, ...]] = {}
        self._wanted: dict[str, frozenset[str]] = {}

    @cached_property
    def _idf(self) -> dict[str, float]:
        """How rare each term is in the bank. Counted on first use: the first page need not wait for it."""
        return idf_of(terms(text) for text in self._texts())

    def _texts(self) -> Iterator[str]:
        return (" ".join([q.reference_answer, *(p.claim for p in q.points)]) for q in self._bank)

    @cached_property
    def _unknown(self) -> float:
        return max(self._idf.values(), default=1.0)

    def identity(self) -> str:
        """Version, policy, and the texts of the bank that the word weights come from."""
        digest = hashlib.sha256("\n".join(self._texts()).encode()).hexdigest()
        return f"{VERSION}/{POLICY_1.name}/{digest[:16]}"

    def grade(self, question: Question, answer: Answer, *, attempt: int, now: datetime) -> Grade | Ungraded:
        """Grade an answer; the same answer always gets the same grade."""
        reason = gate(question, answer)
        if reason:
            return zero(question, reason, now=now)
        spoken = Spoken.of(answer.text, question.question, *question.hints[: answer.hints])
        windows = _windows(spoken.clean.text, self._vocabulary(question))
        figure = check_figure(question, spoken)
        results: Sequence[PointResult] = [_verdict(rubric, spoken, windows) for rubric in self._rubrics(question)]
        results = apply_figure(question, results, figure) if figure else results
        wrong = self._misconceptions(question, spoken, windows)
        verdicts = {r.point: r.verdict for r in results}
        score = POLICY_1.score(question, verdicts, misconceptions=len(wrong), hints=answer.hints)
        provenance = Provenance(
            grader="embedded",
            question_id=question.id,
            question_sha256=question.sha256,
            policy=POLICY_1.name,
            graded_at=now,
            model=VERSION,
            dropped=spoken.clean.dropped,
        )
        if score is None:
            return Ungraded(reason=FailureReason.UNDECIDED, sentence="Too many points could not be assessed.", provenance=provenance)
        return Grade(
            score=score,
            band=band_of(score),
            points=tuple(results),
            misconceptions=tuple(wrong),
            advice=advice_for(question, verdicts),
            estimate=True,
            attempts=attempts(spoken),
            figure=figure,
            provenance=provenance,
        )

    def _rubrics(self, question: Question) -> tuple[Rubric, ...]:
        """Weighed once per question, since that takes longer than an answer."""
        if question.sha256 not in self._compiled:
            reference = _windows(question.reference_answer, self._vocabulary(question))
            self._compiled[question.sha256] = tuple(self._rubric(question, point, reference) for point in question.points)
        return self._compiled[question.sha256]

    def _vocabulary(self, question: Question) -> frozenset[str]:
        """Every term that some wording of the question wants. Gathered once per question."""
        if question.sha256 not in self._wanted:
            points = [w for p in question.points for w in (p.claim, *p.accept, *p.reject)]
            wrong = [w for m in question.misconceptions for w in (m.claim, m.correction)]
            wordings = (*points, *wrong, question.reference_answer)
            self._wanted[question.sha256] = frozenset(term for text in wordings for term in terms(text))
        return self._wanted[question.sha256]

    def _rubric(self, question: Question, point: Point, reference: Sequence[Window]) -> Rubric:
        """The point's wordings, with the passage of the reference answer that says it best as a further one."""
        weights = self._weights(question)
        claim = self._wordings([point.claim], weights, MET, short=SHORT_CLAIM)
        singles = [*claim, *self._wordings(point.accept, weights, MET)]
        pool = [pooled(singles, enough=POOLED_MET)] if singles else []
        passages = [question.reference_answer[f.window.start : f.window.end] for f in _fits([*singles, *pool], reference)[:1]]
        own = self._wordings(passages, weights, REFERENCE_MET)
        return Rubric(
            point=point,
            singles=(*singles, *own),
            wanted=(*singles, *pool, *own),
            rejected=tuple(self._wordings(point.reject, weights, 0.0)),
        )

    def _misconceptions(self, question: Question, spoken: Spoken, windows: Sequence[Window]) -> list[MisconceptionResult]:
        weights = self._weights(question)
        found = []
        for item in question.misconceptions:
            right = self._wordings([item.correction], weights, 0.0)
            for fit in _fits(self._wordings([item.claim], weights, MISCONCEPTION), windows)[:1]:
                evidence = _evidence(spoken, fit.window)
                if fit.spare < 0 or isinstance(evidence, str) or _most(right, fit.window) >= fit.share - CORRECTION_MARGIN:
                    continue
                found.append(MisconceptionResult(misconception=item.id, evidence=evidence, reasoning="Says nearly this."))
        return found

    def _wordings(
        self, texts: Iterable[str], weights: Mapping[str, float], enough: float, *, short: float = SHORT_EXAMPLE
    ) -> list[Wording]:
        """Of each text with at least two terms; the fewer terms, the more of them are wanted."""
        said = [(text, polarity(text)) for text in texts]
        return [
            wording_of(text, how, weights, unknown=self._unknown, enough=max(enough, min(0.8, enough + short / len(how))))
            for text, how in said
            if len(how) >= FEWEST_TERMS
        ]

    def _weights(self, question: Question) -> dict[str, float]:
        """Rarity of each term, with the question's own words demoted."""
        asked = set(terms(question.question))
        return self._idf | {t: self._idf.get(t, self._unknown) * QUESTION_WORTH for t in asked}


def _verdict(rubric: Rubric, spoken: Spoken, windows: Sequence[Window]) -> PointResult:
    """Met by the best window that no reject wording fits better and that may be quoted."""
    point = rubric.point.id
    fits = [fit for fit in _fits(rubric.wanted, windows) if fit.spare >= 0]
    if not fits:
        denied = any(coverage(w, x.held, against=-1.0) >= w.enough for w in rubric.singles for x in windows)
        if denied:
            reasoning = "The words of the point are there, but the sentence seems to deny it."
            return PointResult(point=point, verdict=Verdict.NOT_MET, reasoning=reasoning, flags=("negation",))
        return PointResult(point=point, verdict=Verdict.NOT_MET, reasoning="No sentence comes close to this point.")
    why: dict[str, str] = {}
    for fit in fits[:TRIES]:
        if rubric.rejected and _most(rubric.rejected, fit.window) > _most(rubric.singles, fit.window):
            why.setdefault("reasoning", "Closer to a near miss that does not count.")
            continue
        evidence = _evidence(spoken, fit.window)
        if isinstance(evidence, Evidence):
            reasoning = f"Holds {fit.share:.0%} of the weight of: {fit.wording.text}"
            return PointResult(point=point, verdict=Verdict.MET, reasoning=reasoning, evidence=evidence)
        why.setdefault("flag", evidence)
    flags = (why["flag"],) if "flag" in why else ()
    return PointResult(point=point, verdict=Verdict.NOT_MET, reasoning=why.get("reasoning", ""), flags=flags)


def _fits(wordings: Sequence[Wording], windows: Sequence[Window]) -> list[Fit]:
    """The best wording for each window; best window first, narrow before wide."""
    if not wordings:
        return []
    best = []
    for window in windows:
        found = [Fit(share=coverage(wording, window.held), window=window, wording=wording) for wording in wordings]
        best.append(max(found, key=lambda fit: fit.spare))
    return sorted(best, key=lambda fit: -round(fit.spare, 6))


def _most(wordings: Iterable[Wording], window: Window) -> float:
    return max((coverage(wording, window.held) for wording in wordings), default=0.0)


def _windows(text: str, wanted: frozenset[str]) -> list[Window]:
    """Narrow windows first, so that equal fits quote the least. Shuffled words hold nothing."""
    spans = [piece for span in sentences(text) if is_prose(text[span.start : span.end]) for piece in _pieces(text, span)]
    said = [polarity(text[span.start : span.end]) for span in spans]
    lengths = [len(words(text[span.start : span.end])) for span in spans]
    near = near_terms(wanted, set().union(*said)) if said else {}
    held = [held_terms(piece, near) for piece in said]
    found = []
    for width in range(1, WIDEST + 1):
        for first in range(len(spans) - width + 1):
            last = first + width - 1
            if width > 1 and sum(lengths[first : last + 1]) > LONGEST_WINDOW:
                continue
            merged: dict[str, Holding] = {}
            for piece in held[first : last + 1]:
                merged |= {term: merged.get(term, Holding()) | holding for term, holding in piece.items()}
            if merged:
                found.append(Window(start=spans[first].start, end=spans[last].end, held=merged))
    return found


def _pieces(text: str, span: Span) -> list[Span]:
    """A run-on "sentence" in pieces of at most the longest window, cut at white space."""
    if span.end - span.start <= LONGEST_PIECE:
        return [span]
    found, start = [], span.start
    while span.end - start > LONGEST_PIECE:
        end = text.rfind(" ", start + 1, start + LONGEST_PIECE)
        end = end if end > start else start + LONGEST_PIECE
        found.append(Span(start, end))
        start = end + 1 if text[end : end + 1] == " " else end
    return [*found, Span(start, span.end)]


def _evidence(spoken: Spoken, window: Window) -> Evidence | str:
    return check(spoken.clean.text[window.start : window.end], spoken)
