"""Write the generated C: state facts, SIMD runs, rules, structs of typed values, tables."""

import random
import re

import fsa
from abnf import GrammarError
from octet_sets import framed_run, nibbles
from ragel import identifier

LICENCE = "SPDX-License-Identifier: MIT"


def banner(what):
    return f"/* {what}\n * Generated from grammar/; do not edit. {LICENCE} */\n"


def header(machine):
    read = ", ".join(machine.readers) or machine.default_rule.name
    return banner(f"Machine {machine.name}: {read}.")


def table(lines):
    return "\n".join(lines) + "\n"


# state facts and runs

def rule_number(project, rule):
    return rule_numbers(project)[(rule.namespace, rule.name.lower())]


def rule_numbers(project):
    if not hasattr(project, "rule_ids"):
        keys = [(s.name, key) for s in project.grammar.spaces.values() for key in s.rules]
        project.rule_ids = {key: number for number, key in enumerate(sorted(keys), 1)}
    return project.rule_ids


def states(project, machine, made, summary):
    """The table of machine states: rule and open captures; with the names of the bits."""
    lines = [banner(f"What is known in the states of machine {machine.name}.")]
    for bit, name in enumerate(machine.writer.watched()):
        lines.append(f"#define {identifier(machine.name).upper()}_OPEN_{name.upper()} {1 << bit}u")
    if machine.writer.states() != "m->states":
        lines += ["", f"static const struct machine_state {machine.name}_states[] = {{"]
        lines += state_lines(project, machine, summary) + ["};"]
    return table(lines)


def state_lines(project, machine, summary):
    watched, lines = machine.writer.watched(), []
    for state in range(max(summary) + 1):
        rule, opened = summary.get(state, ("", []))
        number = rule_numbers(project)[(rule.space, str(rule))] if rule else 0
        bits = sum(1 << watched.index(name) for name in opened)
        lines.append(f"    {{{number}, {bits}}}, /* {state}: {rule or 'no state'} */")
    return lines


def facts_source(project):
    """The state tables of the rows, each for the row's own rules."""
    lines = [banner("What is known in the states of the rows' machines."), '#include "facts.h"', ""]
    for row in project.rows:
        if row.machine:
            lines.append(f"const struct machine_state sipwire_facts_{row.id.lower()}[] = {{")
            lines += state_lines(project, project.machines[row.machine], row.states) + ["};", ""]
    return table(lines)


def facts_header(project):
    lines = [banner("State tables of the rows."), "#ifndef SIPWIRE_FACTS_H", "#define SIPWIRE_FACTS_H", "",
             '#include "machine.h"', ""]
    lines += [f"extern const struct machine_state sipwire_facts_{row.id.lower()}[];" for row in project.rows if row.machine]
    return table(lines + ["", "#endif"])


START_LINES = ("request_line", "status_line")


def with_runs(machine, made, text):
    """Puts a SIMD skip where a state with a wide self-loop without actions is entered. Only start lines are read by machines
    first of all; of values they read what is unusual, so those machines have no skips and are compiled once."""
    classes, lines = {}, []
    for state, octets in sorted(made.runs().items()) if machine.name in START_LINES else []:
        if not nibbles(octets):
            continue
        name = classes.setdefault(octets, f"{machine.name}_run_{len(classes)}")
        label = re.compile(rf"^st{state}:\n", re.M)
        if not label.search(text):
            continue
        text = label.sub(f"st{state}:\n\tp = RUN_SKIP(p, pe, &{name});\n", text)
    for octets, name in classes.items():
        lines.append(class_text(name, octets))
    machine.leveled = bool(lines)
    if not lines:
        return text.replace('#include "run.h"\n', '#include "run.h"\n\n#if SIPWIRE_LEVEL == 0 /* no runs: one level serves all */\n', 1) + "#endif\n"
    mark = '#include "run.h"\n'
    guarded = ["#if SIPWIRE_LEVEL"] + lines + ["#endif"]
    return text.replace(mark, mark + "\n" + "\n".join(guarded) + "\n", 1)


def class_text(name, octets):
    low, high = nibbles(octets)
    words = [sum(1 << (octet - base) for octet in octets if base <= octet < base + 64) for base in range(0, 256, 64)]

    def row(values):
        return ", ".join(f"0x{value:02x}" for value in values)

    return (f"static const run_class {name} = {{\n    {{{row(low)}}},\n    {{{row(high)}}},\n"
            f"    {{{', '.join(f'0x{w:016x}u' for w in words)}}}}};")


# rules

def rules_header(project):
    lines = [banner("Numbers of the grammar rules, for errors."), "#ifndef SIPWIRE_RULE_IDS_H", "#define SIPWIRE_RULE_IDS_H", ""]
    lines.append("enum rule_number {")
    for (space, name), number in rule_numbers(project).items():
        lines.append(f"    RULE_{identifier(space + '_' + name).upper()} = {number},")
    return table(lines + ["};", "", "#endif"])


def rules_source(project):
    """Names by place in one block of texts: pointers would need a relocation each."""
    rules = [project.grammar.spaces[space].rules[name] for space, name in rule_numbers(project)]
    pairs = [("", "")] + [(rule.name, rule.reference) for rule in rules]
    places = {text: n for n, text in enumerate(dict.fromkeys(text for pair in pairs for text in pair))}
    lines = [banner("Names and references of the grammar rules."), '#include "sipwire/names.h"', "", "static const struct rule_texts {"]
    lines += [f"    char text_{n}[{len(text) + 1}];" for text, n in places.items()] + ["} texts = {"]
    lines += [f'    "{text}",' for text in places] + ["};", ""]
    lines.append("static const struct {\n    uint16_t name, reference;\n} rules[] = {")
    lines += [f"    {{offsetof(struct rule_texts, text_{places[name]}), offsetof(struct rule_texts, text_{places[reference]})}},"
              for name, reference in pairs] + ["};", ""]
    for member in ("name", "reference"):
        lines.append(f"const char *sipwire_rule_{member}(uint16_t rule)\n{{\n"
                     f"    return (const char *)&texts + rules[rule < sizeof rules / sizeof rules[0] ? rule : 0].{member};\n}}\n")
    return table(lines)


# structs

TYPES = {"str": "sipwire_str", "text": "sipwire_text", "comment": "sipwire_text", "products": "sipwire_products",
         "host": "sipwire_host", "uri": "sipwire_uri", "flag": "bool", "qvalue": "int32_t", "method": "sipwire_str",
         "decimal": "sipwire_decimal", "hex": "int64_t", "truth": "int32_t", "ordinal": "int32_t"}
ABSENT_IS_MINUS_1 = ("number", "qvalue", "hex", "truth", "ordinal")


def c_type(member):
    if member.kind == "number":
        return "int64_t" if member.by_row or member.high > 0x7FFFFFFF else "int32_t"
    return TYPES[member.kind]


def own_shapes(project):
    """Shapes with a struct of their own, by number."""
    return sorted((s for s in project.shapes.values() if s.entry is None), key=lambda s: s.number)


def distinct(shape):
    seen = {}
    for member in shape.members:
        seen.setdefault(member.name, member)
    return list(seen.values())


def struct_text(shape):
    lines = [f"/* {shape.doc} */", f"typedef struct sipwire_{shape.name} {{", "    sipwire_origin at;"]
    for member in distinct(shape):
        doc = f" /* {member.doc} */" if member.doc else ""
        lines.append(f"    {c_type(member)} {member.name};{doc}")
        if member.kind == "method":
            lines.append(f"    uint16_t {member.name}_id; /* sipwire_method */")
    if shape.params is not None:
        lines.append("    sipwire_params params; /* all parameters, those above among them */")
    if shape.split:
        lines.append(f"    sipwire_params {shape.split[1]}; /* of these, the ones before {shape.split[0]} */")
        lines.append(f"    sipwire_params {shape.split[2]}; /* {shape.split[0]} and those behind it */")
    lines += ["    uint64_t reserved[2];", f"}} sipwire_{shape.name};", ""]
    return lines


VALUES_INTRO = """/* Where a typed value stands, for editors and messages about it. Every typed value begins with it. */
typedef struct sipwire_origin {
    uint32_t row;    /* index of the row; UINT32_MAX for a text that was parsed by itself */
    uint32_t offset; /* of the value, from the start of the buffer or text */
    uint32_t length; /* octets of the value, without the blanks around it */
    uint16_t header; /* sipwire_header */
    uint16_t deviations; /* how many tolerances it needed: 0 when the strict reading takes it (sipwire_deviations) */
} sipwire_origin;
"""


def values_header(project):
    shapes = own_shapes(project)
    lines = [banner("sipwire: typed values, one struct for each shape of value; see values.h for the functions."),
             "#ifndef SIPWIRE_SHAPES_H", "#define SIPWIRE_SHAPES_H", "", '#include <sipwire/parts.h>', "", VALUES_INTRO]
    for shape in shapes:
        lines += struct_text(shape)
    lines.append("/* The shapes. Append-only. */\ntypedef enum sipwire_shape {\n    SIPWIRE_SHAPE_NONE = 0,")
    lines += [f"    SIPWIRE_SHAPE_{s.name.upper()} = {s.number}," for s in shapes]
    lines.append("} sipwire_shape;\n")
    lines.append("/* A value of any shape. */\ntypedef struct sipwire_value {\n    uint16_t shape; /* sipwire_shape: which "
                 "member of as is set */\n    uint16_t reserved[3];\n    union {\n        sipwire_origin at;")
    lines += [f"        sipwire_{s.name} {s.name};" for s in shapes]
    lines.append("    } as;\n} sipwire_value;\n")
    return table(lines + ["#endif"])


def wrappers_header(project):
    """One function for each header field and shape, each a call of the general one."""
    lines = [banner("sipwire: the typed getters, one for each shape and each typed header field; see values.h."),
             "#ifndef SIPWIRE_GETTERS_H", "#define SIPWIRE_GETTERS_H", "", '#include <sipwire/values.h>', ""]
    for shape in own_shapes(project):
        name = shape.name
        lines.append(f"static inline sipwire_status sipwire_get_{name}(const sipwire_msg *msg, const char *buf, uint16_t "
                     f"header,\n    sipwire_{name} *out, sipwire_error *err)\n{{\n    return sipwire_get_shaped(msg, buf, "
                     f"header, SIPWIRE_SHAPE_{name.upper()}, out, err);\n}}\n")
        lines.append(f"static inline sipwire_status sipwire_{name}_next(sipwire_iter *it, sipwire_{name} *out, "
                     f"sipwire_error *err)\n{{\n    return sipwire_next_shaped(it, SIPWIRE_SHAPE_{name.upper()}, out, "
                     f"err);\n}}\n")
    for row in project.rows:
        if not row.shape:
            continue
        field, shape = row.id.lower(), row.shape.name
        if row.cardinality == "one":
            lines.append(f"/* {row.name} */\nstatic inline sipwire_status sipwire_get_field_{field}(const sipwire_msg *msg, "
                         f"const char *buf,\n    sipwire_{shape} *out, sipwire_error *err)\n{{\n    return "
                         f"sipwire_get_{shape}(msg, buf, SIPWIRE_HEADER_{row.id}, out, err);\n}}\n")
        else:
            lines.append(f"/* {row.name} */\nstatic inline void sipwire_begin_{field}(sipwire_iter *it, const sipwire_msg "
                         f"*msg, const char *buf)\n{{\n    sipwire_iter_begin(it, msg, buf, SIPWIRE_HEADER_{row.id});\n}}\n")
    return table(lines + ["#endif"])


def member_kind(member):
    if member.kind == "number":
        return "number64" if c_type(member) == "int64_t" else "number32"
    return member.kind


def shapes_source(project):
    """What the reader of values and reflection need to know of the structs."""
    lines = [banner("The structs of typed values, described."), '#include "shape_info.h"', ""]
    for shape in own_shapes(project):
        struct = f"sipwire_{shape.name}"
        lines.append(f"static const sipwire_member {shape.name}_members[] = {{")
        for member in distinct(shape):
            whole = "true" if member.pattern == ("*",) else "false"
            lines.append(f'    {{"{member.name}", SIPWIRE_KIND_{member_kind(member).upper()}, {whole}, '
                         f"offsetof({struct}, {member.name})}},")
        if shape.params is not None:
            for name in ("params", *shape.split[1:]):
                lines.append(f'    {{"{name}", SIPWIRE_KIND_PARAMS, false, offsetof({struct}, {name})}},')
        lines.append("};\n")
        lines.append(f"static void {shape.name}_clear(void *into)\n{{\n    {struct} *out = into;\n    *out = ({struct}){{0}};")
        for member in distinct(shape):
            if member.kind in ABSENT_IS_MINUS_1:
                lines.append(f"    out->{member.name} = -1;")
            elif member.kind == "decimal":
                lines.append(f"    out->{member.name}.whole = -1;")
        lines.append("}\n")
    lines.append("const struct shape_info shape_infos[] = {\n    [0] = {\"\", 0, NULL, 0, NULL},")
    for shape in own_shapes(project):
        lines.append(f'    [{shape.number}] = {{"{shape.name}", sizeof(sipwire_{shape.name}), {shape.name}_members,\n     sizeof '
                     f"{shape.name}_members / sizeof {shape.name}_members[0], {shape.name}_clear}},")
    lines.append("};\n\nconst uint16_t shape_count = sizeof shape_infos / sizeof shape_infos[0];\n")
    lines.append("const char *const value_rules[] = {")
    rules = {row.number: row.value_rule for row in project.rows}
    lines += [f'    "{rules.get(n, "")}",' for n in range(max(rules) + 1)]
    return table(lines + ["};"])


# tables of rows and parameters, and the machines of one SIMD level

def tables_source(project):
    lines = [banner("The rows that machines read, and their parameters."), '#include "facts.h"', '#include "shape_info.h"', ""]
    lines += [f"machine_function sipwire_machine_{name}_scalar;" for name in project.machines] + [""]
    classes, scopes = {}, []
    for name, params in project.scopes.items():
        scopes += scope_text(project, name, params, classes)
    runs = runs_text(project, classes)
    lines += [class_text(name, octets) for octets, name in classes.items()] + [""] + runs + scopes
    lines.append("const struct row_type machine_rows[SIPWIRE_HIGHEST_HEADER + 1] = {")
    for row in project.rows:
        machine = f"sipwire_machine_{row.machine}_scalar" if row.machine else "NULL"
        facts = f"sipwire_facts_{row.id.lower()}" if row.machine else "NULL"
        lines.append(row_type_text(project, row, machine, facts))
    return table(lines + ["};", "", "const struct param_scope *const uri_scope = &hostport_scope;",
                          f"const struct param_scope *const param_scopes[] = {{{', '.join(f'&{name}_scope' for name in project.scopes)}}};"])


def row_type_text(project, row, machine, facts):
    scope = f"&{row.scope}_scope" if row.scope else "NULL"
    shape = row.shape.number if row.shape else 0
    empty = "true" if row.may_be_empty else "false"
    return (f"    [{row.number}] = {{{machine}, {facts}, {scope}, {rule_number(project, row.rule) if row.rule else 0}, {shape}, "
            f"ROW_{row.cardinality.upper()}, {empty}, {row.low}, {row.high}}}, /* {row.name} */")


MACHINES_OF_SETS = ("host", "ipv6", "userinfo", "hostport", "tel", "absolute", "request_line", "status_line")


def sets_source(project):
    lines = [banner("The machines of one SIMD level."), '#include "machine.h"', '#include "run.h"', ""]
    lines += [f"machine_function {machine_name(project, name)};" for name in MACHINES_OF_SETS]
    lines += ["", "const struct machine_set SIPWIRE_LEVELED(machine_set) = {"]
    lines += [f"    .{name} = {machine_name(project, name)}," for name in MACHINES_OF_SETS]
    return table(lines + ["};"])


def machine_name(project, name):
    return f"SIPWIRE_LEVELED(machine_{name})" if project.machines[name].leveled else f"sipwire_machine_{name}_scalar"


def scope_rules(project, name, params):
    """The parameters of a scope by their ids, and what their values must be."""
    named = [p for p in params if p.name]
    lines = [f"static const uint8_t {name}_index[SIPWIRE_HIGHEST_PARAM + 1] = {{"]
    lines += [f"    [SIPWIRE_PARAM_{project.params[p.name]}] = {n}," for n, p in enumerate(named, 1)] or ["    0"]
    lines.append("};")
    for param in named:
        lines += bounded_matcher(project, name, param) if param.bounds else []
    lines.append(f"static const struct param_rule {name}_rules[] = {{")
    lines += [f"    {param_rule_text(project, p, name)}, /* {p.name} */" for p in named] or ["    {0}"]
    return lines + ["};"]


def scope_text(project, name, params, classes):
    first = name not in project.nexts.values()    # only those of a first place are read by straight paths
    bits, multiplier, words = param_words([p.name for p in params if p.name and first])
    lines = scope_rules(project, name, params) + [f"static const struct param_word {name}_words[{1 << bits}] = {{"]
    lines += [f"    [{slot}] = {{UINT64_C({a:#x}), UINT64_C({b:#x}), {length}, {place}}}, /* {text} */"
              for slot, (text, a, b, length, place) in sorted(words.items())] or ["    {0}"]
    octets = project.scope_octets[name]
    name_class, plain_class = (classes.setdefault(o, f"octets_{len(classes)}") for o in (octets.names, octets.values.plain))
    both = octets.values.plain | octets.values.extra
    if both & frozenset(octets.separator + b"\r\n"):
        raise GrammarError(name, "a separator or line end may stand in values without quotes")
    other_class = classes.setdefault(both, f"octets_{len(classes)}") if nibbles(both) else plain_class
    facts = ", ".join("true" if fact else "false" for fact in (octets.blanks, octets.values.quoted, octets.closed, project.leads[name]))
    return lines + ["};", f"static const struct param_scope {name}_scope = {{", f"    {name}_index, {name}_rules,",
                    f"    {param_rule_text(project, params[-1])},", f"    &{name_class}, &{plain_class}, &{other_class}, {name}_words, "
                    f"UINT64_C({multiplier:#x}), {64 - bits}, '{octets.separator.decode()}', {facts}, {next_scope(project, name)}}};", ""]


def next_scope(project, name):
    """The scope of the next place that takes parameters in the same values."""
    return f"&{project.nexts[name]}_scope" if project.nexts[name] else "NULL"


PARAM_FLAG, PARAM_PLAIN, PARAM_QUOTED = 0, 1, 3    # enum param_kind of src/machine.h


def matcher_of(project, param):
    return f"sipwire_machine_{project.file_of(param.matcher)}_scalar" if param.matcher else "NULL"


def bounded_name(scope, param):
    return f"bounded_{scope}_{identifier(param.name).lower()}"


def bounded_matcher(project, scope, param):
    """The function that a value must satisfy whose rule does not say what its numbers may be."""
    return [f"static sipwire_status {bounded_name(scope, param)}(struct machine *m, void *into)", "{", "    int64_t number;",
            "    const struct machine_span text = {m->at, m->end};", f"    if ({matcher_of(project, param)}(m, into) == SIPWIRE_OK)",
            f"        machine_number(m, text, {param.bounds[0]}, {param.bounds[1]}, &number);", "    return m->status;", "}"]


def param_rule_text(project, param, scope=""):
    match = bounded_name(scope, param) if param.bounds else matcher_of(project, param)
    right = param.may_be_flag << PARAM_FLAG | param.plain_ok << PARAM_PLAIN | param.quoted_ok << PARAM_QUOTED
    flags = f"{right:#x}, {'true' if param.no_value else 'false'}"
    member, low, high = param.member, 0, 0
    kind, offset = "SIPWIRE_KIND_STR", "0"
    if member:
        kind, offset = f"SIPWIRE_KIND_{member_kind(member).upper()}", f"offsetof({param.struct}, {member.name})"
        low, high = member.low, member.high
    text = None if param.bounds else param.text
    plain, quoted = run_number(project, text, (0,)), run_number(project, text, (1, 2))
    return (f"{{{match}, {rule_number(project, param.rule)}, {flags}, {kind}, {plain}, {quoted}, {hosts_of(project, param.text)}, "
            f"{offset}, {low}, {high}}}")


FRAMES = (b"", b""), (b'"', b'"'), (b'"<', b'>"')    # enum frame: what stands around the octets of a run


def run_number(project, text, frames):
    """Of the run of octets that is right as a value, in one of these frames; 0 when there is none."""
    for frame in frames if text and not project.tolerant else ():
        run = framed_run(text, *FRAMES[frame])
        if run:
            key = (*run, frame)
            return project.runs.setdefault(key, len(project.runs) + 1)
    return 0


def runs_text(project, classes):
    """What param_rule says of runs by their numbers."""
    lines = ["const struct param_run param_runs[] = {", "    {0},"]
    for octets, least, most, frame in project.runs:
        name = classes.setdefault(octets, f"octets_{len(classes)}")
        lines.append(f"    {{&{name}, {least}, {most}, {frame}}},")
    return lines + ["};", ""]


def hosts_of(project, text):
    """A bit for each type of host of which every one is in a language."""
    rules = {"SIPWIRE_HOST_NAME": "hostname", "SIPWIRE_HOST_IPV4": "IPv4address"}
    found = [f"1u << {kind}" for kind, rule in rules.items() if text and
             not fsa.difference(project.language.of_rule(project.grammar.find("rfc3261", rule)), text).finals]
    return " | ".join(found) or "0"


def param_words(names):
    """A perfect hash of names of at most 16 octets: bits, multiplier, {slot: (name, first, last, length, place)}."""
    words = []
    for place, name in enumerate(names, 1):
        octets = name.encode()
        if len(octets) <= 16 and re.fullmatch("[a-z0-9+.-]+", name):
            first = int.from_bytes(octets[:8], "little") << 8 * max(0, 8 - len(octets)) & (1 << 64) - 1
            words.append((name, first, int.from_bytes(octets[-8:], "little") if len(octets) > 8 else 0, len(octets), place))
        elif len(octets) <= 16:
            raise GrammarError(name, "the name of a parameter holds more than letters, digits, plus, hyphen and dot")
    source = random.Random(3261)
    for bits in range(1, 9):
        for _ in range(1000):
            multiplier = source.getrandbits(64) | 1
            slots = {((a ^ b) * multiplier & (1 << 64) - 1) >> 64 - bits: word for word in words for a, b in [word[1:3]]}
            if len(slots) == len(words):
                return bits, multiplier, slots
    raise GrammarError(names[0], "no perfect hash was found")


def headers(project):
    """The public headers."""
    return {"shapes.h": values_header(project), "getters.h": wrappers_header(project)}


def sources(project):
    return {"rule_ids.h": rules_header(project), "rules.c": rules_source(project), "shapes.c": shapes_source(project), "tables.c": tables_source(project), "sets.c": sets_source(project),
            "facts.h": facts_header(project), "facts.c": facts_source(project)}
