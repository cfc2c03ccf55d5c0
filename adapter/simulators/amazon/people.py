"""What an order says of its buyer: the blocks `buyer`, `recipient` and `tax`.

Source: SP-API model orders_2026-01-01, and the guide on access to personal data: orders that Amazon ships come
mostly without a name, always without e-mail and phone, and with no street.
"""

from __future__ import annotations

from adapter.simulators.amazon.wire import Wire
from adapter.simulators.shop import Buyer


def buyer_block(buyer: Buyer, merchant: bool, named: bool, purchase_order: str | None) -> Wire:
    """The block `buyer`; `merchant` tells who ships, `named` whether the name is given."""
    block: Wire = {}
    if named:
        block["buyerName"] = buyer.name
    if merchant:
        block["buyerEmail"] = buyer.email
    if buyer.company is not None:
        block["buyerCompanyName"] = buyer.company
    if purchase_order is not None:
        block["buyerPurchaseOrderNumber"] = purchase_order
    return block


def address(buyer: Buyer, with_phone: bool = False) -> Wire:
    """The buyer's full address."""
    lines: Wire = {"name": buyer.name}
    if buyer.company is not None:
        lines["companyName"] = buyer.company
    lines |= {
        "addressLine1": buyer.street,
        "city": buyer.city,
        "postalCode": buyer.postal_code,
        "countryCode": buyer.country,
    }
    if with_phone:
        lines["phone"] = buyer.phone
    return lines | {"addressType": "RESIDENTIAL" if buyer.company is None else "COMMERCIAL"}


def recipient_block(buyer: Buyer, merchant: bool) -> Wire:
    """The block `recipient`: city, postal code and country alone where Amazon ships."""
    full = address(buyer, with_phone=True)
    if not merchant:
        full = {key: full[key] for key in ("city", "postalCode", "countryCode")}
    return {"deliveryAddress": full}


def tax_block(buyer: Buyer) -> Wire | None:
    """The block `tax` of the order: registrations of a company; in Turkey what invoice the buyer wants."""
    block: Wire = {}
    if buyer.tax_id is not None:
        block["taxRegistrations"] = [
            {
                "entityType": "BUYER",
                "legalName": buyer.company,
                "taxRegistrationType": "VAT",
                "taxRegistrationNumber": buyer.tax_id,
                "taxRegistrationAddress": address(buyer),
            }
        ]
    if buyer.country == "TR":
        preference = "INDIVIDUAL" if buyer.company is None else "BUSINESS"
        block["taxInvoicing"] = {"buyerInvoicePreference": preference}
    return block or None
