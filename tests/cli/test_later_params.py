"""Parameters that RFCs after RFC 3261 added to its fields and URIs: each is read by its own rule, whatever a generic one may be."""

import json
import unittest

import command


class LaterParamsTest(command.CommandTest):
    def assert_reads(self, field, text, *expected):
        value = json.loads(self.assert_runs("field", field, text))[0]
        self.assertEqual(value["params"], [list(pair) for pair in expected])

    def assert_refused(self, field, text, offset, code="E_SYNTAX"):
        words = ("uri", text) if field == "uri" else ("field", field, text)
        result = command.run(*words)
        self.assertEqual((result.returncode, result.stdout), (1, b""), text)
        self.assertIn(f"at offset {offset} [{code}]", result.stderr.decode(), text)

    def assert_uri_reads(self, text, *expected):
        self.assertEqual(json.loads(self.assert_runs("uri", text))["params"], [list(pair) for pair in expected])

    def test_via_params(self):
        via = "SIP/2.0/TLS-SCTP h;"
        self.assert_reads("Via", via + "comp=sigcomp;sigcomp-id=\"<urn:uuid:1>\";alias;keep;keep2",
                          ("comp", "sigcomp"), ("sigcomp-id", "<urn:uuid:1>"), ("alias", None), ("keep", None), ("keep2", None))
        self.assert_reads("v", via + 'oc=20;oc-algo="loss,A";oc-validity=500;oc-seq=1282321615.782;keep=30',
                          ("oc", "20"), ("oc-algo", "loss,A"), ("oc-validity", "500"), ("oc-seq", "1282321615.782"), ("keep", "30"))
        self.assert_reads("v", via + 'received-realm="op:ey_J0..d-B"', ("received-realm", "op:ey_J0..d-B"))
        for param, offset in (("keep=x", 5), ("oc=-1", 3), ("oc-seq=1", 8), ("oc-algo=loss", 8), ('oc-algo=""', 9),
                              ("sigcomp-id=x", 11), ('received-realm="op:a.b"', 21)):
            self.assert_refused("Via", via + param, len(via) + offset)
        self.assert_refused("Via", via + "alias;ALIAS", len(via) + 6, "E_DUPLICATE_PARAM")

    def test_contact_params(self):
        self.assert_reads("Contact", '<sip:a@b>;+sip.instance="<urn:uuid:0-1>";reg-id=1;pub-gruu="sip:a@b;gr=x";rc=1.2;np=1',
                          ("+sip.instance", "<urn:uuid:0-1>"), ("reg-id", "1"), ("pub-gruu", "sip:a@b;gr=x"), ("rc", "1.2"),
                          ("np", "1"))
        for param, offset in ("reg-id=a", 7), ("+sip.instance=x", 14), ('+sip.instance="urn:x"', 15), ("temp-gruu=x", 10), \
                ("mp=01", 4):
            self.assert_refused("m", "<sip:a>;" + param, 8 + offset)

    def test_contact_feature_tags(self):
        self.assert_reads("Contact", '<sip:a>;audio;methods="INVITE,!BYE";description="<a \\"b\\">";priority="#>=5"'
                          ';+org.example="TRUE";class="personal"',
                          ("audio", None), ("methods", "INVITE,!BYE"), ("description", '<a "b">'), ("priority", "#>=5"),
                          ("+org.example", "TRUE"), ("class", "personal"))
        for param, offset in ("methods=INVITE", 8), ('audio=""', 7), ('schemes="a,,b"', 11), ('description="<a"', 15):
            self.assert_refused("Contact", "<sip:a>;" + param, 8 + offset)

    def test_alert_info_appearance_is_a_number(self):
        self.assert_reads("Alert-Info", "<urn:alert:x>;appearance=0", ("appearance", "0"))
        self.assert_refused("Alert-Info", "<urn:alert:x>;appearance=a", 25)

    def test_event_params(self):
        self.assert_reads("Event", 'dialog;call-id="12;\\"@[x"; from-tag=1;include-session-description',
                          ("call-id", '12;"@[x'), ("from-tag", "1"), ("include-session-description", None))
        self.assert_reads("o", 'ua-profile;profile-type=device;vendor="v.example";model="Z100";version="1";effective-by=15',
                          ("profile-type", "device"), ("vendor", "v.example"), ("model", "Z100"), ("version", "1"),
                          ("effective-by", "15"))
        for param, offset in ("vendor=v", 7), ("body=maybe", 5), ("effective-by=x", 13), ('to-tag="x"', 7):
            self.assert_refused("Event", "x;" + param, 2 + offset)

    def test_reason_location_is_one_of_its_words(self):
        self.assert_reads("Reason", "Q.850;location=LOC-15", ("location", "LOC-15"))
        self.assert_refused("Reason", "Q.850;location=LOC-16", 20)

    def test_aka_credentials(self):
        text = 'Digest username="a",realm="b",nonce="c",uri="sip:h",response="",algorithm=AKAv1-MD5,auts="CjkyMzRfOiwg5CfkJ2UK="'
        value = json.loads(self.assert_runs("field", "Authorization", text))[0]
        self.assertEqual(value["algorithm"], "AKAv1-MD5")
        self.assertIn(["auts", "CjkyMzRfOiwg5CfkJ2UK="], value["params"])
        self.assert_refused("Authorization", 'Digest auts="a b"', 14)

    def test_bearer_challenge(self):
        text = 'Bearer realm="example.com",scope="a b",authz_server="https://as.example/",error="invalid_token"'
        value = json.loads(self.assert_runs("field", "WWW-Authenticate", text))[0]
        told = {name: value[name] for name in ("auth_scheme", "realm", "scope", "authz_server", "error", "nonce")}
        self.assertEqual(told, {"auth_scheme": "Bearer", "realm": "example.com", "scope": "a b",
                                "authz_server": "https://as.example/", "error": "invalid_token", "nonce": None})
        self.assert_refused("WWW-Authenticate", "Bearer error=x", 13)

    def test_call_info_of_the_null_data_uri(self):
        text = '<data:>;purpose=jcard;call-reason="For your ears only";verified="true"'
        value = json.loads(self.assert_runs("field", "Call-Info", text))[0]
        self.assertEqual((value["uri"], value["purpose"]), ({"raw": "data:", "scheme": "data"}, "jcard"))
        self.assertIn(["call-reason", "For your ears only"], value["params"])
        self.assert_refused("Call-Info", "<http:>;purpose=jcard", 6)

    def test_media_service_params(self):
        self.assert_uri_reads("sip:annc@h;play=http://a/b.wav;content-type=audio/x%3by%3dz;delay=0;duration=9;repeat=forever;locale=en_US",
                              ("play", "http://a/b.wav"), ("content-type", "audio/x%3by%3dz"), ("delay", "0"), ("duration", "9"),
                              ("repeat", "forever"), ("locale", "en_US"))
        self.assert_uri_reads("sip:dialog@h;voicexml=http://a/b;maxage=1;maxstale=2;method=get;postbody=a%3d1;ccxml=%7b%7d;aai=null",
                              ("voicexml", "http://a/b"), ("maxage", "1"), ("maxstale", "2"), ("method", "get"),
                              ("postbody", "a%3d1"), ("ccxml", "%7b%7d"), ("aai", "null"))
        for param, offset in ("repeat=x", 7), ("delay=1s", 7), ("duration", 8), ("maxage=-1", 7), ("voicexml", 8), ("play=a b", 6):
            self.assert_refused("uri", "sip:u@h;" + param, 8 + offset)

    def test_uri_params(self):
        self.assert_uri_reads("sip:h;comp=sigcomp;sigcomp-id=urn:x;gr;target=sip:a%40b;cause=486;iotl=homea-homeb.x;ob",
                              ("comp", "sigcomp"), ("sigcomp-id", "urn:x"), ("gr", None), ("target", "sip:a%40b"),
                              ("cause", "486"), ("iotl", "homea-homeb.x"), ("ob", None))
        self.assert_uri_reads("sip:h;pn-provider=fcm;pn-prid=x%3ay;pn-param=p;gr=urn:uuid:1;transport=ws;user=dialstring",
                              ("pn-provider", "fcm"), ("pn-prid", "x%3ay"), ("pn-param", "p"), ("gr", "urn:uuid:1"),
                              ("transport", "ws"), ("user", "dialstring"))
        for param, offset in ("cause=48", 8), ("cause=4866", 10), ("target", 6), ("pn-prid", 7), ("iotl=a.b.c", 10), ("comp", 4):
            self.assert_refused("uri", "sip:h;" + param, 6 + offset)

    def test_tel_params(self):
        self.assert_uri_reads("tel:+1201;npdi;rn=+1202;cic=+1-6789;enumdi;isub=1;isub-encoding=nsap;tgrp=TG-1;trunk-context=e.example",
                              ("npdi", None), ("rn", "+1202"), ("cic", "+1-6789"), ("enumdi", None), ("isub", "1"),
                              ("isub-encoding", "nsap"), ("tgrp", "TG-1"), ("trunk-context", "e.example"))
        self.assert_uri_reads("tel:+1;rn=555;rn-context=+1", ("rn", "555"), ("rn-context", "+1"))
        for text, offset in ("tel:+1;rn=555", 13), ("tel:+1;npdi=1", 11), ("tel:+1;rn-context=+1", 17), ("tel:+1;tgrp=", 12):
            self.assert_refused("uri", text, offset)
        self.assert_refused("uri", "tel:+1;npdi;NPDI", 12, "E_DUPLICATE_PARAM")


if __name__ == "__main__":
    unittest.main()
