#!/usr/bin/env python3
"""Write docs/headers.md: every header field of grammar/headers.tsv with what the library makes of it, and its ABNF.

usage: headers_page.py FOLDER FILE

FOLDER is grammar/; the examples are those of tests/data/rfc-examples.tsv beside it."""

import csv
import re
import sys
from pathlib import Path

from names import read_table
from project import Project
from emit import distinct

FOLD = re.compile(r"(?:\\r\\n)? +")
COLUMNS = ["name", "compact", "rule", "shape", "cardinality", "empty", "range", "rfc", "section", "standing"]
SHARED = 4          # a rule of more fields than these is quoted once, at the end
WIDEST = 116        # octets of an example that are chosen before longer ones
EVERYWHERE = 60     # and one of more fields than these not at all: the core rules
KINDS = {"str": "text as received", "text": "text, decoded by `sipwire_text_copy`", "comment": "text", "products": "products",
         "flag": "true or false", "method": "method", "qvalue": "thousandths", "decimal": "decimal", "number": "number",
         "hex": "number", "truth": "1, 0, or -1 when absent", "ordinal": "which of the words", "host": "host", "uri": "URI",
         "later-uri": "URI"}
CARDINALITY = {"one": "one value, one row", "list": "a list with commas, in any number of rows",
               "rows": "one value in each row, any number of rows"}
STANDING = {"deprecated": "deprecated", "reserved": "reserved name, no header field", "unregistered": "not registered"}
INTRO = """# Header fields

Written by `tools/headers_page.py` from `grammar/`; a test compares. Every name of the registry of SIP header fields (IANA, 2026-08-17)
is here, and at the end of the table the unregistered ones that are widely used. A field with the shape `header_value` is read as
an extension-header (RFC 3261 section 25.1), its text whole: its own grammar is not public (3GPP TS 24.229 clause 7.2) or no
longer in force (RFC 2543).

"Members" are those of `sipwire_SHAPE`; every value also has its place in the message (`at`). Parameters in the table of a field
have a rule of their own; all others are generic, and all are reached by name or id.
"""


def quoted(rule):
    """A rule as it stands in its file, and what extends it."""
    return "\n".join([as_it_stands(rule)] + [f"{as_it_stands(more)}    ; {more.reference}" for more in rule.extensions])


def as_it_stands(rule):
    path, _, line = rule.where.rpartition(":")
    lines = Path(path).read_text(encoding="utf-8").split("\n")
    text = [lines[int(line) - 1]]
    for more in lines[int(line):]:
        if not more.startswith((" ", "\t")) or not more.strip():
            break
        text.append(more)
    return "\n".join(part.rstrip() for part in text)


def closure(grammar, rule, found=None):
    """The rules that a rule needs, itself first, as they are met."""
    found = {} if found is None else found
    key = (rule.namespace, rule.name.lower())
    if key not in found:
        found[key] = rule
        for inner in grammar.refs(rule):
            closure(grammar, inner, found)
    return found


def examples(folder):
    """Of each field an example that its RFC prints, one of another RFC where there is none: text, where. None: no RFC prints one."""
    found = {}
    with open(Path(folder).parent / "tests/data/rfc-examples.tsv", encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if line["verdict"] == "none":
                found[line["field"]] = None
            if line["verdict"] == "ok" and line["value"]:
                found.setdefault(line["field"], []).append(line)
    return found


def example(entry, printed):
    """The longest of those that fit a line."""
    name = entry["name"]
    if name not in printed:
        return
    if printed[name] is None:
        yield "Its RFC prints no example that its grammar takes.\n"
        return
    own = [line for line in printed[name] if line["rfc"] == entry["rfc"]] or printed[name]
    texts = {f"{name}: {FOLD.sub(' ', line['value']).strip()}": line for line in own}
    best = max(texts, key=lambda text: (len(text) <= WIDEST, len(text) if len(text) <= WIDEST else -len(text)))
    yield f"RFC {texts[best]['rfc']} section {texts[best]['section']} prints\n\n```\n{best}\n```\n"


def reference(entry):
    source = entry["rfc"].replace("-", " ") if entry["rfc"].startswith("3GPP") else entry["rfc"]
    source = f"RFC {source}" if source.isdigit() else source
    return f"{source} section {entry['section']}" if entry["section"] else source


def anchor(name):
    return name.lower()


def table(entries):
    yield "| field | compact | defined in | shape | values | |"
    yield "|---|---|---|---|---|---|"
    for entry in entries:
        yield (f"| [{entry['name']}](#{anchor(entry['name'])}) | {entry['compact']} | {reference(entry)} | "
               f"{entry['shape'].replace('-', '_')} | {entry['cardinality']}{', may be empty' if entry['empty'] == 'yes' else ''} | "
               f"{STANDING.get(entry['standing'], '')} |")


def members(shape):
    for member in distinct(shape):
        kind = f"{KINDS[member.kind]} from {member.low} to {member.high}" if member.kind == "number" and not member.by_row else \
            KINDS[member.kind]
        yield f"| `{member.name}` | {kind} | {member.doc} |"
        if member.kind == "method":
            yield f"| `{member.name}_id` | `sipwire_method` | |"
    if shape.params is not None:
        yield "| `params` | parameters | |"
    for name in shape.split[1:]:
        yield f"| `{name}` | parameters | |"


def field(project, row, entry, shared, printed):
    yield f"\n## {row.name}\n"
    bounds = f"; from {row.low} to {row.high}" if entry["range"] else ""
    yield (f"{reference(entry)}; {CARDINALITY[row.cardinality]}{', may be empty' if row.may_be_empty else ''}{bounds}. Shape "
           f"`{row.shape.name}`.\n")
    yield from example(entry, printed)
    lines = list(members(row.shape))
    if lines:
        yield "| member | | |\n|---|---|---|"
        yield from lines
        yield ""
    for scope, place in zip(project.chain(row.scope), row.params, strict=False):
        params = [param for param in project.scopes[scope] if param.name]
        if not params:
            continue
        if project.nexts[row.scope]:
            yield f"Of `{place.rule.name}`:\n"
        yield "| parameter | rule | |\n|---|---|---|"
        for param in params:
            yield f"| `{param.name}` | {param.rule.name} | {param.rule.reference} |"
        yield ""
    yield "```abnf"
    for key, rule in closure(project.grammar, row.rule).items():
        if key not in shared:
            yield quoted(rule)
    yield "```"


def page(folder):
    project = Project(folder)
    printed = examples(folder)
    entries = [entry for _, entry in read_table(project.table("headers"), COLUMNS)]
    users = {}
    for row in project.rows:
        for key in closure(project.grammar, row.rule):
            users[key] = users.get(key, 0) + 1
    shared = {key for key, count in users.items() if count > SHARED}
    yield INTRO
    yield from table(entries)
    for row, entry in zip(project.rows, entries, strict=True):
        yield from field(project, row, entry, shared, printed)
    yield "\n# Shared rules\n\n```abnf"
    for key in sorted(key for key in shared if users[key] <= EVERYWHERE):
        yield f"; {project.grammar.spaces[key[0]].rules[key[1]].reference}\n{quoted(project.grammar.spaces[key[0]].rules[key[1]])}"
    yield "```"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    text = "\n".join(page(sys.argv[1])) + "\n"
    Path(sys.argv[2]).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
