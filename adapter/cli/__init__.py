"""The command `amazon1c`. Each command imports what it needs when it runs, so that `--help` is there at once."""

from __future__ import annotations

import sys

DEFECT = 70  # EX_SOFTWARE of sysexits.h


def main() -> None:
    """Run the command line; every failure becomes one message and an exit code."""
    from adapter.cli.app import app
    from adapter.errors import AdapterError, place_of

    try:
        app()
    except AdapterError as problem:
        sys.stderr.write(f"{problem}\n")
        sys.exit(problem.exit_code)
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as problem:
        sys.stderr.write(f"This is a defect in amazon1c ({type(problem).__name__} at {place_of(problem)}). ")
        sys.stderr.write("Nothing is lost: the next run looks at everything again. Please report it.\n")
        sys.exit(DEFECT)
