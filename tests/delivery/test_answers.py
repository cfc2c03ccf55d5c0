"""What the infobase stored against what was sent: another sum or another row is held, another spelling is not."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from adapter.model.entry import HoldCause, State
from adapter.simulators.onec import load_model

TRAINING = load_model("training")
HEADER_SUM = (
    "      Customer_Key: {from: customer}\n",
    "      Customer_Key: {from: customer}\n      Total: {from: order.total}\n",
)


def with_header_sum():
    """The training configuration, with the document's sum in its header."""
    order = next(item for item in TRAINING.objects if item.entity_set == "Document_SalesOrder")
    amount = next(column for column in order.tabular_sections[0].attributes if column.name == "Amount")
    with_sum = replace(order, attributes=(*order.attributes, replace(amount, name="Total")))
    return replace(TRAINING, objects=tuple(with_sum if item is order else item for item in TRAINING.objects))


class Handler:
    """Changes what is stored of an order, or how its answer is written."""

    def __init__(self, inner, stored=lambda body: None, answered=lambda body: None):
        self.inner, self._stored, self._answered = inner, stored, answered

    def handle(self, request):
        if request.method != "POST":
            return self.inner.handle(request)
        body = json.loads(request.body)
        self._stored(body)
        response = self.inner.handle(replace(request, body=json.dumps(body).encode()))
        told = json.loads(response.body)
        self._answered(told)
        return replace(response, body=json.dumps(told).encode())

    def error(self, status):
        return self.inner.error(status)


@pytest.fixture
def order_through(open_world):
    """An order whose creation went through a `Handler`: the world, the order and its entry."""

    def order_through(**handlers):
        world = open_world(HEADER_SUM, model=with_header_sum())
        world.order()
        world.run()
        world.onec.service = Handler(world.infobase, **handlers)
        order = world.order(quantity=3)
        world.requests()
        world.run()
        return world, order, world.entry(order)

    return order_through


def without_rows(body):
    body["Products"].clear()


def with_a_second_row(body):
    body["Products"].append({**body["Products"][0], "LineNumber": 2})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda body: body.update(Total=29.99), "Total: 30.00 was sent, 29.99 is stored"),
        (lambda body: body.update(Total=0), "Total: 30.00 was sent, 0 is stored"),
        (lambda body: body["Products"][0].update(Amount=30.01), "Products[1].Amount: 30.00 was sent, 30.01 is stored"),
        (lambda body: body["Products"][0].update(Quantity=2), "Products[1].Quantity: 3 was sent, 2 is stored"),
        (without_rows, "Products[1]: a row of LineNumber 1, Product_Key "),
        (with_a_second_row, "Products[2]: nothing was sent, a row of "),
    ],
    ids=["header sum", "no header sum", "row sum", "quantity", "fewer rows", "more rows"],
)
def test_another_sum_or_row_is_held(order_through, change, told):
    """Before it is posted, with the difference."""
    world, order, entry = order_through(stored=change)
    assert (entry.state, entry.hold, entry.written) == (State.HELD, HoldCause.DIFFERENT, True)
    assert "was stored otherwise than it was sent" in entry.reasons[0]
    assert entry.reasons[1].startswith(told)
    assert len(entry.reasons) == 2
    assert world.document(order)["Posted"] is False
    assert world.requests() == ["POST Document_SalesOrder"]


def in_another_form(body):
    body["Total"] = 30.000000000000004
    row = body["Products"][0]
    row |= {"Amount": "30.00", "Quantity": "3", "LineNumber": "1", "Product_Key": row["Product_Key"].upper()}


@pytest.mark.parametrize(
    "change",
    [
        in_another_form,
        lambda body: body.update(Comment=body["Comment"] + "  ", Number=body["Number"] + " "),
        lambda body: body.update(Manager="somebody", AmountInWords="thirty"),
    ],
    ids=["numbers and keys", "trailing blanks", "what was not sent"],
)
def test_the_same_written_otherwise_is_not(order_through, change):
    world, order, entry = order_through(answered=change)
    assert (entry.state, entry.summary.get("differs")) == (State.DONE, None)
    assert world.document(order)["Posted"] is True


def test_a_text_that_was_cut_is_recorded(order_through):
    """It does no harm to the books; that it was not stored as it was sent stays known."""
    world, order, entry = order_through(stored=lambda body: body.update(Comment=body["Comment"][:25]))
    assert (entry.state, entry.summary["differs"]) == (State.DONE, ["Comment"])
    assert world.document(order)["Posted"] is True
