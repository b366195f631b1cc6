"""sipwire json: what is in a message."""

import json
import unittest

import command
from command import REQUEST, replaced, with_line


class JsonTest(command.CommandTest):
    def test_request_has_the_promised_members(self):
        message = self.json_of(REQUEST)
        self.assertEqual(list(message), ["kind", "method", "request_uri", "version", "headers", "body", "deviations", "error"])
        self.assertEqual((message["kind"], message["method"], message["version"]), ("request", "OPTIONS", "SIP/2.0"))
        self.assertEqual(message["request_uri"]["host"], "chicago.example")
        self.assertEqual(message["body"], {"offset": len(REQUEST), "length": 0})
        self.assertEqual((message["deviations"], message["error"]), ([], None))

    def test_response_has_status_and_reason(self):
        message = self.json_of(REQUEST.replace(REQUEST.split(b"\r\n")[0], "SIP/2.0 486 Être occupé".encode()))
        self.assertEqual((message["kind"], message["status"], message["reason"]), ("response", 486, "Être occupé"))
        self.assertNotIn("method", message)
        self.assertNotIn("octets", message)

    def test_compact_name_keeps_both_names_and_offset(self):
        message = replaced(b"Via:", b"v :")
        header = self.header(message, "Via")
        self.assertEqual((header["name"], header["offset"]), ("v", message.index(b"v :")))

    def test_unknown_field_is_kept(self):
        header = self.json_of(with_line(b"X-New: a\r\n\t b"))["headers"][-2]
        self.assertEqual((header["name"], header["field"], header["value"]), ("X-New", None, "a b"))
        self.assertEqual((header["parsed"], header["error"]), (None, None))

    def test_via_by_its_members(self):
        line = b"v: SIP / 2.0 / TLS [2001:db8::1]:5061;branch=z9hG4bKx;rport;received=192.0.2.9;ttl=3;maddr=m.example"
        via = self.header(REQUEST.replace(REQUEST.split(b"\r\n")[1], line), "Via")["parsed"]
        self.assertEqual(via, [{
            "protocol": "SIP", "version": "2.0", "transport": "TLS", "host": "2001:db8::1", "host_type": "ipv6", "port": 5061,
            "branch": "z9hG4bKx", "received": "192.0.2.9", "rport": None, "ttl": 3, "maddr": "m.example",
            "params": [["branch", "z9hG4bKx"], ["rport", None], ["received", "192.0.2.9"], ["ttl", "3"],
                       ["maddr", "m.example"]]}])

    def test_address_by_its_members(self):
        line = b'm: "A \\"b\\"\r\n c" <sip:a:@b:5;lr;x=%41?Subject=x%20y&p=>;q=0.75;expires=60;y="";z, <x:y>'
        parsed = self.header(with_line(line), "Contact")["parsed"]
        self.assertEqual(parsed[0]["display_name"], 'A "b" c')
        self.assertEqual(parsed[0]["uri"], {
            "raw": "sip:a:@b:5;lr;x=%41?Subject=x%20y&p=", "scheme": "sip", "user": "a", "password": "", "host": "b",
            "host_type": "name", "port": 5, "params": [["lr", None], ["x", "%41"]],
            "headers": [["Subject", "x%20y"], ["p", ""]]})
        self.assertEqual((parsed[0]["q"], parsed[0]["expires"], parsed[0]["tag"]), (0.75, 60, None))
        self.assertEqual(parsed[0]["params"], [["q", "0.75"], ["expires", "60"], ["y", ""], ["z", None]])
        self.assertEqual((parsed[1]["display_name"], parsed[1]["uri"]), (None, {"raw": "x:y", "scheme": "x"}))

    def test_contact_star(self):
        self.assertEqual(self.header(with_line(b"Contact: *"), "Contact")["parsed"], [{"star": True}])

    def test_other_fields_by_the_names_of_their_rules(self):
        self.assertEqual(self.header(REQUEST, "CSeq")["parsed"], [{"number": 63104, "method": "OPTIONS"}])
        self.assertEqual(self.header(with_line(b"Expires: 7"), "Expires")["parsed"], [{"delta_seconds": 7}])
        self.assertEqual(self.header(with_line(b"k: a , b"), "Supported")["parsed"], [{"option_tag": "a"}, {"option_tag": "b"}])
        self.assertEqual(self.header(with_line(b"Allow: ACK"), "Allow")["parsed"], [{"method": "ACK"}])
        self.assertEqual(self.header(with_line(b"Allow:"), "Allow")["parsed"], [])

    def test_value_octets_that_are_not_utf8_are_replaced(self):
        for octets in (b"\xfd", b"a\xe2\x82b", b"\xf0\x9f\x98", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5\x80", b"\xe9\r\n \xe9",
                       b"\xf4\x90\x80\x80", b"\x80\xc3", b"\xe0\x80\xaf"):
            header = self.json_of(with_line(b"X-Text: " + octets))["headers"][-2]
            text = octets.replace(b"\r\n ", b" ")
            self.assertEqual(header["value"], text.decode("utf-8", "replace"))
            self.assertEqual(header["octets"], text.hex())

    def test_valid_utf8_has_no_octets(self):
        header = self.json_of(with_line("X-Text: aé€😀\U0010FFFF".encode()))["headers"][-2]
        self.assertEqual(header["value"], "aé€😀\U0010FFFF")
        self.assertNotIn("octets", header)

    def test_parsed_octets_that_are_not_utf8_stand_beside_the_value(self):
        header = self.header(with_line(b'Contact:  "\xc0\x80" <sip:a> , <sip:b>'), "Contact")
        self.assertEqual(header["parsed"][0]["display_name"], "\ufffd\ufffd")
        self.assertEqual(bytes.fromhex(header["parsed"][0]["octets"]), b'"\xc0\x80" <sip:a>')
        self.assertNotIn("octets", header["parsed"][1])

    def test_reason_octets_that_are_not_utf8_stand_in_the_message(self):
        message = self.json_of(REQUEST.replace(REQUEST.split(b"\r\n")[0], b"SIP/2.0 200 \xc0\x80"))
        self.assertEqual((message["reason"], message["octets"]), ("\ufffd\ufffd", "c080"))

    def test_nul_survives(self):
        header = self.header(with_line(b'Contact: "a\\\0b" <sip:a>'), "Contact")
        self.assertEqual(header["parsed"][0]["display_name"], "a\0b")
        self.assertEqual(header["value"], '"a\\\0b" <sip:a>')

    def test_malformed_field_spoils_only_itself(self):
        message = self.json_of(replaced(b"63104", b"x"), status=1)
        cseq = next(h for h in message["headers"] if h["field"] == "CSeq")
        self.assertIsNone(message["error"])
        self.assertIsNone(cseq["parsed"])
        self.assertEqual(cseq["error"], {"code": "E_SYNTAX", "offset": REQUEST.index(b"63104"), "line": 7, "column": 7,
                                         "field": "CSeq", "rule": "CSeq", "rfc": "RFC 3261 section 25.1"})
        self.assertEqual([h["field"] for h in message["headers"] if h["error"]], ["CSeq"])

    def test_repeated_field_is_an_error_at_the_repetition(self):
        message = self.json_of(with_line(b"t: <sip:x@y>"), status=1)
        first, second = (h for h in message["headers"] if h["field"] == "To")
        self.assertIsNone(first["error"])
        self.assertEqual((second["error"]["code"], second["error"]["offset"]), ("E_DUPLICATE", second["offset"]))
        self.assertIsNone(second["parsed"])

    def test_malformed_line_leaves_the_others(self):
        message = self.json_of(with_line(b"no colon"), status=1)
        self.assertEqual(message["error"]["code"], "E_NAME")
        self.assertEqual(len(message["headers"]), 7)
        self.assertEqual(message["body"]["length"], 0)

    def test_malformed_start_line_leaves_the_headers(self):
        message = self.json_of(replaced(b"OPTIONS ", b"OPTIONS  "), status=1)
        self.assertEqual((message["kind"], message["version"], message["error"]["code"]), (None, None, "E_START_LINE"))
        self.assertEqual((message["error"]["line"], message["error"]["column"]), (1, 9))
        self.assertEqual(len(message["headers"]), 7)

    def test_malformed_request_uri_is_the_error_of_the_message(self):
        message = self.json_of(replaced(b"sip:carol@chicago.example ", b"sip:[::x] "), status=1)
        self.assertIsNone(message["request_uri"])
        self.assertEqual((message["error"]["code"], message["error"]["offset"]), ("E_SYNTAX", 15))

    def test_more_rows_than_usual_are_all_there(self):
        for count in (60, 64, 65, 300, 4000):
            message = self.json_of(with_line(b"\r\n".join(b"X-%d: y" % i for i in range(count))))
            self.assertEqual(len(message["headers"]), count + 7)

    def test_more_rows_than_usual_behind_an_error_are_all_there(self):
        message = self.json_of(with_line(b"bad\r\n" + b"\r\n".join(b"X-%d: y" % i for i in range(300))), status=1)
        self.assertEqual(len(message["headers"]), 307)

    def test_stream_has_an_object_for_each_message(self):
        body = replaced(b"Length: 0\r\n\r\n", b"Length: 4\r\n\r\nbody")
        out = self.assert_runs("json", "--stream", "-", stdin=b"\r\n\r\n" + body + REQUEST + b"\r\n").splitlines()
        self.assertEqual([json.loads(o)["body"]["length"] for o in out], [4, 0])
        self.assertEqual(json.loads(out[1])["headers"][0]["offset"], REQUEST.index(b"Via"))

    def test_stream_that_cannot_be_framed_ends_with_an_error(self):
        for rest, code in ((REQUEST[:-1], "E_HEAD_UNENDED"), (replaced(b"Length: 0", b"Length: 9"), "E_BODY_SHORT"),
                           (replaced(b"Content-Length: 0\r\n", b""), "E_CONTENT_LENGTH_MISSING"), (b"junk", "E_HEAD_UNENDED"),
                           (with_line(b"bad line"), "E_NAME")):
            out = self.assert_runs("json", "--stream", "-", stdin=REQUEST + rest, status=1).splitlines()
            self.assertEqual(len(out), 2)
            self.assertEqual(json.loads(out[1])["error"]["code"], code)

    def test_stream_of_nothing_is_fine(self):
        self.assertEqual(self.assert_runs("json", "--stream", "-", stdin=b""), b"")
        self.assertEqual(self.assert_runs("json", "--stream", "-", stdin=b"\r\n\r\n"), b"")

    def test_conformance_messages_have_their_errors(self):
        for row in command.verdicts():
            result = command.run("json", command.DATA / row["file"])
            message = json.loads(result.stdout)
            errors = [message["error"]] + [h["error"] for h in message["headers"]]
            first = next(((e["code"], str(e["offset"])) for e in errors if e), ("ok", "-"))
            self.assertEqual(result.returncode, 0 if first[0] == "ok" else 1, row["file"])
            self.assertEqual(first[0], row["strict"], row["file"])
            if first[0] != "E_RANGE":
                self.assertEqual(first[1], row["offset"], row["file"])


if __name__ == "__main__":
    unittest.main()
