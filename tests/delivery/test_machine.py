"""Everything at once, at random: the invariants hold after every step, and all comes to rest when the faults end."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from adapter.errors import AdapterError
from adapter.ledger.database import FILE_NAME
from adapter.model.entry import State
from adapter.operators import accept, retry

NEW_CUSTOMERS = ("  otherwise: hold\n  create:\n    Description", "  otherwise: create\n  create:\n    Description")
AT_REST = {State.DONE, State.HELD, State.CLOSED, State.WAITING}
FAULTS = (
    {"action": "lost"},
    {"action": "lost", "after_commit": True},
    {"action": "html", "status": 502},
    {"action": "html", "status": 502, "after_commit": True},
    {"action": "html", "status": 200, "after_commit": True},
    {"action": "html", "status": 406},
    {"action": "status", "status": 500},
    {"action": "status", "status": 500, "after_commit": True},
    {"action": "empty"},
    {"action": "cut"},
)
WHICH = st.integers(0, 50)


class Machine(RuleBasedStateMachine):
    """`make_world` is set before the run."""

    make_world: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.world = type(self).make_world(self.folder)
        self.world.on_write = self.on_write
        self.orders: list[str] = []
        self.edited: dict[str, Any] = {}  # what a person made of the document; None: deleted it
        self.crash_at: tuple[int, str] | None = None
        self.created_at: dict[str, int] = {}  # order -> length of 1C's log at its last creation
        self.written = 0

    # -------------------- every single write (I4, I5)

    def on_write(self, moment: str, request: Any) -> None:
        if moment == "before":
            self.written += 1
            self.intended(request)
        if self.crash_at == (self.written, moment):
            self.crash_at = None
            raise self.world.Crash

    def intended(self, request: Any) -> None:
        """The intent of a write is on the disk before it leaves; a creation is never repeated unseen."""
        document = "/Document_" in request.url.path
        on_disk = sqlite3.connect(f"file:{self.folder / FILE_NAME}?mode=ro", uri=True)
        table = "entries" if document else "elements"
        keys = [row[0] for row in on_disk.execute(f"SELECT ref_key FROM {table} WHERE state = 'intent'")]  # noqa: S608
        on_disk.close()
        if request.method == "POST":
            body = json.loads(request.content)
            assert body["Ref_Key"] in keys
            if document:
                since = self.created_at.get(body["Number"])
                self.created_at[body["Number"]] = len(self.world.onec.log)
                looked = [e for e in self.world.onec.log[since or 0 :] if e.method == "GET" and "Document_" in e.target]
                assert since is None or looked, "a creation was repeated without a look"
        else:
            assert any(key in request.url.path for key in keys)

    # -------------------- what happens

    @rule(
        status=st.sampled_from(["UNSHIPPED", "UNSHIPPED", "PENDING"]),
        buyer=st.sampled_from(["Anna Muster", "Berta Neu", "Berta Neu", "Carl Neu", ""]),
        sku=st.sampled_from(["TEA", "TEA", "TEA", "?"]),
    )
    def place(self, status, buyer, sku):
        self.orders.append(self.world.order(status, buyer=buyer, sku=sku))

    @precondition(lambda self: self.orders)
    @rule(which=WHICH, quantity=st.integers(1, 5), buyer=st.sampled_from(["Anna Muster", "Berta Neu", "Dora Neu"]))
    def change(self, which, quantity, buyer):
        order = self.chosen(which)
        if self.status(order) != "CANCELLED":
            self.world.change(order, quantity=quantity, buyer=buyer)

    @precondition(lambda self: self.orders)
    @rule(which=WHICH, status=st.sampled_from(["UNSHIPPED", "SHIPPED", "SHIPPED"]))
    def ship(self, which, status):
        order = self.chosen(which)
        if self.status(order) != "CANCELLED":
            self.world.account.change_status(order, status)

    @precondition(lambda self: self.orders)
    @rule(which=WHICH)
    def cancel(self, which):
        if self.status(order := self.chosen(which)) != "CANCELLED":
            self.world.account.cancel(order)

    @precondition(lambda self: self.orders)
    @rule(which=WHICH, kind=st.sampled_from(["text", "text", "rows", "mark", "delete"]))
    def edit(self, which, kind):
        """A person at work in 1C."""
        order = self.chosen(which)
        for row in self.world.documents(order):
            if kind == "delete":
                self.world.infobase.remove("Document_SalesOrder", row["Ref_Key"])
                if any(entry.written for entry in self.world.ledger.entries.of_order(order)):
                    self.edited[order] = None  # else nobody can know that there was one
                else:
                    self.edited.pop(order, None)
                continue
            lines = [{name: line[name] for name in ("Product_Key", "Quantity", "Amount")} for line in row["Products"]]
            values = {
                "text": {"Comment": f"{order}: call first"},
                "rows": {"Products": [*lines, lines[0]]},
                "mark": {"Posted": False, "DeletionMark": True},
            }[kind]
            self.edited[order] = self.world.infobase.edit("Document_SalesOrder", row["Ref_Key"], values)

    @rule(fault=st.sampled_from(FAULTS), skip=st.integers(0, 3), path=st.sampled_from(["", "Document_", "Catalog_"]))
    def break_something(self, fault, skip, path):
        for method in ("POST", "PATCH"):
            self.world.fault(method=method, path=path, skip=skip, **fault)

    @rule(number=st.integers(1, 4), moment=st.sampled_from(["before", "after"]))
    def crash_soon(self, number, moment):
        self.crash_at = (self.written + number, moment)

    @rule()
    def faults_end(self):
        self.world.onec.faults.clear()

    @precondition(lambda self: self.orders)
    @rule(which=WHICH, decision=st.sampled_from(["retry", "accept"]))
    def decide(self, which, decision):
        order = self.chosen(which)
        if self.world.state(order) is not State.HELD:
            return
        if decision == "retry":
            retry(self.world.ledger, order, self.world.clock())
            if self.edited.get(order, ...) is None:
                del self.edited[order]  # a person wants the deleted document anew
            return
        try:
            accept(self.world.parts, order)
        except AdapterError:
            return

    @rule(minutes=st.sampled_from([1, 3, 3, 12]))
    def run(self, minutes):
        seen = {order for order in self.orders if self.visible(order, minutes)}
        try:
            report = self.world.run(minutes=minutes)
        except AdapterError:
            return
        except self.world.Crash:
            self.world.restart()
            return
        if report.read and all(read.complete for read in report.read.values()):
            assert {order for order in seen if not self.world.ledger.orders.by_id(order)} == set()  # I2

    @rule(really=st.integers(0, 3))
    def lose_ledger(self, really):
        if really:
            return
        self.world.lose_ledger()
        self.created_at.clear()
        # That there was a document, and that a person has kept one, was known to the ledger only.
        self.edited = {order: row for order, row in self.edited.items() if row is not None}

    @rule()
    def dry_run(self):
        writes = self.world.writes()
        try:
            self.world.sync().plan()
        except AdapterError:
            return
        assert self.world.writes() == writes  # I8

    # -------------------- what always holds

    @invariant()
    def one_document_for_each_order(self):
        """I1."""
        assert {order: count for order in self.orders if (count := len(self.world.documents(order))) > 1} == {}

    @invariant()
    def no_edit_is_overwritten(self):
        """I11."""
        for order, row in self.edited.items():
            assert self.world.documents(order) == ([row] if row else [])

    @invariant()
    def every_move_has_its_event(self):
        """I10."""
        for order in self.orders:
            history = self.world.ledger.entries.history(order)
            states = [event.state_to for event in history]
            assert [event.state_from for event in history] == [None, *states[:-1]][: len(states)]
            assert self.world.state(order) == (states[-1] if states else None)

    def teardown(self):
        """Faults are over: everything comes to rest (I9), and nothing is missing (I12)."""
        try:
            self.crash_at = None
            if self.orders:
                self.world.clock.forward(minutes=3)
                self.world.settle()
                self.at_rest()
        finally:
            self.world.ledger.close()
            shutil.rmtree(self.folder)

    def at_rest(self):
        world = self.world
        states = {order: world.state(order) for order in self.orders}
        assert set(states.values()) <= AT_REST
        assert {seen.order_id for seen in world.ledger.orders.open()} == {
            order for order, state in states.items() if state in {State.HELD, State.WAITING}
        }
        assert world.ledger.elements.in_state(State.INTENT, State.UNKNOWN) == []
        for name in ("Berta Neu", "Carl Neu", "Dora Neu"):
            assert sum(row["Description"] == name for row in world.infobase.rows("Catalog_Customers")) <= 1
        for order in self.orders:
            if states[order] is State.DONE and order not in self.edited:
                self.is_right(order)
        writes = world.writes()
        world.run()
        assert world.writes() == writes

    def is_right(self, order):
        """A document that nobody touched is what Amazon says; an accepted one may be an earlier version."""
        document, wire = self.world.document(order), self.world.account.order(order)
        if any("a person keeps it" in event.cause for event in self.world.ledger.entries.history(order)):
            return
        if self.status(order) == "CANCELLED":
            assert (document["Posted"], document["DeletionMark"]) == (False, True)
            return
        assert (document["Posted"], document["DeletionMark"]) == (True, False)
        assert document["Products"][0]["Quantity"] == wire["orderItems"][0]["quantityOrdered"]
        customer = self.world.infobase.row("Catalog_Customers", document["Customer_Key"])
        assert customer["Description"] == (wire["buyer"].get("buyerName") or "Amazon retail")

    # -------------------- help

    def chosen(self, which: int) -> str:
        return self.orders[which % len(self.orders)]

    def status(self, order: str) -> str:
        return str(self.world.account.order(order)["fulfillment"]["fulfillmentStatus"])

    def visible(self, order: str, minutes: int) -> bool:
        """Whether Amazon has shown the order by then: changes show up two minutes late."""
        updated = self.world.account.order(order)["lastUpdatedTime"]
        return minutes > 2 or updated < self.world.clock().strftime("%Y-%m-%dT%H:%M:%S")


def hunt(open_world, examples: int, steps: int, derandomize: bool) -> None:
    class Here(Machine):
        make_world = staticmethod(lambda folder: open_world(NEW_CUSTOMERS, directory=folder))

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            derandomize=derandomize,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


def test_anything_may_happen(open_world):
    hunt(open_world, examples=60, steps=25, derandomize=True)


@pytest.mark.soak
def test_anything_may_happen_for_long(open_world):
    hunt(open_world, examples=500, steps=50, derandomize=False)
