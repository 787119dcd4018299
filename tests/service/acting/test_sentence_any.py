"""Whatever is asked of whatever is shown, there is a sentence, and it is plain text."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from pbxtui.model import Action, Hangup, Hold, Park, Party, Snapshot
from pbxtui.service.acting.sentence import LONGEST, sentence
from tests.service.acting.pictures import OWN, said
from tests.service.acting.worlds import ACTIONS, HOSTILE, SNAPSHOTS
from tests.service.sites import talk

JOINERS = "\u200c\u200d"


@settings(max_examples=200)
@given(ACTIONS, SNAPSHOTS)
def test_whatever_is_asked_of_whatever_is_shown_there_is_a_sentence_of_plain_text(
    action: Action, snapshot: Snapshot
) -> None:
    told = sentence(action, snapshot)
    for text in (told.text, *told.warnings):
        assert text.strip() == text != ""
        assert len(text) <= LONGEST
        assert not [c for c in text if unicodedata.category(c)[0] == "C" and c not in JOINERS]


@given(st.sampled_from([Hold, Hangup, Park]), st.sampled_from(HOSTILE))
def test_a_hostile_name_stays_text(kind: type[Hold | Hangup | Park], name: str) -> None:
    call = talk(caller=Party("+442079460958", name))
    told = said(kind(**OWN), call)
    assert "+442079460958" in told
    assert "\x1b" not in told
    if name.startswith("[bold"):
        assert "[bold red]markup[/]" in told
