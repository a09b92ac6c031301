"""Which questions an interview asks: drawn from the bank by a track's blueprint, avoiding what was asked lately."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random  # noqa: TID251  (a type here: the caller hands in the generator)

from interviewer.domain.errors import Refused
from interviewer.domain.question import Difficulty, Question, Topic
from interviewer.domain.track import Overlap, Track

LEVELS = tuple(Difficulty)


@dataclass(frozen=True, kw_only=True)
class Length:
    """How long an interview is: by questions or by standard minutes, one of the two."""

    questions: int | None = None
    minutes: int | None = None


def draw(
    bank: Sequence[Question],
    track: Track,
    length: Length,
    *,
    topics: Iterable[Topic] = (),
    asked: Sequence[str] = (),
    overlaps: Iterable[Overlap] = (),
    rng: Random,
) -> tuple[Question, ...]:
    """The questions of one interview, easier ones first. `asked` lists question ids of earlier interviews, latest last; of
    `overlaps` one question is asked, unless nothing else is left.
    """
    pool = eligible(bank, track, topics)
    if not pool:
        raise Refused("No question of this track is about these topics. Choose more topics or another track.")
    near = _near(overlaps)
    chosen: list[Question] = []
    while len(chosen) < (length.questions or len(pool)):
        left = None if length.minutes is None else length.minutes - sum(q.minutes for q in chosen)
        question = next_question(pool, track, chosen, asked=asked, near=near, minutes=left, rng=rng)
        if question is None:
            break
        chosen.append(question)
    if not chosen:
        raise Refused("No question of this track fits into so little time. Choose a longer interview.")
    return tuple(sorted(chosen, key=lambda q: LEVELS.index(q.difficulty)))


def eligible(bank: Sequence[Question], track: Track, topics: Iterable[Topic] = ()) -> list[Question]:
    """The bank's questions that the blueprint admits, within the topics asked for (none: all of the track's)."""
    wanted = set(topics) or set(track.topics)
    return [q for q in bank if q.topic in track.topics and q.topic in wanted and q.kind in track.kinds and q.difficulty in track.levels]


def _near(overlaps: Iterable[Overlap]) -> dict[str, frozenset[str]]:
    near: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for overlap in overlaps:
        for question in overlap.questions:
            near[question] |= {*overlap.questions}
    return near


def next_question(
    pool: Sequence[Question],
    track: Track,
    chosen: Sequence[Question],
    *,
    asked: Sequence[str],
    near: Mapping[str, frozenset[str]],
    minutes: int | None,
    rng: Random,
) -> Question | None:
    """The question the blueprint lacks most: level first, then what was asked least lately, then topic; None when none fits.
    `near` holds for each question those that overlap with it.
    """
    taken = {q.id for q in chosen}
    recency = {id_: place for place, id_ in enumerate(asked, start=1)}
    left = [q for q in pool if q.id not in taken]
    fitting = [q for q in left if minutes is None or q.minutes <= minutes]
    unasked = {q.difficulty for q in left if q.id not in recency}
    new = [q for q in fitting if q.id not in recency or q.difficulty not in unasked]
    if not fitting or (chosen and not new):
        return None  # a minute or two to spare is better than a question asked before
    levels = Counter(q.difficulty for q in chosen)
    topics = Counter(q.topic for q in chosen)
    total = sum(track.levels.values())

    repeated = frozenset().union(*(near.get(id_, ()) for id_ in taken))

    def lack(q: Question) -> tuple[bool, float, int, float]:
        level = track.levels[q.difficulty] / total * (len(chosen) + 1) - levels[q.difficulty]
        topic = (topics[q.topic] + rng.random()) / track.topics[q.topic]
        return (q.id in repeated, -level, recency.get(q.id, 0), topic)

    return min(new or fitting, key=lack)
