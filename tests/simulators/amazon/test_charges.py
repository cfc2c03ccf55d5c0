from __future__ import annotations

from decimal import Decimal

import pytest

from adapter.simulators.amazon.charges import LineMoney, MoneyStyle, Taxing, line_proceeds, order_proceeds, tax_in

GERMAN = Taxing("EUR", Decimal("0.19"), included=True, shown=True, collected=False)
HIDDEN = Taxing("EUR", Decimal("0.19"), included=True, shown=False, collected=False)
BRITISH = Taxing("GBP", Decimal("0.20"), included=True, shown=True, collected=True)
AMERICAN = Taxing("USD", Decimal("0.0825"), included=False, shown=True, collected=True)
JAPANESE = Taxing("JPY", Decimal("0.10"), included=True, shown=True, collected=False)


def line(item: str, **more: str) -> LineMoney:
    """Charges as ITEM, SHIPPING...; discounts as OFF_ITEM, OFF_SHIPPING."""
    amounts = {"ITEM": item} | more
    return LineMoney(
        {kind: Decimal(amount) for kind, amount in amounts.items() if not kind.startswith("OFF_")},
        {kind.removeprefix("OFF_"): Decimal(amount) for kind, amount in amounts.items() if kind.startswith("OFF_")},
    )


def amounts(proceeds: dict) -> dict[str, str]:
    """Total, subtotals and details by a short name."""
    found = {"total": proceeds["proceedsTotal"]["amount"]}
    for part in proceeds["breakdowns"]:
        found[part["type"]] = part["subtotal"]["amount"]
        for detail in part.get("detailedBreakdowns", []):
            found[f"{part['type']}/{detail['subtype']}"] = detail["value"]["amount"]
    return found


REBATE = line("119.00", SHIPPING="5.95", OFF_ITEM="11.90", OFF_SHIPPING="5.95")


@pytest.mark.parametrize(
    ("money", "taxing", "style", "expected"),
    [
        (
            line("119.00"),
            GERMAN,
            MoneyStyle(),
            {"total": "119.00", "ITEM": "100.00", "TAX": "19.00", "TAX/ITEM": "19.00"},
        ),
        (
            line("119.00", COD_FEE="2.90"),
            HIDDEN,
            MoneyStyle(),
            {"total": "121.90", "ITEM": "119.00", "COD_FEE": "2.90"},
        ),
        (
            REBATE,
            GERMAN,
            MoneyStyle(discount_sign=-1),
            {
                "total": "107.10",
                "ITEM": "100.00",
                "SHIPPING": "5.00",
                "DISCOUNT": "-15.00",
                "DISCOUNT/ITEM": "-10.00",
                "DISCOUNT/SHIPPING": "-5.00",
                "TAX": "17.10",
                "TAX/ITEM": "19.00",
                "TAX/SHIPPING": "0.95",
                "TAX/DISCOUNT": "-2.85",
            },
        ),
        (
            REBATE,
            GERMAN,
            MoneyStyle(discount_sign=1),
            {
                "total": "107.10",
                "ITEM": "100.00",
                "SHIPPING": "5.00",
                "DISCOUNT": "15.00",
                "DISCOUNT/ITEM": "10.00",
                "DISCOUNT/SHIPPING": "5.00",
                "TAX": "17.10",
                "TAX/ITEM": "19.00",
                "TAX/SHIPPING": "0.95",
                "TAX/DISCOUNT": "2.85",
            },
        ),
        (
            line("120.00", GIFT_WRAP="6.00"),
            BRITISH,
            MoneyStyle(collected_tax_inside=True),
            {
                "total": "126.00",
                "ITEM": "100.00",
                "GIFT_WRAP": "5.00",
                "TAX": "21.00",
                "TAX/ITEM": "20.00",
                "TAX/GIFT_WRAP": "1.00",
            },
        ),
        (
            line("120.00"),
            BRITISH,
            MoneyStyle(collected_tax_inside=False),
            {"total": "100.00", "ITEM": "100.00", "TAX": "20.00", "TAX/ITEM": "20.00"},
        ),
        (
            line("100.00"),
            AMERICAN,
            MoneyStyle(),
            {"total": "108.25", "ITEM": "100.00", "TAX": "8.25", "TAX/ITEM": "8.25"},
        ),
        (line("1000"), JAPANESE, MoneyStyle(), {"total": "1000", "ITEM": "909", "TAX": "91", "TAX/ITEM": "91"}),
        (line("0"), GERMAN, MoneyStyle(), {"total": "0.00", "ITEM": "0.00", "TAX": "0.00"}),
        (
            line("9.99", OFF_ITEM="9.99"),
            GERMAN,
            MoneyStyle(),
            {
                "total": "0.00",
                "ITEM": "8.39",
                "DISCOUNT": "-8.39",
                "DISCOUNT/ITEM": "-8.39",
                "TAX": "0.00",
                "TAX/ITEM": "1.60",
                "TAX/DISCOUNT": "-1.60",
            },
        ),
    ],
    ids=[
        "tax apart",
        "tax within",
        "discounts negative",
        "discounts positive",
        "collected tax inside",
        "collected tax outside",
        "tax on top",
        "no decimals",
        "free",
        "wholly discounted",
    ],
)
def test_line_proceeds(money, taxing, style, expected):
    assert amounts(line_proceeds(money, taxing, style)) == expected


def test_order_proceeds():
    lines = [line_proceeds(part, GERMAN, MoneyStyle()) for part in (REBATE, line("11.90"))]
    assert order_proceeds(lines, "EUR", tip=Decimal(2)) == {
        "grandTotal": {"amount": "121.00", "currencyCode": "EUR"},
        "breakdowns": [
            {"type": "ITEM", "subtotal": {"amount": "110.00", "currencyCode": "EUR"}},
            {"type": "SHIPPING", "subtotal": {"amount": "5.00", "currencyCode": "EUR"}},
            {"type": "DISCOUNT", "subtotal": {"amount": "-15.00", "currencyCode": "EUR"}},
            {"type": "TAX", "subtotal": {"amount": "19.00", "currencyCode": "EUR"}},
            {
                "type": "DELIVERY_TIP",
                "status": "FINALIZED",
                "subtotal": {"amount": "2.00", "currencyCode": "EUR"},
            },
        ],
    }


def test_tax_in():
    assert tax_in(line_proceeds(REBATE, GERMAN, MoneyStyle())) == Decimal("17.10")
    assert tax_in(line_proceeds(REBATE, HIDDEN, MoneyStyle())) == 0
