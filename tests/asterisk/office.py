"""The configuration of the Asterisk that the tests call through: a small office.

Phones 1001 to 1008, queues ``support`` (600) and ``sales`` (601), a parking lot at 700 with the
spaces 701 to 720, an echo (800), a conference (801), a menu that hangs up after the keys 1 2 * 4
(802), the phones once more without the right to transfer (803 before their number), a switch for
the night (810, the custom device state ``night``; 811 shows one that nobody ever set), and a trunk
at 127.0.0.2. A leading 9 dials out over the trunk. Nothing listens on anything but loopback.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

CONTEXT = "office"
FROM_OUTSIDE = "from-trunk"
EXTENSIONS = tuple(str(number) for number in range(1001, 1009))
NAMES = dict(
    zip(
        EXTENSIONS,
        ("Alice", "Bob", "Carol", "Dave", "Erin", "Frank", "Grace", "Heidi"),
        strict=True,
    )
)
QUALIFIED = "1008"
"""The phone that Asterisk probes every second, so that it can become unreachable."""
TRUNK_HOST = "127.0.0.2"
MEMBERS = {
    "support": ("PJSIP/1003", "PJSIP/1004", "Local/1005@office"),
    "sales": ("PJSIP/1003", "PJSIP/1008"),
}


def password(extension: str) -> str:
    """The password a phone registers with."""
    return f"phone-{extension}"


@dataclass(frozen=True, slots=True)
class Login:
    """An AMI user of this Asterisk, with the classes it may read and write."""

    username: str
    secret: str
    read: str
    write: str


NOC = Login("noc", "watch-all-of-it", "all", "all")
GUEST = Login("guest", "may-see-nothing", "log", "log")
READER = Login("reader", "reads-and-no-more", "system,call,agent", "system,call")
DIALLER = Login("dialler", "dials-and-cannot-listen", "system", "system,originate,reporting")
LOGINS = (NOC, GUEST, READER, DIALLER)
NIGHT = "Custom:night"
"""The custom device state that 810 switches, and that its hint shows."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports on 127.0.0.1, and that of the trunk on 127.0.0.2; ``rtp`` is the first of 200."""

    ami: int
    sip: int
    trunk: int
    rtp: int


@dataclass(frozen=True, slots=True)
class Folders:
    """Where Asterisk keeps its things, as paths that Asterisk itself sees."""

    etc: str
    run: str
    spool: str
    log: str
    database: str
    modules: str
    varlib: str
    data: str


def write(target: Path, folders: Folders, ports: Ports) -> None:
    """Write every configuration file into ``target``."""
    files = {
        "asterisk.conf": _asterisk(folders),
        "modules.conf": MODULES,
        "logger.conf": "[general]\n[logfiles]\nmessages.log => notice,warning,error\n",
        "rtp.conf": f"[general]\nrtpstart={ports.rtp}\nrtpend={ports.rtp + 199}\n",
        "manager.conf": _manager(ports),
        "pjsip.conf": _pjsip(ports),
        "extensions.conf": _extensions(),
        "queues.conf": _queues(),
        "features.conf": "[general]\n[featuremap]\nblindxfer => ##\natxfer => *2\n",
        "res_parking.conf": PARKING,
        "musiconhold.conf": "[default]\nmode=files\ndirectory=moh\n",
        "confbridge.conf": "[room]\ntype=bridge\n[guest]\ntype=user\nquiet=yes\n",
        "cdr.conf": "[general]\nenable=yes\n",
        "http.conf": "[general]\nenabled=no\n",
        "udptl.conf": "[general]\n",
        "indications.conf": INDICATIONS,
        "ccss.conf": "[general]\n",
        "pjsip_notify.conf": "[check-sync]\nEvent => check-sync\n",
    }
    for name, text in files.items():
        (target / name).write_text(text, encoding="utf-8")


def _asterisk(folders: Folders) -> str:
    return f"""[directories]
astetcdir => {folders.etc}
astmoddir => {folders.modules}
astvarlibdir => {folders.varlib}
astdbdir => {folders.database}
astkeydir => {folders.varlib}
astdatadir => {folders.data}
astagidir => {folders.data}/agi-bin
astspooldir => {folders.spool}
astrundir => {folders.run}
astlogdir => {folders.log}

[options]
nocolor = yes
documentation_language = en_US
"""


MODULES = """[modules]
autoload = yes
noload = chan_iax2.so
noload = chan_unistim.so
noload = chan_mgcp.so
noload = pbx_dundi.so
noload = pbx_ael.so
noload = pbx_lua.so
noload = res_hep.so
noload = res_snmp.so
noload = res_phoneprov.so
noload = chan_mobile.so
"""

INDICATIONS = """[general]
country = uk
[uk]
description = United Kingdom
ringcadence = 400,200,400,2000
dial = 350+440
dialrecall = 350+440
busy = 400/375,0/375
ring = 400+450/400,0/200,400+450/400,0/2000
congestion = 400/400,0/350,400/225,0/525
"""

PARKING = """[general]
[default]
parkext => 700
parkpos => 701-720
context => parkedcalls
parkingtime => 600
findslot => first
"""


def _manager(ports: Ports) -> str:
    head = f"""[general]
enabled = yes
bindaddr = 127.0.0.1
port = {ports.ami}
timestampevents = yes
displayconnects = no
"""
    users = [
        f"""
[{login.username}]
secret = {login.secret}
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.1/255.255.255.255
read = {login.read}
write = {login.write}
"""
        for login in LOGINS
    ]
    return head + "".join(users)


def _pjsip(ports: Ports) -> str:
    head = f"""[global]
type = global
user_agent = pbxtui test office

[transport-udp]
type = transport
protocol = udp
bind = 127.0.0.1:{ports.sip}

[phone](!)
type = endpoint
transport = transport-udp
context = {CONTEXT}
disallow = all
allow = ulaw
direct_media = no
device_state_busy_at = 4

[phone-auth](!)
type = auth
auth_type = userpass

[phone-aor](!)
type = aor
max_contacts = 2
remove_existing = yes
default_expiration = 600

[trunk]
type = endpoint
transport = transport-udp
context = {FROM_OUTSIDE}
disallow = all
allow = ulaw
direct_media = no
aors = trunk

[trunk]
type = aor
contact = sip:trunk@{TRUNK_HOST}:{ports.trunk}

[trunk]
type = identify
endpoint = trunk
match = {TRUNK_HOST}

[carrier](phone)
auth = carrier
aors = carrier

[carrier](phone-auth)
username = carrier
password = {password("carrier")}

[carrier](phone-aor)

[uplink]
type = registration
transport = transport-udp
outbound_auth = carrier
server_uri = sip:127.0.0.1:{ports.sip}
client_uri = sip:carrier@127.0.0.1:{ports.sip}
retry_interval = 60

[spare]
type = registration
transport = transport-udp
outbound_auth = carrier
server_uri = sip:{TRUNK_HOST}:9
client_uri = sip:spare@{TRUNK_HOST}:9
retry_interval = 60
"""
    return head + "".join(_phone(extension) for extension in EXTENSIONS)


def _phone(extension: str) -> str:
    qualify = "qualify_frequency = 1\nqualify_timeout = 0.5\n" if extension == QUALIFIED else ""
    return f"""
[{extension}](phone)
auth = {extension}
aors = {extension}
callerid = {NAMES[extension]} <{extension}>

[{extension}](phone-auth)
username = {extension}
password = {password(extension)}

[{extension}](phone-aor)
{qualify}"""


def _extensions() -> str:
    hints = "\n".join(f"exten => {number},hint,PJSIP/{number}" for number in EXTENSIONS)
    return f"""[general]
static = yes
writeprotect = yes

[{CONTEXT}]
exten => _10XX,1,Dial(PJSIP/${{EXTEN}},120,tT)
 same => n,Hangup()
exten => 600,1,Answer()
 same => n,Queue(support,tT)
 same => n,Hangup()
exten => 601,1,Answer()
 same => n,Queue(sales,tT)
 same => n,Hangup()
exten => 800,1,Answer()
 same => n,Echo()
exten => 801,1,Answer()
 same => n,ConfBridge(801,room,guest)
exten => 802,1,Answer()
 same => n,Read(KEYS,,4,,1,600)
 same => n,ExecIf($["${{KEYS}}" = "12*4"]?Hangup())
 same => n,Wait(600)
exten => _80310XX,1,Dial(PJSIP/${{EXTEN:3}},120)
 same => n,Hangup()
exten => 810,1,Answer()
 same => n,Set(WAS=${{DEVICE_STATE({NIGHT})}})
 same => n,Set(DEVICE_STATE({NIGHT})=${{IF($["${{WAS}}" = "INUSE"]?NOT_INUSE:INUSE)}})
 same => n,Hangup()
exten => 810,hint,{NIGHT}
exten => 811,hint,Custom:never
exten => _9.,1,Dial(PJSIP/${{EXTEN:1}}@trunk,120,tT)
 same => n,Hangup()
include => parkedcalls
{hints}

[{FROM_OUTSIDE}]
exten => _X.,1,Goto({CONTEXT},${{EXTEN}},1)
exten => _[a-z]!,1,Hangup(1)
"""


def _queues() -> str:
    return """[general]
persistentmembers = no
autofill = yes

[support]
strategy = ringall
timeout = 60
retry = 1
ringinuse = no
joinempty = yes
member => PJSIP/1003,0,Carol
member => PJSIP/1004,0,Dave
member => Local/1005@office,0,Erin,PJSIP/1005

[sales]
strategy = leastrecent
timeout = 60
retry = 1
wrapuptime = 600
ringinuse = no
joinempty = yes
member => PJSIP/1003,0,Carol
member => PJSIP/1008,0,Heidi
"""
