"""``pbxtui init`` and ``pbxtui config``."""

from __future__ import annotations

from pbxtui.backends import registry
from pbxtui.cli.arguments import Options
from pbxtui.cli.logfile import log_path
from pbxtui.cli.output import OK, USAGE, put, say
from pbxtui.config import NoConfig, default_path, masked, problems, template, write


def init(options: Options) -> int:
    """Write the first config, and print where it is."""
    path = options.config or default_path()
    write(path, template(registry.kinds()), replace=options.force)
    put(str(path))
    say("Written, readable by you alone. Fill in a site, then: pbxtui check")
    return OK


def show(options: Options) -> int:
    """Print where the config is and what it says; then what is wrong with it."""
    try:
        text = masked(options.config)
    except NoConfig:
        put(f"# {default_path()}")
        say("There is no config there yet; `pbxtui init` writes one.")
        return OK
    put(text.rstrip("\n"))
    put(f"\n# The log: {log_path()}")
    wrong = problems(options.config)
    if wrong:
        say(f"pbxtui: {wrong}")
        return USAGE
    return OK
