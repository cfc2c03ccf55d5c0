"""Evidence made comparable: one text for all writings of an e-mail address, a phone number, a tax id, a postal code.

Values that stand for nobody, such as Amazon's own address for all business buyers, are none.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from adapter.model.catalog import Evidence


class Sort(IntEnum):
    """What a value is; `1 << sort` marks in a set of flags that there is one."""

    EMAIL = 0
    PHONE = 1
    TAX_ID = 2
    POSTAL_CODE = 3

    @property
    def shown(self) -> str:
        """In the words of an explanation."""
        return ("e-mail", "phone", "tax id", "postal code")[self]


Keys = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Comparable values by `Sort`."""

_NOBODY = re.compile(r"(?:^|[._+-])(?:no[._-]?reply|do[._-]?not[._-]?reply|mailer-daemon|postmaster)(?:$|[._+@-])")
_NOBODY_HAS = ("reply", "daemon", "postmaster")
_AMAZON = re.compile(r"@(?:[a-z0-9-]+\.)*amazon\.[a-z.]{2,6}$")
"""Amazon's own addresses, such as those of its buying companies. Aliases of buyers are at marketplace.amazon.*."""
ALIAS = re.compile(r"@marketplace\.amazon\.")
"""An address that Amazon made for one buyer; another one contradicts, while of others people have several."""
_EXTENSION = re.compile(r"(?:ext|ext\.|extension|x|доб|доб\.|дод|дод\.)[\s.:]*(\d{1,7})\s*$", re.IGNORECASE)
_NO_DIGITS = re.compile(r"\D+")
_NOT_ALNUM = re.compile(r"[\W_]+")
_COUNTRY_BEFORE = re.compile(r"^(?:[A-Z]{1,3})[\s-]+(?=\d)")
_TAX_COUNTRY = re.compile(r"^[A-Z]{2}(?=[A-Z0-9]{6,})(?=.*\d)")
_CYRILLIC_DIGIT_LETTERS = str.maketrans("АВСЕНКМОРТХУ", "ABCEHKMOPTXY")


def keys(evidence: Evidence) -> Keys:
    """Everything of the evidence that can be compared."""
    return (
        _each(email_key, evidence.emails),
        _each(phone_key, evidence.phones),
        _each(tax_id_key, evidence.tax_ids),
        _each(postal_code_key, evidence.postal_codes),
    )


def value_key(sort: int, key: str) -> str:
    """A comparable value together with what it is."""
    return f"{int(sort)}{key}"


def _each(key, values: tuple[str, ...]) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    if not values:
        return ()
    if len(values) == 1:
        one = key(values[0])
        return (one,) if one else ()
    return tuple(dict.fromkeys(found for value in values if (found := key(value))))


def email_key(text: str) -> str:
    """An address in lower case; nothing for one that is nobody's, and for what is no address."""
    address = text.strip().casefold()
    name, at, domain = address.rpartition("@")
    if not (name and at and "." in domain) or " " in address:
        return ""
    # What is rare is looked for letter by letter only where it can be.
    if "amazon." in domain and _AMAZON.search(address) and not ALIAS.search(address):
        return ""
    if any(map(name.__contains__, _NOBODY_HAS)) and _NOBODY.search(name + "@"):
        return ""
    return address


def phone_key(text: str) -> str:
    """The last nine digits, since trunk and country prefixes are written or not; with the extension, if any.

    Amazon hands out numbers that many buyers share, told apart by the extension (`+1 415-851-1136 ext. 52309`).
    """
    digits = text.removeprefix("+")
    extension = None
    if not (digits.isascii() and digits.isdigit()):
        extension = _EXTENSION.search(text)
        digits = _NO_DIGITS.sub("", text[: extension.start()] if extension else text)
    digits = digits[-9:]
    if len(digits) < 6 or len(set(digits)) < 3 or digits in {"123456789", "234567890", "987654321"}:
        return ""
    return f"{digits}x{extension.group(1)}" if extension else digits


def tax_id_key(text: str) -> str:
    """Letters and digits without the country before them: `DE 123 456 789` is 123456789."""
    plain = _NOT_ALNUM.sub("", text).upper().translate(_CYRILLIC_DIGIT_LETTERS)
    plain = _TAX_COUNTRY.sub("", plain)
    return plain if len(plain) >= 6 and len(set(plain)) > 2 else ""


@lru_cache(maxsize=2**13)
def postal_code_key(text: str) -> str:
    """Letters and digits without the country's sign before them: `D-10115` is 10115, `87-000` is 87000."""
    plain = _NOT_ALNUM.sub("", _COUNTRY_BEFORE.sub("", text.strip().upper()))
    return plain if len(plain) >= 3 and len(set(plain)) > 1 else ""


@lru_cache(maxsize=2**10)
def country_code(text: str) -> int:
    """A number for a country of two letters, above 0; 0 for what is none, and may be any country then."""
    code = text.strip().upper()
    code = {"UK": "GB", "EL": "GR"}.get(code, code)
    if len(code) == 2 and code.isascii() and code.isalpha():
        return (ord(code[0]) - 64) * 32 + ord(code[1]) - 64
    return 0
