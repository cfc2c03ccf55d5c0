"""A second shop of made-up customers and orders, made in another way than `customers`, so that neither flatters the
matcher: other names, other spellings, other addresses, other slips, other labels.

Names come from mimesis (MIT licence), schemes of transliteration from iuliia (MIT licence); the rest is own work.
Nobody in here exists. `./dev bench match --generator other` asks for it.
"""
