"""The hourly quota of a client, shared by all who ask (DOCUMENTED; its size is UNKNOWN)."""

from __future__ import annotations

from collections.abc import Callable

from pbxtui.simulator.telphin.switches import TelphinSwitches

HOUR = 3600


class HourlyQuota:
    """Counts requests by the hour of the clock."""

    def __init__(self, switches: TelphinSwitches, clock: Callable[[], float]) -> None:
        self.limit = switches.quota_per_hour
        self._shown = switches.quota_headers
        self._clock = clock
        self._hour = -1
        self.used = 0
        """Requests of this hour, those that were refused too."""

    def take(self) -> bool:
        """Count one request; False when the hour's are used up."""
        hour = int(self._clock() // HOUR)
        if hour != self._hour:
            self._hour, self.used = hour, 0
        self.used += 1
        return self.used <= self.limit

    def headers(self) -> dict[str, str]:
        """What each answer says of the quota; the reset is seconds from now."""
        if not self._shown:
            return {}
        reset = (self._hour + 1) * HOUR - self._clock()
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "X-RateLimit-Reset": str(max(0, int(reset))),
        }
