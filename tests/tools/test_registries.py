"""The tables of names beside the registries of IANA: nothing that is registered is missing, nothing else passes for registered."""

import unittest

from names import read_table
from scratch import ROOT


def registry(name, *columns):
    return [row for _, row in read_table(ROOT / "tests/data/iana" / f"{name}.tsv", columns)]


def table(name, *columns):
    return [row for _, row in read_table(ROOT / "grammar" / f"{name}.tsv", columns)]


class HeaderFieldsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.registered = {row["name"]: row for row in registry("header-fields", "name", "compact", "reference", "note")}
        cls.rows = {row["name"]: row for row in table("headers", "name", "compact", "rule", "shape", "rfc", "standing")}

    def test_every_registered_name_has_a_row_with_its_compact_form(self):
        self.assertEqual(len(self.registered), 134)
        for name, entry in self.registered.items():
            self.assertIn(name, self.rows)
            self.assertEqual(self.rows[name]["compact"], entry["compact"], name)

    def test_every_row_is_typed(self):
        self.assertEqual([name for name, row in self.rows.items() if not row["rule"] or not row["shape"]], [])

    def test_standing_is_what_the_registry_says(self):
        for name, row in self.rows.items():
            note = self.registered[name]["note"].lower() if name in self.registered else ""
            standing = "unregistered" if name not in self.registered else "deprecated" if note.startswith("deprecated") else \
                "reserved" if note.startswith("reserved") else ""
            self.assertEqual(row["standing"], standing, name)

    def test_only_fields_without_a_grammar_in_force_are_read_as_extension_headers(self):
        for name, entry in self.registered.items():
            row = self.rows[name]
            without = entry["reference"].startswith("3GPP") or row["rfc"] == "2543" or row["standing"] == "reserved"
            self.assertEqual(row["shape"] == "header-value", without, name)

    def test_definition_is_one_that_the_registry_names(self):
        # RFC 2543 and RFC 4474 define what their successors deprecated
        for name, entry in self.registered.items():
            row = self.rows[name]
            if row["standing"] != "deprecated":
                self.assertIn(row["rfc"].replace("-", " ") if row["rfc"].startswith("3GPP") else f"RFC{row['rfc']}",
                              entry["reference"], name)


class NamesTest(unittest.TestCase):
    def assert_same_names(self, file, column, name="name", source=None, fold=str.lower):
        registered = {fold(row[column]) for row in registry(file, column)}
        rows = {fold(row[name]) for row in table(source or file.replace("-", "_"), name)}
        self.assertGreater(len(registered), 0)
        self.assertEqual(rows, registered)

    def test_option_tags_are_those_registered(self):
        self.assert_same_names("option-tags", "option_tag")

    def test_event_packages_are_those_registered(self):
        self.assert_same_names("event-packages", "package", fold=str)

    def test_reason_protocols_are_those_registered(self):
        self.assert_same_names("reason-protocols", "protocol")

    def test_privacy_values_are_those_registered(self):
        self.assert_same_names("priv-values", "value")

    def test_warn_codes_are_those_registered(self):
        self.assert_same_names("warn-codes", "warn_code", "code")

    def test_methods_are_those_registered(self):
        self.assert_same_names("methods", "method", fold=str)

    def test_transports_are_those_registered(self):
        self.assert_same_names("sip-transports", "transport", source="transports")

    def test_status_codes_are_those_registered(self):
        self.assert_same_names("response-codes", "code", "code", "statuses")

    def test_every_registered_parameter_has_an_id(self):
        ids = {row["name"].lower() for row in table("params", "name")}
        patterns = {"fcap-name (any +fcap-name of RFC 6809)", "key (OBSOLETED)", "param[n]"}  # no names
        for file in ("header-parameters", "uri-parameters", "tel-uri-parameters"):
            for row in registry(file, "parameter"):
                if row["parameter"] and row["parameter"] not in patterns:
                    self.assertIn(row["parameter"].lower(), ids, file)


if __name__ == "__main__":
    unittest.main()
