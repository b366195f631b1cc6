"""What the messages of the mix are made of: endpoints, identities, user agents, bodies.

Names are invented, under the domains and addresses reserved for examples (RFC 2606, RFC 5737, RFC 3849).
"""


class Dice:
    """A small generator of its own (splitmix64), so that the mix is the same with every version of Python."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return z ^ (z >> 31)

    def below(self, n):
        return self.next() % n

    def pick(self, items):
        return items[self.below(len(items))]

    def chance(self, percent):
        return self.below(100) < percent

    def text(self, alphabet, length):
        return "".join(self.pick(alphabet) for _ in range(length))

    def hex(self, length):
        return self.text("0123456789abcdef", length)

    def digits(self, length):
        return self.pick("123456789") + self.text("0123456789", length - 1)

    def word(self, length):
        return self.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", length)

    def shuffle(self, items):
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]


DOMAINS = ["example.com", "example.net", "example.org", "voice.example.com", "sip.example.net", "corp.example.org",
           "pbx.example.com", "ims.mnc001.mcc001.example.net", "tenant-17.cloud.example.com", "berlin.example.org"]
SERVERS = ["sbc1.example.com", "edge-fra-02.example.net", "proxy.example.org", "192.0.2.1", "198.51.100.20",
           "203.0.113.5", "[2001:db8:0:1::5060]", "registrar.example.com", "p-cscf3.ims.example.net",
           "lb.sip.example.net"]
DEVICES = ["192.0.2.101", "192.0.2.33", "198.51.100.77", "203.0.113.142", "[2001:db8:40:2::1c]", "phone12.example.com",
           "[2001:db8::ff:fe21:67cf]", "gw-3.example.net", "198.51.100.9", "203.0.113.250"]
USERS = ["alice", "bob", "carol.jones", "1004", "2217", "+14155550132", "+493012345678", "+33199001234", "sales-desk",
         "j%C3%BCrgen", "anonymous", "conf_room_3", "dave!work", "0123456", "helpdesk", "u-83fa1c", "t.watson", "5000"]
DISPLAY = [None, None, None, '"Alice Smith"', '"Bob"', "Carol", "Front Desk", '"+14155550132"', '"1004"',
           '"J\u00fcrgen M\u00fcller"',
           '"O\'Brien, Pat (Sales)"', '"Zo\u00eb \\"Z\\" K."', '"\u5c71\u7530\u592a\u90ce"',
           '"\u0410\u043d\u043d\u0430"', '""', "Room 3"]
REALMS = ["example.com", "voice.example.com", "sip.example.net", "pbx", "Example PBX", "ims.mnc001.mcc001.example.net"]

ALLOW = ["INVITE, ACK, CANCEL, BYE, OPTIONS",
         "INVITE,ACK,CANCEL,OPTIONS,BYE,REFER,NOTIFY,INFO,MESSAGE,SUBSCRIBE,UPDATE",
         "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, MESSAGE, SUBSCRIBE, NOTIFY, PRACK, UPDATE, REFER",
         "OPTIONS, REGISTER, SUBSCRIBE, NOTIFY, PUBLISH, INVITE, ACK, BYE, CANCEL, UPDATE, PRACK, MESSAGE, REFER"]
SUPPORTED = ["replaces", "100rel, timer, replaces, norefersub", "timer, path, replaces", "outbound, path, gruu",
             "100rel,precondition,timer,199,histinfo", "replaces, timer, tdialog, answermode, eventlist", ""]


class Agent:
    """How one make of user agent writes: its name, the order of its header fields, and its habits."""

    def __init__(self, name, order, compact=False, branch=16, call_id_host=False, join=", "):
        self.name, self.order, self.compact = name, order.split(), compact
        self.branch, self.call_id_host, self.join = branch, call_id_host, join


# Header fields that an order does not name come where it has "*".
AGENTS = [
    Agent("Deskline T46 66.84.0.15", "Via Route From To Call-ID CSeq Contact Proxy-Authorization Authorization * "
          "Content-Type Max-Forwards User-Agent Allow-Events Expires Content-Length", branch=10),
    Agent("Softline/5.6.1 (Windows NT 10.0; x64) pj/2.13", "Via Max-Forwards From To Contact Call-ID CSeq Route Allow "
          "Supported Session-Expires Min-SE User-Agent * Content-Type Content-Length", branch=36),
    Agent("Branchbox PBX 18.20.0", "Via Max-Forwards From To Contact Call-ID CSeq User-Agent Date Allow Supported * "
          "Content-Type Content-Length", branch=8, call_id_host=True),
    Agent("Freeport-mod_sip/1.10.9-release+git~20230112T232209Z~d4c0ffee~64bit", "Via Record-Route Route Max-Forwards "
          "From To Call-ID CSeq Contact User-Agent Allow Supported Allow-Events Authorization * Content-Type "
          "Content-Disposition Content-Length X-Trunk-Id", branch=13),
    Agent("Routeline-Gateway/17.3.4a", "Via From To Date Call-ID Supported Min-SE User-Agent Allow CSeq Timestamp "
          "Contact Expires Allow-Events * Max-Forwards Content-Type Content-Disposition Content-Length", branch=10,
          call_id_host=True),
    Agent("LeanPhone 2.1 (Android 14; mobile)", "Via Max-Forwards To From Call-ID CSeq Contact * Supported User-Agent "
          "Content-Length Content-Type", compact=True, branch=12, join=","),
    Agent("webclient.js 3.20.0", "Via Max-Forwards To From Call-ID CSeq Route Authorization Contact Content-Type * "
          "Allow Supported User-Agent Content-Length", branch=7, join=","),
    Agent("Borderline-SBC/9.2.0p8", "Via From To Call-ID CSeq Max-Forwards Contact Record-Route Route * Content-Length "
          "Content-Type", branch=28, call_id_host=True),
]

COMPACT = {"Via": "v", "From": "f", "To": "t", "Call-ID": "i", "Contact": "m", "Supported": "k", "Content-Type": "c",
           "Content-Length": "l", "Subject": "s", "Event": "o", "Allow-Events": "u", "Refer-To": "r",
           "Referred-By": "b", "Session-Expires": "x", "Content-Encoding": "e"}


class Party:
    """One end of a dialog: who it is, and the device it speaks from."""

    def __init__(self, dice):
        self.user, self.domain, self.display = dice.pick(USERS), dice.pick(DOMAINS), dice.pick(DISPLAY)
        self.device = dice.pick(DEVICES)
        self.port = dice.pick(["", ":5060", ":5061", ":" + dice.digits(5)[:4], ":5062"])
        self.tag = dice.pick([dice.hex(8), dice.word(10), "as" + dice.hex(8), dice.digits(9),
                              dice.hex(16) + "-" + dice.hex(4)])

    def aor(self):
        phone = ";user=phone" if self.user.startswith("+") and len(self.domain) < 12 else ""
        return f"sip:{self.user}@{self.domain}{phone}"

    def name_addr(self, uri, params=""):
        """Display name and URI; without a display name the angle brackets stay."""
        return f"{self.display} <{uri}>{params}" if self.display else f"<{uri}>{params}"

    def address(self, tagged=True):
        return self.name_addr(self.aor(), f";tag={self.tag}" if tagged else "")

    def contact_uri(self, transport):
        param = "" if transport == "UDP" else f";transport={transport.lower()}"
        return f"sip:{self.user}@{self.device}{self.port}{param}"


def bare(host):
    """An IPv6 address as SDP writes it, without brackets."""
    return host.strip("[]")


def media_address(dice, party):
    host = party.device if party.device[0] in "0123456789[" else dice.pick(["192.0.2.60", "[2001:db8:7::60]"])
    return ("IP6 " if host[0] == "[" else "IP4 ") + bare(host)


AUDIO = [
    ("0 8 101", ["0 PCMU/8000", "8 PCMA/8000", "101 telephone-event/8000"]),
    ("9 0 8 18 101", ["9 G722/8000", "0 PCMU/8000", "8 PCMA/8000", "18 G729/8000", "101 telephone-event/8000"]),
    ("8 101", ["8 PCMA/8000", "101 telephone-event/8000"]),
    ("96 9 8 101", ["96 opus/48000/2", "9 G722/8000", "8 PCMA/8000", "101 telephone-event/8000"]),
]


def sdp(dice, party, rich=False):
    address = media_address(dice, party)
    session = dice.digits(10)
    lines = ["v=0", f"o={dice.pick(['-', party.user.split('%')[0], 'root'])} {session} {session} IN {address}",
             "s=" + dice.pick(["-", "session", "call", "Branchbox"]), f"c=IN {address}", "t=0 0"]
    formats, maps = dice.pick(AUDIO)
    lines.append(f"m=audio {10000 + 2 * dice.below(12000)} RTP/AVP {formats}")
    lines += ["a=rtpmap:" + m for m in maps]
    lines += ["a=fmtp:101 0-15", dice.pick(["a=sendrecv", "a=ptime:20", "a=maxptime:150"])]
    if rich:
        lines += ["b=AS:49", "a=curr:qos local none", "a=curr:qos remote none", "a=des:qos mandatory local sendrecv",
                  "a=des:qos optional remote sendrecv", f"m=video {20000 + 2 * dice.below(9000)} RTP/AVP 99",
                  "b=AS:512", "a=rtpmap:99 H264/90000", "a=fmtp:99 profile-level-id=42e01f;packetization-mode=1"]
    return "\r\n".join(lines) + "\r\n"


def dialog_info(dice, party):
    return ('<?xml version="1.0"?>\r\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="%d" '
            'state="full" entity="%s">\r\n'
            '  <dialog id="%s" direction="recipient">\r\n    <state>%s</state>\r\n  </dialog>\r\n</dialog-info>\r\n'
            % (dice.below(90), party.aor(), dice.hex(8), dice.pick(["early", "confirmed", "terminated"])))


def presence(dice, party):
    return ('<?xml version="1.0" encoding="UTF-8"?>\r\n<presence xmlns="urn:ietf:params:xml:ns:pidf" '
            'entity="pres:%s@%s">\r\n<tuple id="t%s">\r\n<status><basic>%s</basic></status>\r\n'
            '<contact priority="0.8">%s</contact>\r\n</tuple>\r\n</presence>\r\n'
            % (party.user, party.domain, dice.hex(6), dice.pick(["open", "closed"]), party.aor()))


def message_summary(dice, party):
    new, old = dice.below(9), dice.below(30)
    return (f"Messages-Waiting: {'yes' if new else 'no'}\r\nMessage-Account: sip:*97@{party.domain}\r\n"
            f"Voice-Message: {new}/{old} (0/0)\r\n")
