"""Where people live: cities and postal codes, in the form of each country. The towns exist, the rest is made up."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random

_CITIES = {
    "DE": "Berlin:10 Hamburg:20 München:80 Köln:50 Frankfurt:60 Stuttgart:70 Düsseldorf:40 Leipzig:04 Dortmund:44 "
    "Essen:45 "
    "Bremen:28 Dresden:01 Hannover:30 Nürnberg:90 Duisburg:47 Bochum:44 Wuppertal:42 Bielefeld:33 Bonn:53 Münster:48 "
    "Karlsruhe:76 Mannheim:68 Augsburg:86 Wiesbaden:65 Kiel:24 Aachen:52 Erfurt:99 Rostock:18 Kassel:34 Mainz:55",
    "AT": "Wien:1 Graz:8 Linz:4 Salzburg:5 Innsbruck:6 Klagenfurt:9",
    "CH": "Zürich:8 Genève:1 Basel:4 Bern:3 Luzern:6",
    "FR": "Paris:75 Marseille:13 Lyon:69 Toulouse:31 Nice:06 Nantes:44 Strasbourg:67 Montpellier:34 Bordeaux:33 "
    "Lille:59 "
    "Rennes:35 Reims:51 Toulon:83 Grenoble:38 Dijon:21 Angers:49 Nîmes:30 Brest:29 Tours:37 Metz:57",
    "PL": "Warszawa:00 Kraków:30 Łódź:90 Wrocław:50 Poznań:60 Gdańsk:80 Szczecin:70 Bydgoszcz:85 Lublin:20 Katowice:40 "
    "Białystok:15 Rzeszów:35 Kielce:25 Toruń:87 Olsztyn:10",
    "TR": "İstanbul:34 Ankara:06 İzmir:35 Bursa:16 Antalya:07 Adana:01 Konya:42 Gaziantep:27 Kayseri:38 Trabzon:61",
    "ES": "Madrid:28 Barcelona:08 Valencia:46 Sevilla:41 Zaragoza:50 Málaga:29 Murcia:30 Bilbao:48 Alicante:03 Vigo:36",
    "IT": "Roma:00 Milano:20 Napoli:80 Torino:10 Palermo:90 Genova:16 Bologna:40 Firenze:50 Bari:70 Verona:37 "
    "Venezia:30",
    "NL": "Amsterdam:10 Rotterdam:30 Utrecht:35 Eindhoven:56 Groningen:97 Tilburg:50 Almere:13 Breda:48",
    "BE": "Bruxelles:1 Antwerpen:2 Gent:9 Liège:4 Namur:5",
    "GB": "London:SW London:E London:N London:W Birmingham:B Manchester:M Leeds:LS Glasgow:G Liverpool:L Bristol:BS "
    "Sheffield:S Edinburgh:EH Leicester:LE Cardiff:CF",
    "US": "New York:100 Brooklyn:112 Los Angeles:900 Chicago:606 Houston:770 Phoenix:850 Miami:331 Boston:021 "
    "Seattle:981",
    "UA": "Київ:01 Харків:61 Одеса:65 Дніпро:49 Львів:79 Запоріжжя:69 Вінниця:21 Полтава:36 Чернігів:14 Черкаси:18 "
    "Житомир:10 Суми:40 Рівне:33 Луцьк:43 Тернопіль:46 Чернівці:58",
    "KZ": "Алматы:05 Астана:01 Шымкент:16 Қарағанды:10 Ақтөбе:03 Тараз:08 Павлодар:14 Өскемен:07 Семей:07 Атырау:06",
    "RU": "Москва:10 Москва:12 Санкт-Петербург:19 Новосибирск:63 Екатеринбург:62 Казань:42 Самара:44 Омск:64 Уфа:45 "
    "Челябинск:45 Ростов-на-Дону:34 Пермь:61 Воронеж:39 Волгоград:40 Краснодар:35 Саратов:41",
}  # fmt: skip
_HOMES = {
    "ru": "DE:36 UA:14 KZ:12 RU:14 PL:6 FR:5 ES:4 IT:3 GB:3 AT:2 US:1",
    "uk": "UA:46 PL:18 DE:20 IT:6 ES:4 FR:3 GB:3",
    "kk": "KZ:82 DE:8 TR:6 GB:4",
    "de": "DE:82 AT:12 CH:6", "fr": "FR:82 BE:12 CH:6", "pl": "PL:76 DE:18 GB:6", "tr": "TR:45 DE:48 NL:7",
    "es": "ES:90 FR:5 DE:5", "en": "GB:66 US:26 DE:8", "it": "IT:88 DE:12", "nl": "NL:84 BE:16",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A postal code as its country writes it, with its town."""

    country: str
    postal_code: str
    city: str


@cache
def _weights(language: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    pairs = [pair.split(":") for pair in _HOMES[language].split()]
    return tuple(country for country, _ in pairs), tuple(accumulate(int(weight) for _, weight in pairs))


@cache
def _cities(country: str) -> tuple[tuple[tuple[str, str], ...], tuple[float, ...]]:
    parts = [part.rpartition(":") for part in _parts(_CITIES[country])]
    cities = tuple((city, head) for city, _, head in parts)
    return cities, tuple(accumulate(1 / (rank + 2) for rank in range(len(cities))))


def _parts(text: str) -> list[str]:
    """Cities separated by spaces, though some have spaces of their own."""
    parts: list[str] = []
    for word in text.split(" "):
        if parts and ":" not in parts[-1]:
            parts[-1] += " " + word
        else:
            parts.append(word)
    return parts


def any_place(language: str, random: Random) -> Place:
    """Where somebody who speaks a language lives: half in a city's commoner codes, half anywhere."""
    countries, weights = _weights(language)
    return place_in(countries[bisect(weights, random.random() * weights[-1])], random)


def place_in(country: str, random: Random) -> Place:
    """A place in a country."""
    cities, weights = _cities(country)
    city, head = cities[bisect(weights, random.random() * weights[-1])]
    # codes near the centre hold more people: the square of a uniform number is small more often
    spread = random.random() ** 2
    return Place(country, _code(country, head, spread, random), city)


def _code(country: str, head: str, spread: float, random: Random) -> str:
    if country in {"GB"}:
        letters = "ABDEFGHJLN"
        return f"{head}{1 + int(spread * 20)} {random.randrange(1, 10)}{random.choice(letters)}{random.choice(letters)}"
    if country == "NL":
        return f"{head}{int(spread * 100):02} {random.choice('ABCDEGHJ')}{random.choice('ABCDEGHJKL')}"
    length = {"AT": 4, "CH": 4, "BE": 4, "RU": 6, "KZ": 6}.get(country, 5) - len(head)
    tail = f"{1 + int(spread * (10**length - 1)):0{length}}"  # nobody lives at 00000
    return f"{(head + tail)[:2]}-{(head + tail)[2:]}" if country == "PL" else head + tail


def written(place: Place, random: Random) -> str:
    """The postal code as buyers type it: with the country before it, without spaces, in small letters."""
    code = place.postal_code
    chance = random.random()
    if chance < 0.90:
        return code
    if chance < 0.93 and place.country in {"DE", "AT", "FR", "PL", "NL"}:
        return f"{place.country[0] if place.country != 'AT' else 'A'}-{code}" if place.country in "DE AT" else code
    if chance < 0.96:
        return code.replace(" ", "").replace("-", "")
    if place.country == "US":
        return f"{code}-{random.randrange(1000, 9999)}"
    return code.lower()
