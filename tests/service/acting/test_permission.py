"""Rights are checked in one place: each refusal, in words that say what to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbxtui.backends.settings import SiteSettings
from pbxtui.model import CAN, Capability, Transfer, Verb
from pbxtui.service.acting.permission import GRACE, Rights, verb_of
from pbxtui.service.acting.refusal import Why

ALL = dict.fromkeys(Verb, CAN)
VERBS = st.sampled_from(list(Verb))


def site(**changed: object) -> SiteSettings:
    return SiteSettings.model_validate({"name": "hq", "kind": "desk", **changed})


def test_the_noc_starts_locked_and_reception_unlocked() -> None:
    noc, reception = Rights("noc"), Rights("reception")
    assert (noc.locked, reception.locked) == (True, False)
    refused = noc.check(Verb.HOLD, site(), ALL)
    assert refused is not None
    assert refused.why is Why.LOCKED
    assert "unlock" in str(refused)
    noc.unlock()
    assert noc.check(Verb.HOLD, site(), ALL) is None
    noc.lock()
    assert noc.check(Verb.HOLD, site(), ALL) is not None
    assert reception.check(Verb.HOLD, site(), ALL) is None
    reception.lock()
    assert reception.check(Verb.HOLD, site(), ALL) is not None


@given(VERBS, st.booleans())
def test_a_read_only_site_cannot_be_unlocked(verb: Verb, unlocked: bool) -> None:
    rights = Rights("reception" if unlocked else "noc", allow=Verb)
    rights.unlock()
    refused = rights.check(verb, site(read_only=True, allow=tuple(Verb)), ALL)
    assert refused is not None
    assert refused.why is Why.READ_ONLY
    assert "read_only" in refused.words


@pytest.mark.parametrize(
    ("rights", "at_site", "where"),
    [
        ({"deny": ["hangup"]}, {}, "deny at the top of the config"),
        ({}, {"deny": ["hangup"]}, "deny of [[site]] hq"),
        ({"allow": ["hold"]}, {}, "allow at the top of the config"),
        ({"allow": []}, {}, "allow at the top of the config"),
        ({}, {"allow": ["hold"]}, "allow of [[site]] hq"),
        ({"allow": ["hangup"]}, {"allow": ["hold"]}, "allow of [[site]] hq"),
        ({"allow": ["hangup"], "deny": ["hangup"]}, {}, "deny at the top"),
    ],
)
def test_what_a_list_denies_is_refused_with_the_place_of_the_list(
    rights: dict[str, list[str]], at_site: dict[str, list[str]], where: str
) -> None:
    allow = rights.get("allow")
    given = Rights(
        "reception",
        allow=None if allow is None else map(Verb, allow),
        deny=map(Verb, rights.get("deny", [])),
    )
    refused = given.check(Verb.HANGUP, site(**at_site), ALL)
    assert refused is not None
    assert refused.why is Why.DENIED
    assert where in refused.words


@given(st.none() | st.sets(VERBS), st.sets(VERBS), st.none() | st.sets(VERBS), st.sets(VERBS))
def test_the_lists_only_ever_narrow(
    allow: set[Verb] | None, deny: set[Verb], site_allow: set[Verb] | None, site_deny: set[Verb]
) -> None:
    rights = Rights("reception", allow=allow, deny=deny)
    at_site = site(allow=None if site_allow is None else tuple(site_allow), deny=tuple(site_deny))
    for verb in Verb:
        good = (
            verb not in deny
            and verb not in site_deny
            and (allow is None or verb in allow)
            and (site_allow is None or verb in site_allow)
        )
        assert (rights.check(verb, at_site, ALL) is None) is good


def test_what_the_pbx_cannot_do_is_refused_with_its_reason_and_the_nearest() -> None:
    cannot = Capability(False, "MiRTA's API has no hold.", "P parks the call at 700")
    for rights in (Rights("noc"), Rights("reception")):
        refused = rights.check(Verb.HOLD, site(), {Verb.HOLD: cannot})
        assert refused is not None
        assert refused.why is Why.NOT_CAPABLE
        assert str(refused) == "MiRTA's API has no hold; P parks the call at 700"
        unknown = rights.check(Verb.DIAL, site(), {})
        assert unknown is not None
        assert unknown.why is Why.NOT_CAPABLE


def test_an_attended_transfer_is_an_action_of_its_own() -> None:
    blind = Transfer(site="hq", call="c", to="305")
    attended = Transfer(site="hq", call="c", to="305", attended=True)
    assert (verb_of(blind), verb_of(attended)) == (Verb.TRANSFER, Verb.ATTENDED)


def test_the_grace_is_the_profiles_unless_it_is_said() -> None:
    assert Rights("noc").grace == GRACE
    assert Rights("reception").grace == 0.0
    assert Rights("reception", grace=3.0).grace == 3.0
    assert Rights("noc", grace=0.0).grace == 0.0
