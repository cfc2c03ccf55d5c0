"""How a name written in Cyrillic comes to be written in Latin letters, and the reverse, by whoever writes it.

Own tables, after what the schemes are known to prescribe. They are not the matcher's, on purpose.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from random import Random

_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_VOWELS = set("аеёиоуыэюяіїєәөұүaeiouy")


def _scheme(letters: str, **others: str) -> dict[str, str]:
    """A scheme from the Latin letters of а to я in order, `-` for none, and those of further Cyrillic letters."""
    return {
        key: "" if value == "-" else value
        for key, value in {**dict(zip(_CYRILLIC, letters.split(), strict=True)), **others}.items()
    }


SCHEMES: dict[str, dict[str, str]] = {
    # passports since 2013
    "icao": _scheme(
        "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia", ё="e", і="i", ї="i", є="ie", ґ="g"
    ),
    # newspapers, maps
    "bgn": _scheme(
        "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya",
        ё="yo", і="i", ї="yi", є="ye", ґ="g",
    ),
    "bgn_strict": _scheme(
        "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch ” y ’ e yu ya",
        ё="ë", і="i", ї="yi", є="ye", ґ="g",
    ),
    "careless": _scheme(
        "a b v g d e zh z i y k l m n o p r s t u f h c ch sh sch - y - e yu ya", ё="e", і="i", ї="i", є="e", ґ="g"
    ),
    "scholarly": _scheme(
        "a b v g d e ž z i j k l m n o p r s t u f ch c č š šč - y ’ è ju ja", ё="ë", і="i", ї="ï", є="je", ґ="g"
    ),
    "iso9": _scheme(
        "a b v g d e ž z i j k l m n o p r s t u f h c č š ŝ - y - è û â", ё="ë", і="ì", ї="ï", є="ê", ґ="g"
    ),
    "german": _scheme(
        "a b w g d e sch s i j k l m n o p r s t u f ch z tsch sch schtsch - y - e ju ja",
        ё="jo", і="i", ї="ji", є="je", ґ="g",
    ),
    "french": _scheme(
        "a b v g d e j z i ï k l m n o p r s t ou f kh ts tch ch chtch - y - e iou ia",
        ё="io", і="i", ї="ï", є="ie", ґ="g",
    ),
    "polish": _scheme(
        "a b w g d e ż z i j k ł m n o p r s t u f ch c cz sz szcz - y - e ju ja", ё="io", і="i", ї="ji", є="je", ґ="g"
    ),
}  # fmt: skip
UKRAINIAN: dict[str, dict[str, str]] = {
    # the resolution of 2010, on passports and signs
    "ua2010": {
        **SCHEMES["icao"], "г": "h", "ґ": "g", "и": "y", "й": "i", "х": "kh", "ц": "ts", "щ": "shch", "ь": "", "’": "",
        "є": "ie", "ї": "i", "ю": "iu", "я": "ia", "^є": "ye", "^ї": "yi", "^й": "y", "^ю": "yu", "^я": "ya",
    },
    "bgn_ua": {**SCHEMES["bgn"], "г": "h", "и": "y", "й": "y"},
    "careless_ua": {**SCHEMES["careless"], "г": "g", "и": "y", "й": "y", "х": "h"},
    "german_ua": {**SCHEMES["german"], "г": "h", "и": "y"},
    "polish_ua": {**SCHEMES["polish"], "г": "h", "и": "y"},
    "scholarly_ua": {**SCHEMES["scholarly"], "г": "h", "и": "y"},
    "as_russian": SCHEMES["icao"],
}  # fmt: skip
_KAZAKH_LETTERS = {"ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i"}
KAZAKH: dict[str, dict[str, str]] = {
    "passport_kk": {**SCHEMES["icao"], **_KAZAKH_LETTERS, "й": "y", "ы": "y", "я": "ya", "ю": "yu", "ң": "ng"},
    "bgn_kk": {**SCHEMES["bgn"], **_KAZAKH_LETTERS, "қ": "q", "ғ": "gh"},
    "latin_kk": {
        **SCHEMES["bgn"], "ә": "ä", "ғ": "ğ", "қ": "q", "ң": "ñ", "ө": "ö", "ұ": "ū", "ү": "ü", "ж": "j", "ш": "ş",
        "х": "h", "и": "i", "й": "i", "у": "u", "ч": "ch", "ц": "ts", "я": "ia", "ю": "iu", "һ": "h", "і": "ı",
    },
    "careless_kk": {**SCHEMES["careless"], **_KAZAKH_LETTERS, "ж": "zh"},
    "german_kk": {**SCHEMES["german"], **_KAZAKH_LETTERS},
}  # fmt: skip
OF_LANGUAGE = {"ru": SCHEMES, "uk": UKRAINIAN, "kk": KAZAKH}
WEIGHTS = {
    "icao": 30, "bgn": 22, "bgn_strict": 2, "careless": 12, "scholarly": 5, "iso9": 4, "german": 12, "french": 6,
    "polish": 5, "ua2010": 45, "bgn_ua": 16, "careless_ua": 8, "german_ua": 6, "polish_ua": 5, "scholarly_ua": 3,
    "as_russian": 14, "passport_kk": 45, "bgn_kk": 12, "latin_kk": 12, "careless_kk": 18, "german_kk": 6,
}  # fmt: skip


@cache
def attested() -> dict[str, tuple[str, ...]]:
    """Spellings that people use, by the Cyrillic name."""
    lines = Path(__file__).with_name("attested.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(":") for line in lines if line and not line.startswith("#"))
    return {name: tuple(spellings.split()) for name, _, spellings in pairs}


@cache
def schemes(language: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The schemes by which names of a language are written, and how usual each is."""
    names = tuple(OF_LANGUAGE[language])
    total, cumulated = 0, []
    for name in names:
        total += WEIGHTS[name]
        cumulated.append(total)
    return names, tuple(cumulated)


def any_scheme(language: str, random: Random) -> str:
    """The scheme of one writer."""
    names, cumulated = schemes(language)
    return random.choices(names, cum_weights=cumulated)[0]


@cache
def latin(word: str, language: str, scheme: str) -> str:
    """A Cyrillic word in Latin letters by a scheme, capitalised as the word is."""
    table = OF_LANGUAGE[language][scheme]
    written = []
    small = word.lower()
    for at, letter in enumerate(small):
        before = small[at - 1] if at else ""
        written.append(_letter(letter, before, table, scheme) or "")
    text = _ending("".join(written), small, scheme)
    return text[:1].upper() + text[1:] if word[:1].isupper() else text


def _letter(letter: str, before: str, table: dict[str, str], scheme: str) -> str:
    if not before and "^" + letter in table:
        return table["^" + letter]
    if letter in "её" and scheme.startswith("bgn") and (not before or before in _VOWELS or before in "ьъ"):
        return "ye" if letter == "е" else "yo"
    if letter == "е" and scheme.startswith("german") and (not before or before in _VOWELS or before in "ьъ"):
        return "je"
    if letter == "с" and scheme == "german" and before in _VOWELS and before:
        return "ss"
    if letter == "и" and before == "ь":
        return "i"
    return table.get(letter, letter if letter in "-' " else "")


def _ending(text: str, small: str, scheme: str) -> str:
    """The usual endings: -y for -ий, -ine for -ин in French."""
    if small.endswith(("ий", "ый")) and scheme in {"bgn", "careless", "bgn_ua", "careless_ua"}:
        return text[:-2] + "y"
    if small.endswith("ий") and scheme in {"german", "polish", "scholarly"}:
        return text[:-2] + ("i" if scheme == "polish" else "ij")
    if scheme == "french" and small.endswith("ин"):
        return text + "e"
    return text


def spelt(word: str, language: str, scheme: str, random: Random, attested_share: float) -> str:
    """A Cyrillic word in Latin letters, in an attested spelling where there is one and chance says so."""
    if attested_share and random.random() < attested_share:
        if found := attested().get(word):
            return random.choice(found)
        for ending in ("а", "я"):
            if word.endswith(ending) and (found := attested().get(word[:-1])) and word[-3:-1] in _SURNAMES:
                return random.choice([each for each in found if each[-1] not in "fe"]) + "a"
    return latin(word, language, scheme)


_SURNAMES = {"ов", "ев", "ёв", "ин"}

# -------------------- the reverse: practical transcription, of languages that are spelt regularly

_TO_CYRILLIC = {
    "de": (
        "tsch:ч sch:ш ch:х ck:к chs:кс ie:и ei:ай eu:ой äu:ой ä:е ö:ё ü:ю ß:с qu:кв ph:ф th:т tz:ц z:ц w:в v:ф ja:я "
        "ju:ю "
        "j:й x:кс y:и sp:шп st:шт h:х a:а b:б c:к d:д e:е f:ф g:г i:и k:к l:л m:м n:н o:о p:п r:р s:с t:т u:у é:е è:е"
    ),
    "pl": (
        "szcz:щ sz:ш cz:ч rz:ж ch:х dz:дз ia:я ie:е io:ё iu:ю ja:я ju:ю je:е jó:ё ł:л ż:ж ź:з ś:с ć:ць ń:нь ó:у ą:он "
        "ę:ен "
        "w:в c:ц j:й y:ы h:х g:г a:а b:б d:д e:е f:ф i:и k:к l:л m:м n:н o:о p:п r:р s:с t:т u:у z:з v:в x:кс"
    ),
    "tr": (
        "ya:я yu:ю ye:е ş:ш ç:ч c:дж ğ:г ı:ы ö:ё ü:ю â:а î:и y:й j:ж h:х a:а b:б d:д e:е f:ф g:г i:и k:к l:л m:м n:н "
        "o:о "
        "p:п r:р s:с t:т u:у v:в z:з w:в x:кс q:к"
    ),
    "it": (
        "gio:джо gia:джа giu:джу cio:чо cia:ча ciu:чу sch:ск sci:ш ch:к gh:г gli:ль gn:нь ce:че ci:чи ge:дже gi:джи "
        "zz:цц z:дз qu:кв c:к g:г h: j:й y:и w:в x:кс "
        "à:а è:е "
        "é:е ì:и ò:о ù:у a:а b:б d:д e:е f:ф i:и k:к l:л m:м n:н o:о p:п r:р s:с t:т u:у v:в"
    ),
    "es": (
        "ch:ч ll:ль ñ:нь gue:ге gui:ги que:ке qui:ки ce:се ci:си ge:хе gi:хи j:х c:к g:г h: z:с x:кс y:и w:в v:в á:а "
        "é:е í:и ó:о "
        "ú:у ü:у a:а b:б d:д e:е f:ф i:и k:к l:л m:м n:н o:о p:п q:к r:р s:с t:т u:у"
    ),
}  # fmt: skip


@cache
def _longest_first(language: str) -> tuple[tuple[str, str], ...]:
    pairs = [pair.partition(":") for pair in _TO_CYRILLIC[language].split()]
    return tuple(sorted(((latin, cyrillic) for latin, _, cyrillic in pairs), key=lambda pair: -len(pair[0])))


def has_transcription(language: str) -> bool:
    """Whether clerks can write names of a language in Cyrillic without knowing each."""
    return language in _TO_CYRILLIC


@cache
def cyrillic(word: str, language: str) -> str:
    """A Latin word as a clerk writes it in Cyrillic."""
    small, at, written = word.lower(), 0, ""
    while at < len(small):
        for piece, letters in _longest_first(language):
            if small.startswith(piece, at):
                written += letters
                at += len(piece)
                break
        else:
            written += small[at]
            at += 1
    return written[:1].upper() + written[1:] if word[:1].isupper() else written


@cache
def without_marks(text: str) -> str:
    """Latin letters without marks, as many shops and printers have them."""
    plain = unicodedata.normalize("NFD", text.replace("ı", "i").replace("ł", "l").replace("Ł", "L").replace("ß", "ss"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@cache
def german_marks(text: str) -> str:
    """ä as ae, and the like."""
    for mark, letters in zip("äöüßÄÖÜ", ["ae", "oe", "ue", "ss", "Ae", "Oe", "Ue"], strict=True):
        text = text.replace(mark, letters)
    return text
