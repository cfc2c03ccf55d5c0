"""Every preset: the infobase agrees with it, and its orders arrive as posted documents, to the cent."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator

from adapter.mapping.lint import lint
from adapter.mapping.load import mapping_schema
from adapter.mapping.presets import preset_path
from adapter.model.order import OrderStatus
from adapter.onec.metadata import parse_metadata
from adapter.planning.plan import Create
from adapter.yamlfile import load_yaml
from tests.presets.conftest import number, run_preset, schema_of, whole_model

CENT = Decimal("0.01")


def test_the_infobase_agrees(preset, mapping):
    assert lint(mapping, schema_of(preset.name)) == ()


def test_an_editor_takes_it(preset):
    """The JSON Schema that editors check with knows everything that presets use."""
    data = json.loads(json.dumps(load_yaml(preset_path(preset.name)).data, default=float))
    assert [error.message for error in Draft202012Validator(mapping_schema()).iter_errors(data)] == []


def test_every_state_of_a_sale_is_booked(mapping):
    """Orders that only wait for a confirmed invoice are shipped and complete. Source: FACTS 4.3, 5.5."""
    unsold = {
        OrderStatus.PENDING,
        OrderStatus.PENDING_AVAILABILITY,
        OrderStatus.CANCELLED,
        OrderStatus.UNFULFILLABLE,
    }
    (rule,) = mapping.rules.documents.values()
    assert set(rule.when["status"]) == set(OrderStatus) - unsold


def test_derived_metadata_agrees(preset, mapping):
    """The whole of the configuration, where its $metadata is at hand."""
    assert lint(mapping, parse_metadata(preset.facts("derived", "edmx.xml").read_bytes())) == ()


def test_orders_arrive_in_the_whole_configuration(preset, tmp_path):
    """Every property and every length of the configuration, not only those that our model of it has."""
    run = run_preset(preset, [5], tmp_path, model=whole_model(preset))
    wanted = sorted(step.totals.document.amount for step in run.plan if isinstance(step, Create))
    assert len(wanted) == len(run.rows) >= 60
    assert all(row["Posted"] for row in run.rows)
    assert sorted(run.sum_of(row) for row in run.rows) == wanted


def test_every_planned_order_is_a_posted_document_to_the_cent(run):
    wanted = {step.key.order_id: step.totals.document.amount for step in run.plan if isinstance(step, Create)}
    assert len(wanted) >= 300
    assert run.report.outcome.counts["create"] == len(wanted) == len(run.rows)
    assert all(row["Posted"] for row in run.rows)
    found = {}
    for row in run.rows:
        (order_id,) = [order_id for order_id in wanted if order_id in run.order_id(row)]
        found[order_id] = run.sum_of(row)
    assert found == wanted


def test_the_infobase_calculates_the_same_sum(run):
    """What the configuration's own module makes of the rows is Amazon's total too."""
    model = next(item for item in run.infobase.model.objects if item.entity_set == run.rule.entity_set)
    if model.recalculate is None:
        pytest.skip("this configuration takes the sum as it is sent")
    wanted = Counter(step.totals.document.amount for step in run.plan if isinstance(step, Create))
    assert Counter(number(row[model.recalculate.total]) for row in run.rows) == wanted


def test_rows_add_up(run):
    """Quantity x price is the sum but for rounding, and the VAT fits to it."""
    for row in run.rows:
        for columns in run.preset.columns:
            included = not columns.included or row[columns.included]
            for line in row[columns.section]:
                quantity, price, amount = (
                    number(line[name]) for name in (columns.quantity, columns.price, columns.amount)
                )
                assert quantity > 0
                assert abs(quantity * price - amount) <= max(CENT, quantity * CENT / 2), line
                vat = number(line[columns.vat]) if columns.vat else Decimal()
                assert 0 <= vat <= amount
                if columns.total:
                    assert number(line[columns.total]) == (amount if included else amount + vat)


def test_some_rows_have_vat(run):
    """The tables of rates are used."""
    columns = [columns for columns in run.preset.columns if columns.vat]
    if not columns:
        pytest.skip("this configuration has no VAT in its rows")
    lines = [line for row in run.rows for part in columns for line in row[part.section]]
    assert any(number(line[part.vat]) for part in columns for line in lines if part.vat in line)


def test_no_vat_where_amazon_collects_it(run):
    """Net prices of which Amazon has paid the VAT contain none."""
    columns = [columns for columns in run.preset.columns if columns.vat]
    if not columns:
        pytest.skip("this configuration has no VAT in its rows")
    collected = [row for row in run.rows if run.is_tax_collected(row)]
    assert 0 < len(collected) < len(run.rows)
    assert {number(line[part.vat]) for row in collected for part in columns for line in row[part.section]} == {0}


def test_held_orders_have_reasons_of_their_own(run):
    """Nothing is held because of the preset: only for who bought, what was sold, or what Amazon said."""
    held = [reason for step in run.plan for reason in getattr(step, "reasons", ())]
    ours = ("Amazon", "customer", "SKU", "replacement", "costs the buyer nothing", '" is like ')
    assert [reason for reason in held if not any(word in reason for word in ours)] == []
    assert not [reason for reason in held if "mapping has no" in reason or " in 1C; enter it" in reason]


def test_documents_are_found_again_by_the_order_id(run):
    """The search by which a write without an answer is settled."""
    contains = run.rule.order_id_search == "contains"
    ids = [step.key.order_id for step in run.plan if isinstance(step, Create)]
    documents = run.documents()
    for row in run.rows[:10]:
        (order_id,) = [order_id for order_id in ids if order_id in run.order_id(row)]
        since = datetime.fromisoformat(row["Date"]) - timedelta(days=1)
        sought = order_id if contains else run.order_id(row)
        found = documents.find_by_order_id(run.rule.entity_set, run.rule.order_id, sought, since, unlimited=contains)
        assert [str(document.ref_key) for document in found] == [row["Ref_Key"]]
