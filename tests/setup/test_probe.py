"""The probe against the stand-in infobase: every oddity is found out, and nothing is left behind."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapter.errors import OutcomeUnknown, Refused, Unavailable
from adapter.http import HttpClient
from adapter.mapping.load import load_mapping
from adapter.mapping.presets import preset_path
from adapter.onec.client import InfobaseClient
from adapter.onec.documents import Documents
from adapter.onec.metadata import parse_metadata
from adapter.onec.query import LONGEST_LINE
from adapter.planning.books import Identity
from adapter.setup.drafts import draft_form
from adapter.setup.probe import probe
from adapter.simulators.faults import Fault
from adapter.simulators.onec import Infobase, Modes, User, load_model
from adapter.simulators.onec.fillings import FILLINGS
from adapter.simulators.server import StandIn

NOW = datetime(2026, 5, 20, 22, 30, tzinfo=UTC)
WALL_CLOCK = datetime(2026, 5, 21, 1, 30)  # noqa: DTZ001 - Kyiv
SET = "Document_SalesOrder"
TRAINING = load_model("training")
UNDEMANDING = replace(TRAINING, objects=tuple(replace(item, posting_demands=()) for item in TRAINING.objects))
USUAL = {
    "sessions": "10",
    "posts_on_create": "yes",
    "keeps_chosen_key": "yes",
    "repeated_key": "500/-1",
    "if_match": "ignored",
    "patch_absent": "404/9",
    "misspelt_filter": "400/14",
    "inlinecount": "ignores paging",
}


class Base:
    """An infobase with one order of the company's own, if it is the training one, and probes of it."""

    def __init__(self, transport_to, denied=(), model=None, preset="training", **modes):
        user = User("odata", "odata", denied=frozenset((SET, right) for right in denied))
        model = model or load_model(preset)
        self.inside = Infobase(model, user="admin", users=[user], clock=lambda: WALL_CLOCK)
        if preset == "training":
            self.inside.add(SET, {"Number": "1", "Comment": "of a person"})
        self.stand_in = StandIn(self.inside)
        self._transport_to = transport_to
        schema = parse_metadata(self.client().read_metadata())
        rules = load_mapping(preset_path(preset)).rules
        self.form = draft_form(rules, schema.entity_sets, Identity("here", "main"), NOW)
        self._schema = schema
        self.inside.modes = Modes(longest_line=LONGEST_LINE, **modes)

    def client(self):
        http = HttpClient("http://1c.test", transport=self._transport_to(self.stand_in))
        return InfobaseClient(http, "http://1c.test/training", "odata", "odata")

    @contextmanager
    def connect(self):
        yield self.client()

    def probe(self, **known):
        client = self.client()
        return probe(Documents(client, self._schema), client, self.connect, self.form, **known)

    def draft(self, **values):
        """Enter a draft as an interrupted probe leaves it."""
        document = self.form.document("a")
        return self.inside.add(SET, {"Ref_Key": str(document.ref_key), **document.properties, **values})

    @property
    def writes(self):
        """Requests that write."""
        return [entry for entry in self.stand_in.log if entry.method != "GET"]

    @property
    def strangers(self):
        """Documents that are not the company's own."""
        return [row for row in self.inside.rows(self.form.entity_set) if row.get("Comment") != "of a person"]


@pytest.fixture
def base(transport_to):
    return lambda *denied, **modes: Base(transport_to, denied, **modes)


def values(probed):
    return {finding.name: finding.value for finding in probed.findings}


def test_the_draft(base):
    form = base().form
    document = form.document("a")
    assert document.properties == {
        "Date": "2026-05-21T01:30:00",
        "Number": f"{form.mark}-a",
        "Comment": f"{form.mark}-a amazon1c probe; can be deleted",
    }
    assert len(document.properties["Number"]) == 19  # of an order id: it fits where one does
    assert document.sections == {}
    assert document.ref_key == base().form.document("a").ref_key


@pytest.mark.parametrize(
    ("modes", "different"),
    [
        ({}, {}),
        ({"repeated_key": "400/15"}, {"repeated_key": "400/15"}),
        ({"replaces_key": True}, {"keeps_chosen_key": "no", "repeated_key": None}),
        ({"replaces_key": True, "replaces_number": True}, {"keeps_chosen_key": "no", "repeated_key": None}),
        ({"replaces_number": True}, {}),
        ({"posted_on_create": "ignored"}, {"posts_on_create": "no"}),
        ({"if_match": "obeyed"}, {"if_match": "obeyed"}),
        ({"unknown_filter_property": "400/6"}, {"misspelt_filter": "400/6"}),
        ({"unknown_filter_property": "empty"}, {"misspelt_filter": "empty"}),
        ({"inlinecount": "pages"}, {"inlinecount": "pages"}),
        ({"iis": True}, {}),
        ({"bom": True}, {}),
        ({"patch_of_posted": "refused"}, {}),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else None,
)
def test_every_mode_gives_its_finding(base, modes, different):
    tried = base(**modes)
    probed = tried.probe()
    assert values(probed) == USUAL | different
    assert (probed.left, probed.broken_off) == ((), None)
    assert tried.strangers == []
    assert all(finding.sentence.endswith((".", ")")) for finding in probed.findings)


@pytest.mark.parametrize("replaces_key", [False, True])
def test_a_document_that_got_another_key_is_not_forgotten(base, replaces_key):
    """Whether a key is kept may depend on the document, and the draft of a probe is nearly empty."""
    probed = base(replaces_key=replaces_key).probe(key_was_replaced=True)
    assert values(probed)["keeps_chosen_key"] == ("no" if replaces_key else "sometimes")
    (sentence,) = [finding.sentence for finding in probed.findings if finding.name == "keeps_chosen_key"]
    assert "looked up by Number" in sentence


@pytest.mark.parametrize("way", ["posts", "ignored"])
def test_an_infobase_that_posts_even_an_empty_draft(base, way):
    tried = base(posted_on_create=way, model=UNDEMANDING)
    assert values(tried.probe()) == USUAL | {"posts_on_create": "yes" if way == "posts" else "no"}
    assert tried.strangers == []


@pytest.mark.parametrize("size", [1, 3])
def test_the_size_of_the_pool(base, size):
    """A read holds its session for a while, so one more at once than the pool bears finds none."""
    tried = base(pool_size=size, pool_wait=0.02, latency=0.2)
    tried.inside.sleep = lambda seconds: None if tried.writes else time.sleep(seconds)
    probed = tried.probe()
    assert values(probed) == USUAL | {"sessions": str(size)}
    assert "HTTP 406" in probed.findings[0].sentence


@pytest.mark.parametrize("replaces_key", [False, True])
def test_a_refused_deletion_ends_as_a_marked_draft(base, replaces_key):
    tried = base("Delete", replaces_key=replaces_key)
    expected = USUAL | ({"keeps_chosen_key": "no", "repeated_key": None} if replaces_key else {})
    probed = tried.probe()
    assert values(probed) == expected
    (sentence,) = probed.left
    assert f"{SET} {tried.form.mark}-a is marked for deletion" in sentence
    (draft,) = tried.strangers
    assert (draft["DeletionMark"], draft["Posted"]) == (True, False)

    # The next probe takes the same draft again, and leaves no second one.
    again = tried.probe()
    assert values(again) == expected | {"posts_on_create": None}
    assert len(tried.strangers) == 1
    assert again.left == probed.left


def test_neither_deleted_nor_marked(base):
    tried = base("Delete", "Update")
    probed = tried.probe()
    assert probed.broken_off is not None
    assert "could be neither deleted" in probed.left[0]


@pytest.mark.parametrize("replaces_key", [False, True])
@pytest.mark.parametrize("cut_at", range(1, 8))
@pytest.mark.parametrize("after_commit", [False, True])
def test_cut_off_anywhere(base, replaces_key, cut_at, after_commit):
    """From some write on, nothing arrives any more; the next probe finds what is left, and removes it."""
    tried = base(replaces_key=replaces_key)
    tried.stand_in.service = CutOff(tried.inside, cut_at, after_commit)
    broken = tried.probe()
    tried.stand_in.service = tried.inside
    assert tried.strangers == [] or broken.left
    again = tried.probe()
    assert (again.left, again.broken_off) == ((), None)
    assert tried.strangers == []


def test_a_write_that_may_still_be_carried_out(base):
    tried = base()
    tried.stand_in.faults.add(Fault("lost", method="POST"))
    probed = tried.probe()
    assert isinstance(probed.broken_off, OutcomeUnknown)
    assert "run the probe again in some minutes" in probed.left[0]


class CutOff:
    """Loses the answer to a write, and everything after it."""

    def __init__(self, inner, at, after_commit):
        self.inner = inner
        self.left = at
        self.after_commit = after_commit
        self.dead = False

    def handle(self, request):
        if request.method != "GET" and not self.dead:
            self.left -= 1
            if self.left == 0:
                self.dead = True
                if self.after_commit:
                    self.inner.handle(request)
        if self.dead:
            return self.inner.error(503)
        return self.inner.handle(request)

    def error(self, status):
        return self.inner.error(status)


@pytest.mark.parametrize("preset", sorted(FILLINGS))
def test_every_preset_has_its_draft(transport_to, preset):
    """Wherever a preset keeps the order id: in a property of its own, in the number, or within a comment."""
    tried = Base(transport_to, preset=preset)
    assert values(tried.probe()) == USUAL
    assert tried.strangers == []


@pytest.mark.parametrize("preset", sorted(FILLINGS))
def test_every_draft_is_found_by_its_mark(transport_to, preset):
    tried = Base(transport_to, preset=preset, replaces_key=True)
    tried.stand_in.service = CutOff(tried.inside, 3, after_commit=True)
    assert tried.probe().left != ()
    assert len(tried.strangers) == 1
    tried.stand_in.service = tried.inside
    tried.probe()
    assert tried.strangers == []


def test_an_old_draft_is_removed(base):
    tried = base()
    tried.draft(Date="2020-01-01T00:00:00", Posted=True)
    assert values(tried.probe()) == USUAL
    assert tried.strangers == []


@pytest.mark.parametrize(
    "changed",
    [
        {"Number": "77", "Comment": "now an order of mine"},
        {"Products": [{"Quantity": 1}]},
    ],
    ids=["other texts", "rows"],
)
def test_what_a_person_made_of_a_draft_is_left_alone(base, changed):
    tried = base()
    before = tried.draft(**changed)
    probed = tried.probe()
    assert "somebody has changed" in str(probed.broken_off)
    assert "somebody has changed" in probed.left[0]
    assert tried.inside.row(SET, before["Ref_Key"]) == before


def test_a_document_that_only_mentions_the_mark_of_another_installation_stays(base):
    tried = base()
    tried.inside.add(SET, {"Number": "AMZ-PROBE-0000000-a", "Comment": "AMZ-PROBE-0000000-a"})
    tried.probe()
    assert [row["Number"] for row in tried.strangers] == ["AMZ-PROBE-0000000-a"]


def test_nothing_but_drafts_is_deleted(base):
    tried = base()
    tried.probe()
    deleted = [entry.target for entry in tried.writes if entry.method == "DELETE"]
    assert len(deleted) == 1
    assert str(tried.form.keys["a"]) in deleted[0]


def test_an_infobase_that_is_down(base):
    tried = base(failure="Технические работы")
    with pytest.raises(Exception, match="Технические работы"):
        tried.probe()


def test_a_right_that_is_missing(base):
    tried = base("Insert")
    probed = tried.probe()
    assert "lacks a right" in str(probed.broken_off)
    assert values(probed) == {"sessions": "10"}
    assert (tried.strangers, probed.left) == ([], ())


def test_a_closed_period(base):
    tried = base(closed_before=WALL_CLOCK.date().replace(year=2030))
    probed = tried.probe()
    assert "закрытый период" in str(probed.broken_off)
    assert tried.strangers == []


def test_a_full_pool_from_the_start(base):
    tried = base(pool_size=0, pool_wait=0)
    with pytest.raises(Unavailable):
        tried.probe()


# -------------------- the command


def run_probe(config, as_json, capsys):
    from adapter.cli.setup import probe as command

    capsys.readouterr()
    command(config, as_json)
    return capsys.readouterr().out


def test_the_command_keeps_what_it_finds(open_shop, capsys):
    from adapter.assembly import open_ledger

    shop = open_shop(0)
    data = json.loads(run_probe(shop.config, True, capsys))
    assert {finding["name"]: finding["value"] for finding in data["findings"]} == USUAL
    assert (data["left"], data["broken_off"]) == ([], None)
    assert shop.documents == []
    with open_ledger(shop.config) as ledger:
        assert {name: ledger.notes.capability(SET, name) for name in USUAL} == USUAL


def test_the_command_remembers_a_document_that_got_another_key(open_shop, capsys, amazon1c):
    """Held until the probe; then it goes on, later ones are not held, and a second probe changes nothing."""
    from adapter.assembly import open_ledger

    shop = open_shop(5)
    shop.infobase.modes = Modes(replaces_key=True)
    amazon1c("sync", "-c", shop.config)
    written = len(shop.documents)
    assert written
    assert not any(document["Posted"] for document in shop.documents)
    shop.infobase.modes = Modes()  # the draft of a probe keeps its key
    for _ in range(2):
        assert "has given a document a key of its own before" in run_probe(shop.config, False, capsys)
    with open_ledger(shop.config) as ledger:
        assert ledger.notes.capability(SET, "keeps_chosen_key") == "sometimes"
    orders = [document["Number"] for document in shop.documents]
    code, _, err = amazon1c("held", "retry", *orders, "000-0000000-0000000", "-c", shop.config)
    assert (code, "000-0000000-0000000 is not held" in err) == (1, True)  # then none of them is tried again
    code, out, _ = amazon1c("held", "retry", *orders, "-c", shop.config)
    assert (code, out.count("is looked at again by the next run")) == (0, written)
    amazon1c("sync", "-c", shop.config)
    assert len(shop.documents) == written
    assert all(document["Posted"] for document in shop.documents)


def test_the_command_in_words(open_shop, capsys):
    out = run_probe(open_shop(0).config, False, capsys)
    assert "A new document keeps the key that the adapter chooses." in out
    assert out.endswith("Nothing was left behind.\n")


def test_the_command_does_without_amazon(open_shop, capsys):
    shop = open_shop(0)
    (shop.folder / "credentials/amazon-demo-refresh-token").unlink()
    assert json.loads(run_probe(shop.config, True, capsys))["broken_off"] is None


def test_the_command_that_is_broken_off(open_shop, capsys):
    from adapter.cli.setup import probe as command

    shop = open_shop(0)
    shop.infobase.modes = Modes(closed_before=WALL_CLOCK.date().replace(year=2100))
    with pytest.raises(Refused, match="закрытый период"):
        command(shop.config, False)
    assert "sessions" in capsys.readouterr().out
    assert shop.documents == []


def test_the_command_waits_for_no_service(open_shop):
    from adapter.assembly import now, open_ledger
    from adapter.cli.setup import probe as command
    from adapter.ledger.database import LedgerBusy

    shop = open_shop(0)
    with open_ledger(shop.config).own(now()), pytest.raises(LedgerBusy):
        command(shop.config, False)
    assert shop.writes() == []
