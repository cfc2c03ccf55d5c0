"""Everything at once, at random: the invariants hold after every step, and all comes to rest when the faults end."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from adapter.errors import AdapterError
from adapter.model.entry import HoldCause, State
from adapter.operators import accept, retry
from tests.delivery.watcher import Watcher

NEW_CUSTOMERS = ("  otherwise: hold\n  create:\n    Description", "  otherwise: create\n  create:\n    Description")
AT_REST = {State.DONE, State.HELD, State.CLOSED, State.WAITING}
FAULTS = (
    {"action": "lost"},
    {"action": "lost"},
    {"action": "lost"},
    {"action": "lost", "after_commit": True},
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
MOST = 4  # orders: few, so that much happens to each


class Machine(RuleBasedStateMachine):
    """`make_world` is set before the run."""

    make_world: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.world = type(self).make_world(self.folder)
        self.watcher = Watcher(self.world, self.folder)  # I4, I5
        self.orders: list[str] = []
        self.edited: dict[str, Any] = {}  # what a person made of the document; None: deleted it
        self.touched: set[str] = set()  # orders whose documents a person has ever changed
        self.lost = False  # the ledger was lost once
        self.surprising = False  # keys are replaced, and no probe has told so

    @initialize(mode=st.sampled_from([{}, {"replaces_key": True}, {"repeated_key": "400/15"}]), probed=st.booleans())
    def open(self, mode, probed):
        self.world.modes(**mode)
        if probed:
            self.world.probed(keeps_chosen_key="no" if self.world.infobase.modes.replaces_key else "yes")
        self.surprising = self.world.infobase.modes.replaces_key and not probed

    # -------------------- what happens

    @precondition(lambda self: len(self.orders) < MOST)
    @rule(
        status=st.sampled_from(["UNSHIPPED", "UNSHIPPED", "PENDING"]),
        buyer=st.sampled_from(["Anna Muster", "Berta Neu", "Berta Neu", "Carl Neu", ""]),
        sku=st.sampled_from(["TEA", "TEA", "TEA", "?"]),
    )
    def place(self, status, buyer, sku):
        self.orders.append(self.world.order(status, buyer=buyer, sku=sku))

    @precondition(lambda self: self.orders)
    @rule(
        which=WHICH,
        event=st.sampled_from(["change", "change", "ship", "cancel"]),
        quantity=st.integers(1, 5),
        buyer=st.sampled_from(["Anna Muster", "Berta Neu", "Dora Neu"]),
    )
    def happen(self, which, event, quantity, buyer):
        """Something happens at Amazon."""
        order, account = self.chosen(which), self.world.account
        if self.status(order) == "CANCELLED":
            return
        if event == "change":
            self.world.change(order, quantity=quantity, buyer=buyer)
        elif event == "ship":
            account.change_status(order, "SHIPPED")
        else:
            account.cancel(order)

    @precondition(lambda self: self.orders)
    @rule(which=WHICH, kind=st.sampled_from(["text", "text", "rows", "mark", "delete"]))
    def edit(self, which, kind):
        """A person at work in 1C."""
        order = self.chosen(which)
        for row in self.world.documents(order):
            self.touched.add(order)
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

    @rule(
        fault=st.sampled_from(FAULTS),
        skip=st.sampled_from([0, 0, 0, 1, 2]),
        path=st.sampled_from(["Document_", "Document_", "Catalog_"]),
    )
    def break_something(self, fault, skip, path):
        for method in ("POST", "PATCH"):
            self.world.fault(method=method, path=path, skip=skip, **fault)

    @rule(number=st.integers(1, 4), moment=st.sampled_from(["before", "after"]))
    def crash_soon(self, number, moment):
        self.watcher.crash_at = (self.watcher.written + number, moment)

    @rule()
    def faults_end(self):
        self.world.onec.faults.clear()

    @rule()
    def arrive_late(self):
        """What is on its way is carried out now, within the quarantine."""
        self.watcher.arrive_late({row["Ref_Key"] for row in self.edited.values() if row is not None})

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

    @rule(minutes=st.sampled_from([3, 3, 12]))
    def run_again(self, minutes):
        self.run(minutes)

    @rule(minutes=st.sampled_from([3, 4, 5]))
    def run_soon(self, minutes):
        self.run(minutes)

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
        self.lost = True
        self.world.lose_ledger()
        self.watcher.forget()
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
            self.watcher.crash_at = None
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
            if states[order] is State.HELD and world.entry(order).hold is HoldCause.DIFFERENT:
                # Nobody is asked about what only we have done.
                assert self.surprising or self.lost or order in self.touched
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
    hunt(open_world, examples=60, steps=35, derandomize=True)


@pytest.mark.soak
def test_anything_may_happen_for_long(open_world):
    hunt(open_world, examples=500, steps=50, derandomize=False)
