"""The demo as the command line asks for it: checked at once, built when it is opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pbxtui.cli.arguments import Options
from pbxtui.cli.output import UsageError

if TYPE_CHECKING:
    from pbxtui.service import Fleet


def demo_opener(options: Options) -> Callable[[], Fleet]:
    """What builds the demo's fleet; the simulator is loaded only there, after the first frame.

    Raises ``UsageError`` where there are too few phones for the calls, or for an unknown fault.
    """
    if options.phones is not None and options.phones < 2 * options.calls:
        raise UsageError(
            f"{options.calls} calls need at least {2 * options.calls} phones: "
            f"--phones {2 * options.calls}"
        )
    if options.fault:
        from pbxtui.cli.faulty import faults_of

        faults_of(options.fault, options.seed)

    def opener() -> Fleet:
        from pbxtui.cli.demo import demo_fleet

        return demo_fleet(
            seed=options.seed, calls=options.calls, phones=options.phones, faults=options.fault
        )

    return opener
