"""Which stored report is shown for which grader; files that are none are told."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from interviewer.calibration.report.report import MeasuredData, Report
from interviewer.calibration.report.shelf import OWN_SET, Shelf, shelf
from tests.calibration.report import samples

LATER = samples.MADE + timedelta(days=1)


def on(name: str, **changes: object) -> Report:
    """A small report on a data set of this name."""
    data = MeasuredData(name=name, sha256="00", answers=2, questions=2, annotators=1, points=0)
    return samples.report(**({"data": data, "answers": samples.answers()[:2]} | changes))


def stems(found: Shelf) -> list[str]:
    return [s.path.name.partition(".")[0] for s in found.reports]


def test_the_latest_of_each_grader_model_and_data_set_the_own_set_first(tmp_path: Path):
    samples.put(tmp_path, "old", on(OWN_SET))
    samples.put(tmp_path, "new", on(OWN_SET, made_at=LATER))
    samples.put(tmp_path, "beetle", on("beetle", made_at=LATER))
    samples.put(tmp_path, "model-b", samples.llm("b"))
    samples.put(tmp_path, "model-a", samples.llm("a"))
    found = shelf([tmp_path])
    assert stems(found) == ["new", "beetle", "model-a", "model-b"]
    assert found.graders() == (("embedded", ""), ("llm", "a"), ("llm", "b"))
    assert [s.report.data.name for s in found.of("embedded", "")] == [OWN_SET, "beetle"]
    assert [s.path.name for s in found.of("llm", "a")] == ["model-a.report.json"]
    assert found.of("llm", "c") == ()


def test_the_reports_of_all_folders_count_and_of_two_alike_the_first_folders(tmp_path: Path):
    samples.put(tmp_path / "home", "mine", on(OWN_SET))
    samples.put(tmp_path / "shipped", "theirs", on(OWN_SET))
    samples.put(tmp_path / "shipped", "other", on("beetle"))
    assert stems(shelf([tmp_path / "home", tmp_path / "shipped"])) == ["mine", "other"]
    samples.put(tmp_path / "shipped", "theirs", on(OWN_SET, made_at=LATER))
    assert stems(shelf([tmp_path / "home", tmp_path / "shipped"])) == ["theirs", "other"]


def test_a_folder_that_is_missing_is_empty(tmp_path: Path):
    assert shelf([tmp_path / "none"]) == Shelf(reports=(), problems=())


def test_what_is_no_report_is_told_and_the_others_are_kept(tmp_path: Path):
    samples.put(tmp_path, "good", on(OWN_SET))
    (tmp_path / "broken.report.json").write_text("{")
    (tmp_path / "other.report.json").write_text(json.dumps({"format": "something"}))
    (tmp_path / "folder.report.json").mkdir()
    (tmp_path / "gone.report.json").symlink_to(tmp_path / "nowhere")
    newer = json.loads(samples.put(tmp_path, "newer", on(OWN_SET)).read_text()) | {"version": 9}
    (tmp_path / "newer.report.json").write_text(json.dumps(newer))
    (tmp_path / "readme.json").write_text("no report, and none of our files")
    found = shelf([tmp_path])
    assert stems(found) == ["good"]
    broken, folder, gone, version, other = sorted(
        found.problems, key=lambda s: ("broken", "folder", "gone", "newer", "other").index(stem(s))
    )
    assert "is not JSON" in broken
    assert "cannot be read" in folder
    assert "cannot be read: No such file" in gone
    assert "version 9" in version
    assert "is not a report" in other


def stem(sentence: str) -> str:
    return Path(sentence.partition(".report.json")[0]).name


def test_answers_stay_in_the_file_until_the_whole_report_is_wanted(tmp_path: Path):
    samples.put(tmp_path, "one", on(OWN_SET))
    (found,) = shelf([tmp_path]).reports
    assert found.report.answers == ()
    assert len(found.whole().answers) == 2


def test_a_file_that_was_written_anew_is_read_anew(tmp_path: Path):
    path = samples.put(tmp_path, "one", on(OWN_SET))
    assert shelf([tmp_path]).reports[0].report.seed == 8
    samples.put(tmp_path, "one", on(OWN_SET, seed=9))
    os.utime(path, ns=(1, 1))
    assert shelf([tmp_path]).reports[0].report.seed == 9


def test_a_report_that_names_no_time_zone_is_compared_as_utc(tmp_path: Path):
    samples.put(tmp_path, "aware", on(OWN_SET))
    samples.put(tmp_path, "naive", on(OWN_SET, made_at=datetime(2026, 11, 21, 9, 31)))
    assert stems(shelf([tmp_path])) == ["naive"]
