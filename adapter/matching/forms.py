"""Legal forms: the words of a name that say what kind of company it is, in the languages of our buyers."""

from __future__ import annotations

from collections.abc import Sequence

# One line for each form: its name, then its spellings as words in folded case without marks. Transliterations stand
# together; translations do not, since an ООО and a GmbH of one name are two companies.
_TABLE = """
ooo: ооо | ooo | общество с ограниченной ответственностью
zao: зао | zao
oao: оао | oao
pao: пао | pao | публичное акционерное общество
ao: ао | ao | акционерное общество
ip: ип | ip | индивидуальный предприниматель
chp: чп | chp
pp: пп
tov: тов | tov | товариство з обмеженою відповідальністю
fop: фоп | fop | фізична особа підприємець
prat: прат | prat
pat: пат
at: ат
too: тоо
ood: оод | ood
eood: еоод | eood
doo: доо | doo
gmbh: gmbh | гмбх | gesellschaft mit beschrankter haftung
gmbh co kg: gmbh co kg
ag co kg: ag co kg
ug co kg: ug co kg
mbh: mbh
ag: ag | aktiengesellschaft
kg: kg
ohg: ohg
gbr: gbr
ug: ug | ug haftungsbeschrankt
ltd: ltd | limited
ltda: ltda
ltd sti: ltd sti | limited sirketi
llc: llc
inc: inc | incorporated
corp: corp | corporation
plc: plc
llp: llp
co: co
sarl: sarl
sas: sas
eurl: eurl
sa: sa
srl: srl
spa: spa
sl: sl
bv: bv
nv: nv
oy: oy
ab: ab
as: as
aps: aps
spzoo: spzoo | sp zoo | sp z oo | sp z o o | spolka z ograniczona odpowiedzialnoscia
sro: sro | s r o
kft: kft
sia: sia
uab: uab
eirl: eirl
"""

_FORMS: dict[tuple[str, ...], str] = {
    tuple(spelling.split()): name
    for name, spellings in (line.split(": ") for line in _TABLE.split("\n") if line)
    for spelling in spellings.split("|")
}
_LONGEST = max(map(len, _FORMS))
_FIRST_WORDS = frozenset(spelling[0] for spelling in _FORMS)
# The limited company of one country or another: a clerk may have translated it.
_LIMITED = frozenset("ooo tov too ood doo gmbh ug ltd llc sarl srl sl bv aps spzoo sro kft sia uab".split())


def is_form(word: str) -> bool:
    """Whether a single word is a legal form by itself."""
    return (word,) in _FORMS


def are_translations(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of forms may be one form in two languages: an ООО that calls itself Ltd. abroad."""
    return len(one) == len(other) == 1 and one | other <= _LIMITED


def cut_forms(words: Sequence[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """The words without legal forms, and the names of these; all words where nothing else would be left."""
    kept: list[str] = []
    forms: set[str] = set()
    at = 0
    while at < len(words):
        for length in range(_LONGEST if words[at] in _FIRST_WORDS else 0, 0, -1):
            if form := _FORMS.get(tuple(words[at : at + length])):
                forms.add(form)
                at += length
                break
        else:
            kept.append(words[at])
            at += 1
    return (tuple(kept), frozenset(forms)) if kept else (tuple(words), frozenset())
