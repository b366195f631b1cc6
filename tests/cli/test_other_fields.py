"""Header fields whose grammar is not public or not in force, and unregistered ones."""

import json
import unittest

import command


class OtherFieldsTest(command.CommandTest):
    def values(self, field, text):
        return json.loads(self.assert_runs("field", field, text))

    def test_field_without_public_grammar_is_read_whole(self):
        for field in ("dc-info", "ADDITIONAL-IDENTITY", "Service-Interact-Info", "Encryption", "Hide", "Response-Key",
                      "Reason-Phrase"):
            for text in ('<sip:a@b>;x="y, z" ,, ;', '"', "*", "\u00e9\r\n z"):
                self.assertEqual(self.values(field, text), [{"header_value": text.replace("\r\n", "")}], field)

    def test_field_without_public_grammar_may_be_empty(self):
        self.assertEqual(self.values("Restoration-Info", ""), [{"header_value": ""}])

    def test_field_without_public_grammar_holds_no_controls(self):
        for octet, offset in ((b"\x01", 1), (b"\x7f", 1), (b"\xff", 1), (b"\r", 2)):
            result = command.run("field", "Response-Source", b"a" + octet)
            self.assertEqual((result.returncode, result.stdout), (1, b""), octet)
            self.assertIn(f"at offset {offset} [E_SYNTAX]", result.stderr.decode(), octet)

    def test_identity_info_has_its_uri_and_algorithm(self):
        value = self.values("Identity-Info", "<https://atlanta.example.com/atlanta.cer>;alg=rsa-sha1")[0]
        self.assertEqual((value["ident_info"]["raw"], value["alg"]), ("https://atlanta.example.com/atlanta.cer", "rsa-sha1"))

    def test_identity_info_lost_its_compact_form(self):
        self.assertEqual(command.run("field", "n", "<https://a/b>").returncode, 2)

    def test_proxy_authentication_info_is_read_as_authentication_info(self):
        text = 'nextnonce="47364c23432d2e131a5fb210812c",qop=auth,nc=00000001'
        self.assertEqual(self.values("Proxy-Authentication-Info", text), self.values("Authentication-Info", text))

    def test_content_transfer_encoding_is_a_token(self):
        self.assertEqual(self.values("content-transfer-encoding", "BASE64"), [{"mechanism": "BASE64"}])

    def test_error_in_a_field_of_no_rfc_says_so(self):
        refused = command.run("field", "Remote-Party-ID", b"<sip:h>;screen=x")
        self.assertIn("at offset 15 [E_SYNTAX] (no RFC)", refused.stderr.decode())

    def test_bearer_credentials_hold_a_token_and_no_parameters(self):
        for field in ("Authorization", "Proxy-Authorization"):
            for token in ("eyJhbGciOiJ.eyJpc3M-._~+/x.c2ln", "abc==", "a"):
                value = self.values(field, "bearer " + token)[0]
                self.assertEqual((value["auth_scheme"], value["token"], value["params"]), ("bearer", token, []))
            self.assertIn("at offset 8 [E_SYNTAX]", command.run("field", field, b"Bearer ").stderr.decode() +
                          command.run("field", field, b"Bearer  =x").stderr.decode())
        self.assertEqual(self.values("Authorization", "Basic a=b")[0]["params"], [["a", "b"]])


if __name__ == "__main__":
    unittest.main()
