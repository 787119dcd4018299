"""What nobody has shown publicly about Vonage's wire, as switches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Profile = Literal["live", "documented"]


@dataclass(frozen=True, slots=True)
class VonageSwitches:
    """Each is UNKNOWN or INFERRED on the real service, so a client must live with every value.

    Where the default is None it follows the profile.
    """

    empty_list: Literal["200", "404"] = "200"
    """Zero active calls: an empty list, or the API's own NotFoundMessage."""
    next_page: Literal["null", "absent", "empty", "repeated"] = "null"
    """What next_page and next_page_uri are on the last page."""
    numbers: Literal["strings", "ints"] | None = None
    """Account, times, page numbers: live strings, documented bare numbers."""
    plus: bool = False
    """Whether outside numbers carry a plus."""
    unset: Literal["zero", "absent", "null"] | None = None
    """A time that is not set: live "0" (CAPTURED), documented absent."""
    envelope: Literal["object", "array"] = "object"
    """The list of calls inside its paging fields, or bare (and then in one piece)."""
    default_page_size: int = 100
    max_page_size: int | None = None
    default_order: Literal["asc", "desc"] = "desc"
    first_call_page: int = 0
    first_device_page: int = 1
    device_times: Literal["seconds", "microseconds"] = "seconds"
    internal_direction: Literal["outbound", "inbound", "internal"] = "outbound"
    """The direction of a call between two desks."""
    repeats_customer: int = 8
    """Every so-manieth outside leg has the customer's number on both ends; 0 for none."""
    parked_listed: bool = True
    """Whether a parked call stays in the list (as on-call)."""
    post_answer: Literal["uuid", "quoted", "json", "empty"] = "uuid"
    """POST: 200 with a bare uuid as text, a quoted one, {"call_id":…}, or 202 and nothing."""
    transfer_leg: Literal["own", "theirs"] = "own"
    """PUT leg with `to`: an own leg in the path leaves (own), or is itself sent away (theirs)."""
    unauthorised: Literal["api", "gateway", "fault"] = "api"
    """Body of a 401 for a bad token: the API's own, or one of the two forms of WSO2."""
    quota_per_minute: int | None = None
    """The portal's default is 10 for an application (DOCUMENTED); None for no limit."""
    retry_after: bool = False
    """Whether a 429 has a Retry-After header."""
    token_seconds: int = 86_400
    refresh_seconds: int = 604_800
    lock_after: int = 5
    """Failed logins until the user is locked; CAPTURED as "a few"."""
    lock_seconds: int = 1_800
