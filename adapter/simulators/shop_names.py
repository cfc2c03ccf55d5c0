"""The made-up names behind `shop`: common given and family names, combined freely; no row is a real person.

A name is written `amazon|books`: the spelling a buyer gave Amazon, and the one in another script a clerk typed into
the infobase. Where the second part is missing, the books use the same letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BooksSpelling = Literal[
    "same",  # as on Amazon
    "reversed",  # family name first
    "folded",  # family name first, letters without marks: Müller is Mueller
    "script",  # family name first, in the other script, with a patronymic where there are any
]


@dataclass(frozen=True, slots=True)
class Area:
    """One language area: its names, its places, and how the books spell its people.

    `places` are `country|city|postal code`, `street` and `phone` hold a place for a number. A woman's family name
    takes `feminine` as ending. `spellings` are used in turn. Every `native_every`-th buyer writes the script of the
    books on Amazon too.
    """

    count: int
    places: tuple[str, ...]
    street: str
    phone: str
    men: tuple[str, ...]
    women: tuple[str, ...]
    families: tuple[str, ...]
    spellings: tuple[BooksSpelling, ...]
    companies: tuple[str, ...] = ()
    feminine: str = ""
    patronymics: tuple[str, ...] = ()
    family_first: bool = False
    native_every: int = 0


UKRAINIAN = Area(
    count=40,
    places=("UA|Київ|01001", "UA|Львів|79000", "PL|Kraków|31-001", "DE|Dresden|01067", "CZ|Praha|110 00"),
    street="вул. Садова, {}",
    phone="+380 44 555 {:04}",
    men=("Ivan|Іван", "Petro|Петро", "Oleksii|Олексій", "Mykola|Микола", "Andrii|Андрій", "Taras|Тарас"),
    women=("Olha|Ольга", "Iryna|Ірина", "Nataliia|Наталія", "Kateryna|Катерина", "Yuliia|Юлія"),
    families=(
        "Petrenko|Петренко",
        "Shevchenko|Шевченко",
        "Kovalenko|Коваленко",
        "Bondarenko|Бондаренко",
        "Tkachuk|Ткачук",
        "Marchenko|Марченко",
        "Savchuk|Савчук",
        "Rudenko|Руденко",
        "Lysenko|Лисенко",
    ),
    patronymics=(
        "Олексійович|Олексіївна",
        "Степанович|Степанівна",
        "Миколайович|Миколаївна",
        "Іванович|Іванівна",
        "Юрійович|Юріївна",
    ),
    spellings=("script",),
    native_every=7,
    companies=('TOV "Promin"|ТОВ "Промінь"', "ТОВ «Світанок Трейд»|Світанок Трейд ТОВ", "FOP Kalyna|ФОП Калина"),
)

RUSSIAN = Area(
    count=24,
    places=("DE|Berlin|12681", "LV|Rīga|LV-1001", "EE|Tallinn|10111", "BG|Варна|9000", "DE|Hamburg|22041"),
    street="Gartenstraße {}",
    phone="+371 6555 {:04}",
    men=("Sergei|Сергей", "Dmitry|Дмитрий", "Alexander|Александр", "Mikhail|Михаил", "Yuri|Юрий"),
    women=("Olga|Ольга", "Elena|Елена", "Tatiana|Татьяна", "Svetlana|Светлана", "Galina|Галина"),
    families=(
        "Ivanov|Иванов",
        "Smirnov|Смирнов",
        "Volkov|Волков",
        "Lebedev|Лебедев",
        "Morozov|Морозов",
        "Zaitsev|Зайцев",
    ),
    feminine="a|а",
    spellings=("script", "script", "reversed"),
    native_every=6,
    companies=('ООО "Ромашка Трейд"|Ромашка Трейд, ООО', 'OOO "Severny Veter"|ООО "Северный ветер"'),
)

GERMAN = Area(
    count=48,
    places=("DE|München|80331", "DE|Köln|50667", "DE|Leipzig|04109", "AT|Wien|1010", "CH|Zürich|8001"),
    street="Lindenweg {}",
    phone="+49 30 555 {:04}",
    men=("Jürgen|Юрген", "Thomas|Томас", "Stefan|Штефан", "Günther|Гюнтер", "Lukas|Лукас", "Jörg|Йорг"),
    women=("Anna|Анна", "Sabine|Сабина", "Käthe|Кете", "Claudia|Клаудия", "Birgit|Биргит", "Anne-Marie|Анна-Мария"),
    families=(
        "Müller|Мюллер",
        "Schmidt|Шмидт",
        "Weiß|Вайс",
        "Schröder|Шредер",
        "Bäcker|Бекер",
        "Fischer|Фишер",
        "von Berg|фон Берг",
        "Krüger|Крюгер",
        "Köhler-Braun|Кёлер-Браун",
        "Hoffmann|Гофман",
        "Vogel|Фогель",
    ),
    spellings=("reversed", "folded", "same", "script"),
    companies=(
        "Müller & Söhne Werkzeuge GmbH|Mueller und Soehne Werkzeuge GmbH",
        "Büro Nordlicht GmbH & Co. KG|Nordlicht Büro, GmbH & Co KG",
        "Waldkauz Handels GmbH|Вальдкауц Хандельс ГмбХ",
        "Praxis Dr. Eschenbach|Praxis Dr. Eschenbach",
        "Kieselstein Café UG (haftungsbeschränkt)|Kieselstein Cafe UG",
    ),
)

POLISH = Area(
    count=24,
    places=("PL|Warszawa|00-001", "PL|Łódź|90-001", "PL|Gdańsk|80-001"),
    street="ul. Kwiatowa {}",
    phone="+48 22 555 {:04}",
    men=("Łukasz|Лукаш", "Paweł|Павел", "Michał|Михал", "Wojciech|Войцех"),
    women=("Małgorzata|Малгожата", "Agnieszka|Агнешка", "Zofia|Зофья", "Ewa|Эва"),
    families=("Nowak|Новак", "Wójcik|Вуйчик", "Mazur|Мазур", "Dąbek|Домбек", "Żak|Жак", "Sikora|Сикора"),
    spellings=("reversed", "folded", "script"),
    companies=("Złoty Kłos sp. z o.o.|Zloty Klos Sp z o o", "Zielony Most S.A.|Zielony Most SA"),
)

BULGARIAN = Area(
    count=10,
    places=("BG|София|1000", "BG|Plovdiv|4000"),
    street="ul. Roza {}",
    phone="+359 2 555 {:04}",
    men=("Georgi|Георги", "Dimitar|Димитър", "Stoyan|Стоян"),
    women=("Mariya|Мария", "Desislava|Десислава"),
    families=("Dimitrov|Димитров", "Kolev|Колев", "Stoyanov|Стоянов"),
    feminine="a|а",
    spellings=("script", "reversed"),
    native_every=4,
)

BRITISH = Area(
    count=22,
    places=("GB|London|N1 9GU", "GB|Leeds|LS1 4DY", "GB|Edinburgh|EH1 1YZ", "IE|Dublin|D02 X285"),
    street="{} Orchard Lane",
    phone="+44 20 7946 {:04}",
    men=("James", "Oliver", "Sean", "Rory"),
    women=("Emily", "Charlotte", "Niamh", "Grace"),
    families=("O'Brien|О'Брайен", "Walker", "Thompson", "McAllister", "Baker", "Hughes", "Smith-Jones"),
    spellings=("same", "reversed", "folded"),
    companies=("Harbour Light Ltd|Harbour Light Limited", "O'Malley Tools Ltd.|O'Malley Tools Ltd"),
)

FRENCH = Area(
    count=20,
    places=("FR|Paris|75011", "FR|Lyon|69002", "BE|Bruxelles|1000", "FR|Saint-Étienne|42000"),
    street="{} rue des Lilas",
    phone="+33 1 55 50 {:04}",
    men=("François", "Jean-Pierre", "Théo", "Rémi"),
    women=("Élodie", "Chloé", "Hélène", "Zoé"),
    families=("Lefèvre", "Dubois", "Girard", "d'Aubigny", "Béranger", "Noël", "Marchand"),
    spellings=("reversed", "folded", "same"),
    companies=("Lumière du Nord SARL|Lumiere du Nord SARL",),
)

ITALIAN = Area(
    count=16,
    places=("IT|Milano|20121", "IT|Torino|10121", "IT|Forlì|47121"),
    street="Via dei Tigli {}",
    phone="+39 02 555 {:04}",
    men=("Nicolò", "Marco", "Davide", "Giuseppe"),
    women=("Chiara", "Francesca", "Giulia", "Elisa"),
    families=("Rossi", "De Luca", "D'Angelo", "Ferri", "Conti"),
    spellings=("same", "reversed"),
    companies=("Stella Marina S.r.l.|Stella Marina SRL",),
)

SPANISH = Area(
    count=16,
    places=("ES|Madrid|28001", "ES|Málaga|29001", "ES|A Coruña|15001"),
    street="Calle del Olmo {}",
    phone="+34 91 555 {:04}",
    men=("José Luis", "Álvaro", "Iñigo", "Javier"),
    women=("María José", "Lucía", "Begoña", "Carmen"),
    families=("García López", "Muñoz", "Ibáñez Ruiz", "Núñez", "Vega"),
    spellings=("same", "folded", "reversed"),
    companies=("Faro Azul S.L.|Faro Azul SL",),
)

DUTCH = Area(
    count=14,
    places=("NL|Utrecht|3511 AB", "NL|Rotterdam|3011 AA", "BE|Antwerpen|2000", "SE|Malmö|211 22"),
    street="Beukenlaan {}",
    phone="+31 30 555 {:04}",
    men=("Sjoerd", "Pieter", "Åke", "Björn"),
    women=("Femke", "Liesbeth", "Åsa", "Maaike"),
    families=("van der Meer", "de Vries", "Lindström", "Bakker", "Öberg"),
    spellings=("same", "reversed", "folded"),
    companies=("Blauwe Molen B.V.|Blauwe Molen BV",),
)

TURKISH = Area(
    count=10,
    places=("TR|İstanbul|34430", "TR|İzmir|35000", "AE|Dubai|00000"),
    street="Çınar Sokak No:{}",
    phone="+90 212 555 {:04}",
    men=("Mehmet", "Emre", "Yiğit"),
    women=("Ayşe", "Elif", "Gülşen"),
    families=("Yılmaz", "Şahin", "Öztürk", "Çelik"),
    spellings=("same", "folded"),
    companies=("Mavi Deniz Ticaret Ltd. Şti.|Mavi Deniz Ticaret Ltd Sti",),
)

AMERICAN = Area(
    count=12,
    places=("US|Portland|97201", "US|Austin|78701", "CA|Montréal|H2X 1Y4", "AU|Perth|6000"),
    street="{} Maple Street",
    phone="+1 503 555 {:04}",
    men=("William", "Ethan", "Carlos"),
    women=("Madison", "Abigail", "Renée"),
    families=("Carter", "Brooks", "Delgado", "Nguyen"),
    spellings=("same", "reversed"),
    companies=("Copper Creek Supply LLC|Copper Creek Supply, LLC",),
)

LATIN_AMERICAN = Area(
    count=6,
    places=("MX|Puebla|72000", "BR|Curitiba|80010-000"),
    street="Rua das Acácias, {}",
    phone="+55 41 5555 {:04}",
    men=("João", "Andrés"),
    women=("Conceição", "Ximena"),
    families=("Araújo", "Peña"),
    spellings=("folded", "same"),
)

JAPANESE = Area(
    count=10,
    places=("JP|札幌市|060-0001", "JP|横浜市|220-0011", "SG|Singapore|018956"),
    street="桜通り{}番地",
    phone="+81 11 555 {:04}",
    men=("健一|Kenichi", "大輔|Daisuke"),
    women=("美咲|Misaki", "由美子|Yumiko"),
    families=("山本|Yamamoto", "中村|Nakamura", "小川|Ogawa"),
    spellings=("script", "same"),
    family_first=True,
)

AREAS: tuple[Area, ...] = (
    UKRAINIAN,
    GERMAN,
    RUSSIAN,
    POLISH,
    BRITISH,
    FRENCH,
    ITALIAN,
    SPANISH,
    DUTCH,
    BULGARIAN,
    TURKISH,
    AMERICAN,
    LATIN_AMERICAN,
    JAPANESE,
)
