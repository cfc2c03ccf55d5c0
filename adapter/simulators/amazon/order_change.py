"""The message of the type ORDER_CHANGE about an order.

Source: SP-API schema OrderChangeNotification. Its statuses keep the spelling of the Orders API v0.
"""

from __future__ import annotations

from datetime import datetime

from adapter.simulators.amazon.orders_v0 import STATUSES
from adapter.simulators.amazon.wire import Wire, timestamp

APPLICATION = "amzn1.sp.solution.demo"


def order_change(order: Wire, seller_id: str, subscription_id: str, notification_id: str, at: datetime) -> Wire:
    """The message that tells of the order's change at `at`, aware, UTC."""
    moment = timestamp(at)
    return {
        "NotificationVersion": "1.0",
        "NotificationType": "ORDER_CHANGE",
        "PayloadVersion": "1.0",
        "EventTime": moment,
        "Payload": {
            "OrderChangeNotification": {
                "NotificationLevel": "OrderLevel",
                "SellerId": seller_id,
                "AmazonOrderId": order["orderId"],
                "OrderChangeType": "OrderStatusChange",
                "OrderChangeTrigger": {"TimeOfOrderChange": moment, "ChangeReason": "Order status change"},
                "Summary": _summary(order),
            }
        },
        "NotificationMetadata": {
            "ApplicationId": APPLICATION,
            "SubscriptionId": subscription_id,
            "PublishTime": moment,
            "NotificationId": notification_id,
        },
    }


def _summary(order: Wire) -> Wire:
    fulfillment = order.get("fulfillment", {})
    status = fulfillment.get("fulfillmentStatus", "UNSHIPPED")
    items = [_item(item) for item in order.get("orderItems", [])]
    shipped = sum(item["QuantityShipped"] for item in items)
    address = order.get("recipient", {}).get("deliveryAddress", {})
    return {
        "MarketplaceId": order.get("salesChannel", {}).get("marketplaceId", ""),
        "OrderStatus": STATUSES.get(status, status),
        "PurchaseDate": order.get("createdTime"),
        "DestinationPostalCode": address.get("postalCode"),
        "FulfillmentType": "AFN" if fulfillment.get("fulfilledBy") == "AMAZON" else "MFN",
        "OrderType": "StandardOrder",
        "NumberOfItemsShipped": shipped,
        "NumberOfItemsUnshipped": sum(item["Quantity"] for item in items) - shipped,
        "OrderItems": items,
    }


def _item(item: Wire) -> Wire:
    quantity = item.get("quantityOrdered", 0)
    shipped = item.get("fulfillment", {}).get("quantityFulfilled", 0)
    return {
        "OrderItemId": item["orderItemId"],
        "SellerSKU": item.get("product", {}).get("sellerSku", ""),
        "SupplySourceId": None,
        "OrderItemStatus": "Shipped" if quantity and shipped == quantity else "Unshipped",
        "Quantity": quantity,
        "QuantityShipped": shipped,
    }
