"""Start page: one button starts a sensible interview; everything else is a choice."""

from __future__ import annotations

import streamlit as st

from interviewer.domain.interview import Mode, Pace, Status
from interviewer.domain.question import Topic
from interviewer.domain.selection import Length, eligible
from interviewer.domain.track import Track
from interviewer.interviews import Choice
from interviewer.ui import state
from interviewer.ui.components.words import MODE_CAPTIONS, MODES, PACE_WORDS, PACES, about, count, where

MINUTES = (10, 15, 20, 25, 30, 45, 60)
QUESTIONS = 5


def unfinished() -> None:
    """Interviews that were interrupted, and the latest finished one: one click away."""
    rows = [row.interview for row in app.store.interviews(owner_id=app.owner_id)]
    for interview in [i for i in rows if i.status is not Status.FINISHED][:3]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{interview.track_name}** interrupted at {where(interview)}  \n:gray[{about(interview)}]", width="stretch")
            if st.button("Go on", key=f"resume-{interview.id}", type="primary"):
                state.open_session(interview, "interview")
    finished = next((i for i in rows if i.status is Status.FINISHED), None)
    if finished and st.button(
        f"Review your last interview ({finished.track_name}, {finished.created_at.astimezone():%d %b})", type="tertiary"
    ):
        state.open_session(finished, "review")


def choose_track() -> Track:
    """The track, with a line about each."""
    tracks = list(app.bank.tracks.values())
    default = next((i for i, t in enumerate(tracks) if t.id == "mixed"), 0)
    return st.radio(
        "Track",
        tracks,
        index=default,
        format_func=lambda t: t.name,
        captions=[f"{t.summary} Pass band: {t.pass_band.value}." for t in tracks],
        key="track",
    )


def choose_rest(track: Track) -> Choice:
    """Everything that has a sensible default."""
    with st.expander("Adjust topics, length, mode and pace"):
        topics = st.multiselect(
            "Topics", list(track.topics), format_func=lambda t: Topic(t).title, placeholder="All topics of the track", key="topics"
        )
        by = st.segmented_control("Length by", ["Minutes", "Questions"], default="Minutes", required=True, key="length_by")
        most = max(1, min(12, len(eligible(bank, track, topics))))
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


def plan(choice: Choice) -> str:
    """What the button will start, in a line."""
    length = count(choice.length.questions, "question") if choice.length.questions else f"questions for {choice.length.minutes} minutes"
    pool = count(len(eligible(bank, choice.track, choice.topics)), "question")
    how = f"{MODES[choice.mode].lower()} · {PACE_WORDS[choice.pace]}"
    return f"{choice.track.name} · {length} · {how} · drawn from {pool}"


def grader_line() -> str:
    """Who will grade, in a sentence."""
    if app.settings.active_grader == "llm":
        return f"Graded by {app.settings.interviewer_grader_model}; your answers are sent to {app.settings.endpoint_host}."
    return "Graded by the built-in estimate: no key, no network, nothing leaves this machine."


app = state.app()
bank = list(app.bank.questions.values())
st.title("Mock interview")
st.write("Real questions on generative AI, LLMs and machine learning, under a real clock, graded point by point.")
state.flashes()
unfinished()
choice = choose_rest(choose_track())
st.caption(plan(choice))
if st.button("Start interview", type="primary", width="stretch"):
    with state.told():
        state.open_session(app.interviews.start(choice, bank, owner_id=app.owner_id), "interview")
    st.rerun()
st.caption(grader_line())
if app.bank.problems:
    with st.expander(f"{count(len({p.file for p in app.bank.problems}), 'file')} of the question bank can't be used"):
        st.text("\n".join(str(p) for p in app.bank.problems))
