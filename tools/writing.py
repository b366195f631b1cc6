"""How values are written: the templates of shapes, for each row what its members may hold, and the proof that both are right. The
code is made in writers.py.

A shape says how it is written in lines of its file:

    write {TEMPLATE}                          "literals" (\\" is a quote), members, [ a group that is written when a member in it is present ],
                                              params: the parameters of the first place in the rule that takes some; or
                                              params of RULE: those of the place with RULE behind its separator
    write when FLAG {TEMPLATE}                the same for values whose member FLAG is set; what it does not name must be
                                              absent
    write when MEMBER is "TEXT" {TEMPLATE}    the same for values with this text, in any letter case

Every member is checked by itself, since there is no output to check when a message is measured: by the octets that may stand
in it in any number and order, and, when that does not accept, by the automaton of the member's rule. Both come from the same
flattened ABNF that the machines of the parser are proven equal to. That a template of right members is a right value is
proven by unwritable().
"""

import re
from dataclasses import dataclass

import emit
import fsa
import octet_sets
from abnf import GrammarError, Ref
from language import step, takes_quotes
from ragel import identifier

WORDS = re.compile(r'"(?:\\.|[^"\\])*"|params of [\w-]+|[A-Za-z_]\w*|[\[\]]|\S')
QUOTE = fsa.octet_set(b'"')
BLANKS = fsa.repeat(fsa.octet_set(b" \t\r\n"), 0, None)


# templates

@dataclass
class Group:
    items: list

    def members(self):
        for item in self.items:
            yield from item.members() if isinstance(item, Group) else [item] if not isinstance(item, bytes) else []


@dataclass
class Template(Group):
    where: str = ""
    member: str = ""          # of a condition
    text: str = ""


@dataclass(frozen=True)
class Params:
    """The parameters of a place, among the members of a template."""
    rule: str = ""            # behind the separator there; "": the first place

    def place(self, row):
        rules = [scope.rule.name for scope in row.params]
        return rules.index(self.rule) if self.rule else 0


PARAMS = Params()


def read_template(shape, where, condition, condition_text, text):
    """The items of a template: octets, members, groups, PARAMS."""
    members = {m.name: m for m in reversed(shape.members) if m.pattern is not None}
    stack = [[]]
    for word in WORDS.findall(text):
        if word[0] == '"' and len(word) > 2:
            stack[-1].append(re.sub(r"\\(.)", r"\1", word[1:-1]).encode())
        elif word == "[":
            stack.append([])
        elif word == "]" and len(stack) > 1:
            group = Group(stack.pop())
            if not list(group.members()):
                raise GrammarError(where, "a group without a member would never be written")
            stack[-1].append(group)
        elif word.partition(" ")[0] == "params" and shape.params is not None:
            stack[-1].append(Params(word.rpartition(" ")[2] if word != "params" else ""))
        elif word in members:
            stack[-1].append(members[word])
        else:
            raise GrammarError(where, f"'{word}' is no member of shape '{shape.name}' that a template can name")
    if len(stack) > 1:
        raise GrammarError(where, "a group is not closed")
    if condition and (condition not in members or (members[condition].kind == "flag") == bool(condition_text)):
        raise GrammarError(where, f"'{condition}' is no {'text' if condition_text else 'flag'} of shape '{shape.name}'")
    return Template(stack[0], where, condition, condition_text)


def templates(shape):
    """The templates of a shape, the one without a flag last; refuses a shape that forgets a member."""
    found = [read_template(shape, *line) for line in shape.writes]
    plain = [t for t in found if not t.member]
    if len(plain) != 1:
        raise GrammarError(shape.where, f"shape '{shape.name}' needs one line 'write {{TEMPLATE}}', it has {len(plain)}")
    told = next((t for t in found if t.text), None)
    for other in found:
        if told and other.text and other.member != told.member:
            raise GrammarError(other.where, f"the texts of '{told.member}' tell the templates apart, not those of '{other.member}'")
    written = {t.member for t in found} | {m.name for t in found for m in t.members() if not isinstance(m, Params)}
    for member in shape.captures():
        if member.name not in written:
            raise GrammarError(plain[0].where, f"member '{member.name}' of shape '{shape.name}' is never written")
    if shape.params is not None and not any(PARAMS in t.members() for t in found):
        raise GrammarError(plain[0].where, f"the parameters of shape '{shape.name}' are never written")
    return sorted(found, key=lambda t: not t.member)


# what a member may hold

def behind(dfa, octet):
    """The texts that follow an octet in texts of the language."""
    start = dfa.step(0, octet)
    if start is None:
        return fsa.NOTHING
    order = [start] + [s for s in range(len(dfa.rows)) if s != start]
    number = {s: n for n, s in enumerate(order)}
    rows = [[(low, high, number[t]) for low, high, t in dfa.rows[s]] for s in order]
    return fsa.Dfa(rows, [number[s] for s in dfa.finals]).minimal()


def between(dfa, left, right):
    """The texts that stand between two octets in texts of the language."""
    inner = behind(dfa, left)
    return fsa.Dfa(inner.rows, [s for s in range(len(inner.rows)) if inner.step(s, right) in inner.finals]).minimal()


NO_LANGUAGE = 0
LEAST_RUN = 16                # octets that lead a state of an automaton to itself, to be skipped by vectors
MOST_CELLS = 12288            # of the table of an automaton; a machine reads larger languages


class Languages:
    """The automata and octet classes of all members, each once; and the machines that read what is too large for them."""

    def __init__(self, project):
        self.project, self.dfas, self.classes, self.known = project, {}, {frozenset(): "no_octets"}, {}
        self.machines, self.runs, self.texts = [], [], ["{&no_octets, NULL, 0, 0, 0, false}"]

    def text(self, dfa):
        """The place of a language in write_languages."""
        if not dfa.finals:
            return NO_LANGUAGE
        key = dfa.key()
        if key not in self.known:
            octets = octet_sets.run_octets(dfa)
            run = self.classes.setdefault(octets, f"octets_{len(self.classes)}")
            outer, inner = octet_sets.joints(dfa, octets)
            sets = f"{outer}, {inner}, {'true' if octet_sets.takes_utf8(dfa, octets) else 'false'}"
            if len(dfa.rows) * len(octet_sets.octet_columns(dfa)[0]) > MOST_CELLS:
                text = f"{{&{run}, NULL, {self.machine(key)}, {sets}}}"
            else:
                name = self.dfas.setdefault(key, (f"dfa_{len(self.dfas)}", dfa))[0]
                text = f"{{&{run}, &{name}, 0, {sets}}}"
            self.known[key] = len(self.texts)
            self.texts.append(text)
        return self.known[key]

    def machine(self, key):
        """The place of the machine that reads a language, from 1."""
        for shape in self.project.shapes.values():
            if shape.into == "void" and self.project.language.of(shape.entry, shape.space, (), shape.unroll).key() == key:
                if shape.name not in self.machines:
                    self.machines.append(shape.name)
                return self.machines.index(shape.name) + 1
        raise GrammarError(self.project.folder, "a member's language is too large for a table, and no shape reads it into void")

    def run(self, dfa, state):
        """1 + the place of the octets that lead a state to itself, 0 where they are few."""
        octets = frozenset(o for low, high, target in dfa.rows[state] if target == state for o in range(low, high + 1))
        if len(octets) < LEAST_RUN or not emit.nibbles(octets):
            return 0
        name = self.classes.setdefault(octets, f"octets_{len(self.classes)}")
        if name not in self.runs:
            self.runs.append(name)
        return 1 + self.runs.index(name)

    def table(self, name, dfa):
        """An automaton: a column for each kind of octets, and the last one for the end of the text and for runs."""
        columns, kinds = octet_sets.octet_columns(dfa)
        width = len(columns) + 1

        def cell(target):
            return 0 if target is None else (target + 1) * width

        lines = [f"static const uint8_t {name}_kinds[256] = {{"]
        lines += ["    " + ", ".join(map(str, kinds[at:at + 32])) + "," for at in range(0, 256, 32)]
        lines += ["};", f"static const uint16_t {name}_next[] = {{", "    " + ", ".join(["0"] * width) + ","]
        for state in range(len(dfa.rows)):
            row = [cell(column[state]) for column in columns] + [int(state in dfa.finals) + 2 * self.run(dfa, state)]
            lines.append("    " + ", ".join(map(str, row)) + ",")
        return lines + ["};", f"static const struct write_dfa {name} = {{{name}_kinds, {name}_next, {width}}};"]

    def source(self):
        tables = [line for name, dfa in self.dfas.values() for line in self.table(name, dfa)]
        lines = [emit.class_text(name, octets) for octets, name in self.classes.items()]
        lines.append(f"const run_class *const write_runs[] = {{{', '.join('&' + name for name in self.runs)}}};")
        return lines + tables + ["const struct write_language write_languages[] = {"] + [f"    {text}," for text in self.texts] + ["};"]


# rules of members

def place_language(project, shape, place):
    member, node, space, path = place
    return project.language.of(node, space, () if member.pattern == ("*",) else path, shape.unroll)


def place_rule(project, place):
    """The number of the rule that an error in the member names."""
    _, node, space, path = place
    inner = path + ((step(project.grammar.find(space, node.name)),) if isinstance(node, Ref) else ())
    return emit.rule_numbers(project)[(inner[-1].space, str(inner[-1]))] if inner else 0


class Rules:
    """Initialisers of struct write_rule."""

    def __init__(self, project, languages):
        self.project, self.languages = project, languages
        self.ipv6 = project.language.of(Ref("IPv6address"), "rfc3261")

    def text(self, dfa, rule, kind):
        """What stands as it is, and what stands between quotes, or, for hosts, an IPv6 address and whether in brackets."""
        bare, inner, brackets = dfa, fsa.NOTHING, False
        if kind == "host":
            bare = fsa.difference(dfa, fsa.alt([self.ipv6, fsa.cat([fsa.octet_set(b"["), fsa.ALL])]))
            brackets = not dfa.accepts(b"::1")
            inner = between(dfa, ord("["), ord("]")) if brackets else fsa.intersection(dfa, self.ipv6)
        elif kind == "products":
            bare, inner = fsa.NOTHING, dfa
        elif kind == "comment":
            bare, inner = fsa.NOTHING, between(dfa, ord("("), ord(")"))
        elif kind != "str" and takes_quotes(dfa):
            bare = fsa.difference(dfa, fsa.cat([BLANKS, QUOTE, fsa.ALL]))
            inner = between(dfa, ord('"'), ord('"'))
        hosts = emit.hosts_of(self.project, bare) if kind == "host" else "0"
        if kind == "host" and not fsa.difference(self.ipv6, inner).finals:
            hosts += " | 1u << SIPWIRE_HOST_IPV6"
        return (f"{{{self.languages.text(bare)}, {self.languages.text(inner)}, {rule}, "
                f"{'true' if brackets else 'false'}, {hosts}}}")

    def member(self, shape, member, places, empty=False):
        found = places.get(member.name)
        if not found:
            return f"{{{NO_LANGUAGE}, {NO_LANGUAGE}, 0, false, 0}}"
        place = found[0]
        if member.kind == "uri":
            dfa = fsa.EMPTY     # its members are checked
        else:
            dfa = fsa.alt([place_language(self.project, shape, p) for p in found])
        if empty and member.pattern == ("*",):
            dfa = fsa.alt([dfa, fsa.EMPTY])
        return self.text(dfa, place_rule(self.project, place), member.kind)


def fixed_length(dfa):
    """The length of all texts of a language, or 0 when they differ; numbers of a fixed length have leading zeros."""
    text = dfa.shortest()
    any_of = fsa.repeat(fsa.ANY, len(text), len(text))
    return 0 if fsa.difference(dfa, any_of).finals else len(text)


def scope_source(project, rules, name, params, separated):
    """The parameters of a scope: what their values may hold, and which of them are members."""
    def rule(param):
        member, kind, offset, low, high = param.member, "SIPWIRE_KIND_PARAMS", "0", 0, 0
        if member:
            kind, offset = f"SIPWIRE_KIND_{emit.member_kind(member).upper()}", f"offsetof({param.struct}, {member.name})"
            low, high = (0, 0xFFFFFFFF) if member.kind == "hex" else (member.low, member.high)
        elif param.bounds:
            kind, (low, high) = "SIPWIRE_KIND_NUMBER64", param.bounds
        value = param.text if param.text is not None else fsa.NOTHING
        value = rules.text(value, emit.rule_number(project, param.rule), member.kind if member else "param")
        flags = ", ".join("true" if f else "false" for f in (param.may_be_flag, param.no_value))
        flags += f", {fixed_length(param.text) if member and member.kind in ('number', 'hex') else 0}"
        return f'{{{value}, {{"{param.name}", {len(param.name)}}}, {low}, {high}, {offset}, {kind}, {flags}}}'

    named, generic = [p for p in params if p.name], params[-1]
    lines = [f"static const struct write_param {name}_params[] = {{"]
    lines += [f"    {rule(p)}," for p in params]
    lines += ["};", f"static const struct write_scope {name}_scope = {{"]
    octet = "," if separated == Ref("COMMA") else ";"
    first = next((p for p in named if p.member), None)
    begin = f";{first.name.lower()}=".encode() if first and first.member.kind == "text" and octet == ";" else b""
    if not begin or len(begin) > 8 or project.leads[name]:
        begin = b""
    as_number = [int.from_bytes(octets, "little") for octets in (
        begin, bytes(0x20 if chr(o).isalpha() else 0 for o in begin), b"\xff" * len(begin))]
    members = [str(place) for place, param in enumerate(named) if param.member]
    lines.append(f"    {name}_params, &{name}_params[{len(named)}], {rules.languages.text(generic.name_text)}, "
                 f"(const uint8_t[]){{{', '.join(members) or '0'}}}, {len(named)}, {len(members)}, "
                 f"{list(project.scopes).index(name)}, {'true' if isinstance(separated, Ref) else 'false'}, '{octet}', "
                 f"{'true' if project.leads[name] else 'false'}, {emit.next_scope(project, name)}, "
                 f"{', '.join(f'UINT64_C({number:#x})' for number in as_number)}, {len(begin)}}};")
    return lines


# the proof

class Templates:
    """The texts that templates of right members make of one row."""

    def __init__(self, project, row):
        self.project, self.row, self.shape = project, row, row.shape

    def text(self):
        made, left = [], None
        for template in templates(self.shape):
            if template.member and not self.row.places.get(template.member):
                continue
            only = None
            if template.text:
                word = fsa.literal(template.text.encode(), sensitive=False)
                only, left = (template.member, word), (template.member, fsa.alt([left[1], word]) if left else word)
            elif not template.member and left:
                only = (left[0], fsa.difference(fsa.ALL, left[1]))
            made.append(self.items(template.items, only))
        empty = [fsa.EMPTY] if self.row.may_be_empty and self.row.cardinality != "list" else []
        return fsa.alt(made + empty)

    def items(self, items, only):
        return fsa.cat([self.item(item, only, not (at and isinstance(items[at - 1], bytes))) for at, item in enumerate(items)])

    def item(self, item, only, bare):
        """bare: no literal stands before it."""
        if isinstance(item, bytes):
            return fsa.literal(item)
        if isinstance(item, Group):
            return fsa.alt([fsa.EMPTY, self.items(item.items, only)])
        if isinstance(item, Params):
            return self.params(item)
        if item.kind == "uri":
            shape = self.project.shapes["uri"]
            uri = self.project.language.of(shape.entry, shape.space, ("uri",))
            if not isinstance(item.pattern[-1], str):
                sip = fsa.alt([fsa.literal(b"sip:", sensitive=False), fsa.literal(b"sips:", sensitive=False)])
                uri = fsa.intersection(uri, fsa.cat([sip, fsa.ALL]))
            plain = fsa.repeat(fsa.octet_set(set(range(256)) - set(b",;?")), 0, None)
            return fsa.intersection(uri, plain) if bare else uri
        texts = [place_language(self.project, self.shape, place) for place in self.row.places.get(item.name, [])]
        dfa = fsa.alt(texts) if texts else fsa.NOTHING
        return fsa.intersection(dfa, only[1]) if only and only[0] == item.name else dfa

    def params(self, item):
        if not self.row.params:
            return fsa.EMPTY
        one = self.project.language.of_scope(self.row.params[item.place(self.row)])
        if self.project.leads[self.row.scope]:
            separator = fsa.literal(b", " if self.shape.params == Ref("COMMA") else b";")
            return fsa.cat([one, fsa.repeat(fsa.cat([separator, one]), 0, None)])
        return fsa.repeat(fsa.cat([fsa.literal(b";"), one]), 0, None)


def unwritable(project, row):
    """A text that a template makes of right members and that is no value of the row; None when there is none."""
    element, path = row.element, (step(row.rule),)
    value = project.language.of(element.node, element.space, path, row.shape.unroll)
    others = [project.language.of(element.star, element.space)] if element.star else []
    others += [fsa.EMPTY] if row.may_be_empty else []
    value = fsa.alt([value] + others) if others else value
    return fsa.difference(Templates(project, row).text(), value).shortest()


# the tables

def table_source(project):
    languages = project.written = Languages(project)
    rules = Rules(project, languages)
    body = []
    separators = {scope: row.shape.params for row in project.rows for scope in project.chain(row.scope)}
    for name, params in project.scopes.items():
        separated = separators[name] if name in separators else project.shapes[name].params
        body += scope_source(project, rules, name, params, separated)
    body += uri_source(project, rules)
    made = {}
    for row in project.rows:
        if row.shape:
            body += row_source(project, rules, row, made)
    body += rows_source(project, made)
    lines = [emit.banner("What may be written: octets, automata and members of every typed header field."),
             "#define SIPWIRE_LEVEL 0 /* the tables serve all levels */", '#include "write_tables.h"', ""]
    return emit.table(lines + languages.source() + body)


def uri_source(project, rules):
    """The parts of a URI."""
    def place(shape, member):
        found = project.places[shape][member][0]
        return place_language(project, project.shapes[shape], found), place_rule(project, found)

    language = project.language
    scheme = language.of(Ref("scheme"), "rfc3261", (step(project.grammar.find("rfc3261", "absoluteURI")),))
    headers, headers_rule = place("hostport", "headers")
    other = project.shapes["absolute"].entry
    tel = project.shapes["tel"].entry
    numbers = emit.rule_numbers(project)
    parts = {"user": place("userinfo", "user"), "password": place("userinfo", "password"),
             "host": place("hostport", "host"), "headers": (behind(headers, ord("?")), headers_rule),
             "scheme": (scheme, numbers[("rfc3261", "scheme")]),
             "rest": (language.of(other, "rfc3261"), numbers[("rfc3261", "absoluteuri")]),
             "tel": (language.of(tel, "rfc3966"), numbers[("rfc3966", "telephone-subscriber")])}
    lines = ["const struct write_uri_parts write_uri_parts = {"]
    for name, (dfa, rule) in parts.items():
        lines.append(f"    .{name} = {rules.text(dfa, rule, 'host' if name == 'host' else 'str')},")
    lines += ["    .params = &hostport_scope,", "};", ""]
    texts = {"method": ("rfc3261", Ref("Method")), "reason": ("rfc3261", Ref("Reason-Phrase")),
             "name": ("rfc3261", Ref("header-name")), "value": ("rfc3261", Ref("header-value"))}
    for name, (space, node) in texts.items():
        rule = numbers[(space, node.name.lower())]
        lines.append(f"const struct write_rule write_{name}_rule = {rules.text(language.of(node, space), rule, 'str')};")
    return lines + [""]


def row_source(project, rules, row, made):
    """What the members of a row's shape may hold in it; rows that agree share it."""
    lines = []
    texts = [rules.member(row.shape, member, row.places, row.may_be_empty and row.cardinality != "list")
             for member in emit.distinct(row.shape) if member.pattern is not None]
    key = tuple(texts) or (f"{{{NO_LANGUAGE}, {NO_LANGUAGE}, 0, false, 0}}",)   # C has no empty arrays
    if key not in made:
        made[key] = f"members_{row.id.lower()}"
        lines += [f"static const struct write_rule {made[key]}[] = {{"] + [f"    {text}," for text in key] + ["};"]
    named = {p.name for scope in project.chain(row.scope) for p in project.scopes[scope]}
    absent = [m for m in row.shape.members if m.param and m.param.lower() not in named]
    row.written = {"members": made[key], "absent": "NULL", "absent_count": len(absent)}
    if absent:
        texts = tuple(f"    {{offsetof({row.shape.struct}, {m.name}), SIPWIRE_KIND_{emit.member_kind(m).upper()}}}," for m in absent)
        if texts not in made:
            made[texts] = f"absent_{row.id.lower()}"
            lines += [f"static const struct write_absent {made[texts]}[] = {{"] + list(texts) + ["};"]
        row.written["absent"] = made[texts]
    return lines


def rows_source(project, made):
    leads, lead = ["const char write_leads[] ="], 0
    lines = ["const struct write_row write_fields[SIPWIRE_HIGHEST_HEADER + 1] = {"]
    lines.append(f"    [0] = {{.called = WRITE_SHAPES, .order = {UNKNOWN_ORDER}, .cardinality = ROW_ROWS}},")
    for row in project.rows:
        leads.append(f'    "\\r\\n{row.name}: "')
        length = len(row.name) + 4
        called = f"{row.shape.number}" if row.shape and row.id != "CONTENT_LENGTH" else "WRITE_SHAPES"
        parts = [f".called = {called}, .order = {row.order}, .cardinality = ROW_{row.cardinality.upper()}, .may_be_empty = "
                 f"{'true' if row.may_be_empty else 'false'}, .lead = {lead}, .lead_len = {length}"]
        lead += length
        if row.shape:
            written, joined = row.written, row.shape.params is None and row.cardinality == "list"
            if row.cardinality == "one" or row.places.get("star"):
                parts.append(f".once = UINT64_C({1 << row.number % 64:#x})")
            parts.append(f".members = {written['members']}, .shape = {row.shape.number}, .low = {row.low}, .high = "
                         f"{row.high}, .rule = {emit.rule_number(project, row.rule)}, .joined = "
                         f"{'true' if joined else 'false'}, .comma = "
                         f"'{chr(row.element.written) if row.element.is_list else ','}', .after = AFTER_VALUE"
                         f"{' | AFTER_PARAM' if row.scope else ''}")
            if row.scope:
                parts.append(f".scope = &{row.scope}_scope")
            if written["absent_count"]:
                parts.append(f".absent = {written['absent']}, .absent_count = {written['absent_count']}")
        lines.append(f"    [{row.number}] = {{{', '.join(parts)}}}, /* {row.name} */")
    numbers = {row.number for row in project.rows}
    lines += [f"    [{n}] = {{.called = WRITE_SHAPES}}," for n in range(1, max(numbers)) if n not in numbers]
    single = [sum(1 << row.number % 64 for row in project.rows if row.cardinality == "one" and row.number // 64 == word)
              for word in range(4)]
    lines += ["};", f"const uint64_t write_single[4] = {{{', '.join(f'UINT64_C({word:#x})' for word in single)}}};"]
    return leads + [f'    "{" " * MOST_LEAD}";'] + lines


MOST_LEAD = 48                # the writer copies so many octets of a name's beginning at once
UNKNOWN_ORDER = 500           # where a field that is not in the table is written: before those of the body
