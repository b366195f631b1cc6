"""Members of the header fields beyond RFC 3261, N to Z: what sipwire field says of values that use all that their rules have."""

import unittest

import command
import json


class FieldsTest(command.CommandTest):
    def values(self, field, text):
        """The values without what is absent, without their parameters, and with URIs as text."""
        found = json.loads(self.assert_runs("field", field, text))
        for value in found:
            if "uri" in value:
                value["uri"] = value["uri"]["raw"]
            value.pop("params", None)
        return [{name: member for name, member in value.items() if member is not None} for value in found]

    def assert_reads(self, field, text, *expected):
        self.assertEqual(self.values(field, text), list(expected))

    def assert_refused(self, field, text, offset, code="E_SYNTAX"):
        result = command.run("field", field, text)
        self.assertEqual((result.returncode, result.stdout), (1, b""), text)
        self.assertIn(f"at offset {offset} [{code}]", result.stderr.decode(), text)

    def test_reason_has_cause_text_and_location(self):
        self.assert_reads("Reason", 'Q.850;cause=16;text="a \\"b\\"";location=rln, SIP;cause=200',
                          {"protocol": "Q.850", "cause": 16, "text": 'a "b"', "location": "rln"}, {"protocol": "SIP", "cause": 200})
        self.assert_refused("Reason", "Q.850;cause=x", 12)
        self.assert_refused("Reason", "Q.850;location=LOC-7", 19)
        self.assert_refused("Reason", "Q.850;text=bare", 11)

    def test_reason_cause_out_of_range_is_refused(self):
        self.assert_refused("Reason", "SIP;cause=2147483648", 10, "E_RANGE")

    def test_refer_to_bare_uri_ends_at_the_semicolon(self):
        self.assert_reads("Refer-To", "sip:a@b;method=INVITE", {"uri": "sip:a@b"})
        self.assert_refused("Refer-To", "sip:a@b?Replaces=c", 7)

    def test_referred_by_cid_is_a_message_id(self):
        self.assert_reads("b", '"A" <sip:a@b>;cid="1.2@[::1]"', {"display_name": "A", "uri": "sip:a@b", "cid": "1.2@[::1]"})
        self.assert_refused("Referred-By", '<sip:a@b>;cid="12"', 17)
        self.assert_refused("Referred-By", "<sip:a@b>;cid=a@b", 14)

    def test_refer_sub_is_true_or_false(self):
        self.assert_reads("Refer-Sub", "TRUE;x=y", {"refer_sub_value": True})
        self.assert_reads("Refer-Sub", "false", {"refer_sub_value": False})
        self.assert_refused("Refer-Sub", "no", 0)

    def test_refer_events_at_is_a_sip_or_sips_uri_in_brackets(self):
        self.assert_reads("Refer-Events-At", "<sip:a@b?c=d>;e", {"uri": "sip:a@b?c=d"})
        self.assert_refused("Refer-Events-At", "<tel:+1>", 1)

    def test_privacy_is_parted_by_commas_and_semicolons(self):
        values = [{"priv_value": name} for name in ("id", "header", "user", "critical")]
        self.assert_reads("Privacy", "id;header , user ;\r\n critical", *values)
        for text, offset in (("id;", 3), ("id,;header", 3), (";id", 0), ("id header", 3)):
            self.assert_refused("Privacy", text, offset)

    def test_asserted_identity_bare_uri_has_no_parameters(self):
        for field in ("P-Asserted-Identity", "P-Preferred-Identity"):
            self.assert_reads(field, "sip:a@b, <tel:+1;ext=2>", {"uri": "sip:a@b"}, {"uri": "tel:+1;ext=2"})
            self.assert_refused(field, "sip:a@b;user=phone", 7)

    def test_route_sets_need_brackets(self):
        for field in ("Path", "Service-Route", "P-Called-Party-ID", "P-Associated-URI"):
            self.assert_reads(field, '"A" <sip:a@b;lr>;c=d', {"display_name": "A", "uri": "sip:a@b;lr"})
            self.assert_refused(field, "sip:a@b", 3)

    def test_associated_uri_may_be_empty_but_not_begin_with_a_comma(self):
        self.assert_reads("P-Associated-URI", "")
        self.assert_refused("P-Associated-URI", ",<sip:a@b>", 0)

    def test_visited_network_is_a_token_or_quoted(self):
        self.assert_reads("P-Visited-Network-ID", 'a.net;x=y, "b \\" c"', {"vnetwork": "a.net"}, {"vnetwork": 'b " c'})

    def test_access_network_info_has_each_access_info(self):
        names = ("cgi-3gpp", "utran-cell-id-3gpp", "dsl-location", "i-wlan-node-id", "ci-3gpp2", "eth-location", "ci-3gpp2-femto",
                 "fiber-location", "gstn-location", "local-time-zone", "dvb-rcs2-node-id", "operator-specific-GI", "utran-sai-3gpp")
        text = "3GPP-E-UTRAN-FDD;network-provided" + "".join(f';{name}="{number}"' for number, name in enumerate(names))
        members = {name.lower().replace("-", "_"): str(number) for number, name in enumerate(names)}
        self.assert_reads("P-Access-Network-Info", text + ", XGPON1", {"access_type": "3GPP-E-UTRAN-FDD", **members},
                          {"access_type": "XGPON1"})
        self.assert_refused("P-Access-Network-Info", "GSTN;local-time-zone=1", 21)

    def test_charging_vector_begins_with_its_icid(self):
        self.assert_reads("P-Charging-Vector", 'icid-value = "a b";icid-generated-at=[::1];orig-ioi=c;term-ioi="d";'
                          'transit-ioi="e.1, void";related-icid=f;related-icid-generated-at=g.h',
                          {"icid_value": "a b", "icid_generated_at": "::1", "orig_ioi": "c", "term_ioi": "d",
                           "transit_ioi": "e.1, void", "related_icid": "f", "related_icid_generated_at": "g.h"})
        self.assert_refused("P-Charging-Vector", "orig-ioi=a;icid-value=b", 0)
        self.assert_refused("P-Charging-Vector", 'icid-value=a;transit-ioi="b"', 27)

    def test_charging_addresses_are_parameters_only(self):
        self.assert_reads("P-Charging-Function-Addresses", "ccf=a;ecf=[::1], ccf-2=\"b\";ecf-2=c;x",
                          {"ccf": "a", "ecf": "[::1]"}, {"ccf_2": "b", "ecf_2": "c"})
        self.assert_refused("P-Charging-Function-Addresses", "ccf=a;ccf=b", 6, "E_DUPLICATE_PARAM")

    def test_security_has_digest_and_ipsec_parameters(self):
        ver = "0123456789abcdef" * 2
        for field in ("Security-Client", "Security-Server", "Security-Verify"):
            self.assert_reads(field, f'digest;q=0.5;d-alg=MD5;d-qop=auth;d-ver="{ver}"',
                              {"mechanism_name": "digest", "q": 0.5, "d_alg": "MD5", "d_qop": "auth", "d_ver": ver})
        self.assert_reads("Security-Client", "ipsec-3gpp;alg=hmac-sha-1-96;prot=esp;mod=trans;ealg=aes-cbc;spi=4294967295;"
                          "port1=5060;port2=65535;spi-c=1",
                          {"mechanism_name": "ipsec-3gpp", "alg": "hmac-sha-1-96", "prot": "esp", "mod": "trans",
                           "ealg": "aes-cbc", "spi": 4294967295, "port1": 5060, "port2": 65535})
        self.assert_refused("Security-Client", "ipsec-3gpp;spi=4294967296", 15, "E_RANGE")
        self.assert_refused("Security-Client", "ipsec-3gpp;port1=65536", 17, "E_RANGE")
        self.assert_refused("Security-Client", f'digest;d-ver="{ver.upper()}"', 24)

    def test_user_to_user_has_its_package(self):
        self.assert_reads("User-to-User", '"a, b";purpose=c;content=d;encoding=hex, e',
                          {"uui_data": "a, b", "purpose": "c", "content": "d", "encoding": "hex"}, {"uui_data": "e"})

    def test_early_media_may_be_empty(self):
        self.assert_reads("P-Early-Media", "sendrecv, gated", {"em_param": "sendrecv"}, {"em_param": "gated"})
        self.assert_reads("P-Early-Media", "")

    def test_served_user_has_session_case_and_registration_state(self):
        self.assert_reads("P-Served-User", "sip:a@b;sescase=orig;regstate=unreg",
                          {"uri": "sip:a@b", "sescase": "orig", "regstate": "unreg"})
        self.assert_refused("P-Served-User", "<sip:a@b>;sescase=orig-cdiv", 22)

    def test_user_database_is_taken_apart(self):
        self.assert_reads("P-User-Database", "<aaas://a.b:6666;transport=sctp;protocol=tacacs+>;x",
                          {"aaa_scheme": "aaas", "fqdn": "a.b", "port": 6666, "transport_protocol": "sctp",
                           "aaa_protocol": "tacacs+"})
        self.assert_refused("P-User-Database", "<aaa://a.b:65536>", 11, "E_RANGE")
        self.assert_refused("P-User-Database", "<aaa://a.b;protocol=radius;transport=udp>", 26)

    def test_service_is_told_without_its_urn_prefix(self):
        for field in ("P-Asserted-Service", "P-Preferred-Service"):
            self.assert_reads(field, "urn:urn-7:a.b-1, URN:urn-7:c", {"urn_service_id": "a.b-1"}, {"urn_service_id": "c"})
            self.assert_refused(field, "urn:urn-7:" + "a" * 28, 37)

    def test_private_network_is_a_host_name(self):
        self.assert_reads("P-Private-Network-Indication", "a.example;x", {"pni_value": "a.example"})
        self.assert_refused("P-Private-Network-Indication", "192.0.2.1", 9)

    def test_profile_key_and_charge_info_and_permission_missing_are_addresses(self):
        for field in ("P-Profile-Key", "P-Charge-Info", "Permission-Missing"):
            self.assert_reads(field, '"A" <sip:a@b;c>', {"display_name": "A", "uri": "sip:a@b;c"})
        self.assert_refused("P-Charge-Info", "<sip:a@b>;npi=ISDN", 9)

    def test_refused_uri_names_its_members(self):
        self.assert_reads("P-Refused-URI-List", 'sip:a@b;members="cid:c@d", <sip:e>', {"uri": "sip:a@b", "members": "cid:c@d"},
                          {"uri": "sip:e"})

    def test_media_authorization_is_hexadecimal(self):
        self.assert_reads("P-Media-Authorization", "0aF, 1", {"p_media_authorization_token": "0aF"},
                          {"p_media_authorization_token": "1"})
        self.assert_refused("P-Media-Authorization", "0g", 1)

    def test_trigger_consent_bare_uri_ends_at_semicolon_and_comma(self):
        self.assert_reads("Trigger-Consent", 'sip:a@b;target-uri="sip:c", sips:d', {"uri": "sip:a@b", "target_uri": "sip:c"},
                          {"uri": "sips:d"})
        self.assert_refused("Trigger-Consent", "sip:a@b?c=d", 7)
        self.assert_refused("Trigger-Consent", "tel:+1", 0)

    def test_policy_id_bare_uri_ends_at_semicolon_and_comma(self):
        self.assert_reads("Policy-ID", "sip:a@b;token=c;x=y, http://d/e", {"uri": "sip:a@b", "token": "c"}, {"uri": "http://d/e"})
        self.assert_refused("Policy-ID", 'sip:a@b;token="c"', 14)

    def test_policy_contact_has_an_alternative_host(self):
        self.assert_reads("Policy-Contact", "<sip:a@b;c?d=e>;non-cacheable;alt-uri=f.g, <http://h>",
                          {"uri": "sip:a@b;c?d=e", "alt_uri": "f.g"}, {"uri": "http://h"})
        self.assert_refused("Policy-Contact", "<sip:a>;alt-uri=1.2.3.4", 23)

    def test_dcs_trace_party_and_osps(self):
        self.assert_reads("P-DCS-Trace-Party-ID", "<sip:a@b>;x;timestamp=1.5", {"uri": "sip:a@b", "timestamp": "1.5"})
        self.assert_refused("P-DCS-Trace-Party-ID", "<sip:a@b>;timestamp=now", 20)
        self.assert_reads("P-DCS-OSPS", "BLV", {"osps_tag": "BLV"})

    def test_dcs_billing_info_has_each_uri(self):
        uris = {name: f"sip:{name}@a;b" for name in ("charge", "calling", "called", "routing", "locroute")}
        self.assert_reads("P-DCS-Billing-Info", "0A/1f@[::1];rksgroup=g;jip=\"12;jip-context=+1-2\""
                          + "".join(f';{name}="{uri}"' for name, uri in uris.items()),
                          {"billing_correlation_id": "0A", "financial_entity": "1f", "host": "::1", "host_type": "ipv6",
                           "rksgroup": "g", "jip": "12;jip-context=+1-2", **uris})
        self.assert_refused("P-DCS-Billing-Info", "0/1@a;charge=sip:b@c", 13)
        self.assert_refused("P-DCS-Billing-Info", '0/1@a;charge="sip:b@"', 20)
        self.assert_refused("P-DCS-Billing-Info", "0" * 49 + "/1@a", 48)

    def test_dcs_laes_has_both_addresses(self):
        self.assert_reads("P-DCS-LAES", "a.b:5060;content=[::1]:7;cccid=fF;bcid=0123456789",
                          {"host": "a.b", "host_type": "name", "port": 5060, "content": "[::1]:7", "cccid": "fF",
                           "bcid": "0123456789"})
        self.assert_refused("P-DCS-LAES", "a;cccid=123456789", 16)

    def test_dcs_redirect_has_uris_in_quotes(self):
        value = json.loads(self.assert_runs("field", "P-DCS-Redirect", '"sip:a@b;c" ;redirector-uri="tel:+1";count=3'))[0]
        self.assertEqual((value["called_id"]["raw"], value["redirector_uri"], value["count"]), ("sip:a@b;c", "tel:+1", 3))

    def test_diversion_has_each_parameter(self):
        self.assert_reads("Diversion", '"A" <sip:a@b>;reason=user-busy;counter=12;limit=0;privacy="full";screen=yes;x="y", <tel:+1>',
                          {"display_name": "A", "uri": "sip:a@b", "reason": "user-busy", "counter": 12, "limit": 0,
                           "privacy": "full", "screen": "yes"}, {"uri": "tel:+1"})
        self.assert_refused("Diversion", "<sip:a@b>;counter=100", 20)

    def test_remote_party_id_has_each_parameter(self):
        self.assert_reads("Remote-Party-ID", 'A <sip:a@b>;party=calling;screen=yes;id-type=subscriber;privacy="full-network,name"'
                          ";-x=y, <sip:c>", {"display_name": "A", "uri": "sip:a@b", "party": "calling", "screen": "yes",
                                             "id_type": "subscriber", "privacy": "full-network,name"}, {"uri": "sip:c"})
        self.assert_refused("Remote-Party-ID", "<sip:a@b>;screen=maybe", 17)


if __name__ == "__main__":
    unittest.main()
