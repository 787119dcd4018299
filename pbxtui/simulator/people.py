"""Names and numbers for an office that never was.

Telephone numbers come only from the ranges set aside for drama (Ofcom's 0xxx 496 0xxx,
020 7946 0xxx, 01632 960xxx, 07700 900xxx; the North American 555-01xx), so none of them can
ever ring anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple, TypeVar


class Party(NamedTuple):
    """One end of a call: its number (E.164 with a plus, or an extension) and its name."""

    number: str
    name: str


FIRST_NAMES = (
    "Amelia", "Oliver", "Søren", "Priya", "Łukasz", "Aoife", "Callum", "Zoë", "Yusuf", "Ingrid",
    "Mairéad", "Rhys", "Siân", "Tomasz", "Chloe", "Dmitri", "Fatima", "Gareth", "Hannah", "Iolo",
    "José", "Katarína", "Liam", "Małgorzata", "Nia", "Ömer", "Pádraig", "Quentin", "Renée",
    "Saoirse", "Tadhg", "Ursula", "Véronique", "Wojciech", "Xenia", "Yvonne", "Zsófia", "Ayesha",
    "Bjørn", "Cerys", "Daniel", "Elspeth", "François", "Grace", "Harriet", "Isla", "Jürgen",
)  # fmt: skip
LAST_NAMES = (
    "Bennett", "Carter", "Kjær", "Nair", "Wójcik", "O’Sullivan", "MacLeod", "Fletcher", "Demir",
    "Lindqvist", "Ní Bhriain", "Prosser", "Griffiths", "Zieliński", "Hartley", "Volkov", "Rahman",
    "Llewellyn", "Whitfield", "Thorne", "García", "Novák", "Doyle", "Dąbrowska", "Pritchard",
    "Yıldız", "Ó Briain", "Ashworth", "Lefèvre", "Byrne", "Keane", "Ellwood", "Dupré", "Kowalczyk",
    "Marsh", "Osei", "Németh", "Iqbal", "Ødegård", "Vaughan", "Sutton", "Gray", "Müller", "Ward",
)  # fmt: skip
WHOLE_NAMES = (
    "田中 美咲",
    "佐藤 健",
    "김민준",
    "王小明",
    "Νίκος Παππάς",
    "Оксана Бондар",
    "נועה לוי",
)
COMPANIES = (
    "Harbour Taxi", "Northgate Dental", "Bramley & Sons", "Pennine Couriers", "Café Öresund",
    "Tidewater Marine", "Ashdown Veterinary", "St Mary’s Surgery", "Kirkgate Joinery",
    "Blue Kite Travel", "Wessex Water Coolers", "Ferrous & Co", "Old Mill Bakery",
    "Lindisfarne Ltd", "Zürich Instrumente", "Fjord Seafood AS", "Møller Spedition",
    "Granite City Tyres",
    "Redcar Roofing", "Thistle Insurance", "Cooper, Lyle & Pryce", "Orchard Lettings",
    "Parkside Primary", "Quayside Hotel", "Sunrise Pharmacy", "Two Rivers Plumbing", "Vale Optics",
    "Weald Nurseries", "Yarrow Print", "日東商事", "Łódź Logistyka", "Société Générale des Vis",
)  # fmt: skip
CNAM = ("WIRELESS CALLER", "TOLL FREE CALL", "UNAVAILABLE", "ANONYMOUS")
DEPARTMENTS = (
    "Reception", "Sales", "Support", "Accounts", "Workshop", "Warehouse", "Dispatch", "Management",
)  # fmt: skip
ROOMS = (
    "Front desk", "Workshop", "Warehouse", "Meeting room", "Canteen", "Gatehouse", "Lift", "Dock 2",
)  # fmt: skip
QUEUE_NAMES = (
    "Support", "Sales", "Accounts", "Bookings", "Deliveries", "Returns", "Repairs", "New customers",
)  # fmt: skip
PAUSE_REASONS = ("Lunch", "Break", "Training", "Paperwork", "Meeting", "Call back")
USER_AGENTS = (
    "Yealink SIP-T54W 96.86.0.100", "Yealink SIP-T46U 108.86.0.90", "PolyVVX-VVX_450-UA/6.4.3.5814",
    "Cisco-CP-8841-3PCC/11.3.7", "Grandstream GXP2170 1.0.11.64", "snomD785/10.1.148.1",
)  # fmt: skip
SOFT_AGENTS = ("Bria 6.6.2", "Zoiper v2.10.19", "Linphone-Desktop/5.2.1", "MicroSIP/3.21.4")

_UK_PREFIXES = (
    "+442079460", "+441632960", "+441214960", "+441314960", "+441414960", "+441514960",
    "+441614960", "+441914980", "+447700900", "+441134960", "+441154960", "+441164960",
    "+441174960", "+441184960", "+442896496", "+442920180",
)  # fmt: skip
_US_AREAS = (
    "206", "212", "213", "305", "312", "404", "415", "503", "512", "602", "617", "702", "713",
    "801", "808", "907",
)  # fmt: skip


_T = TypeVar("_T")


def choose(rng: Random, things: Sequence[_T]) -> _T:
    """One of some things, in a third of the time of `rng.choice`."""
    return things[int(rng.random() * len(things))]


def outside_number(rng: Random) -> str:
    """A number of the drama ranges, in E.164 with a plus."""
    if rng.random() < 0.8:
        prefix = choose(rng, _UK_PREFIXES)
        digits = 13 - len(prefix)
        return f"{prefix}{int(rng.random() * 10**digits):0{digits}d}"
    return f"+1{choose(rng, _US_AREAS)}55501{int(rng.random() * 100):02d}"


def person(rng: Random) -> str:
    """A person's name; now and then one written without Latin letters."""
    if rng.random() < 0.04:
        return choose(rng, WHOLE_NAMES)
    first = choose(rng, FIRST_NAMES)
    return f"{first} {choose(rng, LAST_NAMES)}"


def outside_party(rng: Random) -> Party:
    """Somebody who calls: a company, a person, a network's placeholder, or a bare number."""
    number = outside_number(rng)
    dice = rng.random()
    if dice < 0.45:
        return Party(number, choose(rng, COMPANIES))
    if dice < 0.75:
        return Party(number, person(rng))
    if dice < 0.85:
        return Party(number, choose(rng, CNAM))
    if dice < 0.9:
        last = choose(rng, LAST_NAMES).upper()
        return Party(number, f"{last},{choose(rng, FIRST_NAMES).upper()}")
    return Party(number, "")
