"""The command line. Data go to standard output, everything else that is said to standard error.

Exit status: 0 all is well; 1 a site could not be read; 2 wrong use or a wrong config; 130 after
Ctrl+C; 70 after a bug of its own; 141 when nobody reads the output any more.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from pbxtui.cli import output
from pbxtui.cli.arguments import parse
from pbxtui.cli.commands import run
from pbxtui.cli.output import OK, USAGE, UsageError, say

INTERRUPTED = 130
NOBODY_READS = 141
FAILED = 1


class _Bugs(logging.Handler):
    """Writes the service's bugs to the log, which is opened only for them."""

    def emit(self, record: logging.LogRecord) -> None:
        from pbxtui.cli.logfile import keep

        keep(record)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    logging.getLogger().addHandler(logging.NullHandler())
    bugs = _Bugs(logging.ERROR)
    logging.getLogger("pbxtui").addHandler(bugs)
    output.prepare()
    try:
        status = _run(argv)
        output.flush()
    except KeyboardInterrupt:
        output.abandon()
        return INTERRUPTED
    except BrokenPipeError:
        output.abandon()
        return NOBODY_READS
    except UsageError as error:
        say(f"pbxtui: {error}")
        return USAGE
    except OSError as error:
        output.abandon()
        say(f"pbxtui: {error.strerror or error}")
        return FAILED
    except Exception as error:
        from pbxtui.cli.logfile import broken

        return broken(error, "this command")
    finally:
        logging.getLogger("pbxtui").removeHandler(bugs)
    return status


def _run(argv: Sequence[str] | None) -> int:
    try:
        options = parse(argv)
    except SystemExit as ended:  # --help, --version and wrong use end argparse
        return ended.code if isinstance(ended.code, int) else OK
    return run(options)
