"""What changed between two snapshots of a site; nothing else decides it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from pbxtui.model.quick import quick
from pbxtui.model.snapshot import Snapshot
from pbxtui.model.things import Key, Thing
from pbxtui.model.words import Kind


@quick
@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was added (``before`` is None), removed (``after`` is None) or changed."""

    kind: Kind
    key: Key
    before: Thing | None
    after: Thing | None

    @property
    def added(self) -> bool:
        """Whether it was not there before."""
        return self.before is None

    @property
    def removed(self) -> bool:
        """Whether it is there no more."""
        return self.after is None

    def fields(self) -> frozenset[str]:
        """The names of the fields that differ; empty for an addition or a removal."""
        before, after = self.before, self.after
        if before is None or after is None:
            return frozenset()
        return frozenset(
            f.name for f in fields(after) if getattr(before, f.name) != getattr(after, f.name)
        )


def _differences(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    site = after.site
    for kind in Kind:
        old, new = before.of(kind), after.of(kind)
        if old is new:
            continue
        for id_, thing in new.items():
            was = old.get(id_)
            if was is thing:
                continue
            if was is None or was != thing:
                yield Change(kind, Key(site, id_), was, thing)
        for id_, was in old.items():
            if id_ not in new:
                yield Change(kind, Key(site, id_), was, None)


def diff(before: Snapshot, after: Snapshot) -> tuple[Change, ...]:
    """The changes that lead from one snapshot of a site to another of the same site."""
    if before.site != after.site:
        raise ValueError(f"snapshots of two sites: {before.site!r} and {after.site!r}")
    return tuple(_differences(before, after))


def apply(snapshot: Snapshot, changes: Iterable[Change]) -> Snapshot:
    """Carry changes out on a snapshot: ``apply(a, diff(a, b)) == b``."""
    touched: dict[Kind, dict[str, Thing]] = {}
    for change in changes:
        things = touched.get(change.kind)
        if things is None:
            things = touched[change.kind] = dict(snapshot.of(change.kind))
        if change.after is None:
            things.pop(change.key.id, None)
        else:
            things[change.key.id] = change.after
    return snapshot.having(touched) if touched else snapshot
