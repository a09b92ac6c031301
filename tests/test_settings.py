"""Where settings come from, which are refused, and that the key is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from interviewer.domain.errors import SettingsError
from interviewer.settings import ROOT, Settings, data_folder, load

KEY = "sk-sentinel-0123456789"
MODEL = {"INTERVIEWER_GRADER_MODEL": "scripted-1"}
FIRST = MODEL | {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "https://first.example.org/v1"}
SECOND = {"INTERVIEWER_SECOND_MODEL": "scripted-2"}


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """Where a test may write its secrets.toml; not there at first."""
    return tmp_path / "secrets.toml"


def read(secrets: Path, **environ: str) -> Settings:
    return load({"INTERVIEWER_HOME": str(secrets.parent / "home")} | environ, secrets=secrets)


# where values come from


def test_a_newcomer_gets_the_defaults(secrets):
    found = load({}, secrets=secrets)
    assert found.interviewer_home.name == "interviewer"
    assert found.interviewer_home.is_absolute()
    assert (found.interviewer_bank, found.interviewer_prompts) == (ROOT / "question_bank", ROOT / "prompts")
    assert (found.interviewer_grader, found.interviewer_grader_model, found.openai_base_url) == ("auto", "", "")
    assert (found.active_grader, found.uses_model, found.llm_ready) == ("embedded", False, False)


def test_secrets_are_read(secrets):
    secrets.write_text(f'OPENAI_API_KEY = "{KEY}"\ninterviewer_grading_workers = 3\n', "utf-8")
    found = read(secrets)
    assert found.openai_api_key.get_secret_value() == KEY
    assert found.interviewer_grading_workers == 3


def test_the_environment_beats_secrets(secrets):
    secrets.write_text(f'OPENAI_API_KEY = "{KEY}"\nINTERVIEWER_GRADER_MODEL = "from-secrets"\n', "utf-8")
    found = read(secrets, INTERVIEWER_GRADER_MODEL="from-environment")
    assert found.interviewer_grader_model == "from-environment"
    assert found.openai_api_key.get_secret_value() == KEY


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_variable_is_not_set(secrets, empty):
    secrets.write_text('INTERVIEWER_GRADER_MODEL = "from-secrets"\n', "utf-8")
    assert read(secrets, INTERVIEWER_GRADER_MODEL=empty).interviewer_grader_model == "from-secrets"


def test_blanks_around_a_value_are_dropped(secrets):
    assert read(secrets, OPENAI_API_KEY=f" {KEY}\n").openai_api_key.get_secret_value() == KEY


def test_the_process_s_own_environment_is_read(secrets, monkeypatch):
    monkeypatch.setenv("INTERVIEWER_HOME", str(secrets.parent / "mine"))
    assert load(secrets=secrets).interviewer_home == secrets.parent / "mine"


def test_other_variables_and_secrets_are_left_alone(secrets):
    secrets.write_text("[connections]\nurl = 'x'\n", "utf-8")
    assert read(secrets, PATH="/bin").interviewer_grader == "auto"


def test_a_tilde_in_the_data_folder_is_the_home_folder(secrets):
    assert load({"INTERVIEWER_HOME": "~/here"}, secrets=secrets).interviewer_home == Path.home() / "here"


@pytest.mark.parametrize("name", ["prompts", "question_bank", ".streamlit"])
def test_what_ships_with_the_project_lies_beside_the_package(name):
    assert data_folder(name) == ROOT / name
    assert data_folder(name).is_dir()


def test_settings_cannot_be_changed(settings):
    with pytest.raises(ValidationError, match="frozen"):
        settings.interviewer_grader = "llm"


# refused


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INTERVIEWER_GRADER", "best"),
        ("INTERVIEWER_GRADER_TIMEOUT", "soon"),
        ("INTERVIEWER_GRADER_TIMEOUT", "0"),
        ("INTERVIEWER_GRADER_TIMEOUT", "1801"),
        ("INTERVIEWER_GRADER_TIMEOUT", "nan"),
        ("INTERVIEWER_GRADER_TEMPERATURE", "warm"),
        ("INTERVIEWER_GRADER_TEMPERATURE", "-0.1"),
        ("INTERVIEWER_GRADER_TEMPERATURE", "2.1"),
        ("INTERVIEWER_GRADING_WORKERS", "0"),
        ("INTERVIEWER_GRADING_WORKERS", "65"),
        ("INTERVIEWER_GRADING_WORKERS", "2.5"),
        ("INTERVIEWER_HOME", "~no-such-user-here/data"),
        ("INTERVIEWER_GRADER_CONTEXT", "7999"),
        ("INTERVIEWER_GRADER_CONTEXT", "1000001"),
        ("INTERVIEWER_GRADER_CONTEXT", "much"),
        ("INTERVIEWER_SECOND_OPINION", "never"),
        ("INTERVIEWER_SPEND_SESSION", "0"),
        ("INTERVIEWER_SPEND_SESSION", "-1"),
        ("INTERVIEWER_SPEND_DAY", "nan"),
        ("INTERVIEWER_SPEND_DAY", "a dollar"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_by_its_setting(secrets, name, value):
    with pytest.raises(SettingsError, match=f"^The setting {name} cannot be used: "):
        read(secrets, **{name: value})


def test_a_value_of_secrets_that_cannot_be_used_is_named_too(secrets):
    secrets.write_text("INTERVIEWER_GRADING_WORKERS = 0\n", "utf-8")
    with pytest.raises(SettingsError, match="INTERVIEWER_GRADING_WORKERS"):
        read(secrets)


@pytest.mark.parametrize("raw", [b"OPENAI_API_KEY = sk-sentinel\n", b'OPENAI_API_KEY = "\xff"\n'])
def test_secrets_that_are_no_toml_are_named(secrets, raw):
    secrets.write_bytes(raw)
    with pytest.raises(SettingsError, match=r"secrets\.toml is not readable TOML: .* Correct it, then start again\.") as caught:
        read(secrets)
    assert "sentinel" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "localhost:11434/v1",
        "api.example.org/v1",
        "ftp://api.example.org/v1",
        "file:///etc/passwd",
        "https://",
        "https:///v1",
        "https://:443/v1",
        "https://api.example.org:0/v1",
        "https://api.example.org:65536/v1",
        "https://api.example.org:port/v1",
        "https://[::1/v1",
        "https://two words/v1",
        "https://back\\slash/v1",
    ],
)
def test_an_address_nothing_can_be_sent_to_is_refused(secrets, url):
    with pytest.raises(SettingsError, match=r"^OPENAI_BASE_URL is not an address like https://host:port/v1\. Correct it"):
        read(secrets, OPENAI_BASE_URL=url)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("", "api.openai.com"),
        ("http://127.0.0.1:11434/v1", "127.0.0.1:11434"),
        ("https://user:sentinel@api.example.org/v1", "api.example.org"),
    ],
)
def test_the_host_is_shown_without_path_or_credentials(secrets, url, host):
    assert read(secrets, OPENAI_BASE_URL=url).endpoint_host == host


def test_without_an_address_openai_s_own_is_used(secrets):
    assert read(secrets).endpoint.url == "https://api.openai.com/v1"
    assert read(secrets, OPENAI_BASE_URL="http://localhost:1/v1").endpoint.url == "http://localhost:1/v1"


# the key is never shown


def test_the_key_is_in_no_text_of_the_settings(secrets):
    found = read(secrets, OPENAI_API_KEY=KEY, **MODEL)
    assert found.openai_api_key.get_secret_value() == KEY
    for text in (repr(found), str(found), found.model_dump_json(), str(found.model_dump()), str(found.model_dump(mode="json"))):
        assert "sentinel" not in text


def test_the_key_is_in_no_refusal(secrets):
    with pytest.raises(SettingsError) as caught:
        read(secrets, OPENAI_API_KEY=KEY, INTERVIEWER_GRADER="best")
    assert "sentinel" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("name", ["INTERVIEWER_SECOND_API_KEY", "OPENAI_API_KEY"])
def test_neither_key_is_in_any_text_of_the_second_endpoint(secrets, name):
    found = read(secrets, **{name: KEY}, **MODEL, **SECOND, OPENAI_BASE_URL="http://127.0.0.1:1/v1")
    assert found.second is not None
    assert found.second.key.get_secret_value() == KEY
    for text in (repr(found), str(found.second), repr(found.endpoint), found.model_dump_json()):
        assert "sentinel" not in text


# the second model


def test_there_is_no_second_model_unless_one_is_named(secrets):
    found = read(secrets, **FIRST)
    assert (found.second, found.interviewer_second_opinion) == (None, "doubtful")
    assert read(secrets, **FIRST, INTERVIEWER_SECOND_BASE_URL="https://second.example.org/v1").second is None


@pytest.mark.parametrize(
    "environ",
    [SECOND, SECOND | {"OPENAI_API_KEY": KEY}, SECOND | FIRST | {"INTERVIEWER_GRADER": "embedded"}],
    ids=["alone", "key", "embedded"],
)
def test_without_a_first_model_there_is_no_second(secrets, environ):
    assert read(secrets, **environ).second is None


def test_the_second_model_is_asked_at_the_first_one_s_address_with_its_key(secrets):
    found = read(secrets, **FIRST, **SECOND).second
    assert found is not None
    assert (found.model, found.url, found.key.get_secret_value()) == ("scripted-2", "https://first.example.org/v1", KEY)
    assert found.host == "first.example.org"


@pytest.mark.parametrize(
    "url",
    [
        "https://second.example.org/v1",
        "http://first.example.org/v1",
        "https://first.example.org:8443/v1",
        "https://first.example.org.evil.example/v1",
        "https://first.example.org@evil.example/v1",
        "https://first.example.org/other/v1",
    ],
)
def test_the_first_one_s_key_goes_to_no_other_address(secrets, url):
    found = read(secrets, **FIRST, **SECOND, INTERVIEWER_SECOND_BASE_URL=url).second
    assert found is not None
    assert (found.url, found.key.get_secret_value()) == (url, "")


def test_the_second_model_may_have_a_key_and_an_address_of_its_own(secrets):
    own = {"INTERVIEWER_SECOND_BASE_URL": "https://second.example.org/v1", "INTERVIEWER_SECOND_API_KEY": "k-2"}
    found = read(secrets, **FIRST, **SECOND, **own).second
    assert found is not None
    assert (found.host, found.key.get_secret_value()) == ("second.example.org", "k-2")
    assert read(secrets, **FIRST, **SECOND, **own).endpoint.key.get_secret_value() == KEY


def test_the_same_model_twice_is_refused(secrets):
    same = {"INTERVIEWER_SECOND_MODEL": MODEL["INTERVIEWER_GRADER_MODEL"]}
    with pytest.raises(SettingsError, match="INTERVIEWER_SECOND_MODEL is the first model again"):
        read(secrets, **FIRST, **same)
    with pytest.raises(SettingsError, match="INTERVIEWER_SECOND_MODEL is the first model again"):
        read(secrets, **FIRST, **same, INTERVIEWER_SECOND_BASE_URL=FIRST["OPENAI_BASE_URL"], INTERVIEWER_SECOND_API_KEY="k-2")
    with pytest.raises(SettingsError, match="INTERVIEWER_SECOND_MODEL is the first model again"):
        read(secrets, **MODEL, OPENAI_API_KEY=KEY, **same, INTERVIEWER_SECOND_BASE_URL="https://api.openai.com/v1")


@pytest.mark.parametrize("url", ["https://first.example.org/v1/", "https://FIRST.example.org/v1", "https://first.example.org:443/v1"])
def test_the_same_model_is_refused_however_its_address_is_written(secrets, url):
    with pytest.raises(SettingsError, match="INTERVIEWER_SECOND_MODEL is the first model again"):
        read(secrets, **FIRST, INTERVIEWER_SECOND_MODEL=MODEL["INTERVIEWER_GRADER_MODEL"], INTERVIEWER_SECOND_BASE_URL=url)


def test_a_model_of_the_same_name_at_another_address_is_another(secrets):
    same = {"INTERVIEWER_SECOND_MODEL": MODEL["INTERVIEWER_GRADER_MODEL"], "INTERVIEWER_SECOND_BASE_URL": "https://second.example.org/v1"}
    assert read(secrets, **FIRST, **same).second is not None


@pytest.mark.parametrize("url", ["second.example.org/v1", "ftp://second.example.org/v1", "https://second.example.org:0/v1"])
def test_the_second_one_s_address_must_be_one(secrets, url):
    with pytest.raises(SettingsError, match=r"^INTERVIEWER_SECOND_BASE_URL is not an address like"):
        read(secrets, **FIRST, **SECOND, INTERVIEWER_SECOND_BASE_URL=url)


# context and money


def test_the_new_settings_have_defaults_that_cost_nothing(secrets):
    found = read(secrets)
    assert found.interviewer_grader_context == 24_000
    assert (found.interviewer_prices, found.interviewer_spend_session, found.interviewer_spend_day) == ("", None, None)


def test_context_prices_and_limits_are_read(secrets):
    found = read(
        secrets,
        INTERVIEWER_GRADER_CONTEXT="8000",
        INTERVIEWER_PRICES="m: 1/0.1/2",
        INTERVIEWER_SPEND_SESSION="0.5",
        INTERVIEWER_SPEND_DAY="2",
        INTERVIEWER_SECOND_OPINION="all",
    )
    assert (found.interviewer_grader_context, found.interviewer_prices) == (8000, "m: 1/0.1/2")
    assert (found.interviewer_spend_session, found.interviewer_spend_day, found.interviewer_second_opinion) == (0.5, 2.0, "all")


# which grader


@pytest.mark.parametrize(
    ("environ", "grader"),
    [
        ({"OPENAI_API_KEY": KEY}, "embedded"),
        ({"OPENAI_BASE_URL": "http://localhost:1/v1"}, "embedded"),
        (MODEL, "embedded"),
        (MODEL | {"OPENAI_API_KEY": KEY}, "llm"),
        (MODEL | {"OPENAI_BASE_URL": "http://localhost:1/v1"}, "llm"),
        (MODEL | {"OPENAI_API_KEY": KEY, "INTERVIEWER_GRADER": "auto"}, "llm"),
        (MODEL | {"OPENAI_API_KEY": KEY, "INTERVIEWER_GRADER": "llm"}, "llm"),
        (MODEL | {"OPENAI_API_KEY": KEY, "INTERVIEWER_GRADER": "embedded"}, "embedded"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else value,
)
def test_answers_go_to_a_model_only_when_one_is_named_and_reachable(secrets, environ, grader):
    found = read(secrets, **environ)
    assert (found.active_grader, found.uses_model) == (grader, grader == "llm")


@pytest.mark.parametrize("environ", [{}, {"OPENAI_API_KEY": KEY}, MODEL], ids=["nothing", "key", "model"])
def test_the_model_cannot_be_wanted_without_being_set(secrets, environ):
    with pytest.raises(SettingsError, match="INTERVIEWER_GRADER is “llm”, but no model is set"):
        read(secrets, INTERVIEWER_GRADER="llm", **environ)


@pytest.mark.parametrize(("given", "wanted"), [("none", None), ("None", None), ("0.5", 0.5)])
def test_the_temperature_can_be_left_out(secrets, given, wanted):
    assert read(secrets, INTERVIEWER_GRADER_TEMPERATURE=given).interviewer_grader_temperature == wanted


def test_the_temperature_is_0_unless_set(secrets):
    assert read(secrets).interviewer_grader_temperature == 0
