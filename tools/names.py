#!/usr/bin/env python3
# sipwire: the tables of names (grammar/*.tsv) compiled into ids and lookups.
# SPDX-License-Identifier: MIT
"""usage: names.py --ids ids.h --names names.c --internal names_internal.h TABLE.tsv...

A table is known by its file name: those of KINDS and CODES below. Lines that start with # are comments,
the first other line names the columns, columns are separated by tabs, "-" stands for nothing."""
import argparse
import os
import random
import re
import sys

TOKEN = re.compile(r"[A-Za-z0-9.!%*_+`'~-]+")
KINDS = {  # table: (noun, letter case matters, what UNKNOWN means)
    "headers": ("header", False, "a field that is not in the table"),
    "methods": ("method", True, "an extension-method"),
    "params": ("param", False, "a parameter that is not in the table"),
    "transports": ("transport", False, "an other-transport"),
    "option_tags": ("option_tag", False, "an option tag that is not in the table"),
    "event_packages": ("event_package", True, "a package that is not in the table"),
    "reason_protocols": ("reason_protocol", False, "a protocol that is not in the table"),
    "priv_values": ("priv_value", False, "a value that is not in the table"),
}
CODES = {  # table: (column, function, X-macro, what it lists, lowest, highest)
    "statuses": ("phrase", "reason_phrase", "REASON", "status codes and reason phrases", 100, 699),
    "warn_codes": ("text", "warn_text", "WARN", "warn codes and what they mean", 100, 999),
}
BODIES = ("none", "any", "session", "event", "filter", "message", "info")  # sipwire_body_kind


class Refusal(Exception):
    pass


def read_table(path, columns):
    """Yields (place, row) with row a dict of the wanted columns."""
    heading, rows = None, []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            line = line.rstrip("\n")
            if not line.strip() or line.startswith("#"):
                continue
            cells, place = line.split("\t"), f"{path}:{number}"
            if heading is None:
                heading = cells
                missing = [name for name in columns if name not in heading]
                if missing:
                    raise Refusal(f"{place}: the heading has no column {missing[0]}")
                continue
            if len(cells) > len(heading):
                raise Refusal(f"{place}: the row has {len(cells)} cells, the heading {len(heading)}")
            row = dict(zip(heading, cells + ["-"] * (len(heading) - len(cells))))
            rows.append((place, {name: "" if row[name].strip() == "-" else row[name].strip() for name in columns}))
    if not rows:
        raise Refusal(f"{path}: the table has no rows")
    return rows


def once(seen, place, what, value):
    if value in seen:
        raise Refusal(f"{place}: {what} stands already at {seen[value]}")
    seen[value] = place


def number_in(place, what, text, low, high):
    if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
        raise Refusal(f"{place}: the {what} {text or '(none)'} is not a number from {low} to {high}")
    return int(text)


def read_names(path, noun, case):
    numbers, ids, spellings, rows = {}, {}, {}, []
    columns = ["number", "id", "name"] + (["compact"] if noun == "header" else [])
    for place, row in read_table(path, columns):
        number = number_in(place, "number", row["number"], 1, 65535)
        name, compact, ident = row["name"], row.get("compact", ""), row["id"]
        if not re.fullmatch(r"[A-Z][A-Z0-9_]*", ident) or ident in ("UNKNOWN", "LIST"):
            raise Refusal(f"{place}: the id {ident or '(none)'} is not an upper-case C name, or is reserved")
        for text in [name] + [compact] * bool(compact):
            if not TOKEN.fullmatch(text) or len(text) > 255:
                raise Refusal(f"{place}: the name {text or '(none)'} is not a token of 1 to 255 octets")
            once(spellings, place, f"the name {text}", text if case else text.lower())
        once(numbers, place, f"number {number}", number)
        once(ids, place, f"id {ident}", ident)
        rows.append((number, ident, name, compact))
    return sorted(rows)


def read_codes(path, column, low, high):
    codes, rows = {}, []
    for place, row in read_table(path, ["code", column]):
        code = number_in(place, "code", row["code"], low, high)
        once(codes, place, f"code {code}", code)
        if not row[column].isascii() or not row[column].isprintable():
            raise Refusal(f"{place}: the {column} of {code} is not printable ASCII")
        rows.append((code, row[column]))
    return sorted(rows)


def read_traits(path):
    """Of methods, by number: RFC, whether it makes a dialog, refreshes a target, is answered; the kind of its body."""
    traits = {}
    for place, row in read_table(path, ["number", "rfc", "dialog", "refresh", "answered", "body"]):
        flags = [row[name] for name in ("dialog", "refresh", "answered")]
        if row["body"] not in BODIES or not set(flags) <= {"yes", "no"}:
            raise Refusal(f"{place}: a trait is none of yes, no, or the body none of {', '.join(BODIES)}")
        traits[int(row["number"])] = (number_in(place, "rfc", row["rfc"], 1, 65535), *flags, row["body"])
    return traits


def key_of(text):
    """The number that name_hash of name_table.h multiplies."""
    octets = text.encode()
    first = int.from_bytes(octets[:4], "little")
    last = int.from_bytes((b"\r\n" + octets)[-3:], "little") << 8
    return (last << 32 | first | 0x2020202020202020) ^ len(octets)


def find_hash(keys, hash_of):
    """Bits and multipliers for the smallest table found in which no two keys share a slot; hash_of: from key, two multipliers
    and bits to the slot."""
    source = random.Random(3261)
    for bits in range(4, 17):
        if 1 << bits < 8 * len(keys):
            continue
        for _ in range(3000):
            multipliers = source.getrandbits(64) | 1, source.getrandbits(32) | 1
            slots = {hash_of(key, *multipliers, bits): index for index, key in enumerate(keys, 1)}
            if len(slots) == len(keys):
                return bits, multipliers, slots
    raise Refusal("no perfect hash was found: let key_of take more octets")


def slot_of(key, multiplier, _, bits):
    """name_hash of name_table.h."""
    return (key * multiplier & (1 << 64) - 1) >> 64 - bits


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def octets(text, width, value):
    return "{" + ", ".join(str(value(c)) for c in text) + (", 0" if len(text) < width else "") + "}"


def slot_lines(out, slots, text, per_line):
    used = sorted(slots)
    for start in range(0, len(used), per_line):
        out("    " + " ".join(f"[{slot}] = {text(slots[slot])}," for slot in used[start:start + per_line]))


def lookup_tables(out, noun, case, rows, width):
    """Writes the slots and spellings of one table; returns its shift and multiplier."""
    spellings = [(name, number, 0) for number, _, name, _ in rows]
    spellings += [(compact, number, 1) for number, _, _, compact in rows if compact]
    heads, following = {}, [0] * (len(spellings) + 1)
    for index, (text, _, _) in enumerate(spellings, 1):
        key = key_of(text)
        following[index], heads[key] = heads.get(key, 0), index
    bits, (multiplier, _), found = find_hash(list(heads), slot_of)
    slots = {slot: list(heads.values())[place - 1] for slot, place in found.items()}
    out(f"const uint16_t sipwire_{noun}_slots[{1 << bits}] = {{")
    slot_lines(out, slots, str, 8)
    out("};\n")
    fold = (lambda c: c) if case else str.lower
    out(f"const sipwire_spelling sipwire_{noun}_spellings[{len(spellings) + 1}] = {{\n    {{{{0}}, {{0}}, 0, 0, 0, 0}},")
    for index, (text, number, compact) in enumerate(spellings, 1):
        lower = octets(text, width, lambda c: ord(fold(c)))
        letters = octets(text, width, lambda c: 32 if c.isalpha() and not case else 0)
        flags = "SIPWIRE_ROW_COMPACT" if compact else 0
        out(f"    {{{lower},\n     {letters},\n     {len(text)}, {number}, {flags}, {following[index]}}}, /* {text} */")
    out("};\n")
    out(f"""uint16_t sipwire_{noun}_lookup(sipwire_str name)
{{
    const sipwire_name_table table = {{sipwire_{noun}_slots, sipwire_{noun}_spellings, SIPWIRE_{noun.upper()}_MULTIPLIER,
                                      SIPWIRE_{noun.upper()}_SHIFT}};
    return name_find(&table, (const uint8_t *)name.ptr, name.len)->id;
}}
""")
    return 64 - bits, multiplier


LINE_ENDINGS = {"header": ": ", "method": " "}  # what stands behind a name at the start of a line
LINE_WIDTH = 32


def line_key_of(text, ending):
    """The numbers that LINE_NAME_SLOT of line_name.h multiplies."""
    octets = bytes(octet | 0x20 for octet in ("\r\n" + text + ending).encode())
    end = 2 + len(text)
    return tuple(int.from_bytes(part, "little") for part in (octets[2:5], octets[end - 3:end + 1]))


def line_slot_of(key, first_multiplier, last_multiplier, bits):
    return ((key[0] << 8) * first_multiplier + key[1] * last_multiplier & (1 << 32) - 1) >> 32 - bits


def line_spellings(noun, rows):
    """{key: (text, number, whether compact)} of the names that fit; None for a key that needs another lookup."""
    found = {}
    for number, _, name, *compact in rows:
        for text in filter(None, (name, *compact)):
            key = line_key_of(text, LINE_ENDINGS[noun])
            fits = key not in found and len(text + LINE_ENDINGS[noun]) <= LINE_WIDTH
            found[key] = (text, number, text != name) if fits else None
    return found


def line_record(noun, case, spelling):
    if spelling is None:
        return "    {{0}, {255}, {0, 0, 0, 0}, {0}, 1}, /* another lookup tells */"
    text, number, compact = spelling
    whole = text + LINE_ENDINGS[noun]
    pad = [255] * (LINE_WIDTH - len(whole))
    lower = [ord(c if case else c.lower()) for c in whole] + pad
    letters = [32 if c.isalpha() and not case else 0 for c in whole] + pad
    present = [f"UINT64_C({1 << number % 64:#x})" if number // 64 == word else "0" for word in range(4)]
    flags = "SIPWIRE_ROW_COMPACT" if compact else "0"
    return (f"    {{{{{', '.join(map(str, lower))}}},\n     {{{', '.join(map(str, letters))}}},\n     "
            f"{{{', '.join(present)}}},\n     {{0, 0, 0, {len(text)}, {number}, {flags}, 0, 0}}, 0}}, /* {text} */")


def line_tables(out, noun, case, rows):
    """Writes the table by which a name is found at the start of a line; returns bits, multipliers and number of names."""
    found = line_spellings(noun, rows)
    bits, multipliers, slots = find_hash(list(found), line_slot_of)
    out(f"const struct sipwire_{noun}_lines sipwire_{noun}_lines = {{{{\n    {{{{0}}, {{255}}, {{0, 0, 0, 0}}, {{0}}, 0}},")
    for spelling in found.values():
        out(line_record(noun, case, spelling))
    out("}, {")
    slot_lines(out, slots, "{} * sizeof(sipwire_line_name)".format, 4)
    out("}};\n")
    return bits, multipliers, len(found) + 1


def texts_by_number(out, function, texts):
    """Writes a function from a number to a static text."""
    low, high = min(texts), max(texts)
    out(f"static const sipwire_str {function}_texts[] = {{")
    for number, text in sorted(texts.items()):
        out(f"    [{number - low}] = {{{quoted(text)}, {len(text)}}},")
    out("};\n")
    out(f"""sipwire_str sipwire_{function}(uint16_t number)
{{
    if (number < {low} || number > {high} || !{function}_texts[number - {low}].ptr)
        return (sipwire_str){{"", 0}};
    return {function}_texts[number - {low}];
}}
""")


def traits_table(out, traits):
    """Writes what the methods do, by their numbers."""
    out("static const sipwire_method_traits method_traits[] = {")
    for number, (rfc, *flags, body) in sorted(traits.items()):
        words = ", ".join("true" if flag == "yes" else "false" for flag in flags)
        out(f"    [{number}] = {{{rfc}, SIPWIRE_BODY_{body.upper()}, {words}, {{0}}}},")
    out("""};

bool sipwire_method_traits_get(uint16_t method, sipwire_method_traits *out)
{
    bool known = method != SIPWIRE_METHOD_UNKNOWN && method < sizeof method_traits / sizeof method_traits[0];
    *out = known ? method_traits[method] : (sipwire_method_traits){0};
    return known && method_traits[method].rfc != 0;
}
""")


def ids_of(out, noun, unknown, rows):
    upper = noun.upper()
    out(f"/*{' ' * 22}id, number, name" + (", compact form */" if noun == "header" else " */"))
    lines = [f"X({ident}, {number}, {quoted(name)}" + (f", {quoted(compact)})" if noun == "header" else ")")
             for number, ident, name, compact in rows]
    out(f"#define SIPWIRE_{upper}_LIST(X) \\\n    " + " \\\n    ".join(lines) + "\n")
    kind = "sipwire_param_id" if noun == "param" else f"sipwire_{noun}"  # sipwire_param is a struct
    out(f"typedef enum {kind} {{\n    SIPWIRE_{upper}_UNKNOWN = 0, /* {unknown} */")
    for number, ident, _, _ in rows:
        out(f"    SIPWIRE_{upper}_{ident} = {number},")
    out(f"}} {kind};\n\n#define SIPWIRE_HIGHEST_{upper} {rows[-1][0]}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--ids", "--names", "--internal"):
        parser.add_argument(name)
    parser.add_argument("tables", nargs="+")
    args = parser.parse_args()
    tables, codes, traits = [], [], {}
    for path in args.tables:
        stem = os.path.basename(path).split(".")[0]
        if stem in CODES:
            column, function, macro, what, low, high = CODES[stem]
            codes.append((function, macro, what, read_codes(path, column, low, high)))
        elif stem in KINDS:
            tables.append((*KINDS[stem], read_names(path, *KINDS[stem][:2])))
        else:
            raise Refusal(f"{path}: {stem} is none of {', '.join([*KINDS, *CODES])}")
        if stem == "methods":
            traits = read_traits(path)
    longest = max(len(name) for *_, rows in tables for _, _, name, _ in rows)
    width = max(32, -(-longest // 8) * 8)
    head = "/* Generated by tools/names.py from the tables in grammar/.\n * SPDX-License-Identifier: MIT */"
    ids, code, internal = [], [], []
    ids.append(f"{head}\n#ifndef SIPWIRE_IDS_H\n#define SIPWIRE_IDS_H\n")
    code.append(f"{head}\n#include <sipwire/message.h>\n\n#include \"names_internal.h\"\n")
    internal.append(f"{head}\n#ifndef SIPWIRE_NAMES_INTERNAL_H\n#define SIPWIRE_NAMES_INTERNAL_H\n\n#include <stdbool.h>\n\n"
                    f"#define SIPWIRE_NAME_WIDTH {width}\n#include \"line_name.h\"\n#include \"name_table.h\"\n")
    for noun, case, unknown, rows in tables:
        ids_of(ids.append, noun, unknown, rows)
        shift, multiplier = lookup_tables(code.append, noun, case, rows, width)
        texts_by_number(code.append, f"{noun}_name", {row[0]: row[2] for row in rows})
        if noun == "header":
            texts_by_number(code.append, "header_compact", {row[0]: row[3] for row in rows if row[3]} or {1: ""})
        internal.append(f"#define SIPWIRE_{noun.upper()}_SHIFT {shift}\n"
                        f"#define SIPWIRE_{noun.upper()}_MULTIPLIER UINT64_C({multiplier:#x})\n"
                        f"extern SIPWIRE_INTERNAL const uint16_t sipwire_{noun}_slots[];\n"
                        f"extern SIPWIRE_INTERNAL const sipwire_spelling sipwire_{noun}_spellings[];\n")
        if noun in LINE_ENDINGS:
            bits, (first, last), names = line_tables(code.append, noun, case, rows)
            internal.append(f"#define SIPWIRE_{noun.upper()}_LINE_SHIFT {32 - bits}\n"
                            f"#define SIPWIRE_{noun.upper()}_LINE_FIRST UINT32_C({(first << 8) % (1 << 32):#x})\n"
                            f"#define SIPWIRE_{noun.upper()}_LINE_LAST UINT32_C({last:#x})\n"
                            f"struct sipwire_{noun}_lines {{\n    sipwire_line_name names[{names}];\n"
                            f"    uint32_t slots[{1 << bits}]; /* where in names, in octets */\n}};\n"
                            f"extern SIPWIRE_INTERNAL const struct sipwire_{noun}_lines sipwire_{noun}_lines;\n")
    if traits:
        traits_table(code.append, traits)
    for function, macro, what, rows in codes:
        texts_by_number(code.append, function, dict(rows))
        lines = [f"X({number}, {quoted(text)})" for number, text in rows]
        ids.append(f"/* Registered {what}. */\n#define SIPWIRE_{macro}_LIST(X) \\\n    " + " \\\n    ".join(lines) + "\n")
    for path, lines, end in ((args.ids, ids, "#endif"), (args.names, code, ""), (args.internal, internal, "#endif")):
        if not path:
            continue
        with open(path, "w", encoding="utf-8") as out:
            out.write("\n".join(lines).rstrip("\n") + "\n" + (f"\n{end}\n" if end else ""))


if __name__ == "__main__":
    try:
        main()
    except Refusal as refusal:
        sys.exit(str(refusal))
