"""Names as people and papers write them in Latin letters; own knowledge. The first word is the Cyrillic one."""

from __future__ import annotations

SPELLINGS = """
щербаков: shcherbakov schtscherbakow chtcherbakov szczerbakow scherbakov serbakov
иванов: ivanov iwanow ivanoff
сергей: sergei sergey sergej serguei
дмитрий: dmitri dmitry dmitriy dmitrii dmitrij
юрий: yuri yury yuriy iurii jurij youri iouri
юрій: yurii iurii
юлия: yulia yuliya iuliia julia juliya ioulia
наталья: natalia natalya natalja
наталія: natalia nataliia nataliya natalija
татьяна: tatiana tatyana tatjana
александр: alexander alexandre aleksandr alexandr
олександр: oleksandr olexandr
ксения: ksenia xenia kseniya kseniia
петр: petr pyotr piotr peter
евгений: evgeny yevgeny evgenii jewgenij yevgeniy evgueni
євген: yevhen ievgen jewhen
алексей: aleksey alexei alexey aleksei alexej
олексій: oleksii oleksiy
зайцев: zaitsev zaytsev zajcev zaicew
жуков: zhukov joukov schukow zukow
шевченко: shevchenko schewtschenko szewczenko chevtchenko
харченко: kharchenko harchenko chartschenko
гриценко: hrytsenko gritsenko
гончаренко: honcharenko goncharenko hontscharenko
диана: diana
мария: maria mariya mariia marija
гофман: hofmann hoffmann gofman
мюллер: muller mueller
шмидт: schmidt
шнайдер: schneider
тарас: taras
хрущев: khrushchev chruschtschow khrouchtchev chruszczow
зеленський: zelenskyy zelensky selenskyj zelenskyi
горбачев: gorbachev gorbatschow gorbatchev gorbaczow gorbachov
захаров: zakharov sacharow zaharov
соловьев: solovyov soloviev solovev solowjow
чайковский: tchaikovsky chaikovsky tschaikowski czajkowski chaykovskiy
цветков: tsvetkov zwetkow cvetkov
андрей: andrey andrei andrej
анастасия: anastasia anastasiya anastasiia
ильин: ilyin ilin iljin iline
ильич: ilyich ilich iljitsch
путин: putin poutine
шахин: sahin shahin
йылмаз: yilmaz
назарбаев: nazarbayev nazarbaev nasarbajew
қасымов: qasymov kasymov
жұмабаев: zhumabayev jumabayev zumabaev
емельянов: yemelyanov emelyanov emelianov jemeljanow
федоров: fedorov fyodorov fiodorow fjodorow
михаил: mikhail michail mikhaïl
людмила: lyudmila liudmila ludmila
яна: yana iana jana
яковлев: yakovlev iakovlev jakowlew
фомичев: fomichev fomitschow
сергій: serhii serhiy serhij
кравцов: kravtsov kravcov krawzow
"""

PAIRS = [
    (cyrillic, latin)
    for cyrillic, latins in (line.split(": ") for line in SPELLINGS.strip().splitlines())
    for latin in latins.replace("ï", "i").split()
]
