"""The kinds of messages in the mix, one function each. A kind adds header fields to a Message, which writes
them in the order of its user agent."""

from mix_parts import (AGENTS, ALLOW, COMPACT, REALMS, SERVERS, SUPPORTED, Party, bare, dialog_info, message_summary,
                       presence, sdp)


class Message:
    """One message of a dialog between two parties, over some hops."""

    def __init__(self, dice, agent=None, transport=None):
        self.dice, self.agent = dice, agent or dice.pick(AGENTS)
        self.transport = transport or dice.pick(["UDP"] * 6 + ["TCP", "TLS"])
        if self.agent.name.startswith("webclient"):
            self.transport = "WSS"
        self.caller, self.callee = Party(dice), Party(dice)
        self.server = dice.pick(SERVERS)
        self.number = dice.pick([1, 2, 101, 102, 20, 1 + dice.below(30000), dice.below(2**31)])
        self.fields, self.body, self.start = [], "", ""

    def add(self, name, value):
        self.fields.append((name, value))

    def some(self, percent, name, value):
        if self.dice.chance(percent):
            self.add(name, value)

    def branch(self):
        return "z9hG4bK" + self.dice.pick(["", "-", "PJ", ".", "nashds"]) + self.dice.hex(self.agent.branch)

    def via(self, host, answered=False):
        """One Via value; answered: as it comes back, with what the next hop filled in."""
        params = f";branch={self.branch()}"
        if answered and self.dice.chance(60):
            seen = bare(self.dice.pick(["192.0.2.101", "198.51.100.77", "203.0.113.142", "[2001:db8:40:2::1c]"]))
            params += f";received={seen};rport={self.dice.digits(5)[:4]}"
        elif self.dice.chance(60):
            params += ";rport"
        if self.dice.chance(8):
            params = ";alias" + params if self.transport in ("TCP", "TLS") else params + ";keep"
        return f"SIP/2.0/{self.transport} {host}{params}"

    def vias(self, hops, answered=False):
        values = [self.via(self.dice.pick(SERVERS) + self.dice.pick(["", ":5060"]), answered and i > 0)
                  for i in range(hops - 1)]
        host = "ab3kd92ls1x0.invalid" if self.transport == "WSS" else self.caller.device + self.caller.port
        values.append(self.via(host, answered))
        if hops > 2 and self.dice.chance(30):
            self.add("Via", ", ".join(values))
        else:
            for value in values:
                self.add("Via", value)

    def call_id(self):
        host = "@" + bare(self.caller.device).replace(":", "-") if self.agent.call_id_host else ""
        local = self.dice.pick([self.dice.hex(32), self.dice.word(22), self.dice.digits(10) + "-5060-3"])
        self.add("Call-ID", local + host)

    def contact(self, params="", party=None):
        party = party or self.caller
        self.add("Contact", f"<{party.contact_uri(self.transport)}>{params}")

    def request(self, method, uri=None, hops=1, in_dialog=False, to=None):
        """Start line and what every request has (RFC 3261 section 8.1.1)."""
        self.start = f"{method} {uri or self.callee.aor()} SIP/2.0"
        self.vias(hops)
        self.add("Max-Forwards", str(70 - hops + 1))
        self.add("From", self.caller.address())
        self.add("To", to or self.callee.address(tagged=in_dialog))
        self.call_id()
        self.add("CSeq", f"{self.number} {method}")
        if in_dialog and self.dice.chance(40):
            self.add("Route", f"<sip:{self.server};lr>")
        if method != "ACK" or self.dice.chance(50):
            self.add("User-Agent", self.agent.name)
        return self

    def response(self, status, reason, method, hops=1, tagged=True):
        """Status line and what every response has (section 8.2.6)."""
        self.start = f"SIP/2.0 {status} {reason}"
        self.vias(hops, answered=True)
        self.add("From", self.caller.address())
        self.add("To", self.callee.address(tagged))
        self.call_id()
        self.add("CSeq", f"{self.number} {method}")
        return self

    def content(self, media_type, body):
        self.add("Content-Type", media_type)
        self.body = body
        return self

    def capabilities(self, percent=80):
        self.some(percent, "Allow", self.dice.pick(ALLOW))
        self.some(percent, "Supported", self.dice.pick(SUPPORTED))

    def encode(self):
        body = self.body.encode()
        fields = self.fields + [("Content-Length", str(len(body)))]
        order = {name: i for i, name in enumerate(self.agent.order)}
        rest = order["*"]
        fields.sort(key=lambda field: order.get(field[0], rest))
        lines = [self.start]
        for name, value in fields:
            name = COMPACT.get(name, name) if self.agent.compact else name
            lines.append(f"{name}: {value.replace(', ', self.agent.join) if name == 'Allow' else value}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def digest(message, method, uri):
    """Credentials; the digest itself is any 32 hexadecimal digits."""
    dice = message.dice
    value = (f'Digest username="{message.caller.user}", realm="{dice.pick(REALMS)}", nonce="{dice.word(24)}", '
             f'uri="{uri}", response="{dice.hex(32)}"')
    value += dice.pick(["", ", algorithm=MD5",
                        f', algorithm=MD5, cnonce="{dice.hex(16)}", qop=auth, nc=0000000{dice.below(9) + 1}',
                        f', cnonce="{dice.hex(8)}", nc=00000001, qop=auth, opaque="{dice.word(12)}", '
                        "algorithm=SHA-256"])
    return value


def challenge(dice):
    return (f'Digest realm="{dice.pick(REALMS)}", nonce="{dice.word(32)}"'
            + dice.pick(["", ", algorithm=MD5",
                         ', stale=FALSE, algorithm=MD5, qop="auth"', ', qop="auth,auth-int", opaque=""']))


def register(dice, authorized=False):
    m = Message(dice)
    m.callee = m.caller
    uri = f"sip:{m.caller.domain}"
    m.request("REGISTER", uri, hops=dice.pick([1, 1, 1, 2]), to=m.caller.address(tagged=False))
    instance = f';+sip.instance="<urn:uuid:{dice.hex(8)}-{dice.hex(4)}-4{dice.hex(3)}-8{dice.hex(3)}-{dice.hex(12)}>"'
    m.contact(dice.pick(["", ";expires=3600", f"{instance};reg-id=1", ";q=0.8;expires=600", f"{instance};expires=300"]))
    m.some(70, "Expires", dice.pick(["3600", "600", "300", "0", "7200"]))
    if authorized:
        m.add("Authorization", digest(m, "REGISTER", uri))
    m.capabilities(60)
    m.some(20, "Path", f"<sip:{m.server};lr;ob>")
    return m


def register_digest(dice):
    return register(dice, authorized=True)


def register_ok(dice):
    m = Message(dice).response(200, "OK", "REGISTER")
    for _ in range(dice.pick([1, 1, 2])):
        m.contact(f";expires={dice.pick([59, 300, 3600, 1800])}" + dice.pick(["", ";q=1.0", ";reg-id=1"]), Party(dice))
    m.some(50, "Server", m.agent.name)
    m.some(30, "Service-Route", f"<sip:{m.server};lr>")
    m.some(30, "P-Associated-URI", f"<{m.caller.aor()}>, <tel:+14155550{dice.digits(3)}>")
    m.some(40, "Date", f"Sat, 21 Nov 2026 {10 + dice.below(12)}:{10 + dice.below(49)}:{10 + dice.below(49)} GMT")
    return m


def invite(dice, rich=False, hops=None):
    m = Message(dice)
    m.request("INVITE", hops=hops or dice.pick([1, 1, 2, 3]))
    m.contact(dice.pick(["", "", ";+sip.rendering", ';audio;methods="INVITE,ACK,BYE"']))
    m.capabilities(90)
    m.some(45, "Session-Expires", dice.pick(["1800", "1800;refresher=uac", "600;refresher=uas"]))
    m.some(30, "Min-SE", "90")
    m.some(25, "P-Asserted-Identity", m.caller.name_addr(m.caller.aor()))
    m.some(15, "Privacy", dice.pick(["none", "id"]))
    m.some(20, "Subject", dice.pick(["Lunch?", "Weekly call", "R\u00fcckruf", "Re: order 4711, second try"]))
    m.some(15, "Diversion", f"<sip:{dice.digits(4)}@{m.caller.domain}>;reason=unconditional;counter=1")
    m.some(20, "Accept", "application/sdp, application/dtmf-relay")
    m.some(20, "Session-ID", dice.hex(32))
    m.some(15, "Date", "Sat, 21 Nov 2026 09:26:53 GMT")
    m.some(15, "Alert-Info", "<http://media.example.com/ring/internal.wav>")
    m.some(20, "X-Trunk-Id", dice.hex(8))
    return m.content("application/sdp", sdp(dice, m.caller, rich))


def invite_digest(dice):
    m = invite(dice)
    m.add("Proxy-Authorization", digest(m, "INVITE", m.callee.aor()))
    return m


def invite_proxied(dice):
    m = invite(dice, hops=dice.pick([3, 4, 5]))
    for _ in range(dice.pick([1, 2])):
        m.add("Record-Route", f"<sip:{dice.pick(SERVERS)};lr;ftag={m.caller.tag}>")
    m.some(40, "History-Info", f"<{m.callee.aor()}>;index=1, <sip:{dice.digits(4)}@{m.callee.domain}>;index=1.1")
    return m


def invite_signed(dice):
    """With an Identity (RFC 8224), as trunks exchange it."""
    m = invite(dice, hops=2)
    m.add("Identity", f"{dice.word(120)}.{dice.word(180)}.{dice.word(86)};info=<https://cert.example.org/passport.cer>;"
                      "alg=ES256;ppt=shaken")
    return m


def invite_ims(dice):
    m = Message(dice, transport="UDP")
    home = "ims.mnc001.mcc001.example.net"
    m.caller.domain = m.callee.domain = home
    m.request("INVITE", f"tel:+1415555{dice.digits(4)}", hops=dice.pick([3, 4, 5]))
    for i in range(dice.pick([2, 3, 4])):
        node = dice.pick([f"s-cscf{i}.{home}", f"tas{i}.{home}", f"[2001:db8:9::{i + 1}]"])
        m.add("Route", f"<sip:{dice.pick(['orig', 'mtas', dice.word(12)])}@{node}:5060;lr;ottag=ue_orig>")
    for i in range(dice.pick([2, 3, 4])):
        node = dice.pick([f"p-cscf{i}.{home}", f"ibcf{i}.{home}", f"[2001:db8:12::{i + 9}]"])
        m.add("Record-Route", f"<sip:{dice.word(16)}@{node}:5060;transport=udp;lr>")
    m.contact(';+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel";+g.3gpp.mid-call;+g.3gpp.srvcc-alerting'
              f';video;+sip.instance="<urn:gsma:imei:35{dice.digits(6)}-{dice.digits(6)}-0>"')
    m.add("Accept-Contact", '*;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel"')
    m.add("P-Preferred-Service", "urn:urn-7:3gpp-service.ims.icsi.mmtel")
    m.add("P-Access-Network-Info", f"3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=00101{dice.hex(11)};network-provided")
    m.add("P-Charging-Vector", f'icid-value="{dice.word(28)}";icid-generated-at={m.server};orig-ioi={home};'
                               f'transit-ioi="transit1.1, void"')
    m.add("P-Charging-Function-Addresses", f"ccf=ccf1.{home};ccf-2=ccf2.{home};ecf=ecf1.{home}")
    m.add("P-Asserted-Identity", f"<sip:+14155550132@{home};user=phone>, <tel:+14155550132>")
    m.add("P-Early-Media", "supported")
    m.add("P-Visited-Network-ID", f'"Visited network {dice.below(9)}"')
    m.add("Security-Verify", f"ipsec-3gpp;alg=hmac-sha-1-96;prot=esp;mod=trans;ealg=aes-cbc;spi-c={dice.digits(9)};"
                             f"spi-s={dice.digits(9)};port-c=5064;port-s=5063;q=0.1")
    m.add("Proxy-Require", "sec-agree")
    m.add("Require", "sec-agree")
    m.add("Feature-Caps", '*;+g.3gpp.srvcc;+g.3gpp.atcf-mgmt-uri="<sip:atcf.example.net>"')
    m.add("Supported", "100rel, precondition, timer, 199, histinfo, gruu, path")
    m.add("Allow", ALLOW[-1])
    m.add("Accept", "application/sdp, application/3gpp-ims+xml, application/vnd.3gpp.mcptt-info+xml")
    m.add("Session-Expires", "1800;refresher=uac")
    m.add("Min-SE", "90")
    m.add("Session-ID", f"{dice.hex(32)};remote={'0' * 32}")
    m.add("History-Info", f"<sip:+1415555{dice.digits(4)}@{home};user=phone?Privacy=history&Reason=SIP%3Bcause%3D302>"
                          f";index=1, <tel:+1415555{dice.digits(4)}>;index=1.1;mp=1")
    return m.content("application/sdp", sdp(dice, m.caller, rich=True))


def trying(dice):
    reason = dice.pick(["Trying", "Giving a try", "trying -- your call is important to us"])
    m = Message(dice).response(100, reason, "INVITE", dice.pick([1, 2]), tagged=False)
    m.some(50, "Server", m.agent.name)
    return m


def ringing(dice):
    m = Message(dice).response(180, "Ringing", "INVITE", dice.pick([1, 2, 3]))
    m.contact(party=m.callee)
    m.some(40, "Record-Route", f"<sip:{m.server};lr>")
    if dice.chance(20):
        m.add("Require", "100rel")
        m.add("RSeq", dice.digits(5))
    m.some(20, "Alert-Info", "<urn:alert:service:call-waiting>")
    m.capabilities(50)
    return m


def answer(m, dice):
    m.contact(party=m.callee)
    for _ in range(dice.pick([0, 1, 2])):
        m.add("Record-Route", f"<sip:{dice.pick(SERVERS)};lr;did={dice.hex(3)}.{dice.hex(4)}>")
    m.some(40, "Server", m.agent.name)
    return m.content("application/sdp", sdp(dice, m.callee))


def progress(dice):
    m = Message(dice).response(183, "Session Progress", "INVITE", dice.pick([1, 2, 3]))
    m.some(30, "P-Early-Media", "sendrecv")
    return answer(m, dice)


def invite_ok(dice):
    m = Message(dice).response(200, "OK", "INVITE", dice.pick([1, 2, 3]))
    m.capabilities(80)
    m.some(40, "Session-Expires", "1800;refresher=uas")
    m.some(30, "Require", "timer")
    m.some(20, "P-Asserted-Identity", m.callee.name_addr(m.callee.aor()))
    return answer(m, dice)


def other_ok(dice):
    method = dice.pick(["BYE", "OPTIONS", "CANCEL", "NOTIFY", "MESSAGE", "INFO", "UPDATE"])
    m = Message(dice).response(200, "OK", method, dice.pick([1, 1, 2]))
    m.some(50, "Server", m.agent.name)
    m.capabilities(40)
    m.some(20, "Accept", "application/sdp")
    return m


def unauthorized(dice):
    m = Message(dice).response(401, "Unauthorized", dice.pick(["REGISTER", "REGISTER", "SUBSCRIBE"]))
    m.add("WWW-Authenticate", challenge(dice))
    m.some(20, "WWW-Authenticate", challenge(dice))
    m.some(60, "Server", m.agent.name)
    return m


def proxy_authentication(dice):
    m = Message(dice).response(407, "Proxy Authentication Required", "INVITE")
    m.add("Proxy-Authenticate", challenge(dice))
    m.some(60, "Server", m.agent.name)
    return m


FAILURES = [(486, "Busy Here"), (487, "Request Terminated"), (404, "Not Found"), (480, "Temporarily Unavailable"),
            (488, "Not Acceptable Here"), (503, "Service Unavailable"), (603, "Decline"), (484, "Address Incomplete")]


def failure(dice):
    status, reason = dice.pick(FAILURES)
    m = Message(dice).response(status, reason, "INVITE", dice.pick([1, 2, 3]))
    text = dice.pick(["Normal call clearing", "User busy"])
    m.some(40, "Reason", f'Q.850;cause={dice.pick([16, 17, 21, 34])};text="{text}"')
    if status in (480, 503):
        m.some(70, "Retry-After", dice.pick(["30", "120 (maintenance);duration=600", "5"]))
    m.some(25, "Warning", f'399 {dice.pick(["pbx.example.com", "192.0.2.1"])} "No circuit/channel available"')
    m.some(50, "Server", m.agent.name)
    return m


def in_dialog(dice, method, hops=None):
    m = Message(dice)
    return m.request(method, m.callee.contact_uri(m.transport), hops or dice.pick([1, 1, 2]), in_dialog=True)


def ack(dice):
    m = in_dialog(dice, "ACK")
    m.some(30, "Contact", f"<{m.caller.contact_uri(m.transport)}>")
    return m


def bye(dice):
    m = in_dialog(dice, "BYE")
    m.some(40, "Reason", 'Q.850;cause=16;text="Terminated"')
    m.some(20, "X-RTP-Stat", f"PS={dice.digits(4)},OS={dice.digits(6)},PR={dice.digits(4)},OR={dice.digits(6)},PL=0")
    m.some(15, "Proxy-Authorization", digest(m, "BYE", m.callee.aor()))
    return m


def cancel(dice):
    m = Message(dice).request("CANCEL")
    m.some(50, "Reason", dice.pick(['SIP;cause=200;text="Call completed elsewhere"', "SIP ;cause=487"]))
    return m


def options(dice):
    m = Message(dice)
    uri = f"sip:{m.server}" if dice.chance(50) else m.callee.contact_uri(m.transport)
    m.request("OPTIONS", uri)
    m.some(60, "Contact", f"<{m.caller.contact_uri(m.transport)}>")
    m.some(50, "Accept", "application/sdp")
    m.capabilities(30)
    return m


EVENTS = [("message-summary", "application/simple-message-summary"), ("dialog", "application/dialog-info+xml"),
          ("presence", "application/pidf+xml, application/rlmi+xml, multipart/related"),
          ("reg", "application/reginfo+xml"),
          ("dialog;call-id=aa37be12;include-session-description", "application/dialog-info+xml")]


def subscribe(dice):
    m = Message(dice).request("SUBSCRIBE", hops=dice.pick([1, 1, 2]))
    m.contact()
    event, accept = dice.pick(EVENTS)
    m.add("Event", event)
    m.add("Accept", accept)
    m.add("Expires", dice.pick(["3600", "600", "0", "1800"]))
    m.some(40, "Authorization", digest(m, "SUBSCRIBE", m.callee.aor()))
    m.capabilities(50)
    m.some(30, "Allow-Events", "presence, dialog, message-summary, refer, conference.info")
    return m


def notify(dice, event, media_type, body):
    m = in_dialog(dice, "NOTIFY")
    m.contact()
    m.add("Event", event)
    m.add("Subscription-State", dice.pick([f"active;expires={dice.digits(3)}", "active", "terminated;reason=noresource",
                                           "pending;expires=60"]))
    return m.content(media_type, body(dice, m.callee))


def notify_summary(dice):
    return notify(dice, "message-summary", "application/simple-message-summary", message_summary)


def notify_dialog(dice):
    return notify(dice, "dialog", "application/dialog-info+xml", dialog_info)


def notify_fragment(dice):
    return notify(dice, f"refer;id={1 + dice.below(200)}", "message/sipfrag;version=2.0",
                  lambda d, _: d.pick(["SIP/2.0 100 Trying\r\n", "SIP/2.0 200 OK\r\n", "SIP/2.0 486 Busy Here\r\n"]))


def publish(dice):
    m = Message(dice)
    m.callee = m.caller
    m.request("PUBLISH", to=m.caller.address(tagged=False))
    m.add("Event", "presence")
    m.add("Expires", "3600")
    m.some(60, "SIP-If-Match", dice.hex(10))
    m.some(40, "Authorization", digest(m, "PUBLISH", m.caller.aor()))
    return m.content("application/pidf+xml", presence(dice, m.caller))


def message(dice):
    m = Message(dice).request("MESSAGE", hops=dice.pick([1, 2]))
    m.some(40, "Date", "Sat, 21 Nov 2026 18:04:31 GMT")
    m.some(20, "Contact", f"<{m.caller.contact_uri(m.transport)}>")
    return m.content(dice.pick(["text/plain", "text/plain;charset=UTF-8", 'text/plain; charset="utf-8"']),
                     dice.pick(["Running late, start without me.", "Bin gleich da \u2014 f\u00fcnf Minuten", "ok",
                                "The build is green. I will tag the release after lunch unless somebody objects.\r\n"]))


def refer(dice):
    m = in_dialog(dice, "REFER")
    m.contact()
    third = Party(dice)
    dialog = f"{dice.hex(20)}%40{third.domain}%3Bto-tag%3D{dice.hex(8)}%3Bfrom-tag%3D{dice.hex(8)}"
    m.add("Refer-To", f"<{third.aor()}" + dice.pick([">", f"?Replaces={dialog}>"]))
    m.add("Referred-By", f"<{m.caller.aor()}>")
    m.some(30, "Refer-Sub", "false")
    m.some(30, "Target-Dialog", f"{dice.hex(16)};local-tag={dice.hex(8)};remote-tag={dice.hex(8)}")
    return m


def prack(dice):
    m = in_dialog(dice, "PRACK")
    m.add("RAck", f"{dice.digits(5)} {dice.digits(3)} INVITE")
    return m


def update(dice):
    m = in_dialog(dice, "UPDATE")
    m.contact()
    m.add("Session-Expires", "1800;refresher=uac")
    m.add("Min-SE", "90")
    m.add("Supported", "timer")
    return m.content("application/sdp", sdp(dice, m.caller)) if dice.chance(50) else m


def info(dice):
    m = in_dialog(dice, "INFO")
    if dice.chance(50):
        return m.content("application/dtmf-relay", f"Signal={dice.below(10)}\r\nDuration=160\r\n")
    m.add("Info-Package", "dtmf")
    m.add("Content-Disposition", "Info-Package")
    return m.content("application/dtmf", f"{dice.below(10)}")


# name, function, how many of the mix's 384 messages
KINDS = [
    ("register", register, 18), ("register-digest", register_digest, 22), ("register-200", register_ok, 14),
    ("invite", invite, 40), ("invite-digest", invite_digest, 18), ("invite-proxied", invite_proxied, 27),
    ("invite-ims", invite_ims, 32), ("invite-signed", invite_signed, 10), ("100", trying, 19), ("180", ringing, 16),
    ("183", progress, 12), ("invite-200", invite_ok, 30), ("200", other_ok, 12), ("401", unauthorized, 11),
    ("407", proxy_authentication, 7), ("failure", failure, 12), ("ack", ack, 10), ("bye", bye, 10),
    ("cancel", cancel, 4),
    ("options", options, 9), ("subscribe", subscribe, 7), ("notify-summary", notify_summary, 5),
    ("notify-dialog", notify_dialog, 6), ("notify-sipfrag", notify_fragment, 4), ("publish", publish, 5),
    ("message", message, 7), ("refer", refer, 4), ("prack", prack, 3), ("update", update, 5), ("info", info, 5),
]
