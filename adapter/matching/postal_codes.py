"""The postal code in an address that is written in one line."""

from __future__ import annotations

import re
from typing import Final

# Tried in turn: what can hardly be anything else comes first. Source of the forms: Universal Postal Union, postal
# addressing systems. Four digits alone are taken only where a part of the address begins with them and a town follows.
_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        r"(?<!\w)[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}(?!\w)",  # Great Britain
        r"(?<!\w)[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9](?!\w)",  # Canada
        r"(?<![\w-])[0-9]{2}-[0-9]{3}(?![\w-])",  # Poland
        r"(?<![\w-])[0-9]{3}-[0-9]{4}(?![\w-])",  # Japan
        r"(?<![\w-])[0-9]{5}-[0-9]{3,4}(?![\w-])",  # United States, Brazil
        r"(?<![\w-])[0-9]{6}(?![\w-])",  # Russia, Kazakhstan, India
        r"(?<![\w-])[0-9]{5}(?![\w-])",  # Germany, France, Spain, Italy, Ukraine, Turkey
        r"(?<![\w-])[0-9]{3} [0-9]{2}(?= [^\W\d])",  # Sweden, Czechia
        r"(?:^|(?<=, ))[0-9]{4} ?[A-Z]{2}(?= |,|$)",  # Netherlands
        r"(?:^|(?<=, ))(?:[A-Z]-)?[0-9]{4}(?= [^\W\d])",  # Austria, Belgium, Switzerland
    )
)


def postal_code_in(address: str) -> str:
    """The postal code of an address; empty where none is to be seen."""
    line = " ".join(address.split())
    for form in _FORMS:
        if found := form.search(line):
            return found[0]
    return ""
