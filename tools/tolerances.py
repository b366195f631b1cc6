#!/usr/bin/env python3
# sipwire: the table of tolerances compiled into bits, names and documentation.
# SPDX-License-Identifier: MIT
"""usage: tolerances.py WHAT GRAMMAR FILE     WHAT is one of
    header    the public header with the bits
    source    their names and descriptions for the library
    examples  the examples for the tests
    docs      docs/tolerance.md
    check     whether FILE is what docs would write"""
import os
import re
import sys

from names import Refusal, number_in, once, quoted, read_table

COLUMNS = ["number", "name", "deployed", "layer", "broken", "what", "hazard", "example", "of", "refused", "deviates"]
HEAD = "/* {}\n * Generated from grammar/tolerances.tsv; do not edit. SPDX-License-Identifier: MIT */\n"


def read(folder):
    numbers, names, rows = {}, {}, []
    for place, row in read_table(os.path.join(folder, "tolerances.tsv"), COLUMNS):
        row["number"] = number_in(place, "number", row["number"], 0, 63)
        once(numbers, place, f"number {row['number']}", row["number"])
        once(names, place, f"name {row['name']}", row["name"])
        known = row["deployed"] in ("yes", "") and row["of"] in ("start", "field")
        if not known or not re.fullmatch(r"[A-Z][A-Z0-9_]*", row["name"]):
            raise Refusal(f"{place}: a name in capitals, yes or -, and start or field are expected")
        row["refused"] = number_in(place, "offset", row["refused"], 0, 9999)
        row["deviates"] = number_in(place, "offset", row["deviates"], 0, 9999)
        rows.append(row)
    return rows


def header(rows):
    out = [HEAD.format("sipwire: the tolerances, as bits of sipwire_options.accept (docs/tolerance.md)."),
           "#ifndef SIPWIRE_ACCEPT_H", "#define SIPWIRE_ACCEPT_H", "", "#include <stdint.h>", ""]
    for row in rows:
        out += [f"/* {row['what']}. */", f"#define SIPWIRE_ACCEPT_{row['name']} (UINT64_C(1) << {row['number']})"]
    deployed = " | ".join(f"SIPWIRE_ACCEPT_{row['name']}" for row in rows if row["deployed"])
    all_bits = " | ".join(f"SIPWIRE_ACCEPT_{row['name']}" for row in rows)

    def wrapped(text):
        return text.replace(" | ", " | \\\n     ")
    out += ["", "/* What deployed systems send, where no reader is known to take another identity, route or message from it. */",
            f"#define SIPWIRE_ACCEPT_DEPLOYED \\\n    ({wrapped(deployed)})", "",
            "/* All tolerances of this version. */", f"#define SIPWIRE_ACCEPT_ALL \\\n    ({wrapped(all_bits)})", "", "#endif"]
    return out


def source(rows):
    out = [HEAD.format("The tolerances, described."), '#include "sipwire/tolerance.h"', "", "#include <string.h>", "",
           "static const sipwire_tolerance tolerances[] = {"]
    for row in rows:
        deployed = "true" if row["deployed"] else "false"
        out += [f"    {{SIPWIRE_ACCEPT_{row['name']}, \"{row['name']}\", {quoted(row['what'])},",
                f"     {quoted(row['hazard'])},", f"     {quoted(row['broken'])}, {deployed}}},"]
    return out + ["};", "", "const sipwire_tolerance *sipwire_tolerances(size_t *count)", "{",
                  "    *count = sizeof tolerances / sizeof tolerances[0];", "    return tolerances;", "}"]


def examples(rows):
    """The example as C text: an octet in hexadecimal ends its string, so that it takes no digit behind it."""
    out = [HEAD.format("The examples of tolerances.tsv."), "static const struct example {", "    uint64_t bit;",
           "    const char *name, *text;", "    size_t len;", "    bool field;", "    uint32_t refused, deviates;", "} examples[] = {"]
    for row in rows:
        text = re.sub(r"(\\x[0-9a-f]{2})", r'\1""', row["example"].replace('\\"', '"').replace('"', '\\"'))
        field = "true" if row["of"] == "field" else "false"
        out.append(f"    {{SIPWIRE_ACCEPT_{row['name']}, \"{row['name']}\", \"{text}\", sizeof \"{text}\" - 1, {field}, "
                   f"{row['refused']}, {row['deviates']}}},")
    return out + ["};"]


def overlays(folder):
    """What stands in deployed.abnf for each tolerance."""
    found, name = {}, None
    with open(os.path.join(folder, "abnf", "deployed.abnf"), encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith(";@ accept "):
                name = line.split()[2]
                found[name] = []
            elif name and not line.startswith(";@"):
                found[name].append(line)
    return {name: "\n".join(lines).strip("\n") for name, lines in found.items()}


INTRO = """# Tolerances

<!-- Generated from grammar/tolerances.tsv and grammar/abnf/deployed.abnf by tools/tolerances.py; do not edit. -->

sipwire accepts what the RFCs' ABNF accepts. Devices send more than that. What they send is accepted one bit of
`sipwire_options.accept` at a time, `SIPWIRE_ACCEPT_<name>`; the command takes the names: `sipwire check --lenient=<name>,...`,
or all of them: `--lenient=ALL`; `--lenient` alone is the preset DEPLOYED. All are off unless they are asked for.

- **A bit accepts only what the strict reading refuses.** The strict reading comes first, always. Only when it has refused,
  and only when bits are set, the same octets are read once more with the rules below. So a bit never changes what is read
  from a message that is right, nor how fast.
- **What is used is reported**, with the bit and the offset of the first octet that uses it. That is where the strict reading refuses,
  or before: where that could still have become something else (a user before an `@` that does not come, blanks before a `;` that
  does not come); HOST_UNBRACKETED may be behind it, where the second colon shows that no port is meant. `sipwire_deviations`
  lists it for a header field or the lines of a message, and every typed value says in `at.deviations`
  how many bits it needed; a bit is told once for each value, where it is used first. The command prints a warning for each,
  and JSON has them in `deviations`.
- **A value is accepted only if every tolerance that it needs is given.** In the machines, each transition that deviates asks for its bit.
- **None is about streams' framing.** Those about line ends, blank lines and Content-Length are for datagrams only: on a
  stream, and in the framer, there is one reading. A missing Content-Length on a stream is an error, whatever the bits. The same
  holds for WebSockets, although their frames part the messages (RFC 7118 section 5): what comes there is sent on over streams.
- What would re-read accepted messages is no tolerance: a lower-case method stays an extension-method, and the parameters behind a URI
  without brackets stay those of the header field.
- Privacy takes both separators, `;` as RFC 3323 prints it and `,` as its verified erratum 5184 has it, without any bit: both have
  an RFC's word (`grammar/abnf/errata.abnf`). An empty value has none: `id;`, `id,` and `id,,header` are taken by
  EMPTY_ELEMENTS, `;id` and `,id` are refused with all bits, as is every list that begins with an empty element, and so is `id;;header`.

`SIPWIRE_ACCEPT_DEPLOYED` holds those with "yes" in the table: what the field sends, where no reader
is known to take another identity, route or message from it. What readers may still differ in is the hazard of each bit.

"""


def shown(example):
    return f"`{example}`" if "`" not in example else f"`` {example} ``"


def docs(rows, folder):
    found = overlays(folder)
    lines = [INTRO + "| bit | name | DEPLOYED | what is taken |", "|---|---|---|---|"]
    for row in rows:
        what = row["what"].replace("|", "\\|")
        lines.append(f"| {row['number']} | [{row['name']}](#{row['name'].lower()}) | {row['deployed'] or 'no'} | {what} |")
    for row in rows:
        if not found.get(row["name"]):
            raise Refusal(f"{folder}/abnf/deployed.abnf: tolerance {row['name']} has no rules there")
        lines += ["", f"## {row['name']}", "", f"{row['what']} ({row['layer']}; {row['broken']}).", "", f"Hazard: {row['hazard']}", "",
                  f"Example: {shown(row['example'])}: refused at octet {row['refused']}; the deviation is reported at octet "
                  f"{row['deviates']}.", "", "```abnf", found[row["name"]], "```"]
    unknown = found.keys() - {row["name"] for row in rows}
    if unknown:
        raise Refusal(f"{folder}/abnf/deployed.abnf: tolerance {min(unknown)} has no row in tolerances.tsv")
    return lines


def main(what, folder, path):
    rows = read(folder)
    made = {"header": header, "source": source, "examples": examples}.get(what)
    text = "\n".join(made(rows) if made else docs(rows, folder)) + "\n"
    if what == "check":
        with open(path, encoding="utf-8") as file:
            if file.read() != text:
                raise Refusal(f"{path} is out of date: tools/tolerances.py docs grammar {path}")
        return
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("header", "source", "examples", "docs", "check"):
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except Refusal as refusal:
        sys.exit(str(refusal))
