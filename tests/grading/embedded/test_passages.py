"""How an answer is cut into passages that may be judged and quoted."""

from __future__ import annotations

from interviewer.grading.embedded.passages import LONGEST, LONGEST_PIECE, passages_of, pieces_of

TEXT = "The cache answers first. It skips the database.\n\n- Entries go stale.\n- The oldest go."


def cut(text: str) -> list[str]:
    return [text[p.start : p.end] for p in passages_of(text, pieces_of(text))]


def test_one_or_two_neighbouring_sentences_narrow_ones_first():
    found = cut(TEXT)
    assert found[:4] == ["The cache answers first.", "It skips the database.", "- Entries go stale.", "- The oldest go."]
    assert found[4] == "The cache answers first. It skips the database."
    assert found[-1].split("\n")[-1] == "- The oldest go."
    assert len(found) == 4 + 3


def test_no_passage_of_several_sentences_is_long():
    long = " ".join(f"Sentence {n} says {'very ' * 30}little." for n in range(5))
    assert all(p.length <= LONGEST or p.first == p.last for p in passages_of(long, pieces_of(long)))


def test_a_sentence_without_end_is_cut_at_blanks_and_loses_nothing():
    endless = "word " * 400
    found = [endless[p.start : p.end] for p in pieces_of(f"It is, {endless}")]
    assert max(map(len, found)) <= LONGEST_PIECE
    assert "".join(f"It is, {endless}".split()) != ""
    assert len(pieces_of("x" * 1_000)) == 4


def test_shuffled_words_are_no_passage():
    assert cut("the of model and is weights the in of to by the is and frozen of was a the") == []


def test_nothing_has_no_passage():
    assert cut("") == cut(" \n ") == []
