"""``pbxtui list`` against simulated PBXs on real ports."""

from __future__ import annotations

import json
import os
import re
import signal
import socket

import pytest
from rich.cells import cell_len

from tests.cli.conftest import TOKEN, Home, Simulate, Simulated, site
from tests.config.conftest import install_acme

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_calls_as_a_table(home: Home, alive: Simulated) -> None:
    done = home.run("list", "calls", "--config", home.write(alive.config))

    assert (done.status, done.err) == (0, "")
    header, *rows = done.out.splitlines()
    assert header.split()[:3] == ["SITE", "STATE", "DIRECTION"]
    assert rows
    assert all(row.startswith("hq  ") for row in rows)
    at = cell_len(header[: header.index("STATE")])
    assert all(row[at] != " " and row[at - 1] == " " for row in rows)


def test_calls_as_json(home: Home, alive: Simulated) -> None:
    done = home.run("list", "calls", "--json", "--config", home.write(alive.config))

    assert (done.status, done.err) == (0, "")
    calls = json.loads(done.out)
    assert calls
    for call in calls:
        assert {
            *("site", "id", "direction", "state", "certainty", "from", "to", "started", "answered"),
            "legs",
        } <= call.keys()
        assert call["site"] == "hq"
        assert call["from"].keys() == call["to"].keys() == {"number", "name"}
        assert TIME.fullmatch(call["started"])
        assert call["answered"] is None or TIME.fullmatch(call["answered"])
        assert call["legs"]
        for leg in call["legs"]:
            assert {"id", "state", "certainty", "direction", "from", "to"} <= leg.keys()
            assert {"extension", "device", "started", "answered"} <= leg.keys()


def test_devices_as_json(home: Home, alive: Simulated) -> None:
    done = home.run("list", "devices", "--json", "--config", home.write(alive.config))

    devices = json.loads(done.out)
    assert len(devices) == 60
    for device in devices:
        assert {"site", "id", "extension", "state", "address", "user_agent"} <= device.keys()
        assert {"last_seen", "rtt_ms"} <= device.keys()
        assert device["last_seen"] is None or TIME.fullmatch(device["last_seen"])


def test_a_dead_site_is_named_and_the_others_are_printed(
    home: Home, alive: Simulated, dead_port: int
) -> None:
    url = f"http://127.0.0.1:{dead_port}"
    path = home.write(site("branch", url) + alive.config)

    for as_json in ([], ["--json"]):
        done = home.run("list", "calls", "--config", path, *as_json)
        assert done.status == 1
        assert re.match(r"branch: .*\S", done.err)
        assert "hq" in done.out
        assert "branch" not in done.out
        assert "hq:" not in done.err

    only = home.run("list", "calls", "--site", "hq", "--config", path)
    assert (only.status, only.err) == (0, "")
    none = home.run("list", "calls", "--site", "branch", "--json", "--config", path)
    assert (none.status, none.out) == (1, "[]\n")


def test_a_site_that_is_not_configured_is_refused_with_the_nearest(
    home: Home, alive: Simulated
) -> None:
    done = home.run("list", "calls", "--site", "hqq", "--config", home.write(alive.config))

    assert (done.status, done.out) == (2, "")
    assert "no site is called 'hqq'; did you mean \"hq\"?" in done.err


def test_a_kind_that_the_pbx_does_not_show(home: Home, alive: Simulated) -> None:
    path = home.write(alive.config)

    every = home.run("list", "queues", "--json", "--config", path)
    assert (every.status, every.out) == (0, "[]\n")
    assert re.match(r"hq: .*queue", every.err)

    named = home.run("list", "queues", "--site", "hq", "--config", path)
    assert (named.status, named.out) == (1, "")
    assert re.match(r"hq: .*queue", named.err)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("403", "403"),
        ("502", "502"),
        ("html", "a web page"),
        ("cut", "JSON"),
        ("reset", "connection"),
        ("wrong-types", "a list was expected"),
    ],
)
def test_a_pbx_in_trouble_is_told_in_words(
    home: Home, simulate: Simulate, fault: str, said: str
) -> None:
    ill = simulate("--calls", "3", "--fault", fault)

    done = home.run("list", "calls", "--json", "--config", home.write(ill.config))

    assert TOKEN not in done.all
    assert said in done.err
    assert all(line.startswith("hq: ") for line in done.err.splitlines())
    assert (done.status, done.out) == (1, "[]\n")


def test_hostile_names_break_neither_the_table_nor_json(home: Home, simulate: Simulate) -> None:
    hostile = simulate("--calls", "30", "--fault", "hostile-text")
    path = home.write(hostile.config)

    done = home.run("list", "calls", "--config", path)
    header, *rows = done.out.splitlines()
    at = cell_len(header[: header.index("STATE")])
    direction = cell_len(header[: header.index("DIRECTION")])
    assert len(rows) > 10
    for row in rows:
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", row)
        assert re.match(r"hq\s+\w", row[: at + 1])
        assert re.match(r"\s(inbound|outbound|internal|unknown)\s", row[direction - 1 :])
        assert cell_len(row) <= cell_len(header)

    for call in json.loads(home.run("list", "calls", "--json", "--config", path).out):
        assert call["from"]["name"].replace("\u200d", "").replace("\u200c", "").isprintable()


def test_a_wrong_token_is_never_shown(home: Home, alive: Simulated) -> None:
    secret = "s3cr3t-wrong-token"
    path = home.write(site("hq", alive.url, token='{ env = "HQ_TOKEN" }'))

    for command in (["list", "calls"], ["check"], ["config"]):
        done = home.run(*command, "--config", path, HQ_TOKEN=secret)
        assert secret not in done.all
    done = home.run("list", "calls", "--config", path, HQ_TOKEN=secret)
    assert done.status == 1
    assert "token" in done.err


def test_nobody_reading_the_output_is_no_trouble(home: Home, alive: Simulated) -> None:
    path = home.write(alive.config)

    with home.start("list", "devices", "--config", path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()

    assert err == ""
    assert process.returncode == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")
def test_output_that_cannot_be_written_is_said(home: Home, alive: Simulated) -> None:
    path = home.write(alive.config)

    with open("/dev/full", "w") as full:
        done = home.run("list", "calls", "--config", path, stdout=full)

    assert done.status == 1
    assert done.err.startswith("pbxtui: No space left")


@pytest.mark.skipif(os.name != "posix", reason="signals to a process are POSIX's")
def test_control_c_ends_it_at_once_and_quietly(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        path = home.write(site("hq", url, more="timeout = 600"))
        with home.start("list", "calls", "--config", path) as process:
            connection, _ = silent.accept()
            with connection:
                connection.settimeout(60)
                assert connection.recv(4)
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=60)

    assert (process.returncode, out, err) == (130, "", "")


def test_all_sites_are_read(home: Home, alive: Simulated) -> None:
    sites = "".join(site(name, alive.url) for name in ("a", "b", "c"))

    done = home.run("list", "calls", "--json", "--config", home.write(sites))

    assert done.status == 0
    assert [name for name in "abc" if f'"site":"{name}"' in done.out] == ["a", "b", "c"]


def test_a_terminal_without_utf_8_gets_what_it_can_show(home: Home, alive: Simulated) -> None:
    path = home.write(alive.config)

    table = home.run("list", "calls", "--config", path, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert table.status == 0
    assert table.out.isascii()
    said = home.run(
        "list", "calls", "--json", "--config", path, PYTHONUTF8="0", PYTHONIOENCODING="ascii"
    )
    assert said.out.isascii()
    assert json.loads(said.out)


def test_a_plugin_that_fails_takes_no_other_site_with_it(home: Home, alive: Simulated) -> None:
    install_acme(home.folder / "plugins")
    acme = '[[site]]\nname = "lab"\nkind = "acme"\nhost = "pbx"\nsecret = "s3cr3t"\n'
    path = home.write(acme + alive.config)

    for command in (["list", "calls"], ["check"]):
        done = home.run(*command, "--config", path, PYTHONPATH=str(home.folder / "plugins"))
        assert done.status == 1
        assert "cannot be opened (RuntimeError: not even a socket)" in done.all
        assert "hq" in done.out
        assert "s3cr3t" not in done.all
