"""``pbxtui simulate``: a simulated office on a port of this machine."""

from __future__ import annotations

from typing import Literal, cast

from pbxtui.cli.arguments import Options
from pbxtui.cli.faulty import faults_of
from pbxtui.cli.output import OK, UsageError, flush, put, say
from pbxtui.simulator.makes import build
from pbxtui.simulator.server import Running, serve


def simulate(options: Options) -> int:
    """Serve until SIGINT or SIGTERM; first print the address and a config to paste."""
    faults = faults_of(options.fault, options.seed)
    try:
        pbx = build(
            options.kind,
            seed=options.seed,
            calls=options.calls,
            profile=cast("Literal['live', 'documented']", options.profile),
            faults=faults,
            switches=_switches(options.switch),
        )
    except ValueError as error:
        raise UsageError(f"simulate {options.kind}: {error}") from None

    def ready(server: Running) -> None:
        put(f"# {server.url}  a simulated {options.kind} office; a config for it:")
        put(pbx.config_toml(server.url))
        flush()
        say("Ctrl+C ends it.")

    try:
        serve(pbx.app, port=options.port, faults=faults, ready=ready)
    except OSError as error:
        words = error.strerror or str(error)
        raise UsageError(
            f"port {options.port} cannot be had: {words}; --port 0 takes any free one"
        ) from None
    return OK


def _switches(spoken: tuple[str, ...]) -> dict[str, str]:
    switches = {}
    for pair in spoken:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--switch: expected NAME=VALUE, not {pair!r}")
        switches[name] = value
    return switches
