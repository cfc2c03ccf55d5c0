"""Given names, surnames and how often they occur, for eleven languages.

Lists from Faker (MIT licence), with true counts where it has them and a Zipf weight by rank elsewhere, in front of them
the commonest names and behind them surnames made as the language makes them: both own work. The tail of rare surnames
is what tells most people apart; Faker's lists alone are too short for a million.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random

MALE, FEMALE = 0, 1
_UNHEARD_OF = 0.15


@dataclass(frozen=True, slots=True)
class Weighted:
    """Names and their cumulated weights."""

    names: tuple[str, ...]
    cumulated: tuple[float, ...]

    def pick(self, random: Random) -> str:
        return random.choices(self.names, cum_weights=self.cumulated)[0]


@dataclass(frozen=True, slots=True)
class Language:
    """How people are called. `given` and `middle` are by sex; `middle` may be empty."""

    code: str
    given: tuple[Weighted, Weighted]
    surnames: Weighted
    middle: tuple[Weighted, Weighted] | None = None

    def surname(self, random: Random) -> str:
        """A surname as men bear it; one in seven is so rare that no list has it."""
        name = self.surnames.pick(random)
        if random.random() > _UNHEARD_OF:
            return name
        other = self.surnames.pick(random)
        return name[: len(name) // 2 + 1].rstrip(" -'") + other[len(other) // 2 :].lstrip(" -'").lower()

    @property
    def is_cyrillic(self) -> bool:
        return self.code in {"ru", "uk", "kk"}


SHARES = {
    "ru": 24, "uk": 14, "kk": 7, "de": 19, "fr": 8, "pl": 7, "tr": 4, "es": 5, "en": 6, "it": 4, "nl": 2,
}  # fmt: skip
"""Of the persons, in per cent."""

_COMMON = {
    "ru": (
        "Александр Сергей Дмитрий Андрей Алексей Владимир Евгений Михаил Иван Николай Максим Юрий Павел Виктор Игорь "
        "Антон "
        "Олег Роман Денис Константин Виталий Артём Анатолий Илья Василий Руслан Вячеслав Вадим Станислав Кирилл "
        "Валерий "
        "Никита Пётр Борис Леонид Григорий Георгий Егор Валентин Геннадий Владислав Эдуард Даниил Тимур Степан Фёдор",
        "Елена Ольга Наталья Татьяна Анна Ирина Светлана Мария Екатерина Юлия Анастасия Людмила Галина Марина "
        "Валентина Нина "
        "Любовь Надежда Оксана Виктория Дарья Лариса Александра Евгения Ксения Вера Алина Кристина Тамара Лидия Полина "
        "Алла София Елизавета Маргарита Инна Яна Зоя Ульяна",
    ),
    "uk": (
        "Олександр Сергій Володимир Андрій Микола Василь Іван Михайло Юрій Олексій Дмитро Віктор Віталій Анатолій Ігор "
        "Петро Павло Роман Богдан Тарас Євген Олег Ярослав Григорій Руслан Вадим Максим Артем Денис Станіслав Степан",
        "Олена Наталія Ірина Оксана Тетяна Марія Світлана Людмила Ганна Катерина Юлія Вікторія Надія Галина Любов Анна "
        "Софія Дарина Валентина Лариса Інна Анастасія Алла Лідія Соломія",
    ),
    "kk": (
        "Нұрлан Ерлан Бауыржан Асхат Дәурен Серік Болат Қайрат Марат Ержан Арман Данияр Тимур Руслан Нурлан Ермек "
        "Талғат "
        "Мұрат Жандос Әлібек Самат Азамат Бекзат Ғалым Ришат Темірлан Санжар Алмас Қанат Мейрам Айдар Дархан Жасұлан "
        "Ілияс Мақсат Нұржан Олжас Рүстем Сұлтан Ұлан Шыңғыс Ерасыл Бақыт Досжан Қуаныш",
        "Айгүл Гүлнар Динара Жанар Әсел Мадина Назгүл Сәуле Алия Айжан Гүлмира Ботагөз Жұлдыз Зарина Камила Лаура "
        "Меруерт "
        "Нұргүл Раушан Салтанат Томирис Ұлпан Шолпан Индира Майра Бақыт Гаухар Дана Еркежан Перизат Ақбота Әлия Аружан",
    ),
    "de": (
        "Thomas Michael Andreas Peter Stefan Christian Wolfgang Klaus Martin Jürgen Frank Bernd Uwe Markus Matthias "
        "Daniel "
        "Ralf Hans Alexander Jan Sebastian Florian Tobias Jörg Günter Dieter Werner Helmut Felix Lukas Jonas "
        "Maximilian",
        "Sabine Susanne Petra Monika Claudia Birgit Andrea Karin Ursula Stefanie Anja Julia Katrin Christine Nicole "
        "Renate "
        "Brigitte Gabriele Heike Martina Barbara Anna Sandra Laura Lena Lisa Sarah Katharina Angelika Silke",
    ),
    "pl": (
        "Piotr Krzysztof Andrzej Tomasz Paweł Jan Michał Marcin Jakub Adam Stanisław Marek Łukasz Grzegorz Mateusz "
        "Wojciech "
        "Mariusz Dariusz Zbigniew Jerzy Maciej Rafał Robert Kamil Jacek Szymon",
        "Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Magdalena Elżbieta Joanna Aleksandra Zofia "
        "Monika "
        "Teresa Danuta Natalia Julia Karolina Marta Beata Dorota Halina Jadwiga",
    ),
    "tr": (
        "Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim Murat İsmail Osman Ömer Yusuf Emre Fatih Serkan Hakan Kemal "
        "Burak",
        "Fatma Ayşe Emine Hatice Zeynep Elif Meryem Şerife Zehra Sultan Hanife Merve Havva Zeliha Esra Özlem Gülsüm "
        "Büşra",
    ),
    "es": (
        "Antonio José Manuel Francisco David Juan Javier Daniel Carlos Jesús Alejandro Miguel Rafael Pablo Pedro Ángel "
        "Sergio Fernando Jorge Luis Alberto Álvaro Adrián Diego Raúl",
        "María Carmen Ana Isabel Laura Cristina Marta Dolores Lucía Josefa Pilar Elena Teresa Sara Paula Raquel "
        "Beatriz "
        "Rosa Mercedes Silvia Julia Patricia Rocío Mónica",
    ),
    "it": (
        "Giuseppe Antonio Giovanni Mario Francesco Luigi Andrea Marco Alessandro Roberto Stefano Paolo Luca "
        "Salvatore Matteo",
        "Maria Anna Giuseppina Rosa Angela Giovanna Teresa Lucia Francesca Laura Paola Giulia Sara Chiara Elena Silvia",
    ),
    "fr": ("", ""),
    "nl": ("", ""),
    "en": ("", ""),
}  # fmt: skip

_STEMS_RU = (
    "баран белк берёз боб бобр бор борозд бочк буб бугр бык вереск ветр вишн вол воробь ворон гвозд глаз голов голуб "
    "гор "
    "горох гром груш губ гус двор дерг долг дрозд дуб дым ёж ерш жаб жар жбан желез жерновк жур заб зайц звон зим зуб "
    "иголк калин камыш капуст карп кисел клён клык клюкв княз кобыл коз козыр колоб колокол ком копыт кор корн коровк "
    "кост костр котл кочан кочк кош краб крив крот круп крюк кудр кукш куниц куп кур лап ласк лебед лес лещ лис лист "
    "лоб "
    "лог лом лопат лос лук луг лун льв ляг маз мак мал медвед мел мельник мох молот мор мороз мошк мук мураш мышк "
    "наб нос "
    "овс огнив огурц орех орл осётр осин остр отруб павлин пал пар пенк пер перц песк пет пир плот плющ погреб пол "
    "полын "
    "порох пост прав птиц пузыр пуст пчел рак редьк реп реч рог рож роз рос руб рус ряб рыб рыс сал сап сах сверч свет "
    "север сед сен сер синиц скал скворц слеп слив сметан снег сокол сол солом сом сорок сос стар степ стриж сук сух "
    "сыр "
    "тар телег тер тёрк тих толст топор трав тул туман тур тыкв угл уд уж ус ут ухв фил фом хвост хлеб хмел ход "
    "холод хорь "
    "храм цапл цып чай часов чеб черемш черн чеснок чиж чист чуб чулк чум шап шар шест шил шиш шмел шор шпак шуб щег "
    "щеп "
    "щук юрк яблок ябл яг ягод язык яичн якор ям ястреб ячмен яшк"
).split()
_ENDS_RU = ("ов", "ин", "енко", "ский", "овский", "ков", "кин", "ников", "аев", "ухин", "ихин", "ушкин")
_ENDS_UK = ("енко", "чук", "ук", "ський", "иченко", "ак", "ко", "юк", "ець", "ишин", "івський", "ин")
_ENDS_KK = ("ов", "ев", "баев", "беков", "ұлы", "бек", "ханов", "газиев", "қызы", "тай", "ғалиев", "мұхамбетов")
_COMPOUNDS = {
    "de": (
        "Ober Nieder Hinter Stein Wald Berg Feld Bach Kirch Alt Neu Roth Schwarz Weiß Grün Eich Birken Tannen Kalt "
        "Hoch Tief "
        "Linden Mühl Brunn Wies Hart Lang Kurz Schön Holz Sand Moos Auer Blum Busch Dorn Eis Eschen Frei Gold Hasel "
        "Heide",
        "meier mayer bauer müller hofer huber mann berger bacher egger inger lechner schmidt städter felder reiter "
        "kamp "
        "hausen rieder thaler gruber häuser kötter brock horst",
    ),
    "en": (
        "Ash Brad Bur Clay Cran Dal East Far Gra Hal Har Hart Haw Hol Kirk Lang Mar Mel Nor North Oak Pres Rad Red "
        "Rock Stan "
        "Ship Sut Thorn Wal West Whit Win Wood Wy Black Bram Cold Dun Elm Finch Green High King",
        "ton ley ford field wood worth well more son man ham bury den shaw stead combe wick croft hurst",
    ),
    "fr": (
        "Beau Mont Val Cham Bois Fon Mar Roche Ville Bel Haute Clair Saint- Grand Petit Vert Gué Lan Mal Pier Rou "
        "Sar Ver",
        "fort champ lieu mont villard ier eau et bert court pré lon ron teil vais nier geon quet lard rand tin sac",
    ),
    "tr": (
        "Ak Kara Sarı Gök Demir Taş Kaya Yıl Öz Er Gün Ay Bal Can Çelik Doğan Er Güler Kılıç Koç Kurt Polat Şahin "
        "Şen Tek "
        "Top Tunç Uç Uzun Yavuz Yaz Yüce Altın Boz Bulut Deniz Duman Güneş Işık Köse Mutlu Sönmez Turan Ünal",
        "oğlu er kaya can demir taş türk soy han bay su alp tepe dağ göz baş lar sel man giray tekin çi",
    ),
    "it": (
        "Bal Bar Ber Bon Bru Cal Can Car Cas Cor Dal Fab Fal Fer Gal Gar Gri Lom Lon Mag Mar Maz Mon Mor Nar Oliv "
        "Pan Pel "
        "Per Pic Riz Ros Sal San Sar Tes Tor Val Ven Zan",
        "dini doni etti elli ini one acci ucci ardi asso ato eri ieri igno otti usso anti azzo enti isi",
    ),
    "nl": (
        "van der |van den |van |de |ter |ten ||||",
        "Berg Dijk Bos Heuvel Linden Meer Veen Velden Vliet Wal Werf Wijk Zand Broek Brink Burg Dam Hoek Hout Kamp "
        "Laan "
        "Molen Poel Ridder Schoot Steen Straaten Valk Vos Weide Wolf Jong Boer Bakker Visser Graaf Koning Wit Haan "
        "Leeuw",
    ),
    "es": (
        "Agui Alba Arro Ba Be Caba Calde Carra Ce Cor Esco Este Fuen Gala Garri Herre Ibar Jara Lar Lo Mal Me Monte "
        "Mora "
        "Na Ola Pala Pe Que Re Ro Sala Se Ti Torre Val Vi Villa Zu Zamo",
        "ra rrez nez ñez da les llo ga no so sa rón mán gui rri bar be do dez naga res tos rena cano jo",
    ),
    "pl": ("", ""),
}  # fmt: skip


@cache
def language(code: str) -> Language:
    """A language with its names, ready to pick from."""
    locales = {
        "ru": ["ru_RU"], "uk": ["uk_UA"], "kk": [], "de": ["de_DE", "de_AT"], "fr": ["fr_FR", "fr_BE"],
        "pl": ["pl_PL"], "tr": ["tr_TR"], "es": ["es_ES", "es_MX"], "en": ["en_US", "en_GB"], "it": ["it_IT"],
        "nl": ["nl_NL", "nl_BE"],
    }[code]  # fmt: skip
    people = [importlib.import_module(f"faker.providers.person.{locale}").Provider for locale in locales]
    given = (
        _given(code, MALE, [person.first_names_male for person in people]),
        _given(code, FEMALE, [person.first_names_female for person in people]),
    )
    return Language(code, given, _surnames(code, people), _middle(code, people, given))


def _given(code: str, sex: int, lists: Sequence[Iterable[str]]) -> Weighted:
    """The common names by rank; the rest of Faker's as rare as names are that nobody remembers."""
    common = _COMMON[code][sex].split()
    weights = {name: 1 / (rank + 3) ** 0.85 for rank, name in enumerate(common)}
    spare = 0.25 * (sum(weights.values()) or 1.0)
    counted = [_counts(names) for names in lists]
    for names in counted:
        total = sum(names.values())
        for name, count in names.items():
            if name not in weights:
                weights[name] = spare * count / total / len(counted)
    return _weighted(weights)


def _counts(names: Iterable[str]) -> dict[str, float]:
    if isinstance(names, Mapping):
        return {name: float(count) for name, count in names.items()}
    return {name: 1.0 for name in names if name}


def _surnames(code: str, people: Sequence[type]) -> Weighted:
    head: dict[str, float] = {}
    for person in people:
        lists = [getattr(person, name, ()) for name in ("unisex_last_names", "male_last_names", "last_names_male")]
        names = next((names for names in lists if names), getattr(person, "last_names", ()))
        if isinstance(names, Mapping):
            total = sum(names.values())
            head.update({name: count / total for name, count in names.items()})
            continue
        ranked = list(dict.fromkeys(names))
        if code in {"de", "it", "nl", "es"}:  # in alphabetical order there: any other is nearer to life
            Random(code).shuffle(ranked)
        zipf = {name: 1 / (rank + 10) ** 0.8 for rank, name in enumerate(ranked)}
        total = sum(zipf.values())
        for name, weight in zipf.items():
            head.setdefault(name, weight / total)
    if code == "kk":
        head = {name: 1 / (rank + 8) ** 0.8 for rank, name in enumerate(_KAZAKH_SURNAMES.split())}
    total = sum(head.values())
    share, tail = _tail(code)
    weights = {name: weight / total * (1 - share) for name, weight in head.items()}
    fresh = [name for name in tail if name not in weights]
    zipf_tail = [1 / (rank + 200) ** 0.8 for rank in range(len(fresh))]
    for name, weight in zip(fresh, zipf_tail, strict=True):
        weights[name] = share * weight / sum(zipf_tail) if len(fresh) < 50 else share * weight / _sum(len(fresh))
    return _weighted(weights)


_KAZAKH_SURNAMES = (
    "Жұмабаев Назарбаев Ахметов Оспанов Сулейменов Омаров Ибраев Қасымов Нұрпейісов Сейтқали Ермеков Байжанов Тоқаев "
    "Смағұлов Әбдірахманов Жақсыбеков Искаков Кенжебеков Алиев Әлімов Бекмұратов Досмұхамбетов Есенов Жаңабаев Ислямов "
    "Қожахметов Мұқанов Нұрғалиев Рахимов Сағындықов Садықов Тілеубаев Төлегенов Утегенов Үсенов Шәріпов Әубәкіров "
    "Бекенов"
)


@cache
def _sum(length: int) -> float:
    return sum(1 / (rank + 200) ** 0.8 for rank in range(length))


@cache
def _tail(code: str) -> tuple[float, tuple[str, ...]]:
    """The share of people with a rare surname, and the rare ones in an order that is always the same."""
    if code == "ru":
        made = [stem + end for stem in _STEMS_RU for end in _ENDS_RU]
        made += [_soft(name) + end for name in _COMMON["ru"][0].split() for end in ("ов", "овский", "енко", "иков")]
        share = 0.55
    elif code == "uk":
        made = [
            stem.replace("ё", "ьо").replace("ы", "и").replace("э", "е") + end for stem in _STEMS_RU for end in _ENDS_UK
        ]
        share = 0.45
    elif code == "kk":
        names = [*_COMMON["kk"][0].split(), *_COMMON["kk"][1].split()]
        made = [_soft(name) + end for name in names for end in _ENDS_KK]
        share = 0.5
    else:
        heads, tails = _COMPOUNDS[code]
        joined = heads.split("|") if "|" in heads else heads.split()
        made = [head + tail for head in dict.fromkeys(joined) for tail in tails.split()]
        share = {"de": 0.3, "en": 0.35, "fr": 0.25, "tr": 0.6, "it": 0.2, "nl": 0.15, "es": 0.1}.get(code, 0.0)
    made = [name[:1].upper() + name[1:] for name in dict.fromkeys(made)]
    Random(code).shuffle(made)
    return share if made else 0.0, tuple(made)


def _soft(name: str) -> str:
    return name.rstrip("ьйаяіи")


def _middle(code: str, people: Sequence[type], given: tuple[Weighted, Weighted]) -> tuple[Weighted, Weighted] | None:
    """Patronymics of fathers who are called as men are called."""
    if code not in {"ru", "uk", "kk"}:
        return None
    found: tuple[dict[str, float], dict[str, float]] = ({}, {})
    fathers = given[MALE]
    weights = [after - before for before, after in zip((0.0, *fathers.cumulated), fathers.cumulated, strict=False)]
    for father, weight in zip(fathers.names, weights, strict=True):
        for sex in (MALE, FEMALE):
            found[sex][patronymic(father, sex, code)] = weight
    return _weighted(found[MALE]), _weighted(found[FEMALE])


_IRREGULAR = {
    "Павел": "Павл", "Пётр": "Петр", "Лев": "Льв", "Илья": "Ильи", "Никита": "Никит", "Дмитрий": "Дмитри",
    "Михаил": "Михайл", "Микола": "Микол", "Петро": "Петр", "Павло": "Павл", "Дмитро": "Дмитр", "Ігор": "Ігор",
}  # fmt: skip


@cache
def patronymic(father: str, sex: int, code: str) -> str:
    """The name after the father's, by the rules of the language."""
    if code == "kk":
        return father + ("ұлы", "қызы")[sex]
    stem = _IRREGULAR.get(father, father)
    if code == "uk":
        soft = stem.endswith("й")
        stem = stem.rstrip("йьоа")
        return stem + (("йович", "ївна") if soft else ("ович", "івна"))[sex]
    if stem == "Ильи":
        return ("Ильич", "Ильинична")[sex]
    if stem.endswith("ий") and len(stem) > 4:
        return stem[:-2] + ("ьевич", "ьевна")[sex]
    if stem[-1] in "йьи":
        return (stem if stem.endswith("и") else stem[:-1]) + ("евич", "евна")[sex]
    return stem.rstrip("ая") + (("ич", "ична") if stem[-1] in "ая" else ("ович", "овна"))[sex]


def feminine(surname: str, code: str) -> str:
    """The surname as a woman bears it."""
    if code in {"ru", "kk"}:
        if surname.endswith(("ов", "ев", "ёв", "ин", "ын")):
            return surname + "а"
        if surname.endswith(("ский", "цкий")):
            return surname[:-2] + "ая"
        if surname.endswith("ұлы"):
            return surname[:-3] + "қызы"
    if code == "uk":
        if surname.endswith(("ов", "єв", "ев", "ін", "їн")):
            return surname + "а"
        if surname.endswith(("ський", "цький")):
            return surname[:-2] + "а"
    if code == "pl" and surname.endswith(("ski", "cki", "dzki")):
        return surname[:-1] + "a"
    return surname


def _weighted(weights: Mapping[str, float]) -> Weighted:
    return Weighted(tuple(weights), tuple(accumulate(weights.values())))


_CODES = tuple(SHARES)
_SHARES = tuple(accumulate(SHARES.values()))


def any_language(random: Random) -> str:
    """A language, as frequent as it is among customers."""
    return random.choices(_CODES, cum_weights=_SHARES)[0]
