"""``pbxtui check`` against simulated PBXs on real ports."""

from __future__ import annotations

import re

from tests.cli.conftest import TOKEN, Home, Simulate, Simulated, site


def test_a_site_that_is_well(home: Home, alive: Simulated) -> None:
    done = home.run("check", "--config", home.write(alive.config))

    assert (done.status, done.err) == (0, "")
    assert f"hq  vonage at {alive.url.removeprefix('http://')}" in done.out
    assert re.search(r"^  login +ok$", done.out, re.MULTILINE)
    assert re.search(r"^  calls +ok +\d+ calls in \d+\.\d\d s$", done.out, re.MULTILINE)
    assert re.search(r"^  devices +ok +60 devices in ", done.out, re.MULTILINE)
    assert re.search(r"^  queues +none +.*\.$", done.out, re.MULTILINE)
    assert re.search(r"^  clock +ok ", done.out, re.MULTILINE)
    assert re.search(r"^  can ", done.out, re.MULTILINE)
    assert re.search(r"^  cannot +monitor +.*\.", done.out, re.MULTILINE)


def test_a_failing_site_is_named_and_the_others_are_checked_all_the_same(
    home: Home, alive: Simulated, dead_port: int
) -> None:
    path = home.write(site("branch", f"http://127.0.0.1:{dead_port}") + alive.config)

    done = home.run("check", "--config", path)

    assert done.status == 1
    branch, hq = done.out.split("\n\n")[:2]
    assert re.search(r"^  calls +FAILED +\S", branch, re.MULTILINE)
    assert re.search(r"^  devices +not tried$", branch, re.MULTILINE)
    assert re.search(r"^  calls +ok ", hq, re.MULTILINE)
    assert done.err == "could not be read in full: branch\n"

    assert home.run("check", "--site", "hq", "--config", path).status == 0
    assert home.run("check", "hq", "--config", path).status == 0
    assert home.run("check", "branc", "--config", path).status == 2


def test_a_refused_login_is_tried_once(home: Home, alive: Simulated) -> None:
    path = home.write(site("hq", alive.url, token='"s3cr3t-wrong"'))

    done = home.run("check", "--config", path)

    assert done.status == 1
    assert re.search(r"^  login +FAILED +.*token", done.out, re.MULTILINE)
    assert re.search(r"^  devices +not tried$", done.out, re.MULTILINE)
    assert "s3cr3t" not in done.all


def test_a_clock_that_is_wrong_is_told(home: Home, simulate: Simulate) -> None:
    late = simulate("--calls", "2", "--fault", "clock-skew")

    done = home.run("check", "--config", home.write(late.config))

    assert done.status == 0
    match = re.search(r"^  clock +note +(\d+) s ahead of ours$", done.out, re.MULTILINE)
    assert match is not None
    assert abs(int(match[1]) - 300) <= 2


def test_a_body_without_end_is_told(home: Home, simulate: Simulate) -> None:
    ill = simulate("--calls", "2", "--fault", "huge")

    done = home.run("check", "--config", home.write(ill.config))

    assert done.status == 1
    assert re.search(r"^  calls +FAILED +\S", done.out, re.MULTILINE)
    assert TOKEN not in done.all


def test_read_only_is_said_of_what_could_be_done(home: Home, alive: Simulated) -> None:
    done = home.run("check", "--config", home.write(alive.config + "read_only = true\n"))

    can = re.search(r"^  can +(.*)$", done.out, re.MULTILINE)
    assert can is not None
    assert ("read_only is set" in done.out) == (can[1] != "nothing but show")


def test_one_of_a_kind_is_no_plural(home: Home, simulate: Simulate) -> None:
    small = simulate("--calls", "1", "--seed", "2")

    done = home.run("check", "--config", home.write(small.config))

    counts = re.findall(r"(\d+) (calls?|devices?) ?(?:in|,)", done.out)
    assert counts
    assert all((number == "1") is (not word.endswith("s")) for number, word in counts)
    assert any(number == "1" for number, _ in counts)
