"""Acting on a PBX: permission, the sentence said before, sending once, the journal, the effect.

From the row that was chosen to what became of it::

    aimed = aim(Verb.HOLD, Chosen(call), site.snapshot, own=site.settings.extension)
    plan = dispatcher.plan(aimed.action, aimed.chosen)   # where it is no Refusal
    ticket = dispatcher.send(plan)                       # plan.sentence was shown before
    await ticket.done()
"""

from pbxtui.service.acting.assumed import Assumed
from pbxtui.service.acting.audit import Journal, JournalError
from pbxtui.service.acting.consulting import Consultation, consultation
from pbxtui.service.acting.dispatcher import Dispatcher
from pbxtui.service.acting.entries import Entry, Trouble, entries
from pbxtui.service.acting.expect import Observed
from pbxtui.service.acting.opening import open_dispatcher, rights_of
from pbxtui.service.acting.permission import Rights, verb_of
from pbxtui.service.acting.plans import Bulk, BulkTicket, Plan, Progress, Step, Ticket
from pbxtui.service.acting.reach import Reach, reach
from pbxtui.service.acting.refusal import Refusal, Why
from pbxtui.service.acting.sentence import Sentence, sentence
from pbxtui.service.acting.target import (
    Aim,
    Ask,
    Chosen,
    aim,
    caller,
    dial,
    number_of,
    on_call,
    unaimed,
)

__all__ = [
    "Aim",
    "Ask",
    "Assumed",
    "Bulk",
    "BulkTicket",
    "Chosen",
    "Consultation",
    "Dispatcher",
    "Entry",
    "Journal",
    "JournalError",
    "Observed",
    "Plan",
    "Progress",
    "Reach",
    "Refusal",
    "Rights",
    "Sentence",
    "Step",
    "Ticket",
    "Trouble",
    "Why",
    "aim",
    "caller",
    "consultation",
    "dial",
    "entries",
    "number_of",
    "on_call",
    "open_dispatcher",
    "reach",
    "rights_of",
    "sentence",
    "unaimed",
    "verb_of",
]
