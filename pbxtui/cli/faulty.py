"""``--fault`` of the simulated PBXs, as it is spoken."""

from __future__ import annotations

from collections.abc import Sequence

from pbxtui.cli.output import UsageError
from pbxtui.simulator.faults import Faults


def faults_of(spoken: Sequence[str], seed: int) -> Faults:
    """The faults named so, switched on: ``NAME``, with ``=RATE`` and ``@reads`` behind it or not.

    Raises ``UsageError`` for a name, a rate or a kind of request that does not exist.
    """
    faults = Faults(seed)
    for one in spoken:
        named, _, kinds = one.partition("@")
        name, _, rate = named.partition("=")
        try:
            faults.set(name, float(rate) if rate else 1.0, on=kinds or "all")
        except ValueError as error:
            raise UsageError(
                f"--fault: {error}; a rate and where it strikes go behind: slow=0.3@reads"
            ) from None
    return faults
