"""Drafts of settings and mapping, and the files they become."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from adapter.errors import ConfigurationError
from adapter.mapping.presets import preset_names, preset_path
from adapter.settings import AccountSettings, InfobaseSettings, load_settings
from adapter.setup.init import (
    AmazonAnswers,
    InfobaseAnswers,
    MappingDraft,
    NewFile,
    draft_settings,
    field_problem,
    write_files,
)
from adapter.share import share_directory

SAMPLE = (share_directory("config") / "adapter.yaml").read_text(encoding="utf-8")
INFOBASE = InfobaseAnswers("https://1c.test/base", "Администратор обмена")
AMAZON = AmazonAnswers("shop", "A1B2C3D4E5F6G7", "NA", "amzn1.x", date(2026, 11, 5), ("US", "CA"))


def settings_of(folder, text):
    file = folder / "adapter.yaml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file).settings


def test_settings_say_what_was_answered(tmp_path):
    text = draft_settings(tmp_path / "adapter.yaml", INFOBASE, AMAZON)
    made = settings_of(tmp_path, text)
    assert (made.infobase.address, made.infobase.user) == (INFOBASE.address, INFOBASE.user)
    (account,) = made.accounts
    assert (account.name, account.seller_id, account.region) == ("shop", "A1B2C3D4E5F6G7", "NA")
    assert (account.client_id, account.read_from, account.marketplaces) == ("amzn1.x", date(2026, 11, 5), ["US", "CA"])
    assert made.state_directory == "state"
    assert "(*)" not in "".join(text.splitlines()[1:])
    assert "amazon-shop-client-secret" in text
    assert text.count("\n") == SAMPLE.count("\n")


def test_without_amazon_its_lines_stay_marked(tmp_path):
    text = draft_settings(tmp_path / "adapter.yaml", INFOBASE, None)
    assert text.partition("accounts:")[2] == SAMPLE.partition("accounts:")[2]
    assert "(*)" not in text.partition("infobase:")[2].partition("accounts:")[0]
    settings_of(tmp_path, text)


def test_the_system_keeps_its_state_in_its_own_place():
    text = draft_settings(Path("/etc/amazon1c/adapter.yaml"), INFOBASE, None)
    assert "state_directory: /var/lib/amazon1c\n" in text


def test_plain_http_and_own_certificates(tmp_path):
    with pytest.raises(ConfigurationError, match="plain_http: accepted"):
        draft_settings(tmp_path / "adapter.yaml", replace(INFOBASE, address="http://1c.test/base"), None)
    answers = InfobaseAnswers("http://1c.test/base", "x", plain_http=True, ca_file=Path("/etc/ssl/our ca.pem"))
    made = settings_of(tmp_path, draft_settings(tmp_path / "adapter.yaml", answers, None))
    assert (made.infobase.plain_http, made.infobase.ca_file) == ("accepted", "/etc/ssl/our ca.pem")


@pytest.mark.parametrize("name", ["x\n  evil: 1", 'a" b', "a: b # c", "yes", "007", "#"])
def test_no_answer_becomes_yaml_of_its_own(tmp_path, name):
    made = settings_of(tmp_path, draft_settings(tmp_path / "adapter.yaml", replace(INFOBASE, user=name), None))
    assert made.infobase.user == name


@pytest.mark.parametrize(
    ("model", "name", "value", "expected"),
    [
        (AccountSettings, "seller_id", "a1", '"a1": is no merchant id; copy it from Seller Central'),
        (AccountSettings, "name", "My shop", "is no name: write up to 31 small letters"),
        (AccountSettings, "region", "XX", "'NA', 'EU' or 'FE'"),
        (AccountSettings, "read_from", "5.11.2026", 'is no day; write it as "2026-11-01"'),
        (AccountSettings, "client_id", "", "at least 1 character"),
        (InfobaseSettings, "address", "1c.test", "is no address; write it as https://server/base"),
        (InfobaseSettings, "address", "https://u:p@1c.test", "holds a user or password"),
    ],
)
def test_field_problem(model, name, value, expected):
    assert expected in field_problem(model, name, value)


def test_a_good_value_has_no_problem():
    assert field_problem(AccountSettings, "read_from", "2026-11-05") == ""
    assert field_problem(AccountSettings, "region", "EU") == ""


# -------------------- mapping


@pytest.mark.parametrize("name", preset_names())
def test_a_draft_begins_as_the_preset(name):
    draft = MappingDraft.of_preset(Path("mapping.yaml"), name)
    assert draft.text == preset_path(name).read_text(encoding="utf-8")
    assert draft.with_values({}).text == draft.text


def test_values_of_a_draft():
    draft = MappingDraft.of_preset(Path("mapping.yaml"), "training")
    changed = draft.with_values({"charges.tip": "hold", "infobase.time_zone": "Europe/Berlin"})
    assert changed.loaded.rules.charges.tip == "hold"
    assert changed.loaded.rules.infobase.time_zone == "Europe/Berlin"
    assert draft.is_lookup("customers.match[1].pooled")
    assert not draft.is_lookup("charges.tip")
    with pytest.raises(ConfigurationError, match=r"mapping\.yaml:\d+:\d+ charges\.tip"):
        draft.with_values({"charges.tip": "held"})


# -------------------- files


def test_files_and_their_rights(tmp_path):
    files = [NewFile(tmp_path / "a" / "open", "1"), NewFile(tmp_path / "a" / "b" / "closed", "2", secret=True)]
    write_files(files, force=False)
    modes = [stat.S_IMODE(file.path.stat().st_mode) & 0o077 for file in files]
    assert modes[1] == 0
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    assert [file.path.read_text() for file in files] == ["1", "2"]


def test_nothing_is_overwritten_without_force(tmp_path):
    there, new = NewFile(tmp_path / "there", "new"), NewFile(tmp_path / "new", "new")
    there.path.write_text("old")
    with pytest.raises(ConfigurationError, match="there: exists already; move it away, or overwrite it with --force"):
        write_files([new, there], force=False)
    assert (there.path.read_text(), new.path.exists()) == ("old", False)
    write_files([new, there], force=True)
    assert there.path.read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "there"]


def test_a_secret_that_was_open_is_closed(tmp_path):
    file = NewFile(tmp_path / "secret", "2", secret=True)
    file.path.write_text("1")
    file.path.chmod(0o644)
    write_files([file], force=True)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be written: "):
        write_files([NewFile(tmp_path / "file" / "below", "")], force=True)
