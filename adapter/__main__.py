"""`python -m adapter` is `amazon1c`."""

from adapter.cli import main

main()
