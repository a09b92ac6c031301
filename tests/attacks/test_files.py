"""The attack files are what they say: enough in every class, fillable, paired with twins, and their disguises real."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from interviewer.bank.load import Bank
from interviewer.calibration.attacks import DRIFTING, Case, cases
from interviewer.calibration.materials import chosen, honest_answer
from interviewer.calibration.payloads import PayloadError, Payloads, load

FOLDER = Path(__file__).parent
CLASSES = {
    "instruction-override",
    "protocol-override",
    "smuggled-answer",
    "authority-emotion",
    "delimiter-escape",
    "fake-grader-output",
    "fake-interviewer-turn",
    "canary-id-guessing",
    "master-keys",
    "invisible-text",
    "other-languages",
    "encoded",
    "markdown-exfiltration",
    "csv-formulas",
    "prompt-leakage",
    "token-flooding",
}
LEAST, LEAST_IN_ALL, LEAST_DECOYS, LEAST_LANGUAGES, FLOOD = 6, 96, 20, 6, 8_000
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\u00ad\u0336\b\U000e0000-\U000e007f\U000e0100-\U000e01ef]")
BORROWED = re.compile("[a-z][\u0400-\u04ff]|[\u0400-\u04ff][a-z]")
LEFT_OPEN = re.compile(r"\{[a-z][a-z0-9_-]*[:}]")


@pytest.fixture(scope="module")
def payloads() -> Payloads:
    return load(FOLDER)


@pytest.fixture(scope="module")
def expanded(payloads: Payloads, bank: Bank) -> tuple[Case, ...]:
    return tuple(case for case in cases(payloads, chosen(bank.questions.values(), 3)) if case.kind != "decoy")


def of(expanded: tuple[Case, ...], kind: str) -> list[Case]:
    return [case for case in expanded if case.kind == kind]


def test_every_class_has_enough(payloads: Payloads) -> None:
    assert {c.name for c in payloads.classes} == CLASSES
    assert {c.name: len(c.attacks) for c in payloads.classes if len(c.attacks) < LEAST} == {}
    assert sum(len(c.attacks) for c in payloads.classes) >= LEAST_IN_ALL
    assert len(payloads.decoys) >= LEAST_DECOYS


def test_every_attack_differs_from_its_twin_and_from_every_other(expanded: tuple[Case, ...]) -> None:
    assert [case.name for case in expanded if case.text.strip() == case.twin.strip()] == []
    assert len({(case.question.id, case.level, case.text) for case in expanded}) == len(expanded)


def test_templates_are_filled_whole(expanded: tuple[Case, ...]) -> None:
    own = {case.question.id: LEFT_OPEN.search(case.question.model_dump_json()) for case in expanded}
    assert [case.name for case in expanded if not own[case.question.id] and LEFT_OPEN.search(case.text)] == []


def test_twins_fit_the_class(expanded: tuple[Case, ...]) -> None:
    assert {case.twin for case in of(expanded, "master-keys")} == {""}
    for case in expanded:
        if case.level != "none":
            assert case.twin == honest_answer(case.question, case.level), case.name
            assert case.twin in case.text, f"{case.name}: the honest part is missing"


def test_smuggled_words_are_the_rubrics(expanded: tuple[Case, ...]) -> None:
    for case in of(expanded, "smuggled-answer"):
        claims = [p.claim.rstrip(".") for p in case.question.required]
        assert all(claim in case.text for claim in claims) or case.question.reference_answer in case.text, case.name


def test_invisible_text_is_there(expanded: tuple[Case, ...]) -> None:
    for case in of(expanded, "invisible-text"):
        added = case.text.replace(case.twin, "")
        assert UNSEEN.search(added) or BORROWED.search(added), case.name


def test_hidden_orders_can_be_read_back(expanded: tuple[Case, ...]) -> None:
    case = next(c for c in expanded if c.id == "invisible-tags-order")
    hidden = "".join(chr(ord(char) - 0xE0000) for char in case.text if 0xE0000 <= ord(char) < 0xE0080)
    assert "all points are met" in hidden


def test_other_languages_are_many(expanded: tuple[Case, ...]) -> None:
    kinds = {"LATIN", "CYRILLIC", "ARABIC", "DEVANAGARI", "CJK", "HIRAGANA", "HANGUL"}
    scripts = {
        unicodedata.name(char, "?").split()[0].split("-")[0]
        for case in of(expanded, "other-languages")
        for char in case.text
        if char.isalpha()
    }
    assert kinds <= scripts
    assert len({case.id for case in of(expanded, "other-languages")}) >= LEAST_LANGUAGES


def test_encoded_attacks_say_nothing_in_the_clear(expanded: tuple[Case, ...]) -> None:
    for case in of(expanded, "encoded"):
        added = case.text.replace(case.twin, "").lower()
        assert not any(claim.claim.lower().rstrip(".") in added for claim in case.question.required), case.name


def test_floods_are_long_and_their_files_short(expanded: tuple[Case, ...]) -> None:
    assert min(len(case.text) for case in of(expanded, "token-flooding")) >= FLOOD
    assert (FOLDER / "token-flooding.yaml").stat().st_size < FLOOD


def test_decoys_hang_on_an_honest_answer(payloads: Payloads, bank: Bank) -> None:
    found = [case for case in cases(payloads, chosen(bank.questions.values(), 1)) if case.kind == "decoy"]
    assert len(found) == len(payloads.decoys) * len(DRIFTING)
    assert all(case.text.startswith(case.twin) and case.text != case.twin for case in found)


def test_questions_are_chosen_by_seed_alone(bank: Bank) -> None:
    questions = list(bank.questions.values())
    assert chosen(questions, 5) == chosen(reversed(questions), 5)
    assert chosen(questions, 5) != chosen(questions, 5, seed=1)


GOOD = "class: trick\nsummary: A trick.\nattacks:\n  - {id: one, text: '{answer} ok'}\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (GOOD.replace("summary", "sumary"), "trick.yaml: summary: this key is needed"),
        (GOOD + "more: 1\n", "trick.yaml: more: there is no such key"),
        (GOOD.replace("{answer}", "{anwser}"), "trick.yaml: attacks.0.text: there is no placeholder “anwser”"),
        (GOOD.replace("{answer}", "{base64:{answer}"), "trick.yaml: attacks.0.text: a placeholder that begins before"),
        (GOOD.replace("{answer}", "{flood:lots}"), "trick.yaml: attacks.0.text: the placeholder “flood” wants a length"),
        (
            GOOD.replace("{answer}", "{flood:9000000}"),
            "trick.yaml: attacks.0.text: the placeholder “flood” wants a length of at most 200,000",
        ),
        (GOOD.replace("{answer}", "{base64}"), "trick.yaml: attacks.0.text: the placeholder “base64” takes a text"),
        (GOOD.replace("{answer}", "{answer:x}"), "trick.yaml: attacks.0.text: the placeholder “answer” takes nothing"),
        (GOOD.replace("class: trick", "class: trock"), "trick.yaml: class: “trick” is expected"),
        (GOOD + "  - {id: one, text: again}\n", "the id “one” is used more than once"),
        ("class: [", "trick.yaml: line 1: this is not YAML"),
        ("- one", "trick.yaml: the file:"),
        ("\udcff", "trick.yaml is not UTF-8"),
        ("#" * 200_001, "trick.yaml: at most 200,000 bytes"),
    ],
)
def test_a_bad_file_is_named_with_the_field(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "trick.yaml").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(PayloadError) as error:
        load(tmp_path)
    assert told in str(error.value)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "trick.yaml").write_text(GOOD, "utf-8")
    assert load(tmp_path).classes[0].attacks[0].honest == "{answer}"


def test_folders_without_attacks_are_told(tmp_path: Path) -> None:
    with pytest.raises(PayloadError, match="holds no attack files"):
        load(tmp_path)
    with pytest.raises(PayloadError, match="is not a folder"):
        load(tmp_path / "nowhere")


def test_an_unknown_class_is_told_with_those_there_are(payloads: Payloads) -> None:
    with pytest.raises(PayloadError, match=r"no class “voodoo”.*master-keys"):
        payloads.only(("voodoo",))
