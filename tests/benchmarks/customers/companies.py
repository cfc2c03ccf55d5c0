"""Companies: cores that hundreds share and cores that one has, with a legal form of their country."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from tests.benchmarks.customers import spellings
from tests.benchmarks.customers.languages import language

SHARES = {"ru": 26, "uk": 18, "kk": 8, "de": 22, "fr": 6, "pl": 8, "tr": 3, "es": 3, "en": 3, "it": 3}
"""Of the companies, in per cent."""

_FORMS = {
    "ru": "ООО:limited ООО:limited ООО:limited ООО:limited АО:joint ПАО:joint ЗАО:joint",
    "uk": "ТОВ:limited ТОВ:limited ТОВ:limited ПП:private ПрАТ:joint АТ:joint",
    "kk": "ТОО:limited ТОО:limited АО:joint",
    "de": "GmbH:limited GmbH:limited GmbH:limited AG:joint KG:partners OHG:partners UG:limited e.K.:sole",
    "fr": "SARL:limited SARL:limited SAS:simplified SA:joint",
    "pl": "Sp._z_o.o.:limited Sp._z_o.o.:limited S.A.:joint Sp.j.:partners",
    "tr": "Ltd._Şti.:limited Ltd._Şti.:limited A.Ş.:joint",
    "es": "S.L.:limited S.L.:limited S.A.:joint",
    "en": "Ltd:limited Ltd:limited LLC:limited Inc.:joint PLC:joint",
    "it": "S.r.l.:limited S.r.l.:limited S.p.A.:joint",
}
_LONG = {
    "ООО": "Общество с ограниченной ответственностью", "АО": "Акционерное общество",
    "ПАО": "Публичное акционерное общество", "ЗАО": "Закрытое акционерное общество",
    "ТОВ": "Товариство з обмеженою відповідальністю", "ТОО": "Товарищество с ограниченной ответственностью",
    "GmbH": "Gesellschaft mit beschränkter Haftung", "Sp. z o.o.": "Spółka z ograniczoną odpowiedzialnością",
    "Ltd": "Limited", "SARL": "Société à responsabilité limitée",
}  # fmt: skip
_TRANSLATED = {
    "limited": "OOO:LLC:Ltd:GmbH:ТОВ:ООО:TOV:LLP:Sp. z o.o.".split(":"),
    "joint": "AO:JSC:PJSC:AG:АО".split(":"),
}

_POPULAR_CYRILLIC = (
    "Альянс Ромашка Вектор Гарант Прогресс Восток Меркурий Стандарт Партнёр Союз Мир Эталон Импульс Олимп Феникс Орион "
    "Спектр Регион Атлант Горизонт Радуга Энергия Старт Контакт Престиж Лидер Перспектива Фаворит Каскад Магнит Квант "
    "Сатурн Юпитер Вега Сириус Каравелла Виктория Надежда Исток Родник Рассвет Заря Маяк Триумф Фортуна Азимут Крона"
).split()
_FIRST_CYRILLIC = (
    "Строй Тех Агро Авто Пром Мед Энерго Транс Электро Газ Нефте Метал Лес Эко Гео Био Евро Сиб Юг Север Восток Запад "
    "Интер Инфо Нано Опт Торг Рос Укр Каз Аква Термо Вент Пласт Хим Фарм Спорт Тур Мебель Дом Дор Ком Сервис Трейд"
).split()
_SECOND_CYRILLIC = (
    "сервис снаб торг инвест проект монтаж центр групп пром маш комплект трейд техника ресурс холдинг строй лизинг дом "
    "мастер плюс лайн стандарт альянс союз финанс консалт логистик экспорт импорт система тех дизайн прибор химия пак"
).split()
_BRANCH_CYRILLIC = ("Торговый дом", "Завод", "Фирма", "Компания", "НПО", "Центр", "Группа компаний", "Фабрика")
_POPULAR_LATIN = (
    "Alpha Nova Delta Omega Vision Atlas Phoenix Prima Universal Global Star Optima Solid Aqua Vita Terra Luna Apollo "
    "Merkur Format Kontakt Forum Impuls Trend Horizont Quantum Vega Orion Focus Signal Matrix Titan Euro Inter Unit"
).split()
_HEADS = (
    "Auto Bau Elektro Med Tech Solar Agro Holz Metall Inno Digi Flex Termo Bio Geo Logi Eco Pro Rapid Smart Net".split()
)
_TAILS = (
    "tec plan werk haus line soft systems service trade med print pack design net data logic form bau pol mex".split()
)
_TRADES = {
    "de": "Bau Elektrotechnik Metallbau Gebäudetechnik Logistik Consulting Handels Sanitär Dachdeckerei Autohaus "
    "Druckerei",
    "fr": "Bâtiment Conseil Transports Électricité Menuiserie Distribution Plomberie Imprimerie",
    "pl": "Budownictwo Transport Hurtownia Usługi Meble Handel Serwis Projekt",
    "tr": "İnşaat Tekstil Gıda Otomotiv Ticaret Lojistik Mobilya Turizm",
    "es": "Construcciones Transportes Instalaciones Muebles Servicios Talleres Distribuciones",
    "en": "Consulting Logistics Building Services Trading Engineering Printing Supplies Motors",
    "it": "Costruzioni Trasporti Impianti Arredamenti Servizi Officina Tipografia",
    "ru": "Строительство Логистика Мебель Сервис Торговля Технологии Медицина Автозапчасти",
    "uk": "Будівництво Логістика Меблі Сервіс Торгівля Технології Медицина Автозапчастини",
    "kk": "Құрылыс Логистика Сервис Сауда Технологии",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Company:
    """A company. `core` is what stays when the legal form is cut, in the script of its country."""

    language: str
    core: str
    form: str
    form_class: str
    popular: bool


_CODES, _CUMULATED = tuple(SHARES), tuple(accumulate(SHARES.values()))
_FORM_LISTS = {
    code: tuple(tuple(part.replace("_", " ").split(":")) for part in forms.split()) for code, forms in _FORMS.items()
}
_TRADE_LISTS = {code: words.split() for code, words in _TRADES.items()}


def any_company(random: Random) -> Company:
    """A company as catalogs have them: a sixth with a popular core, the rest their own or nearly so."""
    code = random.choices(_CODES, cum_weights=_CUMULATED)[0]
    form, form_class = random.choice(_FORM_LISTS[code])
    core, popular = _core(code, random)
    return Company(code, core, form, form_class, popular)


def other_form(company: Company, random: Random) -> Company:
    """Another company of the same core: a different form of the same country."""
    forms = [form for form in _FORM_LISTS[company.language] if form[1] != company.form_class]
    form, form_class = random.choice(forms)
    return Company(company.language, company.core, form, form_class, company.popular)


def _core(code: str, random: Random) -> tuple[str, bool]:
    chance = random.random()
    cyrillic = code in {"ru", "uk", "kk"}
    if chance < 0.16:
        core = random.choice(_POPULAR_CYRILLIC if cyrillic else _POPULAR_LATIN)
        return (f"{core}-{random.randrange(1, 30)}" if random.random() < 0.08 else core), True
    trade = random.choice(_TRADE_LISTS[code])
    people = language(code)
    if chance < 0.45:
        surname = people.surname(random)
        if cyrillic:
            first = random.choice(_FIRST_CYRILLIC)
            return random.choice((f"{surname} {trade}", f"{first}{surname.lower()[:4]}", f"{surname} и Ко")), False
        given = people.given[0].pick(random)
        partner = people.surname(random)
        shapes = (f"{surname} {trade}", f"{given} {surname}", f"{surname} & {partner}", f"{trade} {surname}")
        return random.choice(shapes), False
    if cyrillic:
        core = random.choice(_FIRST_CYRILLIC) + random.choice(_SECOND_CYRILLIC)
        if chance < 0.7:
            syllables = people.surname(random).lower()[: random.randrange(3, 6)]
            core = syllables.capitalize() + random.choice(_SECOND_CYRILLIC)
        elif chance < 0.85:
            core = f"{core}-{people.surname(random)[:3].capitalize()}"
        else:
            core = f"{core} {random.choice(_POPULAR_CYRILLIC)}"
    else:
        syllables = people.surname(random)[: random.randrange(3, 6)].strip(" -'")
        core = random.choice(_HEADS) + random.choice(_TAILS)
        core = syllables.capitalize() + random.choice(_TAILS) if chance < 0.75 else f"{core} {syllables}"
        core = f"{core} {trade}" if random.random() < 0.4 else core
    return core, False


def in_catalog(company: Company, random: Random) -> tuple[str, str]:
    """The name for lists and the name for documents, as clerks enter them."""
    core, form = company.core, company.form
    quoted = f"«{core}»" if company.language in {"ru", "uk", "kk"} and random.random() < 0.5 else f'"{core}"'
    cyrillic = company.language in {"ru", "uk", "kk"}
    shapes = (
        (f"{form} {quoted}", f"{core} {form}", f"{core}, {form}", f"{form} {core}", core)
        if cyrillic
        else (f"{core} {form}", f"{core} {form}", f"{core}, {form}", f"{core} {form.upper()}", core)
    )
    name = random.choices(shapes, (40, 25, 8, 17, 10))[0]
    long = f"{_LONG.get(form, form)} {quoted}" if cyrillic else f"{core} {_LONG.get(form, form)}"
    full_name = long if random.random() < 0.5 else f"{form} {quoted}" if cyrillic else f"{core} {form}"
    return name, full_name if random.random() < 0.6 else ""


def as_buyer(company: Company, random: Random, scheme: str, tags: list[str], attested: float) -> tuple[str, bool]:
    """The name as the company's buyer has entered it at Amazon, and whether it shows the form."""
    core, form = company.core, company.form
    if company.language in {"ru", "uk", "kk"} and random.random() < 0.75:
        tags.append("script")
        words = core.split(" ")
        core = " ".join(
            "-".join(
                spellings.spelt(piece, company.language, scheme, random, attested)
                if not piece.isdigit() else piece for piece in word.split("-")
            ) for word in words
        )  # fmt: skip
        form = random.choice(_TRANSLATED.get(company.form_class, [""])) if random.random() < 0.8 else ""
        if form:
            tags.append("form translated")
    elif random.random() < 0.15 and company.form_class in _TRANSLATED:
        form = random.choice(_TRANSLATED[company.form_class])
        tags.append("form translated")
    elif random.random() < 0.2:
        form = ""
        tags.append("no form")
    if random.random() < 0.1:
        core = spellings.without_marks(core)
    if random.random() < 0.12:
        core = core.upper()
        tags.append("case")
    name = f"{core} {form}".strip() if random.random() < 0.6 else f"{form} {core}".strip()
    return name, bool(form)
