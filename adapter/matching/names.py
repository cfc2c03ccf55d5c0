"""Names made comparable: case, marks, punctuation and order of words do not count; legal forms are set apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from adapter.matching.forms import begins_form, cut_forms, is_form
from adapter.matching.given_names import gender
from adapter.matching.letters import is_cyrillic, is_latin, one_script, plain

_TITLES: Final = frozenset(
    """herr herrn frau mr mrs ms miss mister sir dr prof professor madame mme mlle monsieur mister sr sra srta senor
    senora pan pani bay bayan sayin dipl ing phd mag господин госпожа гражданин гражданка гр доктор профессор
    don dona dott dottore dottoressa dottssa sig signor signora avv arch geom rag mgr inz mevr mevrouw dhr dra
    пан пані пані мистер миссис мырза ханым""".split()
)
_NAMES_TOO: Final = frozenset("arch bay bayan don dona mag pan rag sig".split())
"""Titles that are names as well: Баян, Pan Li."""
_CHILD_OF: Final = frozenset(
    """оглы оглу улы ұлы улу углы кызы қызы гызы ogly oglu oglou ogli uly uulu kyzy kizi qyzy qizi gyzy gizi
    kysy""".split()
)
"""Words for son and daughter, which make a patronymic with the father's name before them."""
_AND: Final = "&"
_CONJUNCTIONS: Final = frozenset(["&", "+", "und", "and", "et", "та"])
# Words in a company's name, but initials or words in a person's.
_COMPANY_CONJUNCTIONS: Final = frozenset(["и", "i", "y", "e", "й", "ve", "oraz", "және"])
_PARTICLES: Final = frozenset(
    "von van vom zu zur zum de del della der den da dos das du la le di el al ibn bin".split()
)
NO_NAMES: Final = frozenset(
    "van von vom zu zum zur de del della di da dos das du la le los las der den ten ter op af al el &".split()
)
"""Words of a name that are worth nothing: whether they are there or not says nothing of who it is."""
_TELLING: Final = _TITLES | _CONJUNCTIONS | _COMPANY_CONJUNCTIONS | _CHILD_OF | {"г"}
"""Words that mean something other than themselves; which, depends on the other words."""
_NO_FORMS: Final = frozenset[str]()

_APOSTROPHES = re.compile(r"(?<=\w)'(?=\w)")
_DOTTED = re.compile(r"\b\w\.(?:\s?\w\.)+")
_NOTE = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|\{([^{}]*)\}")
_CARE_OF = re.compile(r"\bc\s?/\s?o\b|\bз\s?/\s?г\b")
_TITLE_SIGNS = re.compile(r"\bг-(?:н|жа|на|же)\b")
# What couriers and clerks add: parcel lockers, flats, customer numbers.
_ADDED = re.compile(
    r"\b(?:packstation|postfiliale|paczkomat|locker|point relais|pickup point|postamat|постамат|почтомат|поштомат)"
    r"\b[\s№#:.,-]*\d*"
    r"|\b(?:apt|apartment|flat|unit|suite|wohnung|whg|appt|mieszkanie|daire|piso|кв|квартира|офис|оф|пом)\b\.?\s?[№#:-]?\s?\d+\w?"
    r"|\b(?:kd|kunden|customer|client|cust|клиент)[\s.-]*(?:nr|no|number|id|nummer|номер)?\b[\s.:№#-]*\d+"
)
# Trailing numbers of five digits and more are no part of a name.
_CUSTOMER_NUMBER = re.compile(r"[\s#№-]*\b\d{5,}\W*$")
_ODD = re.compile(r"['./()\[\]{}\d]|г-")
_NUMBER_SIGN = re.compile(r"(?<!\w)(?:no|nr|num)\.?\s*(?=\d)")
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W_]")
_WORD_LETTER = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    Attributes:
        words: in folded case and without marks, in the order written; `&` stands for und, and, та. One letter is an
            initial, digits are a number.
        forms: the legal forms, by their names in `data/legal_forms.tsv`; `forms.relation` compares them.
    """

    words: tuple[str, ...]
    forms: frozenset[str]

    @classmethod
    def of(cls, text: str, company: bool | None = None) -> Name:
        """Take a name apart.

        Args:
            company: it is known to be a company's or a person's; decides whether "и" and "y" join words or are
                initials, and whether two letters may be a legal form.
        """
        return cls._of_words(_words(text), company)

    @classmethod
    def _of_words(cls, found: list[str], company: bool | None) -> Name:
        words, forms = cut_forms(_telling(found), company=company)
        if not _COMPANY_CONJUNCTIONS.isdisjoint(words) and company is not False:
            words = _joined(words, company=bool(company or forms))
        return cls(words, forms)

    @property
    def sorted_words(self) -> tuple[str, ...]:
        """The words in an order that does not depend on the one in which they were written."""
        return tuple(sorted(self.words))

    def tells_who(self, *, company: bool) -> bool:
        """Whether it can stand for one person or company: two full words, or one with a legal form.

        Args:
            company: it is known to be a company's; otherwise the short forms count for nothing, for they may be
                initials: S.A. Petrov.
        """
        full = sum(len(word) > 1 and not word.isdigit() and word not in _PARTICLES for word in self.words)
        return full >= 2 or (full == 1 and any(company or len(form) > 2 for form in self.forms))


class NameReader:
    """Takes many names apart as `Name.of` does; what stands between two blanks is taken apart once."""

    def __init__(self) -> None:
        self._usual: dict[str, str] = {}
        self._pieces: dict[str, list[str] | None] = {}

    def read(self, text: str, company: bool | None) -> Name:
        """See `Name.of`."""
        pieces = text.split()
        usual = list(map(self._usual.get, pieces))
        if all(usual):
            return Name(tuple(usual), _NO_FORMS)  # type: ignore[arg-type]  # none is None
        words: list[str] = []
        for piece in pieces:
            found = self._pieces[piece] if piece in self._pieces else self._new(piece)
            if found is None:
                return Name.of(text, company)
            words += found
        return Name._of_words(words, company)

    def _new(self, piece: str) -> list[str] | None:
        """The words of a piece; None if what they are depends on the pieces beside it."""
        text = plain(piece)
        found = None if _ODD.search(text) else _split(text)
        self._pieces[piece] = found
        if found is not None and len(found) == 1 and not (found[0] in _TELLING or begins_form(found[0])):
            self._usual[piece] = found[0]
        return found


def normalised(name: str, company: bool | None = None) -> str:
    """One text for all names that differ in writing only: `normalised("ООО «Ромашка»") == "ромашка (ooo)"`."""
    parts = Name.of(name, company)
    return " ".join([*parts.sorted_words, *(f"({form})" for form in sorted(parts.forms))])


def is_particle(word: str) -> bool:
    """Whether a word (van, de, der) goes with a surname and tells nobody apart."""
    return word in _PARTICLES


# -------------------- words


def _words(name: str) -> list[str]:
    text = plain(name)
    if _ODD.search(text):
        text = _tidied(text)
    return _split(text)


def _split(text: str) -> list[str]:
    found = text.translate(_SPLIT).split()
    if not text.isascii() and is_latin(text) and is_cyrillic(text):
        found = [one_script(word) for word in found]
    return found


def _telling(found: list[str]) -> list[str]:
    """The words without titles, and with one sign for all words for "and"."""
    if not _CONJUNCTIONS.isdisjoint(found):
        found = [_AND if word in _CONJUNCTIONS else word for word in found]
        # The sign in GmbH & Co. KG belongs to the form.
        found = [word for at, word in enumerate(found) if not (word == _AND and found[at + 1 : at + 2] == ["co"])]
    if not _TITLES.isdisjoint(found):
        found = _untitled(found)
    if not _CHILD_OF.isdisjoint(found):
        found = _with_fathers(found)
    if found and found[0] == "г" and sum(len(word) > 1 for word in found) > 1:
        return found[1:]
    return found


def _untitled(found: list[str]) -> list[str]:
    left = [word for word in found if word not in _TITLES] or found
    if sum(len(word) > 1 for word in left) > 1 or _NAMES_TOO.isdisjoint(found):
        return left
    return [word for word in found if word not in _TITLES or word in _NAMES_TOO]


def _with_fathers(found: list[str]) -> list[str]:
    """The patronymics of two words as one: `Муртуз оглы` is Муртузоглы; beside them stand two words at least."""
    if len(found) < 3:
        return found
    words: list[str] = []
    for word in found:
        if word in _CHILD_OF and words and len(words[-1]) > 1:
            words[-1] += word
        else:
            words.append(word)
    return words


def _tidied(text: str) -> str:
    """Plain text without apostrophes within words, notes in brackets and what couriers add; initials stand alone."""
    if "'" in text:
        text = _APOSTROPHES.sub("", text)
    if "(" in text or "[" in text or "{" in text:
        text = _without(_NOTE, text, _unless_form)
    if "/" in text:
        text = _CARE_OF.sub(" ", text)
    if "г-" in text:
        text = _TITLE_SIGNS.sub(" ", text)
    if _DIGIT.search(text):
        text = _NUMBER_SIGN.sub(" ", text)
        text = _without(_ADDED, text, lambda _: " ")
        text = _without(_CUSTOMER_NUMBER, text, lambda _: " ")
    return _DOTTED.sub(_undotted, text) if "." in text else text


def _without(what: re.Pattern[str], text: str, instead: Callable[[re.Match[str]], str]) -> str:
    """The text with something taken out, unless nothing would be left."""
    left = what.sub(instead, text)
    return left if _LETTER.search(left) else text


def _unless_form(note: re.Match[str]) -> str:
    words = note.group()[1:-1].replace(".", " ").split()
    return (
        f" {' '.join(words)} "
        if words and (words == ["haftungsbeschrankt"] or not cut_forms([_AND, *words, _AND])[0][1:-1])
        else " "
    )


def _undotted(dotted: re.Match[str]) -> str:
    """`s.r.l.` as one word, `а.в.` as two initials."""
    letters = _WORD_LETTER.findall(dotted.group())
    joined = "".join(letters)
    spaced = any(letter.isspace() for letter in dotted.group())
    if is_form(joined) and not is_cyrillic(joined) and (len(joined) > 2 or not spaced):
        return f" {joined} "
    return f" {' '.join(letters)} "


def _joined(words: tuple[str, ...], *, company: bool) -> tuple[str, ...]:
    """`и` and `y` between full words as `&`, where it is a company's name: no given name is in it."""
    if not company and any(gender(word) for word in words):
        return words
    full = [len(word) > 1 for word in words]
    return tuple(
        _AND if word in _COMPANY_CONJUNCTIONS and 0 < at < len(words) - 1 and full[at - 1] and full[at + 1] else word
        for at, word in enumerate(words)
    )


class _Split(dict[int, str]):
    """Letters, digits and marks as they are; anything else divides words."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        # Vowel signs of Indian and Thai scripts are marks too; without them different names would be the same.
        if letter.isalnum() or unicodedata.category(letter).startswith("M"):
            found = letter
        else:
            found = f" {_AND} " if letter in {"&", "+"} else " "
        self[code] = found
        return found


_SPLIT = _Split()
