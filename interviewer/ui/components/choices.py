"""What the candidate can choose before an interview; everything has a sensible default."""

from __future__ import annotations

import streamlit as st

from interviewer.domain.interview import Mode, Pace
from interviewer.domain.question import Topic
from interviewer.domain.selection import Length, eligible
from interviewer.domain.track import Group, Track
from interviewer.interviews import Choice
from interviewer.ui.components.words import GROUPS, MODE_CAPTIONS, MODES, PACE_WORDS, PACES, count
from interviewer.wiring import App

MINUTES = (10, 15, 20, 25, 30, 45, 60)
QUESTIONS = 5


def track(app: App) -> Track:
    """The track, by difficulty or by role, with a line about each."""
    groups = [group for group in Group if any(t.group is group for t in app.bank.tracks.values())]
    group = groups[0]
    if len(groups) > 1:
        group = st.segmented_control("Tracks by", groups, format_func=lambda g: GROUPS[g], default=groups[0], required=True, key="group")
    tracks = [t for t in app.bank.tracks.values() if t.group is group]
    default = next((i for i, t in enumerate(tracks) if t.id == "mixed"), 0)
    return st.radio(
        "Track",
        tracks,
        index=default,
        format_func=lambda t: t.name,
        captions=[f"{t.summary} Pass band: {t.pass_band.value}." for t in tracks],
        key=f"track-{group.value}",
    )


def rest(app: App, track: Track) -> Choice:
    """Everything that has a sensible default."""
    with st.expander("Adjust topics, length, mode and pace"):
        topics = st.multiselect(
            "Topics", list(track.topics), format_func=lambda t: Topic(t).title, placeholder="All topics of the track", key="topics"
        )
        by = st.segmented_control("Length by", ["Minutes", "Questions"], default="Minutes", required=True, key="length_by")
        most = max(1, min(12, len(eligible(list(app.bank.questions.values()), track, topics))))
        if by == "Minutes":
            lengths = sorted({*MINUTES, track.minutes})
            length = Length(
                minutes=st.segmented_control("Minutes", lengths, default=track.minutes, required=True, key=f"minutes-{track.id}")
            )
        elif most == 1:
            length = Length(questions=1)
            st.caption("The bank holds one question on these topics.")
        else:
            length = Length(questions=st.slider("Questions", 1, most, min(QUESTIONS, most)))
        modes = list(MODES)
        mode = st.radio("Mode", modes, format_func=lambda m: MODES[m], captions=[MODE_CAPTIONS[m] for m in modes], key="mode")
        pace = st.segmented_control("Pace", list(PACES), format_func=lambda p: PACES[p], default=Pace.STANDARD, required=True, key="pace")
    return Choice(track=track, length=length, mode=mode or Mode.EXAM, pace=pace or Pace.STANDARD, topics=tuple(topics))


def plan(app: App, choice: Choice) -> str:
    """What the button will start, in a line."""
    length = count(choice.length.questions, "question") if choice.length.questions else f"questions for {choice.length.minutes} minutes"
    pool = count(len(eligible(list(app.bank.questions.values()), choice.track, choice.topics)), "question")
    how = f"{MODES[choice.mode].lower()} · {PACE_WORDS[choice.pace]}"
    return f"{choice.track.name} · {length} · {how} · drawn from {pool}"
