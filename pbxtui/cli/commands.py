"""Which function carries out which command; each is imported only when it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pbxtui.cli.arguments import Options
from pbxtui.cli.output import UsageError


def _linear(options: Options) -> bool:
    if not options.linear and (options.only or options.filter):
        raise UsageError("--only and --filter choose among the sentences of --linear")
    return options.linear


def _open(options: Options) -> int:
    if _linear(options):
        from pbxtui.cli.linear import tell_sites

        return tell_sites(options)
    from pbxtui.cli.screen import open_sites

    return open_sites(options)


def _demo(options: Options) -> int:
    if _linear(options):
        from pbxtui.cli.linear import tell_demo

        return tell_demo(options)
    from pbxtui.cli.screen import open_demo

    return open_demo(options)


def _simulate(options: Options) -> int:
    from pbxtui.cli.simulate import simulate

    return simulate(options)


def _list(options: Options) -> int:
    from pbxtui.cli.listing import list_things

    return list_things(options)


def _do(options: Options) -> int:
    from pbxtui.cli.doing import do

    return do(options)


def _audit(options: Options) -> int:
    from pbxtui.cli.auditing import audit

    return audit(options)


def _check(options: Options) -> int:
    from pbxtui.cli.checking import check

    return check(options)


def _init(options: Options) -> int:
    from pbxtui.cli.configuring import init

    return init(options)


def _config(options: Options) -> int:
    from pbxtui.cli.configuring import show

    return show(options)


_COMMANDS: Mapping[str, Callable[[Options], int]] = {
    "open": _open,
    "demo": _demo,
    "simulate": _simulate,
    "list": _list,
    "do": _do,
    "audit": _audit,
    "check": _check,
    "init": _init,
    "config": _config,
}


def run(options: Options) -> int:
    """Carry one command out; its exit status. A wrong config becomes a ``UsageError``."""
    try:
        return _COMMANDS[options.command](options)
    except _config_error() as error:
        raise UsageError(str(error)) from None


def _config_error() -> type[Exception]:
    """Imported only when something was raised: ``--version`` needs no config."""
    from pbxtui.config import ConfigError

    return ConfigError
