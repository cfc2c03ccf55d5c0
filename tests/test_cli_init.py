"""`amazon1c init` as an administrator meets it: on sockets, by options and by answers typed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import stat
import subprocess
import sys
from contextlib import ExitStack

import pytest

from adapter.mapping.presets import preset_names, preset_path
from adapter.onec.query import LONGEST_LINE
from adapter.simulators.faults import Fault
from adapter.simulators.onec import Infobase, Modes, load_model
from adapter.simulators.onec.fillings import FILLINGS
from adapter.simulators.server import RunningServer, StandIn


class Running:
    """A stand-in infobase on a port, and the folder that `init` is to fill."""

    def __init__(self, stand_in, address, folder):
        self.stand_in = stand_in
        self.infobase = stand_in.service
        self.address = address
        self.folder = folder
        self.password = folder.parent / "password"
        self.password.write_text("odata\n")

    @property
    def config(self):
        return self.folder / "adapter.yaml"

    @property
    def mapping(self):
        return (self.folder / "mapping.yaml").read_text(encoding="utf-8")

    def options(self, *more):
        """The command line that asks nothing."""
        given = ["--address", self.address, "--user", "odata", "--password-file", self.password, "-d", self.folder]
        return ["init", *given, "--yes", "--without-amazon", *more]


@pytest.fixture
def running(tmp_path):
    with ExitStack() as stack:

        def running(model="training", **modes):
            infobase = Infobase(load_model(model), modes=Modes(longest_line=LONGEST_LINE, **modes))
            FILLINGS[model](infobase)
            stand_in = StandIn(infobase)
            server = stack.enter_context(RunningServer(stand_in))
            return Running(stand_in, server.address + infobase.publication, tmp_path / "etc")

        yield running


@pytest.fixture
def typed(monkeypatch):
    """What a person types, line by line."""

    def typed(*lines):
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return typed


def rename(infobase, entity_set, old, new):
    """A person gives another name to a catalog element, or deletes it."""
    row = next(row for row in infobase.rows(entity_set) if row["Description"] == old)
    if new is None:
        infobase.remove(entity_set, row["Ref_Key"])
    else:
        infobase.edit(entity_set, row["Ref_Key"], {"Description": new})


@pytest.mark.parametrize("preset", [name for name in preset_names() if name in FILLINGS])
def test_what_it_makes_passes_the_check(amazon1c, running, preset):
    """Recognised, written, and checked at once; nothing is written to 1C, and the preset's text is kept."""
    shop = running(preset)
    code, out, err = amazon1c(*shop.options())
    assert (code, err) == (0, "")
    assert f"The infobase fits the mapping {preset} (" in out
    assert shop.mapping == preset_path(preset).read_text(encoding="utf-8")
    code, out, err = amazon1c("check", "-c", shop.config)
    assert (code, err) == (0, "")
    assert "The infobase agrees with the mapping." in out
    assert {entry.method for entry in shop.stand_in.log} == {"GET"}


def test_secrets_are_for_their_owner_only(amazon1c, running):
    shop = running()
    amazon1c(*shop.options())
    secret = shop.folder / "credentials" / "onec-password"
    assert secret.read_text() == "odata\n"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700
    assert "odata\n" not in shop.config.read_text()


def test_files_that_exist_stay(amazon1c, running):
    shop = running()
    amazon1c(*shop.options())
    shop.config.write_text("mine")
    code, _, err = amazon1c(*shop.options())
    assert code == 78
    assert f"{shop.config}: exists already" in err
    assert f"{shop.folder / 'mapping.yaml'}: exists already" in err
    assert shop.config.read_text() == "mine"
    assert amazon1c(*shop.options("--force"))[0] == 0
    assert "version: 1" in shop.config.read_text()


def test_a_password_in_its_place_is_used(amazon1c, running):
    shop = running()
    place = shop.folder / "credentials" / "onec-password"
    place.parent.mkdir(mode=0o700, parents=True)
    place.touch(0o600)
    place.write_text("odata\n")
    options = [each for each in shop.options() if each not in ("--password-file", shop.password)]
    assert amazon1c(*options)[0] == 0
    assert amazon1c("check", "-c", shop.config)[0] == 0


# -------------------- what is not there under the preset's name


def test_a_name_by_option(amazon1c, running):
    """The lookup finds what was named; every other byte is the preset's."""
    shop = running()
    rename(shop.infobase, "Catalog_Customers", "Amazon retail", 'Розница "Amazon"')
    code, _, err = amazon1c(*shop.options("--set", 'customers.match[1].pooled=розница "amazon"'))
    assert (code, err) == (0, "")
    wanted = preset_path("training").read_text().replace('"Amazon retail"', r'"Розница \"Amazon\""')
    assert shop.mapping == wanted
    assert amazon1c("check", "-c", shop.config)[0] == 0


def test_nobody_is_asked(amazon1c, running):
    """Everything that only a person can choose is told at once, with what there is and how to say it."""
    shop = running()
    rename(shop.infobase, "Catalog_Customers", "Amazon retail", None)
    code, _, err = amazon1c(*shop.options())
    assert code == 78
    assert "customers.match[1].pooled: there is no Catalog_Customers with Description = 'Amazon retail'" in err
    assert '--set "customers.match[1].pooled=NAME"' in err
    assert err.count(" (0000") == 20
    assert not shop.folder.exists()


def test_a_charge_may_be_held_instead(amazon1c, running):
    shop = running()
    row = next(row for row in shop.infobase.rows("Catalog_Products") if row["sku"] == "AMZ-TIP")
    shop.infobase.remove("Catalog_Products", row["Ref_Key"])
    code, _, err = amazon1c(*shop.options())
    assert code == 78
    assert '--set "charges.tip=hold"' in err
    assert amazon1c(*shop.options("--set", "charges.tip=hold"))[0] == 0
    assert "\n  tip: hold\n" in shop.mapping
    assert amazon1c("check", "-c", shop.config)[0] == 0


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("nonsense", 'write it as "PATH=VALUE"'),
        ("charges.tpi=hold", 'there is no charges.tpi in this mapping; did you mean "charges.tip"?'),
        ("charges=hold", "charges is not a single value; set what stands below it: charges.shipping"),
        ("charges.tip=held", "charges.tip"),
        ("customers.match[1].pooled=Nobody", 'Catalog_Customers has no "Nobody"; there are '),
        ("infobase.time_zone=Europe/Berln", 'did you mean "Europe/Berlin"?'),
    ],
    ids=["form", "path", "section", "value", "element", "time zone"],
)
def test_settings_that_cannot_be(amazon1c, running, setting, expected):
    shop = running()
    code, _, err = amazon1c(*shop.options("--set", setting))
    assert code == 78
    assert expected in err
    assert "Traceback" not in err
    assert not shop.folder.exists()


def test_the_only_organisation_is_taken(amazon1c, running):
    """One organisation of another name: it is taken by itself, wherever the preset names one."""
    shop = running("bp-3.0")
    (row,) = shop.infobase.rows("Catalog_Организации")
    shop.infobase.edit("Catalog_Организации", row["Ref_Key"], {"Description": "ООО Ромашка"})
    code, _, err = amazon1c(*shop.options())
    assert (code, err) == (0, "")
    assert '"ООО Ромашка"' in shop.mapping
    assert row["Description"] not in changed_lines(shop.mapping, "bp-3.0")
    assert amazon1c("check", "-c", shop.config)[0] == 0


def test_one_of_several_organisations(amazon1c, running):
    shop = running("bp-3.0")
    (row,) = shop.infobase.rows("Catalog_Организации")
    shop.infobase.edit("Catalog_Организации", row["Ref_Key"], {"Description": "ООО Ромашка"})
    shop.infobase.add("Catalog_Организации", {"Description": "ИП Иванов"})
    code, _, err = amazon1c(*shop.options())
    assert code == 78
    (path,) = re.findall(r'--set "(\S+Организация_Key)=NAME"', err)
    assert '"ИП Иванов' in err
    assert '"ООО Ромашка' in err
    assert amazon1c(*shop.options("--set", f"{path}=ип иванов"))[0] == 0
    assert '"ИП Иванов"' in shop.mapping
    assert amazon1c("check", "-c", shop.config)[0] == 0


def changed_lines(text, preset):
    """What a mapping says differently than its preset."""
    old = preset_path(preset).read_text(encoding="utf-8").splitlines()
    return "\n".join(new for new, before in zip(text.splitlines(), old, strict=True) if new != before)


# -------------------- a person answers


def test_a_conversation(amazon1c, running, typed):
    shop = running()
    rename(shop.infobase, "Catalog_Customers", "Amazon retail", "AAA Amazon")
    row = next(row for row in shop.infobase.rows("Catalog_Products") if row["sku"] == "AMZ-TIP")
    shop.infobase.remove("Catalog_Products", row["Ref_Key"])
    typed(
        "1c.example.com", shop.address, "odata", "odata", "", "Europe/Berln", "Europe/Berlin",
        "21", "nobody", "1", "h",
        "y", "Shop", "shop", "A1", "A1B2C3D4E5F6G7", "EU", "amzn1.application-oa2-client.x", "2026-11-05",
        "amzn1.secret", "", "y",
    )  # fmt: skip
    code, out, err = amazon1c("init", "-d", shop.folder)
    assert (code, err) == (0, "")
    assert "is no address; write it as https://server/base" in out
    assert 'did you mean "Europe/Berlin"?' in out
    assert "   1  AAA Amazon (" in out
    assert 'Catalog_Customers has no "nobody"' in out
    assert "is no name: write up to 31 small letters" in out
    assert "is no merchant id" in out
    assert 'write "shop" instead of "main"' in out
    assert '"AAA Amazon"' in shop.mapping
    assert "time_zone: Europe/Berlin" in shop.mapping
    assert "\n  tip: hold\n" in shop.mapping
    settings = shop.config.read_text()
    assert "(*)" not in settings.split("\n", 2)[2]
    assert 'read_from: "2026-11-05"' in settings
    secrets = sorted(path.name for path in (shop.folder / "credentials").iterdir())
    assert secrets == ["amazon-shop-client-secret", "onec-password"]
    code, out, _ = amazon1c("check", "-c", shop.config)
    assert code == 0
    assert "Not ready for Amazon yet: " in out
    assert "amazon-shop-refresh-token" in out


def test_what_is_kept_is_told(amazon1c, running, typed):
    """A lookup that stays as it is: the files are written, and the line to correct is named."""
    shop = running()
    rename(shop.infobase, "Catalog_Customers", "Amazon retail", None)
    typed(shop.address, "odata", "odata", "", "", "0", "n", "y")
    code, out, err = amazon1c("init", "-d", shop.folder)
    assert code == 78
    assert "Written: " in out
    assert re.search(r"mapping\.yaml:\d+:7 customers\.match\[1\]\.pooled: there is no Catalog_Customers", err)
    assert "the lines marked with (*)" in out


@pytest.mark.parametrize("answers", [("1c.example.com",), ("ADDRESS", "odata", "odata", "", "", "n", "n")])
def test_broken_off(amazon1c, running, typed, answers):
    shop = running()
    typed(*(shop.address if answer == "ADDRESS" else answer for answer in answers))
    code, _, err = amazon1c("init", "-d", shop.folder)
    assert code == 78
    assert "Broken off; nothing was written." in err
    assert not shop.folder.exists()


def test_a_password_is_not_seen(running):
    """On a terminal: what is typed as the password does not appear on it."""
    shop = running()
    terminal, inside = os.openpty()
    command = [sys.executable, "-m", "adapter", "init", "-d", str(shop.folder), "--without-amazon"]
    process = subprocess.Popen(command, stdin=inside, stdout=inside, stderr=inside, start_new_session=True)
    os.close(inside)
    seen = ""
    for question, line in (
        ("https://server/base): ", shop.address), ("User of the infobase: ", "odata"), ("Password: ", "odata"),
        ("start from [training]: ", ""), ("[Europe/Kyiv]: ", ""), ("? [Y/n]: ", ""),
    ):  # fmt: skip
        asked = ""
        while question not in asked:
            asked += os.read(terminal, 4096).decode()
        seen += asked
        os.write(terminal, f"{line}\n".encode())
    with contextlib.suppress(OSError):  # what Linux says when nobody is left at the other end
        while more := os.read(terminal, 4096):
            seen += more.decode()
    os.close(terminal)
    assert process.wait(30) == 0, seen
    assert seen.count("odata") == seen.count("/odata/standard.odata") * 2 + 1  # the address, and the user once
    assert (shop.folder / "credentials" / "onec-password").read_text() == "odata\n"


# -------------------- what can be wrong with the infobase


@pytest.mark.parametrize(
    ("break_it", "code", "expected"),
    [
        (lambda shop: shop.password.write_text("wrong"), 78, "user or password is wrong"),
        (lambda shop: shop.password.unlink(), 78, "password: cannot be read as text"),
        (lambda shop: shop.password.write_text("\n"), 78, "this file is empty"),
        (lambda shop: setattr(shop, "address", shop.address.replace("training", "other")), 78, "check the address"),
        (lambda shop: setattr(shop, "address", "http://127.0.0.1:1/base"), 75, "cannot be reached"),
        (lambda shop: setattr(shop, "address", "http://1c.example.com/base"), 78, "add --plain-http"),
        (lambda shop: shop.stand_in.faults.add(Fault("html", path="metadata", status=200, times=0)), 78, "web server"),
        (lambda shop: shop.stand_in.faults.add(Fault("html", path="metadata", status=500, times=0)), 75, "HTTP 500"),
        (lambda shop: shop.stand_in.faults.add(Fault("cut", path="metadata", times=0)), 75, "not whole"),
    ],
    ids=["password", "no file", "empty file", "address", "no server", "http", "login page", "500", "cut off"],
)
def test_one_clear_message(amazon1c, running, break_it, code, expected):
    shop = running()
    break_it(shop)
    found, _, err = amazon1c(*shop.options())
    assert (found, expected in err) == (code, True), err
    assert "Traceback" not in err
    assert not shop.folder.exists()


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [("--address", "--address"), ("--user", "--user"), ("--password-file", "--password-file")],
)
def test_missing_options(amazon1c, running, left_out, expected):
    shop = running()
    options = shop.options()
    place = options.index(left_out)
    del options[place : place + 2]
    code, _, err = amazon1c(*options)
    assert code == 78
    assert f"give it by {expected}" in err


def test_amazon_by_options(amazon1c, running):
    shop = running()
    options = [each for each in shop.options() if each != "--without-amazon"]
    code, _, err = amazon1c(*options)
    assert code == 78
    assert "--seller-id, --region and --client-id, or --without-amazon" in err
    given = ["--seller-id", "A1B2C3D4E5F6G7", "--region", "NA", "--client-id", "amzn1.x", "--marketplace", "US"]
    secret = shop.folder.parent / "secret"
    secret.write_text("amzn1.oa2-cs.v1.x")
    given += ["--client-secret-file", secret, "--refresh-token-file", secret]
    assert amazon1c(*options, *given)[0] == 0
    settings = shop.config.read_text()
    assert 'marketplaces: ["US"]' in settings
    assert "(*)" not in settings.split("\n", 2)[2]
    code, out, _ = amazon1c("check", "-c", shop.config)
    assert code == 0
    assert "Not ready" not in out


def test_an_infobase_that_no_mapping_fits(amazon1c, running):
    shop = running(unpublished=frozenset({"Document_SalesOrder", "Catalog_Products"}))
    code, _, err = amazon1c(*shop.options())
    assert code == 78
    assert "it is not clear which mapping fits this infobase: " in err
    assert "choose with --preset" in err


def test_a_preset_that_does_not_fit(amazon1c, running):
    """It is written, with everything that would have to be corrected."""
    shop = running(unpublished=frozenset({"Document_SalesOrder"}))
    code, out, err = amazon1c(*shop.options("--preset", "training"))
    assert code == 78
    assert "Written: " in out
    assert "the infobase publishes no Document_SalesOrder" in err
    code, out, _ = amazon1c("check", "-c", shop.config, "--json")
    assert code == 78
    assert json.loads(out)["problems"][0]["path"] == "documents.sales_order.entity_set"
