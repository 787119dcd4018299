"""What ``pbxtui do`` is asked for: names that are never guessed, the question, the dry run."""

from __future__ import annotations

import pytest

from pbxtui.cli.order import ACTS
from pbxtui.model import Kind
from tests.cli.conftest import Desk, Serve
from tests.cli.offices import BY_NAME, EVERY
from tests.contract.makes import Make

# --- naming --------------------------------------------------------------------------------------


@EVERY
def test_a_call_is_known_by_the_beginning_of_its_id(desk: Desk, serve: Serve, make: Make) -> None:
    site = serve(make)
    desk.write(site.config())
    call, phone = site.talk()
    id = desk.call_of(phone)
    every = [one["id"] for one in desk.listed("calls")]
    short = next(id[:n] for n in range(4, len(id)) if sum(e.startswith(id[:n]) for e in every) == 1)
    if make.name == "mirta":
        short = id.rpartition(".")[0] + "."
    assert desk.do("hangup", "hq", short, "--yes").status == 0
    assert not call.alive


def test_a_number_is_never_cut(desk: Desk, serve: Serve) -> None:
    """The whole id of a call that is over may be the beginning of another's."""
    site = serve(BY_NAME["mirta"])
    desk.write(site.config())
    _, phone = site.talk()
    id = desk.call_of(phone)
    assert id[-2:].isdecimal()
    status, told = desk.told("hangup", "hq", id[:-1], "--yes")
    assert (status, told["refused"], told["sent"]) == (3, "gone", False)
    assert f'did you mean "{id}"?' in told["words"]
    assert site.acted() == []


def test_what_several_are_called_is_refused_with_their_names(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["mirta"])
    desk.write(site.config())
    ids = [call["id"] for call in desk.listed("calls")]
    done = desk.do("hangup", "hq", "pbx2", "--yes")
    assert done.status == 3
    assert sum(id in done.err for id in ids) > 1
    assert "name one of them whole" in done.err
    short = desk.do("hangup", "hq", "pbx", "--yes")
    assert (short.status, site.acted()) == (3, [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["pause", "hq", "{agent}x"], 'hq shows no agent “{agent}x”; did you mean "{agent}"?'),
        (["flow", "hq", "{flow}0", "BUSY"], 'hq shows no flow “{flow}0”; did you mean "{flow}"?'),
        (["reboot", "hq", "zzzzzz"], "hq shows no phone “zzzzzz”; there are: pbxtui list devices"),
        (["login", "hq", "nobody9", "--queue", "1"], "hq shows no agent “nobody9”"),
        (["login", "hq", "{agent}", "--queue", "Salse"], 'no queue “Salse”; did you mean "Sales"?'),
    ],
)
def test_a_near_miss_is_told_the_nearest(
    desk: Desk, serve: Serve, words: list[str], said: str
) -> None:
    site = serve(BY_NAME["mirta"])
    desk.write(site.config())
    names = {"agent": site.agent().extension.name, "flow": next(iter(site.office.flows))}
    done = desk.do(*(word.format(**names) for word in words))
    assert done.status == 3
    assert said.format(**names) in done.err
    assert site.acted() == []


def test_a_leg_is_known_by_its_phone_and_no_other_leg_is_taken(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["vonage-live"])
    desk.write(site.config())
    _, phone = site.talk()
    call = desk.call_of(phone)
    done = desk.do("hold", "hq", call, site.idle().number)
    assert done.status == 3
    assert "the call has no leg" in done.err
    assert f"({phone.number} " in done.err
    assert site.acted() == []


def test_a_site_is_known_by_its_whole_name_alone(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["telphin"])
    desk.write(site.config())
    done = desk.do("park", "hqq", "x")
    assert (done.status, done.out) == (2, "")
    assert "no site is called 'hqq'; did you mean \"hq\"?" in done.err
    other = desk.run("--site", "cloud", "do", "park", "hq", "x")
    assert other.status == 2
    assert site.faults.seen == []


# --- before it is sent ---------------------------------------------------------------------------


@EVERY
def test_a_dry_run_says_the_sentence_sends_nothing_and_writes_nothing(
    desk: Desk, serve: Serve, make: Make
) -> None:
    site = serve(make)
    desk.write(site.config())
    call, phone = site.talk()
    id = desk.call_of(phone)

    dry = desk.do("hangup", "hq", id, "--dry-run")
    status, told = desk.told("hangup", "hq", id, "--dry-run")
    refused = desk.do("hangup", "hq", f"{id}x", "--dry-run")

    assert dry.status == status == 0
    assert dry.out == f"{told['sentence']}\n"
    assert phone.number in dry.out
    assert "--yes" in dry.err
    assert (told["answered"], told["id"], told["sent"]) == (None, None, False)
    assert refused.status == 3
    assert "would be refused: " in refused.err
    assert call.alive
    assert site.acted() == []
    assert not desk.state.exists()


def test_what_cannot_be_taken_back_wants_a_yes_that_a_script_must_say(
    desk: Desk, serve: Serve
) -> None:
    site = serve(BY_NAME["mirta"])
    desk.write(site.config())
    call, phone = site.talk()
    done = desk.do("hangup", "hq", desk.call_of(phone))
    assert done.status == 3
    assert "--yes" in done.err
    idle = site.idle()
    for more in ([], ["--yes"], ["--name", f"{idle.number}0"]):
        done = desk.do("reboot", "hq", idle.number, *more)
        assert done.status == 3
        assert idle.number in done.err
    assert call.alive
    assert site.acted() == []
    assert [entry.step for entry in desk.journal()] == ["refused"] * 4


def test_warnings_come_before_and_go_to_standard_error(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["mirta"])
    desk.write(site.config())
    _, phone = site.talk()
    call = desk.call_of(phone)
    busy = next(one for one in site.office.building.extensions if one.legs and one is not phone)
    done = desk.do("transfer", "hq", call, "--to", busy.number)
    assert done.status == 0
    assert f"warning: {busy.number} " in done.err
    sentence, accepted = done.out.splitlines()
    assert sentence.startswith("Transfer ")
    assert accepted.startswith("accepted: ")


def test_the_phone_of_the_config_dials_where_none_is_named(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["telphin"])
    own, target = site.idle(), site.idle(1)
    desk.write(site.config())
    done = desk.do("dial", "hq", "--to", target.number)
    assert done.status == 3
    assert 'set extension = "…" for hq' in done.err
    desk.write(site.config(f'extension = "{own.number}"'))
    assert desk.do("dial", "hq", "--to", target.number).status == 0
    assert own.legs


def test_a_site_that_cannot_be_read_gets_nothing(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["vonage-live"])
    desk.write(site.config())
    site.faults.set("500", on="reads")
    status, told = desk.told("hangup", "hq", "something", "--yes")
    assert (status, told["sent"], told["answered"]) == (1, False, None)
    assert "500 from " in told["words"]
    assert "nothing was sent" in told["words"]
    dry = desk.do("hangup", "hq", "something", "--dry-run")
    assert dry.status == 1
    assert site.acted() == []
    (entry,) = desk.journal()
    assert (entry.verb, entry.call, entry.step, entry.sent) == (
        "hangup",
        "something",
        "refused",
        False,
    )
    assert "500 from " in entry.words


def test_every_action_is_a_row_with_a_help(desk: Desk) -> None:
    for act in ACTS:
        done = desk.run("do", act.word, "--help")
        assert done.status == 0
        assert all(word in done.out for word in ("SITE", "--dry-run", "--yes", "--wait", "--json"))
        assert ("[LEG]" in done.out) is (act.kind is Kind.CALLS)
    done = desk.run("do", "hangp", "hq", "x")
    assert done.status == 2
    assert "unknown 'hangp'; did you mean \"hangup\"?" in done.err


def test_a_dry_run_leaves_what_is_assumed_as_it_is(desk: Desk, serve: Serve) -> None:
    site = serve(BY_NAME["vonage-live"])
    desk.write(site.config())
    call, phone = site.talk()
    assert desk.do("hold", "hq", desk.call_of(phone), phone.number).status == 0
    kept = (desk.state / "assumed.json").read_text()
    site.act(lambda: site.office.hangup_call(call.id))
    words = ("dial", "hq", "--from", site.idle().number, "--to", "305")
    assert desk.do(*words, "--dry-run").status == 0
    assert (desk.state / "assumed.json").read_text() == kept
    assert desk.do(*words).status == 0
    assert (desk.state / "assumed.json").read_text() != kept, "else this shows nothing"
