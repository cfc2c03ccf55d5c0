"""The decision for every state of an order and of its document."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from adapter.model.entry import HoldCause, Key, Operation, State
from adapter.model.order import Buyer, OrderStatus
from adapter.planning.build import Candidate, build_plan
from adapter.planning.plan import Cancel, Create, Hold, Skip, Source, Totals, Update, Wait, document_as_json

# Every entry that a document may have, in the order of the columns below.
ENTRIES = {
    "none": lambda shop: None,
    "waiting": lambda shop: shop.unwritten(State.WAITING),
    "planned": lambda shop: shop.unwritten(State.PLANNED),
    "in part": lambda shop: shop.written(state=State.PLANNED, posted=False),
    "intent": lambda shop: shop.unwritten(State.INTENT, operation=Operation.CREATE),
    "unknown": lambda shop: shop.unwritten(State.UNKNOWN, operation=Operation.CREATE),
    "done": lambda shop: shop.written(),
    "closed": lambda shop: shop.unwritten(State.CLOSED),
    "doubt": lambda shop: shop.unwritten(State.HELD, HoldCause.PLAN),
    "doubt, written": lambda shop: shop.written(state=State.HELD, hold=HoldCause.PLAN),
    "refused": lambda shop: replace(shop.written(state=State.HELD, hold=HoldCause.REFUSED), written=False),
    "refused, written": lambda shop: shop.written(state=State.HELD, hold=HoldCause.REFUSED),
    "different": lambda shop: shop.written(state=State.HELD, hold=HoldCause.DIFFERENT),
    "marked": lambda shop: shop.written(marked=True, material=""),
    "set on cancel": lambda shop: shop.written(summary={"cancelled": True}, material=""),
    "deleted for good": lambda shop: shop.written(state=State.CLOSED, marked=True),
}
W, C, S, D, X, P, R, F = "wait", "create", "skip", "there", "cancel", "doubt", "refused", "different"
DECISIONS = {
    #                      none, waiting, planned, in part, intent, unknown, done, closed,
    "PENDING":             [W, W, W, W, W, W, D, W,   W, D, W, W, F,  P, P, S],
    "PENDING_AVAILABILITY": [W, W, W, W, W, W, D, W,  W, D, W, W, F,  P, P, S],
    "UNSHIPPED":           [C, C, C, W, W, W, D, C,   C, D, R, R, F,  P, P, S],
    "PARTIALLY_SHIPPED":   [C, C, C, W, W, W, D, C,   C, D, R, R, F,  P, P, S],
    "SHIPPED":             [C, C, C, W, W, W, D, C,   C, D, R, R, F,  P, P, S],
    "INVOICE_UNCONFIRMED": [S, S, S, W, W, W, D, S,   S, D, S, R, F,  P, P, S],
    "CANCELLED":           [S, S, S, W, W, W, X, S,   S, X, S, X, F,  S, S, S],
    "UNFULFILLABLE":       [P, P, P, W, W, W, P, P,   P, P, P, R, F,  P, P, S],
    "SOMETHING_NEW":       [P, P, P, W, W, W, P, P,   P, P, P, R, F,  P, P, S],
}  # fmt: skip


def kind(step):
    if isinstance(step, Hold):
        return {HoldCause.PLAN: P, HoldCause.REFUSED: R, HoldCause.DIFFERENT: F}[step.cause]
    return D if isinstance(step, Skip) and step.written else step.verb


def test_the_table_knows_every_status():
    assert set(OrderStatus) | {"SOMETHING_NEW"} == set(DECISIONS)


@pytest.mark.parametrize("status", DECISIONS)
def test_every_state(shop, status):
    order = shop.order(status=status)
    found = {name: kind(shop.step(order, entry(shop))) for name, entry in ENTRIES.items()}
    assert found == dict(zip(ENTRIES, DECISIONS[status], strict=True))


def document_of(shop, **properties):
    """The document of the usual order."""
    return {
        "entity_set": "Document_SalesOrder",
        "ref_key": str(shop.identity.document_key("SELLER", shop.order_id, "sales_order")),
        "posted": True,
        "properties": {
            "Number": shop.order_id,
            "Date": "2026-05-01T12:30:00",
            "Customer_Key": str(shop.ref("Alice Example")),
            **properties,
        },
        "sections": {
            "Products": [
                {
                    "LineNumber": 1,
                    "Product_Key": str(shop.ref("A")),
                    "Quantity": {"number": "1"},
                    "Price": {"number": "10.00"},
                    "Amount": {"number": "10.00"},
                }
            ]
        },
    }


def test_a_new_order(shop):
    step = shop.step()
    assert document_as_json(step.document) == document_of(shop)
    assert step == Create(
        shop.key,
        Source("hash-2", step.source.material, "v1"),
        document=step.document,
        totals=Totals(shop.money("10.00"), {}, shop.money("10.00")),
        customer="Alice Example",
        matched="same name",
        order_id_property="Number",
    )


# -------------------- changes of a written order


def test_a_changed_order_is_written_anew(shop):
    step = shop.step(shop.order(shop.line("A", "20.00", 2)), shop.written())
    assert isinstance(step, Update)
    assert step.changes == ("Products[1].Quantity: 1 -> 2", "Products[1].Amount: 10.00 -> 20.00")
    assert step.totals.document == shop.money("20.00")


def test_a_line_more(shop):
    step = shop.step(shop.order(shop.line("A"), shop.line("B")), shop.written())
    assert isinstance(step, Update)
    assert step.changes == ("Products: 1 rows -> 2 rows",)


def test_a_change_is_written_even_if_the_mapping_would_not_create_the_document_today(shop):
    inputs = shop.inputs({"documents/sales_order/when": {"status": ["SHIPPED"]}})
    entry = shop.written(shop.order(status="SHIPPED"), inputs)
    assert isinstance(shop.step(shop.order(shop.line("A", "20.00", 2)), entry, inputs), Update)


def test_posting_is_a_change(shop):
    order = shop.order(shop.line("A", "10.00", 1, asin="B0"))
    entry = shop.written(order, shop.inputs({"documents/sales_order/post": False}), material="other")
    assert shop.step(order, entry).changes == ("Posted: False -> True",)


def test_what_changes_nothing_in_the_document_is_skipped(shop):
    order = shop.order(buyer=Buyer(name="Alice Example", email="other@marketplace.amazon.de"))
    assert shop.step(order, shop.written()) == Skip(
        shop.key, shop.step(order).source, "already in the infobase", written=True
    )


def test_the_order_of_lines_is_no_change(shop):
    lines = [shop.line("A"), shop.line("B")]
    assert kind(shop.step(shop.order(*reversed(lines)), shop.written(shop.order(*lines)))) == D


@pytest.mark.parametrize("changes", [{"documents/sales_order/post": False}, {"customers/otherwise": "create"}])
def test_neither_mapping_nor_catalog_rewrite_the_books(shop, changes):
    inputs = shop.inputs(changes, customers=("Alice Example", "ALICE EXAMPLE"), products=(), version="v2")
    assert kind(shop.step(entry=shop.written(), inputs=inputs)) == D


def test_a_document_stays_with_its_customer_when_amazon_stops_naming_the_buyer(shop):
    order = shop.order(shop.line("A", "20.00", 2), buyer=Buyer())
    step = shop.step(order, shop.written())
    assert (step.verb, step.customer, step.matched) == ("update", "Alice Example", "as before")
    assert step.document.properties["Customer_Key"] == str(shop.ref("Alice Example"))


def test_a_person_may_move_a_written_document_to_another_customer(shop):
    bob = shop.ref("Иванов Сергей Петрович")
    step = shop.step(entry=shop.written(), inputs=shop.inputs(chosen=bob))
    assert step.changes == (f"Customer_Key: {shop.ref('Alice Example')} -> {bob}",)
    moved = shop.written(inputs=shop.inputs(chosen=bob))
    assert kind(shop.step(entry=moved, inputs=shop.inputs(chosen=bob))) == D


def test_a_written_order_whose_change_is_doubtful_is_held(shop):
    step = shop.step(shop.order(shop.line("X")), shop.written())
    assert (kind(step), len(step.reasons)) == (P, 1)


def test_what_was_written_before_may_be_unknown(shop):
    step = shop.step(shop.order(shop.line("A", "20.00", 2)), shop.written(wanted=None))
    assert step.changes == ("it is not known what was written before",)


# -------------------- states in the header

STATE = {"documents/sales_order/header/State": {"text": "{order.status}: {order.total} for {buyer.name}"}}


def test_a_state_in_the_header_follows_the_order(shop):
    inputs = shop.inputs(STATE)
    step = shop.step(shop.order(status="SHIPPED"), shop.written(inputs=inputs), inputs)
    assert isinstance(step, Update)
    assert step.changes == ("State: UNSHIPPED: 10.00 for Alice Example -> SHIPPED: 10.00 for Alice Example",)
    assert document_as_json(step.document) == document_of(shop, State="SHIPPED: 10.00 for Alice Example")
    assert (step.customer, step.matched, step.totals.document) == ("Alice Example", "as before", shop.money("10.00"))


def test_it_does_not_by_another_mapping(shop):
    inputs = shop.inputs(STATE, version="v2")
    assert kind(shop.step(shop.order(status="SHIPPED"), shop.written(inputs=inputs), inputs)) == D


def test_a_state_missing_in_its_table_holds(shop):
    table = {"map": "order.status", "table": {"UNSHIPPED": "open"}}
    inputs = shop.inputs({"documents/sales_order/header/State": table})
    step = shop.step(shop.order(status="SHIPPED"), shop.written(inputs=inputs), inputs)
    assert step.reasons == ('State: the mapping has no entry for "SHIPPED" in its table of order.status; add one',)


# -------------------- cancellations


@pytest.mark.parametrize(
    ("on_cancel", "step"),
    [
        ("unpost_and_mark", Cancel),
        (
            {"set": {"Comment": {"text": "cancelled {order.id}"}, "Share": {"const": Decimal("0.5")}}},
            lambda key, source: Cancel(
                key, source, {"Comment": "cancelled 302-1234567-1234567", "Share": Decimal("0.5")}
            ),
        ),
        (
            "hold",
            lambda key, source: Hold(
                key,
                source,
                (
                    "cancelled at Amazon after it was written; take the document back in 1C or leave it, then: "
                    "amazon1c held accept 302-1234567-1234567; or set on_cancel in the mapping",
                ),
            ),
        ),
        (
            {"set": {"Comment": {"from": "buyer.purchase_order"}}},
            lambda key, source: Hold(
                key, source, ("it was cancelled, but on_cancel gives no value to set; see the mapping",)
            ),
        ),
        (
            {"set": {"State": {"map": "order.status", "table": {"SHIPPED": "x"}}}},
            lambda key, source: Hold(
                key, source, ('State: the mapping has no entry for "CANCELLED" in its table of order.status; add one',)
            ),
        ),
    ],
    ids=["unpost", "set", "hold", "nothing to set", "no entry"],
)
def test_cancellation(shop, on_cancel, step):
    found = shop.step(
        shop.order(status="CANCELLED"), shop.written(), shop.inputs({"documents/sales_order/on_cancel": on_cancel})
    )
    expected = step(shop.key, found.source)
    if isinstance(expected, Hold):
        expected = replace(expected, customer="Alice Example", total=shop.money("10.00"))
    assert found == expected


def test_a_kept_document_of_a_cancelled_order_is_left_alone(shop):
    inputs = shop.inputs({"documents/sales_order/on_cancel": "hold"})
    kept = shop.written(order_hash="hash-2")
    assert kind(shop.step(shop.order(status="CANCELLED"), kept, inputs)) == D
    assert kind(shop.step(shop.order(status="CANCELLED"), kept)) == X


SET = {"documents/sales_order/on_cancel": {"set": {"Share": {"const": Decimal("0.5")}}}}


@pytest.mark.parametrize(
    ("content_hash", "tried", "changes", "kinds"),
    [
        ("hash-1", None, None, R),
        ("hash-2", None, None, X),
        ("hash-1", None, SET, X),
        ("hash-1", {"properties": {"Share": {"number": "0.5"}}}, SET, R),
        ("hash-1", {"properties": {"Share": {"number": "0.7"}}}, SET, X),
    ],
    ids=["same", "order changed", "mapping changed", "same set", "another set"],
)
def test_a_refused_cancellation_is_not_repeated(shop, content_hash, tried, changes, kinds):
    summary = {"goal": "cancelled"} | ({"set": tried} if tried else {})
    entry = shop.written(state=State.HELD, hold=HoldCause.REFUSED, summary=summary)
    assert kind(shop.step(shop.order(status="CANCELLED"), entry, shop.inputs(changes), content_hash)) == kinds


def test_who_looks_at_a_difference_hears_of_the_cancellation(shop):
    order, entry = shop.order(status="CANCELLED"), shop.written(state=State.HELD, hold=HoldCause.DIFFERENT)
    step = shop.step(order, entry)
    assert step.reasons == ("an old reason", "it has been cancelled at Amazon too; take it back in 1C")
    assert shop.step(order, replace(entry, reasons=step.reasons)) == step


@pytest.mark.parametrize("status", ["UNFULFILLABLE", "SOMETHING_NEW", "UNSHIPPED"])
def test_what_a_person_has_accepted_is_not_asked_again(shop, status):
    entry = shop.written(order_hash="hash-2", marked=status == "UNSHIPPED")
    assert kind(shop.step(shop.order(status=status), entry)) == D


# -------------------- refusals


@pytest.mark.parametrize("written", [False, True], ids=["not written", "written"])
@pytest.mark.parametrize(
    ("order", "version", "kinds"),
    [
        (lambda shop: shop.order(), "v1", {R}),
        (lambda shop: shop.order(), "v2", {C, "update"}),
        (lambda shop: shop.order(shop.line("A", "20.00", 2)), "v1", {C, "update"}),
    ],
    ids=["same", "mapping changed", "order changed"],
)
def test_a_refusal_is_released_by_a_change(shop, written, order, version, kinds):
    entry = replace(shop.written(state=State.HELD, hold=HoldCause.REFUSED), written=written)
    assert kind(shop.step(order(shop), entry, shop.inputs(version=version))) in kinds


def test_a_refusal_outlives_a_doubt(shop):
    entry = shop.written(state=State.HELD, hold=HoldCause.REFUSED)
    for order in (shop.order(shop.line("X")), shop.order(doubts=("odd",)), shop.order(status="UNFULFILLABLE")):
        step = shop.step(order, entry)
        assert (step.cause, step.reasons) == (HoldCause.REFUSED, ("an old reason",))


# -------------------- what holds

LEAVE_OUT = {"orders/replacement": "leave_out"}


@pytest.mark.parametrize(
    ("order", "changes", "result"),
    [
        (lambda s: s.order(doubts=("the channel is odd",)), {},
         ("the channel is odd; look at the order at Amazon",)),
        (lambda s: s.order(doubts=("no status; ask for it",)), {}, ("no status; ask for it",)),
        (lambda s: s.order(status="UNFULFILLABLE", doubts=("odd",)), {},
         ("Amazon says that it cannot be fulfilled; decide at Amazon what becomes of it",
          "odd; look at the order at Amazon")),
        (lambda s: s.order(replaces="302-1"), {},
         ("a free replacement for 302-1; decide under orders.replacement in the mapping",)),
        (lambda s: s.order(s.line(goods="0.00"), replaces="302-1"), {},
         ("a free replacement for 302-1; decide under orders.replacement in the mapping",)),
        (lambda s: s.order(replaces="302-1"), LEAVE_OUT, "skip"),
        (lambda s: s.order(replaces="302-1"), {"orders/replacement": "write"}, "create"),
        (lambda s: s.order(s.line(goods="0.00"), replaces="302-1"), {"orders/replacement": "write"}, "create"),
        (lambda s: s.order(s.line(goods=None), total=None, replaces="302-1"), {"orders/replacement": "write"},
         ("Amazon gave no total for the replacement; leave replacements out (orders.replacement), or write it by hand "
          "in 1C",)),
        (lambda s: s.order(s.line(goods="0.00")), {},
         ("it costs the buyer nothing; decide under orders.zero_total in the mapping",)),
        (lambda s: s.order(s.line(goods="0.00")), {"orders/zero_total": "write"}, "create"),
        (lambda s: s.order(s.line(goods="5.00", quantity=1, ), s.line("B", "0.00")), {}, "create"),
        # What the mapping does not want is not asked about, but for what may hide in a doubt.
        (lambda s: s.order(fulfilled_by="AMAZON", replaces="302-1"), {"documents/sales_order/when":
         {"fulfilled_by": "MERCHANT"}}, "skip"),
        (lambda s: s.order(fulfilled_by="PIGEON", doubts=("the fulfiller is odd",)), {"documents/sales_order/when":
         {"fulfilled_by": "MERCHANT"}}, ("the fulfiller is odd; look at the order at Amazon",)),
    ],
    ids=["doubt", "doubt with a step", "all reasons", "replacement", "free replacement", "left out", "written",
         "free and written", "replacement without total", "free", "free is fine", "free line", "unwanted replacement",
         "unwanted doubt"],
)  # fmt: skip
def test_orders_that_are_no_ordinary_sales(shop, order, changes, result):
    step = shop.step(order(shop), inputs=shop.inputs(changes))
    assert (step.reasons if isinstance(step, Hold) else step.verb) == result


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+15", "1E+30", "0.000000001"])
@pytest.mark.parametrize("written", [False, True])
def test_impossible_amounts(shop, amount, written):
    order = shop.order(shop.line(goods=amount), total=amount)
    step = shop.step(order, shop.written() if written else None)
    assert step.reasons == ("an amount is no number or beyond all reason; look at the order at Amazon",)


def test_impossible_lines(shop):
    order = shop.order(shop.line("A", quantity=10**12), shop.line("B", line_id="L-A"))
    assert shop.reasons(order) == (
        "a quantity is beyond all reason; look at the order at Amazon",
        "two of its lines have the same id; look at the order at Amazon",
    )


def test_an_unreadable_order(shop):
    def plan(entry=None):
        candidate = Candidate("de", shop.order_id, "hash", None, "it is no JSON")
        (step,) = build_plan([candidate], {shop.key: entry} if entry else {}, shop.inputs())
        return step

    source = Source("hash", "", "v1")
    assert plan() == Hold(shop.key, source, ("it is no JSON; look at the order at Amazon",))
    assert isinstance(plan(shop.unwritten(State.UNKNOWN)), Wait)
    assert plan(shop.written(state=State.HELD, hold=HoldCause.DIFFERENT)).cause is HoldCause.DIFFERENT


# -------------------- several documents, several accounts

INVOICE = {
    "documents/invoice": {
        "entity_set": "Document_Invoice",
        "when": {"status": "SHIPPED"},
        "order_id": "Comment",
        "post": False,
        "header": {"Comment": {"text": "Amazon {order.id}"}},
        "rows": {"Goods": {"Sum": {"from": "line.amount"}}},
        "total": {"rows": "Goods", "property": "Sum"},
    }
}


def test_several_documents(shop):
    inputs = shop.inputs(INVOICE)
    first = shop.plan([shop.order()], inputs=inputs)
    assert [(step.key.document, step.verb) for step in first] == [("sales_order", "create"), ("invoice", "skip")]
    written = replace(shop.written(), mapping_version="v1")
    steps = list(shop.plan([shop.order(status="SHIPPED")], [written], inputs))
    assert [kind(step) for step in steps] == [D, "create"]
    assert document_as_json(steps[1].document) == {
        "entity_set": "Document_Invoice",
        "ref_key": str(shop.identity.document_key("SELLER", shop.order_id, "invoice")),
        "posted": False,
        "properties": {"Comment": "Amazon 302-1234567-1234567"},
        "sections": {"Goods": [{"LineNumber": 1, "Sum": {"number": "10.00"}}]},
    }


def test_accounts_do_not_know_each_other(shop):
    mine, theirs = shop.order(), shop.order(account="fr", seller_id="OTHER")
    plan = shop.plan([mine, theirs], [shop.written(mine)])
    assert [(step.key, kind(step)) for step in plan] == [
        (shop.key, D),
        (Key("fr", shop.order_id, "sales_order"), "create"),
    ]
    assert plan.steps[1].document.ref_key == shop.identity.document_key("OTHER", shop.order_id, "sales_order")


def test_a_choice_is_for_one_account(shop):
    chosen = shop.inputs(chosen=shop.ref("Иванов Сергей Петрович"))
    plan = shop.plan([shop.order(), shop.order(account="fr")], inputs=chosen)
    assert [step.customer for step in plan] == ["Иванов Сергей Петрович", "Alice Example"]


def test_one_bad_order_does_not_stop_the_others(shop):
    bad = shop.order(shop.line(goods="NaN"), total="NaN", order_id="302-0")
    far = shop.order(purchased_at=datetime(9999, 12, 31, 23, 59, tzinfo=UTC), order_id="302-1")
    assert [step.verb for step in shop.plan([bad, far, shop.order()])] == ["hold", "hold", "create"]


def test_the_same_inputs_give_the_same_plan(shop):
    customers = ("Alice Example", "Bob Builder", "BOB  builder", "Иванов Сергей Петрович", "Иванов Сергей Павлович")
    orders = [
        shop.order(buyer=Buyer(name=name), order_id=f"302-{number}")
        for number, name in enumerate(["Alice Example", "Bob Builder", "Sergey Ivanov", "Nobody Known"])
    ]
    plan, again = (shop.plan(orders, inputs=shop.inputs(customers=given)) for given in (customers, customers[::-1]))
    assert plan == again
    assert [step.verb for step in plan] == ["create", "hold", "hold", "hold"]
