"""Write straight paths: C that reads the commonest form of a value without a machine (src/straight.h).

A path is written from a plan that was narrowed (narrow.py) as the statements of path_body.py. A shape may give the part that is
read itself (straight, see shape.py).
"""

import fsa
import plan as P
from abnf import GrammarError
from emit import banner, class_text, table
from narrow import Nested, bare, may_be_empty, narrow
from octet_sets import nibbles
from path_body import Body, NoPath
from ragel import identifier

LINE_END = frozenset(b"\r\n")     # no path takes them: one stands behind the value in a message


class PathWriter:
    """Writes the functions of all paths into one file."""

    def __init__(self, uris):
        self.uris = uris          # {path: what it takes, as an automaton}
        self.classes, self.parts, self.functions = {}, {}, []

    def uri_path(self, octets):
        """The path for URIs of which a member takes certain octets: that of all URIs, or of some."""
        dfa = octets.minimal()
        for path, taken in self.uris.items():
            if not fsa.difference(taken, dfa).finals:
                return path
        raise NoPath()

    def saved(self):
        return dict(self.classes), dict(self.parts), list(self.functions)

    def restore(self, saved):
        self.classes, self.parts, self.functions = saved

    def octets_name(self, octets):
        if not nibbles(octets) or any(octet > 0x7F for octet in octets) or octets & LINE_END:
            raise NoPath()
        return self.classes.setdefault(octets, f"octets_{len(self.classes)}")

    def test(self, octets, at="AT(p)"):
        """The C condition for an octet to be one of these."""
        if len(octets) <= 2:
            return " || ".join(f"{at} == {octet}" for octet in sorted(octets))
        low, high = min(octets), max(octets)
        if len(octets) == high - low + 1:
            return f"({at} >= {low} && {at} <= {high})"
        name = self.classes.setdefault(octets, f"octets_{len(self.classes)}")
        if octets & LINE_END or not nibbles(octets):
            raise NoPath()
        return f"run_has(&{name}, {at})"

    def with_bare(self, name, node, bare_node, shape):
        """A function for a value with a URI in angle brackets, or else one without them."""
        lines = []
        for kind, head, part in (("usual", "RUN_INLINE", node), ("bare", "RUN_COLD", bare_node)):
            declarator, *rest = self.function(name, part, shape)
            lines += [f"{head} {declarator.replace(f'SIPWIRE_LEVELED({name})', f'{name}_{kind}')}", *rest]
        lines += [f"const uint8_t *SIPWIRE_LEVELED({name})(const surroundings *s, const uint8_t *p, void *into)", "{",
                  f"    const uint8_t *behind = {name}_usual(s, p, into);",
                  f"    return RUN_LIKELY(behind) ? behind : {name}_bare(s, p, into);", "}", ""]
        return lines

    def function(self, name, node, shape):
        struct = shape.struct if shape else ""
        body = Body(self, struct)
        if shape and shape.entry is None:
            body.clear(shape)
        if shape and shape.usual:
            body.begin_usual(node, shape)
        else:
            body.of(node, None)
        if shape and shape.days:
            day, month, year = shape.days
            body.give_up_if(f"out->{day} > days_of_month(out->{month}, out->{year})")
        if shape and shape.split:
            param, before, after = shape.split
            body.add(f"param_split(&out->params, SIPWIRE_PARAM_{identifier(param).upper()}, &out->{before}, &out->{after});")
        use = "    struct {0} *out = into;".format(struct) if body.uses_out else "    (void)into;"
        lines = [f"const uint8_t *SIPWIRE_LEVELED({name})(const surroundings *s, const uint8_t *p, void *into)", "{", use,
                 "    (void)s;", *body.lines, "    return p;", "}", ""]
        return lines

    def part(self, node):
        """A function for a part that is rare."""
        name = f"part_{identifier(node.name)}" + (f"_{node.depth}" if isinstance(node, Nested) else "")
        if name in self.parts:
            if self.parts[name] != node.item:
                raise NoPath()
            return name
        body = Body(self, "")
        self.parts[name] = node.item
        if isinstance(node, Nested):
            body.give_up_if(f"s->options->max_nesting < {node.depth}")
        body.of(node.item, None)
        self.functions += [f"RUN_COLD const uint8_t *{name}(const surroundings *s, const uint8_t *p)", "{", "    (void)s;",
                           *body.lines, "    return p;", "}", ""]
        return name


def path_of(writer, name, plan, shape):
    """The lines of a path, or None."""
    before = writer.saved()
    try:
        node = narrow(plan)
        if node is None or may_be_empty(node):
            return None
        other = bare(plan)
        bare_node = narrow(other) if other is not plan else None
        return writer.with_bare(name, node, bare_node, shape) if bare_node else writer.function(name, node, shape)
    except NoPath:
        writer.restore(before)
        return None


SHARED = ("userinfo", "hostport", "tel", "absolute")
INLINE = ("userinfo", "hostport")
SIP_URIS = "SIP-URI", "SIPS-URI"


def given_plan(project, shape):
    """The plan of what a shape says that its path takes."""
    node, space = shape.straight, shape.space
    if shape.captures():
        raise GrammarError(shape.where, "a shape that says what its path takes may have no members")
    language = project.language
    if fsa.difference(language.of(node, space), language.of(shape.entry, space)).finals:
        raise GrammarError(shape.where, "what the path takes is more than what is parsed")
    return P.Planner(project.grammar, language, {}, shape).plan(node, space)


def all_paths(project):
    """(name, plan, shape) of what may have a path."""
    quoted = project.grammar.find("rfc3261", "quoted-string")
    yield "quoted_string", P.Planner(project.grammar, project.language, {}, project.shapes["host"]).rule(quoted, ()), None
    for name, machine in project.machines.items():
        if name in SHARED or (machine.readers and machine.shape.into != "void"):
            yield name, given_plan(project, machine.shape) if machine.shape.straight else machine.plan, machine.shape


def sources(project):
    """paths.inc, which straight.c includes."""
    language, uri = project.language, project.shapes["uri"]
    sip = fsa.union_all([language.of_rule(project.grammar.find("rfc3261", rule)) for rule in SIP_URIS]).minimal()
    any_uri = language.of(uri.entry, uri.space, ("uri",))
    bare_uri = fsa.intersection(any_uri, fsa.repeat(fsa.octet_set(bare_octets(any_uri)), 1, None)).minimal()
    writer, functions, have = PathWriter({"uri": any_uri, "sip_uri": sip, "bare_uri": bare_uri}), [], {}
    for name, plan, shape in all_paths(project):
        lines = path_of(writer, f"straight_{name}", plan, shape)
        if lines:
            have[name] = True
            functions += lines
    missing = [name for name in (*SHARED, "quoted_string") if name not in have]
    if missing:
        raise NoPath(missing)
    return table(file_lines(project, writer, functions, have, bare_octets(any_uri)))


def bare_octets(any_uri):
    """What a URI without angle brackets is made of (RFC 3261 section 20.10)."""
    return any_uri.octets() - frozenset(b";?,")


def name_octets(project):
    """What names and IPv4 addresses are made of."""
    rules = [project.language.of_rule(project.grammar.find("rfc3261", rule)) for rule in ("hostname", "IPv4address")]
    return rules[0].octets() | rules[1].octets()


def file_lines(project, writer, functions, have, bare_octets):
    lines = [banner("Straight paths, see src/straight.h."), "#define AT(p) (*(p))", ""]
    lines += [class_text(name, octets) for octets, name in writer.classes.items()]
    shared = {name: project.language.of_rule(project.grammar.find(space, rule)).octets()
              for name, space, rule in (("hex", "core", "HEXDIG"), ("scheme", "rfc3261", "scheme"))}
    uric = project.language.of_rule(project.grammar.find("rfc3261", "uric"))
    bare_uric = frozenset(octet for octet in bare_octets if uric.accepts(bytes([octet])))
    for name, octets in (shared | {"host": name_octets(project), "bare": bare_octets, "bare_uric": bare_uric}).items():
        lines += [class_text(f"SIPWIRE_LEVELED(straight_{name}_octets)", frozenset(octets)).removeprefix("static "), ""]
    rows = [row for row in project.rows if row.machine in have]
    lines += [f"static straight_function SIPWIRE_LEVELED(straight_{name});" for name in sorted({row.machine for row in rows})]
    lines += [""] + writer.functions
    heads = {f"const uint8_t *SIPWIRE_LEVELED(straight_{name})(": "RUN_INLINE " if name in INLINE else "static "
             for name in [*SHARED, *(row.machine for row in rows)]}
    lines += [heads.get(line[:line.find("(const") + 1], "") + line for line in functions]
    lines.append("static straight_function *const rows[SIPWIRE_HIGHEST_HEADER + 1] = {")
    lines += [f"    [{row.number}] = SIPWIRE_LEVELED(straight_{row.machine}), /* {row.name} */" for row in rows]
    lines += ["};", "", "const struct straight_set SIPWIRE_LEVELED(straight_set) = {SIPWIRE_LEVELED(straight_uri), rows};"]
    return lines
