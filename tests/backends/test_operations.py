"""What is said of each wire's operations is what the backends have."""

from __future__ import annotations

import pytest

from pbxtui.backends import registry
from pbxtui.model import Verb
from tests.backends.makes import opened, operations

KINDS = registry.kinds()


@pytest.mark.parametrize("kind", KINDS)
async def test_each_operation_is_read_sent_asked_for_or_left_with_a_reason(kind: str) -> None:
    backend = opened(kind)
    for one in operations(kind):
        uses = [bool(one.topics), bool(one.verbs), bool(one.method), bool(one.why)]
        assert sum(uses) == 1, one
        assert set(one.topics) <= backend.topics
        if one.method:
            assert callable(getattr(backend, one.method)), one
        for verb in one.verbs:
            assert backend.capabilities[verb].possible, (one, verb)
    await backend.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_every_verb_that_is_possible_is_sent_by_some_operation(kind: str) -> None:
    backend = opened(kind)
    sent = {verb for one in operations(kind) for verb in one.verbs}
    possible = {verb for verb in Verb if backend.capabilities[verb].possible}
    assert possible <= sent
    await backend.close()
