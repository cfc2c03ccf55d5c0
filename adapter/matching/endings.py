"""Endings that tell of the sex or of the father: feminine surnames, patronymics."""

from __future__ import annotations

import re

from adapter.matching.given_names import gender
from adapter.matching.spelling import same

_FEMININE_ADJECTIVE = re.compile(r"(.{2,}[^аеиоуыaeiouy])(?:ая|яя|aya|aia|aja|aa|yaya)|(.{2,}(?:[сцз]к|[scz]k))(?:а|a)")
_MASCULINE_ADJECTIVE = re.compile(r"(.{3,})(?:ий|ій|ый|ой|iy|ij|ii|yi|yy|yj|oy|oi|oj|i|y)")
_FEMININE_SURNAME = re.compile(r"(.{2,}(?:ов|ев|єв|ин|ын|ін|їн|ov|ev|ow|ew|in|yn))(?:а|a)|(.{2,}(?:off|eff))a")
_FEMININE_LAST = frozenset("аяa")
_CZECH = re.compile(r"(.{3,})ova")


def feminine(one: str, other: str) -> bool:
    """Whether two plain words are the masculine and the feminine form of one surname: Иванов and Ivanova.

    Given names are not: Martin and Martina are two people, and so are those of whom either is a given name.
    """
    return (_feminine_of(one, other) or _feminine_of(other, one)) and not (gender(one) or gender(other))


def _feminine_of(masculine: str, word: str) -> bool:
    if word[-1:] not in _FEMININE_LAST:
        return False
    if found := _FEMININE_SURNAME.fullmatch(word):
        stem = found[1] or found[2]
        if same(masculine, stem):
            return True
    if (found := _FEMININE_ADJECTIVE.fullmatch(word)) and (stem := _MASCULINE_ADJECTIVE.fullmatch(masculine)):
        return same(found[1] or found[2], stem[1])
    found = _CZECH.fullmatch(word)
    return found is not None and masculine in {found[1], found[1] + "a"}


_PATRONYMIC = re.compile(
    # Russian and Ukrainian
    r".{2,}(?:[оеєё]вич|[їйьи]ович|ьич|[клм]ич|[оеє]вна|[ії]вна|йовна|ична|инична"
    # the same in Latin letters: English, German, French, Polish, scientific without marks
    r"|[oe]v[iy](?:ch|tch)|[oe]w[iy](?:tsch|cz)|[oe]vic|[iy][oe]v[iy](?:ch|tch)|[klm](?:ich|itsch|icz|itch)"
    r"|[oe]vna|[oe]wna|[iy]vna|iwna|[iy]ch?na|itschna|iczna|itchna|inichna"
    # Kazakh, Kyrgyz and Azeri
    r"|[ұу]лы|[қкг]ызы|улу|оглы|оглу|uly|ulu|[qkg][yi][zs][yi]|ogli|ogly|oglu|oglou)"
)
_SONS = frozenset("ильич кузьмич фомич лукич никитич саввич ilyich ilich iljitsch ilitch iljicz".split())


def is_patronymic(word: str) -> bool:
    """Whether a plain word looks like a patronymic, in Cyrillic or any Latin spelling.

    Some surnames do too (Рабинович, Mickiewicz, Erdoğoğlu): where a name has another word that is one, or has only two
    words, the caller should take it for a surname.
    """
    return word in _SONS or _PATRONYMIC.fullmatch(word) is not None
