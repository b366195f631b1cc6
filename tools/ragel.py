"""Write the Ragel source and the C around it for one machine."""

import plan as P
from audit import is_lexical

# Names that Ragel itself defines or reserves.
RESERVED = set("""any ascii extend alpha digit alnum lower upper xdigit cntrl graph print punct space zlen empty null machine
action access import export write pushdef exec init data include alphtype getkey variable when eof err lerr from to inwhen
outwhen postpop prepush main error""".split())


def identifier(name):
    """A rule's name as a Ragel or C name."""
    out = name.replace("-", "_").replace("*", "star")
    return out + "_rule" if out.lower() in RESERVED else out


def octet_text(octet):
    char = chr(octet)
    return f'"{char}"' if 0x20 < octet < 0x7F and char not in '"\\' else f"0x{octet:02x}"


def ranges(values):
    out = []
    for value in sorted(values):
        if out and out[-1][1] + 1 == value:
            out[-1][1] = value
        else:
            out.append([value, value])
    return out


def octets_text(values):
    parts = [octet_text(a) if a == b else f"0x{a:02x}..0x{b:02x}" for a, b in ranges(values)]
    return parts[0] if len(parts) == 1 else "( " + " | ".join(parts) + " )"


def letter_of(node):
    """The letter for which node stands in both cases, or the one octet it is, or None."""
    if not isinstance(node, P.Octets):
        return None
    chars = sorted(node.values)
    if len(chars) == 1 and 0x20 < chars[0] < 0x7F and chr(chars[0]) not in '"\\':
        return chr(chars[0])
    if len(chars) == 2 and chars[0] + 32 == chars[1] and chr(chars[1]).isalpha():
        return chr(chars[1])
    return None


class Source:
    """Collects the definitions of one machine, each rule once."""

    def __init__(self):
        self.definitions, self.names, self.actions = [], {}, []

    def define(self, name, text):
        base, count = identifier(name), 1
        wanted = base
        while wanted in self.names and self.names[wanted] != text:
            count += 1
            wanted = f"{base}_{count}"
        if wanted not in self.names:
            self.names[wanted] = text
            self.definitions.append(f"    {wanted} = {text};")
        return wanted

    def action(self, name):
        if name not in self.actions:
            self.actions.append(name)
        return name

    def of(self, node):
        return getattr(self, "of_" + type(node).__name__.lower())(node)

    def of_octets(self, node):
        return octets_text(node.values)

    def of_sequence(self, node):
        parts, word = [], []

        def flush():
            if word:
                text = "".join(letter for letter, _ in word)
                folded = any(len(values) == 2 for _, values in word)
                parts.append(f'"{text}"' + ("i" if folded else ""))
                word.clear()

        for item in node.items:
            letter = letter_of(item)
            if letter and not (len(item.values) == 1 and letter.isalpha()):
                word.append((letter, item.values))
                continue
            flush()
            parts.append(self.of(item))
        flush()
        if not parts:
            return '""'
        return parts[0] if len(parts) == 1 else "( " + " . ".join(parts) + " )"

    def of_choice(self, node):
        plain = frozenset().union(*[i.values for i in node.items if isinstance(i, P.Octets)])
        parts = [octets_text(plain)] if plain else []
        parts += [self.of(item) for item in node.items if not isinstance(item, P.Octets)]
        return parts[0] if len(parts) == 1 else "( " + " | ".join(parts) + " )"

    def of_repeat(self, node):
        item = self.of(node.item)
        if (node.low, node.high) == (0, 1):
            return f"{item}?"
        if (node.low, node.high) == (0, None):
            return f"{item}*"
        if (node.low, node.high) == (1, None):
            return f"{item}+"
        if node.low == node.high:
            return f"{item}{{{node.low}}}"
        return f"{item}{{{node.low},{'' if node.high is None else node.high}}}"

    def of_named(self, node):
        return self.define(node.name, self.of(node.item))

    def of_without(self, node):
        return f"( {self.of(node.item)} - {self.of(node.out)} )"

    def of_capture(self, node):
        name = node.member.name
        text = self.of(node.item)
        if node.member.kind == "flag":
            return f"( ( {text} ) %{self.action('set_' + name)} )"
        if not getattr(node.member, "closes", True):
            return f"( ( {text} ) >{self.action('open_' + name)} )"
        return f"( ( {text} ) >{self.action('open_' + name)} %{self.action('close_' + name)} )"

    def of_entering(self, node):
        return f"( {self.of(node.item)} >{self.action(node.action)} )"

    def of_mark(self, node):
        return f"( {self.of(node.item)} @{self.action(node.action)} )"


PARAM_ACTIONS = {
    "open_param_first": "params.first = p;",
    "open_param_name": "param_name_at = p;",
    "close_param_name": "params.name = SPAN(param_name_at, p); params.kind = PARAM_FLAG; params.value = SPAN(p, p);",
    "open_param_value": "param_value_at = p; param_is_other = false;",
    "param_other": "param_is_other = true;",
    "close_param_value": "params.value = SPAN(param_value_at, p); params.kind = param_is_other ? PARAM_OTHER : PARAM_PLAIN;",
    "open_param_quoted": "param_quoted_at = p;",
    "close_param_quoted": "params.value = SPAN(param_quoted_at, p); params.kind = PARAM_QUOTED;",
    "param_flush": "if (!param_flush(m, &params, p)) goto failed;",
    "stop": "m->comma = true; fbreak;",
}


class MachineWriter:
    """One machine: the Ragel source with its C function."""

    def __init__(self, name, shape, plan, is_list, tolerant=False):
        self.name, self.shape, self.is_list, self.tolerant = name, shape, is_list, tolerant
        self.source = Source()
        self.main = self.source.of(plan)
        self.captures = list(captured(plan))
        self.members = {c.member.name: c for c in self.captures if not isinstance(c.member, P.Pseudo)}
        self.has_params = "open_param_name" in self.source.actions

    def actions(self):
        for action in self.source.actions:
            yield f"    action {action} {{ {self.action_code(action)} }}"

    def action_code(self, action):
        if action in PARAM_ACTIONS:
            return PARAM_ACTIONS[action]
        if action.startswith("open_param_place_"):
            return f"params.first = p; m->scope = m->scope{'->next' * int(action.rpartition('_')[2])};"
        verb, _, member = action.partition("_")
        if verb == "accept":
            return f"if (!machine_tolerate(m, SIPWIRE_ACCEPT_{member}, p)) goto failed;"
        if verb == "set":
            return f"{member} = true;"
        if verb == "open":
            return f"{member}_at = p;"
        if self.members[member].member.each:
            return f"if (!{self.cut(member, f'SPAN({member}_at, p)')}) goto failed;"
        late = f"if (!{member}_at) {member}_at = p; " if self.members[member].nullable else ""
        return f"{late}{member} = SPAN({member}_at, p);"

    def locals(self):
        for name, capture in self.members.items():
            if capture.member.kind == "flag":
                yield f"    bool {name} = false;"
            else:
                yield f"    const uint8_t *{name}_at = NULL;"
                yield f"    struct machine_span {name} = {{0}};"
        if self.has_params:
            yield "    const uint8_t *param_name_at = NULL;"
            if "open_param_value" in self.source.actions:
                yield "    const uint8_t *param_value_at = NULL;"
                yield "    bool param_is_other = false;"
            if "open_param_quoted" in self.source.actions:
                yield "    const uint8_t *param_quoted_at = NULL;"
            yield "    struct param_reader params = {0};"

    def watched(self):
        """The captures that an error must know to be open."""
        found = set(self.cuts())
        return sorted(found | {name for name in ("param_value", "param_quoted") if "open_" + name in self.source.actions})

    def cuts(self):
        return [name for name, c in self.members.items() if c.member.kind in ("host", "uri", "ipv6")]

    def cut(self, name, span):
        """The call that has a cut read."""
        kind = self.members[name].member.kind
        into = "NULL" if kind == "ipv6" else f"&{'scratch' if self.shape.into == 'void' else f'out->{name}'}"
        return f"machine_cut(m, {span}, CUT_{kind.upper()}, {into})"

    def store(self):
        """The statements that turn captured octets into members, in the order of the shape."""
        done = set()
        for member in self.shape.members:
            name = member.name
            if name in done or name not in self.members:
                continue
            done.add(name)
            yield from self.store_member(member, name)
        if self.shape.days:
            day, month, year = self.shape.days
            yield f"    if (!machine_day(m, {day}, out->{day}, days_of_month(out->{month}, out->{year}))) return m->status;"

    def store_member(self, member, name):
        if member.kind == "flag":
            yield f"    out->{name} = {name};"
        elif member.kind in ("str", "text", "comment", "products", "later-uri"):
            kind = "str" if member.kind == "later-uri" else member.kind
            kind = "bare_text" if kind == "text" and not self.members[name].quoted else kind
            yield f"    if ({name}.at{self.unless_decided(name)}) out->{name} = machine_{kind}({name});"
        elif member.kind == "method":
            yield f"    out->{name} = machine_str({name});"
            yield f"    out->{name}_id = sipwire_method_lookup(out->{name});"
        elif member.kind == "ordinal":
            words = "\\0".join(member.words)
            yield f'    if ({name}.at) out->{name} = {member.low} + machine_ordinal({name}, "{words}\\0");'
        elif member.kind == "decimal":
            yield f"    if ({name}.at != {name}.to && !machine_decimal(m, {name}, &out->{name})) return m->status;"
        elif member.kind == "number":
            low, high = ("m->low", "m->high") if member.by_row else (f"{member.low}", f"{member.high}")
            cast = "" if member.by_row or member.high > 0x7FFFFFFF else "(int32_t)"
            yield f"    if ({name}.at) {{"
            if isinstance(member.pattern[-1], str) and member.pattern != ("*",):
                yield f"        m->rule = RULE_{self.rule_macro(self.members[name])};"
            yield f"        if (!machine_number(m, {name}, {low}, {high}, &numeric)) return m->status;"
            yield f"        out->{name} = {cast}numeric;"
            yield "    }"

    def unless_decided(self, name):
        """A flag of a declared choice decides it: what other readings captured up to there is nothing then."""
        if name not in self.shape.choices:
            return ""
        return "".join(f" && !{flag}" for flag, capture in self.members.items()
                       if capture.member.kind == "flag" and flag in self.shape.choices)

    @staticmethod
    def rule_macro(capture):
        rule = innermost(capture.item)
        return identifier(f"{rule.space}_{rule}").upper()

    def needs_number(self):
        return any(m.kind == "number" and m.name in self.members for m in self.shape.members)

    def function(self):
        out = []
        add = out.append
        add(f"machine_function SIPWIRE_LEVELED(machine_{self.name});")
        add("")
        add(f"sipwire_status SIPWIRE_LEVELED(machine_{self.name})(struct machine *m, void *into)")
        add("{")
        stores = list(self.store())
        own_cuts = [name for name in self.cuts() if name != "ipv6"]
        uses_out = self.shape.into != "void" and bool(stores or self.has_params or own_cuts)
        add(f"    struct {self.shape.struct} *out = into;" if uses_out else "    (void)into;")
        if self.shape.into == "void" and own_cuts:
            add("    sipwire_uri scratch;")
        add("    const uint8_t *p = m->at, *const pe = m->end, *const eof = pe;")
        add("    int cs;" if self.tolerant else "    int cs, state = 0;")
        out.extend(self.locals())
        if self.needs_number():
            add("    int64_t numeric;")
        if self.has_params:
            add("    params.out = out;")
        add("    %% write init;")
        add("    %% write exec;")
        add("    (void)eof;")
        add(f"    if (cs < {self.name}_first_final) {{")
        add("        m->status = SIPWIRE_E_SYNTAX;")
        add("        m->at = p;")
        add("        m->state = NULL;" if self.tolerant else f"        m->state = &{self.states()}[cs ? cs : state];")
        add("        goto failed;")
        add("    }")
        if self.has_params:
            add("    if (!param_flush(m, &params, m->comma ? p - 1 : p)) goto failed;")
            add("    out->params = param_region(&params);")
            if self.shape.split:
                name, before, behind = self.shape.split
                add(f"    param_split(&out->params, SIPWIRE_PARAM_{identifier(name).upper()}, &out->{before}, &out->{behind});")
        for name in self.cuts():
            if not self.members[name].member.each:
                add(f"    if ({name}.at && !{self.cut(name, name)}) return m->status;")
        out.extend(stores)
        add("    m->at = p;")
        add("    return m->status = SIPWIRE_OK;")
        add("failed:")
        if not self.tolerant:
            out.extend(self.blame())
        add("    return m->status;")
        add("}")
        return "\n".join(out)

    def blame(self):
        """What finds the place of an error in the parts that other machines read. Of a tolerant reading nobody asks it."""
        for name in self.cuts():
            kind = self.members[name].member.kind
            bit = f"{self.name.upper()}_OPEN_{name.upper()}"
            yield f"    machine_blame_cut(m, {name}_at, {name}, {bit}, CUT_{kind.upper()});"
        if self.has_params:
            opened = [f"m->state->open & {self.name.upper()}_OPEN_{name.upper()} ? {name}_at : "
                      for name in self.watched() if name.startswith("param_")]
            yield "    if (m->status == SIPWIRE_E_SYNTAX && m->state)"
            yield f"        param_blame(m, &params, {''.join(opened)}NULL);"

    def states(self):
        """Machines of rows may be shared by rows whose rules have other names: each row brings its own table."""
        return "m->states" if self.shape.entry is None and self.shape.into != "void" else f"{self.name}_states"

    def ragel(self, header):
        lines = [header, '#include "machine.h"', '#include "run.h"', "", "%%{", f"    machine {self.name};", "    alphtype unsigned char;", ""]
        lines += list(self.actions())
        if not self.tolerant:
            lines += ["    action fail { state = fcurs; }", ""]
        lines += self.source.definitions
        lines += ["", f"    main := ( {self.main} )" + (";" if self.tolerant else " $!fail;")]
        lines += ["    write data noerror noentry;", "}%%", ""]
        lines += [] if self.tolerant else [f'#include "{self.name}.states.inc"', ""]
        lines += [self.function(), ""]
        return "\n".join(lines)


def innermost(node):
    """The rule of a capture's first octet: that of its own reference."""
    while not isinstance(node, P.Octets):
        node = children(node)[0]
    return next(step for step in reversed(node.stack) if not is_lexical(step))


def captured(node):
    if isinstance(node, P.Capture):
        yield node
    for child in children(node):
        yield from captured(child)


def children(node):
    if isinstance(node, (P.Sequence, P.Choice)):
        return node.items
    if isinstance(node, (P.Repeat, P.Named, P.Capture, P.Mark, P.Without)):
        return [node.item]
    return []
