"""What nobody has shown publicly about Telphin's wire, as switches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TelphinSwitches:
    """Each is UNKNOWN or INFERRED on the real service, so a client must live with every value.

    The defaults are the CAPTURED forms, then the DOCUMENTED ones, then the likeliest.
    """

    # --- calls -------------------------------------------------------------------------------
    empty_call_list: Literal["list", "missing", "null"] = "list"
    """No calls at all: an empty list, no ``call_list``, or null in its place."""
    flow_case: Literal["upper", "lower"] = "upper"
    """``IN`` is CAPTURED, ``in`` is DOCUMENTED."""
    fraction: Literal[",", ".", "none"] = ","
    """What stands before the hundredths of a second in a call's times."""
    no_extension: Literal["null", "missing", "empty", "list"] = "null"
    """The extension object of a side that is outside: null, left out, ``{}`` or ``[]``."""
    call_ids: bool = False
    """Whether rows have ``call_id`` and ``subcall_id``, as a client of 2025 expects."""
    real_call: bool = False
    """Whether rows have ``real_call`` (DOCUMENTED, absent in the capture of 2017)."""
    callback_id: Literal["same", "other", "absent"] = "same"
    """The ``callback_id`` of a row: the ``call_id`` that the callback answered, or another id."""
    callback_flow: Literal["OUT", "IN"] = "OUT"
    """The flow of the first side's row of a callback."""
    put_answer: Literal["json", "empty", "204"] = "json"
    """What a call's PUT answers: an object, 200 with nothing, or 204."""
    send_dst: Literal["lax", "strict"] = "lax"
    """Whether hold, offhold and park are refused without a ``send_dst``."""
    attended: Literal["by itself", "by hand"] = "by itself"
    """An attended transfer: joined soon after the target answers, or when the asker hangs up."""
    callback_status: Literal[201, 200] = 201

    # --- phones, queues, agents --------------------------------------------------------------
    bulk: Literal["list", "object", "single"] = "list"
    """Registrations in bulk: a list, an object by extension id; or of one id a bare object."""
    expires: Literal["seconds", "date", "string"] = "seconds"
    """``expires``: seconds left, a UTC date, or seconds as a text. DOCUMENTED as both of two."""
    expired_listed: bool = True
    """Whether the last expired registrations of a phone that is off are listed (DOCUMENTED)."""
    agent_status: Literal["string", "object"] = "string"
    remote_agents: int = 2
    queue_status_invented: bool = False
    """Whether queue/status/ answers something. Its body is UNKNOWN; what comes is made up."""

    # --- paging, quota, rights ---------------------------------------------------------------
    default_per_page: int = 30
    max_per_page: int | None = None
    quota_per_hour: int = 5000
    quota_headers: bool = True
    app_level: Literal["All", "Call API"] = "All"
    """With ``Call API`` every change of configuration is refused."""
    access: Literal["full", "read_only", "denied", "blocked"] = "full"
    stats_busy: bool = False
    """Whether histories are refused with the 429 of a second report at the same time."""
    validation_status: int = 400
    redirect_status: Literal[301, 302, 307, 308] = 301
    """How a collection is answered that is asked for without its slash."""
    unauthorised_status: Literal["absent", "401"] = "absent"
    """Whether a 401 has a ``status`` beside its ``message``."""

    # --- token -------------------------------------------------------------------------------
    token_seconds: int = 3600
    token_refusal: int = 401
    """The status with which wrong application credentials are answered."""
    scope: Literal["all", "absent"] = "all"
