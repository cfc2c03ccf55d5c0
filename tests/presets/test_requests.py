"""What every preset asks of 1C: how many requests, how long their addresses, and nothing twice.

A run begins by reading the schema, whole catalogs (a name is only sure against every other one) and the lookups of the
mapping. That is the start, counted apart; copies of it serve all orders until they are too old. What an order takes
beyond that is its delivery.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from adapter.books import catalog_read_at, read_schema
from adapter.copies import Copies
from adapter.latecomers import AGAIN_AFTER
from adapter.mapping.catalogs import BarcodeRegister
from adapter.mapping.evidence import Elsewhere
from adapter.mapping.uses import all_lookups
from adapter.model.entry import HoldCause, State
from adapter.onec.documents import Documents
from adapter.onec.query import LONGEST_LINE
from adapter.planning.plan import Create
from adapter.setup.drafts import draft_form
from adapter.setup.probe import probe
from adapter.simulators.amazon import SellerAccount
from adapter.simulators.server import StandIn
from adapter.sync import Sync
from tests.presets.conftest import new_ledger, open_run, schema_of


def split(log):
    """Numbers of reads and writes."""
    reads = sum(entry.method == "GET" for entry in log)
    return reads, len(log) - reads


def without_rates(log):
    """The requests but for those that read exchange rates: one for each currency and the days of the orders at hand."""
    return [entry for entry in log if "InformationRegister_КурсыВалют" not in unquote(entry.target)]


def is_question(entry):
    """Whether it looks for single names, numbers or SKUs, not for a whole catalog."""
    return entry.method == "GET" and re.search(r" eq (cast\()?(guid)?'", unquote(entry.target)) is not None


def fewest_reads(rules):
    """Of a start: one for each catalog, register and set with lookups; all of the shop's fit into one page."""
    catalogs = sum(1 + len(catalog.read.owned) for catalog in (rules.customers, rules.products))
    # Values of customers that stand outside their catalog, each set of them once.
    read = rules.customers.read
    beside = {(place.through, place.owned, place.register_) for _, place in read.places if isinstance(place, Elsewhere)}
    catalogs += len(beside - {(None, None, None)})
    registers = isinstance(rules.products.read.barcode, BarcodeRegister)
    return catalogs + registers + len({lookup.lookup for _, lookup in all_lookups(rules)})


def asked_by_another(run, after):
    """What another process asks of 1C so long after the catalogs were read; it writes nothing."""
    sent = len(run.onec.log)
    with run.parts() as parts:
        copies = Copies(parts.ledger, parts.infobase, parts.now, parts.refresh)
        read_at = catalog_read_at(copies, run.rules.products)
        report = Sync(replace(parts, now=lambda: read_at + after)).run(accept_unusual=True)
    assert report.outcome.counts["create"] == report.outcome.counts["update"] == 0
    return without_rates(run.onec.log[sent:])


def test_two_writes_and_hardly_a_read_for_an_order(run):
    """Of the delivery only the first document is looked for: until then nobody knows what becomes of our keys."""
    documents = len(run.rows)
    assert split(without_rates(run.delivered)) == (1, 2 * documents)
    assert split(without_rates(run.started)) == (1 + fewest_reads(run.rules), 0)
    reads, _ = split(run.started)
    assert reads + 1 <= 0.1 * documents  # all that was ever read


def test_no_address_is_longer_than_web_servers_take(run):
    lines = [len(f"{entry.method} {entry.target} HTTP/1.1") for entry in (*run.started, *run.delivered)]
    assert max(lines) <= LONGEST_LINE
    assert {entry.status for entry in (*run.started, *run.delivered)} == {200, 201}


def test_nothing_is_written_twice(preset, run):
    """Neither by another run nor, as the keys of the documents tell, by one whose ledger is lost.

    The latter takes the orders of one seed, a third of all.
    """
    before = run.infobase.rows(run.rule.entity_set)
    ledger, sent = run.ledger, len(run.onec.log)
    # Another process takes what the ledger keeps. Within a minute of the reading that is all there is to know.
    assert asked_by_another(run, AGAIN_AFTER - timedelta(seconds=1)) == []
    # After that, buyers and SKUs that hold orders may have been entered: they are asked for, all of them together.
    asked = asked_by_another(run, AGAIN_AFTER)
    assert [entry for entry in asked if not is_question(entry)] == []
    assert 1 <= len(asked) <= 3
    try:
        run.ledger = new_ledger()
        with run.parts() as parts:
            report = Sync(replace(parts, accounts=parts.accounts[:1])).run(accept_unusual=True)
        assert report.outcome.counts["create"] >= 100
        different = [entry for entry in run.ledger.entries.in_states(State.HELD) if entry.hold is not HoldCause.PLAN]
        assert different == run.ledger.entries.in_states(State.INTENT, State.UNKNOWN, State.PLANNED) == []
        assert [entry.method for entry in run.onec.log[sent:] if entry.method != "GET" and entry.status < 400] == []
    finally:
        run.ledger.close()
        run.ledger = ledger
    assert run.infobase.rows(run.rule.entity_set) == before


def test_a_single_order_of_a_process_that_knows_the_schema_only(preset, run, tmp_path):
    """Beyond the start: its exchange rate, a look for the order, since nothing is known of keys, and two writes."""
    key = next(step.key for step in run.plan if isinstance(step, Create))
    order = run.amazon[key.account.replace("demo", "amazon") + ".test"].service.order(key.order_id)
    cold = open_run(preset, [3], tmp_path, orders=0)
    cold.amazon["amazon3.test"] = StandIn(SellerAccount([order]))
    with cold.parts() as parts:
        read_schema(Copies(parts.ledger, parts.infobase, parts.now, parts.refresh, parts.metadata_age))
        cold.onec.log.clear()
        report = Sync(parts).run()
    assert report.outcome.counts == {"create": 1}
    start = fewest_reads(cold.rules)
    log = without_rates(cold.onec.log)
    assert split(log[:start]) == (start, 0)
    assert [entry.method for entry in log[start:]] == ["GET", "POST", "PATCH"]
    assert len(cold.onec.log) - start <= 4
    (document,) = cold.rows
    assert document["Posted"]


def test_one_write_where_the_probe_has_proven_post_on_create(preset, tmp_path):
    run = open_run(preset, [5], tmp_path, orders=50)
    with run.parts() as parts:
        _probe(run, parts)
        sync = Sync(parts)
        plan, _ = sync.plan()
        started = len(run.onec.log)
        sync.run(accept_unusual=True)
    wanted = Counter(step.totals.document.amount for step in plan if isinstance(step, Create))
    assert sum(wanted.values()) >= 25
    assert Counter(map(run.sum_of, run.rows)) == wanted
    assert all(row["Posted"] for row in run.rows)
    assert split(run.onec.log[started:]) == (0, len(run.rows))
    assert max(len(f"{entry.method} {entry.target} HTTP/1.1") for entry in run.onec.log) <= LONGEST_LINE


def _probe(run, parts):
    """As `amazon1c probe` does it."""

    @contextmanager
    def connect():
        yield run.client()

    schema = schema_of(run.preset.name)
    form = draft_form(run.rules, schema.entity_sets, parts.identity, datetime.now(UTC))
    found = probe(Documents(parts.infobase, schema), parts.infobase, connect, form)
    assert (found.left, found.broken_off) == ((), None)
    for finding in found.findings:
        if finding.value is not None:
            parts.ledger.notes.keep_capability(found.entity_set, finding.name, finding.value, parts.now())
