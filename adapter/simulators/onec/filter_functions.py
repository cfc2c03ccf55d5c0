"""The functions of `$filter` over plain values; None (no value, as SQL's NULL) is never passed in.

Source: 1C:Enterprise developer guide 17.4.6. Strings are looked through without regard to case, as 1C's queries do.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

SPANS: Mapping[str, timedelta] = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "year": 12}
UNITS = frozenset(SPANS) | frozenset(MONTHS)

DATE_PARTS: Mapping[str, Callable[[datetime], int]] = {
    "year": lambda moment: moment.year,
    "quarter": lambda moment: (moment.month + 2) // 3,
    "month": lambda moment: moment.month,
    "day": lambda moment: moment.day,
    "dayofyear": lambda moment: moment.timetuple().tm_yday,
    "dayofweek": lambda moment: moment.isoweekday(),
    "hour": lambda moment: moment.hour,
    "minute": lambda moment: moment.minute,
    "second": lambda moment: moment.second,
}


def date_part(name: str, value: str) -> Decimal:
    """A part of a date; Monday is day 1 of the week, as in 1C."""
    return Decimal(DATE_PARTS[name](datetime.fromisoformat(value)))


def date_add(value: str, unit: str, count: Decimal) -> str | None:
    """The date moved by whole units; a day that the month lacks becomes its last. None beyond years 1 to 3999."""
    moment = datetime.fromisoformat(value)
    try:
        if unit in SPANS:
            return (moment + SPANS[unit] * int(count)).isoformat()
        month = moment.year * 12 + moment.month - 1 + MONTHS[unit] * int(count)
        year, month = divmod(month, 12)
        day = min(moment.day, calendar.monthrange(year, month + 1)[1])
        return moment.replace(year=year, month=month + 1, day=day).isoformat()
    except (OverflowError, ValueError, calendar.IllegalMonthError):
        return None


def date_difference(first: str, second: str, unit: str) -> Decimal:
    """How many borders of the unit lie between two dates; negative when the second is earlier."""
    one, other = datetime.fromisoformat(first), datetime.fromisoformat(second)
    if unit in MONTHS:
        size = MONTHS[unit]
        return Decimal((other.year * 12 + other.month - 1) // size - (one.year * 12 + one.month - 1) // size)
    start = datetime(1, 1, 1)  # noqa: DTZ001 - 1C's dates have no zone; day 1 of year 1 is a Monday
    return Decimal((other - start) // SPANS[unit] - (one - start) // SPANS[unit])


def contains(part: str, whole: str) -> bool:
    """`substringof`: note the order of its arguments."""
    return part.casefold() in whole.casefold()


def starts_with(whole: str, part: str) -> bool:
    """`startswith`."""
    return whole.casefold().startswith(part.casefold())


def ends_with(whole: str, part: str) -> bool:
    """`endswith`."""
    return whole.casefold().endswith(part.casefold())


def substring(text: str, start: Decimal, length: Decimal | None = None) -> str:
    """`substring`, counted from 0 as in OData v3."""
    begin = max(int(start), 0)
    return text[begin:] if length is None else text[begin : begin + max(int(length), 0)]


def matches(text: str, template: str) -> bool:
    """`like` with a template of 1C's query language: `%`, `_`, `[a-z]`, `[^a-z]`."""
    parts = []
    for piece in re.findall(r"\[\^?[^\]]+\]|.", template, re.DOTALL):
        if piece == "%":
            parts.append(".*")
        elif piece == "_":
            parts.append(".")
        elif len(piece) > 1:
            inside = piece[1:-1].replace("\\", "\\\\").replace("[", "\\[")
            parts.append(f"[{inside}]")
        else:
            parts.append(re.escape(piece))
    try:
        return re.fullmatch("".join(parts), text, re.DOTALL | re.IGNORECASE) is not None
    except re.error:
        return False


def rounded(number: Decimal, digits: Decimal = Decimal(0)) -> Decimal:
    """`round`, halves away from zero."""
    return number.quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP)


def convert(value: Any, target: str) -> Any:
    """A primitive value as another primitive type of `cast`; None where that makes no sense."""
    match target:
        case "String":
            return str(value).lower() if isinstance(value, bool) else str(value)
        case "Number" if isinstance(value, Decimal):
            return value
        case "Boolean" if isinstance(value, bool):
            return value
        case "Date" if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value):
            return value
    return None
