"""Names made comparable: case, marks, punctuation, order of words and script do not count.

Cyrillic and Latin spellings of one name meet in a *fold*, a short phonetic form: Щербаков, Shcherbakov and
Schtscherbakow all become one word. Folds are compared only between scripts: within one, the letters themselves decide.
"""

from __future__ import annotations

import re
import unicodedata

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "є": "e", "ё": "e", "ж": "Z", "з": "z",
    "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "x", "ц": "c", "ч": "C", "ш": "S", "щ": "W", "ъ": "", "ы": "i",
    "ь": "", "э": "e", "ю": "iu", "я": "ia", "ә": "a", "ғ": "h", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u",
    "һ": "h", "ў": "u", "ј": "i", "љ": "li", "њ": "ni", "ћ": "C", "ђ": "Z", "џ": "Z",
}  # fmt: skip

# Longest first: the first that fits is taken.
_LATIN = (
    ("schtsch", "W"), ("shch", "W"), ("szcz", "W"), ("chtch", "W"), ("tsch", "C"), ("tch", "C"), ("sch", "S"),
    ("sh", "S"), ("sz", "S"), ("ch", "C"), ("cz", "C"), ("zh", "Z"), ("kh", "x"), ("gh", "h"), ("ts", "c"),
    ("tz", "c"), ("ph", "f"), ("ck", "k"), ("qu", "kv"), ("ou", "u"), ("oo", "u"), ("ae", "a"), ("oe", "o"),
    ("ue", "u"), ("q", "k"), ("x", "ks"), ("w", "v"), ("g", "h"), ("y", "i"), ("j", "i"),
)  # fmt: skip

# Letters that decomposing does not take apart.
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "t", "æ": "a", "œ": "o", "ı": "i"})
# Letters whose mark changes the sound so much that dropping it would lose the name.
_SOUNDS = str.maketrans({"č": "ch", "š": "sh", "ž": "zh", "ş": "sh", "ç": "ch", "ś": "s", "ć": "ch", "ğ": "g"})

_LEGAL_FORMS = frozenset(
    "ооо зао оао пао ао ип чп тов фоп пп ат прат тоо gmbh mbh ag kg ohg gbr ug co ltd limited llc inc corp plc llp "
    "sarl sas sa srl spa bv nv oy ab as aps sp zoo spzoo eirl eood ood doo kft sia uab".split()
)
_TITLES = frozenset(
    ["herr", "frau", "mr", "mrs", "ms", "miss", "dr", "prof", "sir", "madame", "monsieur", "pan", "pani"]
)
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_APOSTROPHES = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
_DOTTED_FORM = re.compile(r"\b(?:\w\.\s?){2,}")


def words(name: str) -> tuple[str, ...]:
    """The words of a name: folded case, without marks, titles and legal forms. `()` where nothing is left.

    >>> words("ООО «Ромашка»"), words("Dr. Anna-Maria MÜLLER")
    (('ромашка',), ('anna', 'maria', 'muller'))
    """
    return tuple(_plain(word) for word in _kept(name))


def folded_words(name: str) -> tuple[tuple[str, str], ...]:
    """Each word as `words` gives it, with its fold."""
    return tuple((_plain(word), fold(word)) for word in _kept(name))


def _kept(name: str) -> tuple[str, ...]:
    """The words that count, still with their marks."""
    found = tuple(_WORD.findall(_joined_forms(_APOSTROPHES.sub("", _casefolded(name)))))
    kept = tuple(word for word in found if _plain(word) not in _LEGAL_FORMS and _plain(word) not in _TITLES)
    return kept or found


def _casefolded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).replace("İ", "i").casefold())


def _joined_forms(text: str) -> str:
    """`s.a.` and `sp. z o.o.` as words of their own."""
    return _DOTTED_FORM.sub(lambda form: form.group().replace(".", "").replace(" ", "") + " ", text)


def normalised(name: str) -> str:
    """The words in alphabetical order: equal for names that differ in writing only, in one script."""
    return " ".join(sorted(words(name)))


def is_cyrillic(word: str) -> bool:
    """Whether any letter is Cyrillic."""
    return any("Ѐ" <= letter <= "ӿ" for letter in word)


def fold(word: str) -> str:
    """The phonetic form of one word in folded case, with or without its marks.

    >>> {fold(word) for word in ("щербаков", "shcherbakov", "schtscherbakow", "szczerbakow")}
    {'Werbakov'}
    """
    if is_cyrillic(word):
        return _squeezed("".join(_CYRILLIC.get(letter, letter) for letter in word))
    folded, rest = "", _plain(word.translate(_SOUNDS))
    while rest:
        for spelling, sound in _LATIN:
            if rest.startswith(spelling):
                folded, rest = folded + sound, rest[len(spelling) :]
                break
        else:
            hard = rest[0] == "c" and rest[1:2] not in {"e", "i", "y"}
            folded, rest = folded + ("k" if hard else rest[0]), rest[1:]
    return _squeezed(folded)


def _squeezed(folded: str) -> str:
    """Runs of one letter become one; an i before another vowel vanishes (я, ya and ja are all a)."""
    folded = re.sub(r"(.)\1+", r"\1", folded)
    return re.sub(r"i(?=[aeou])", "", folded)


def _plain(word: str) -> str:
    """Latin letters without marks. Cyrillic is left alone: decomposing would turn й into и."""
    if is_cyrillic(word):
        return word
    decomposed = unicodedata.normalize("NFD", word.translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
