"""The C of the writers: for each shape the straight-line code of its templates, and the public functions around it."""

from dataclasses import dataclass, field

import emit
import writing
from abnf import GrammarError
from names import quoted


def present(member):
    if isinstance(member, writing.Params):
        return "v->params.len"
    name = f"v->{member.name}"
    if member.kind == "method":
        return f"({name}.ptr || {name}_id)"
    if member.kind == "decimal":
        return f"({name}.text.ptr || {name}.whole != -1)"
    if member.kind in emit.ABSENT_IS_MINUS_1:
        return f"{name} != -1"
    return {"host": f"({name}.type || {name}.text.ptr)", "uri": f"{name}.scheme", "flag": name}.get(member.kind, f"{name}.ptr")


@dataclass
class Coder:
    """The C of one shape."""
    project: object
    shape: object
    lines: list = field(default_factory=list)

    def width(self, member):
        """The digits of a number that is written with leading zeros, else 0."""
        row = next(row for row in self.project.rows if row.shape is self.shape and row.places.get(member.name))
        return writing.fixed_length(writing.place_language(self.project, self.shape, row.places[member.name][0]))

    def rule(self, member):
        names = [m.name for m in emit.distinct(self.shape) if m.pattern is not None]
        return f"&row_of(w)->members[{names.index(member.name)}]"

    def items(self, items, indent):
        for at, item in enumerate(items):
            if getattr(item, "kind", "") == "uri" and not isinstance(item.pattern[-1], str):    # {SIP-URI / SIPS-URI}
                self.lines.append(f"{indent}if (v->{item.name}.scheme > SIPWIRE_SCHEME_SIPS)\n{indent}    return put_refuse(w, "
                                  f"SIPWIRE_E_SYNTAX, 0, ({self.rule(item)})->rule);")
            if getattr(item, "kind", "") == "uri" and not (at and isinstance(items[at - 1], bytes)):
                self.lines.append(f"{indent}if (uri_needs_brackets(&v->{item.name}))\n{indent}    return put_refuse(w, "
                                  f"SIPWIRE_E_MEMBER, 0, ({self.rule(item)})->rule);")
            if isinstance(item, bytes):
                self.lines.append(f"{indent}n = put_literal(w, n, {quoted(item.decode())}, {len(item)});")
            elif isinstance(item, writing.Group):
                any_of = " || ".join(present(m) for m in item.members())
                self.lines.append(f"{indent}if ({any_of}) {{")
                self.items(item.items, indent + "    ")
                self.lines.append(f"{indent}}}")
            else:
                self.lines.append(f"{indent}if (!(n = {self.put(item)}))\n{indent}    return 0;")

    def put(self, member):
        if isinstance(member, writing.Params):
            members = " + ".join(f"({present(m)} ? 1 : 0)" for m in self.params_at(member)) or "0"
            place = member.place(self.several()) if self.several() else 0
            return f"SIPWIRE_LEVELED(put_params)(w, n, &v->params, v, {f'WRITE_PLACE({place})' if place else members})"
        name, rule = f"v->{member.name}", self.rule(member)
        if member.kind == "number":
            low, high = ("row_of(w)->low", "row_of(w)->high") if member.by_row else (member.low, member.high)
            if self.shape.days and member.name == self.shape.days[0]:
                high = f"days_of_month(v->{self.shape.days[1]}, v->{self.shape.days[2]})"
            width = self.width(member)
            if width:
                return f"put_padded(w, n, {name}, {low}, {high}, {width}, ({rule})->rule)"
            return f"put_number(w, n, {name}, {low}, {high}, ({rule})->rule)"
        if member.kind == "ordinal":
            words = ", ".join(f'"{word}"' for word in member.words)
            return (f"put_word(w, n, {name}, {member.low}, (const char *const[]){{{words}}}, {len(member.words)}, "
                    f"({rule})->rule)")
        if member.kind == "qvalue":
            return f"put_qvalue(w, n, {name}, ({rule})->rule)"
        if member.kind == "method":
            return f"put_method(w, n, &{name}, {name}_id, {rule})"
        if member.kind in ("str", "text", "host", "uri", "comment", "products", "decimal"):
            return f"SIPWIRE_LEVELED(put_{member.kind})(w, n, &{name}, {rule})"
        raise GrammarError(member.where, f"a member of kind '{member.kind}' can only be written by a line 'write when'")

    def several(self):
        """A row of the shape whose rule takes parameters in several places, or None."""
        return next((row for row in self.project.rows if row.shape is self.shape and len(row.params) > 1), None)

    def params_at(self, item):
        """The members that are parameters and may stand in a place."""
        members, row = [m for m in emit.distinct(self.shape) if m.param], self.several()
        if not row:
            return members
        names = {param.name for param in row.params[item.place(row)].params}
        return [m for m in members if m.param.lower() in names]

    def written(self, template):
        """The members that a template writes."""
        found = list(template.members())
        return found + [m for item in found if isinstance(item, writing.Params) for m in self.params_at(item)]

    def function(self):
        add = self.lines.append
        add(f"static uint64_t write_{self.shape.name}(sipwire_writer *w, uint64_t n, const void *value)\n{{")
        add(f"    const {self.shape.struct} *v = value;")
        for template in writing.templates(self.shape):
            if template.member:
                self.condition(template)
                if not list(template.members()):
                    add("        put_alone(w);")
                elif self.shape.params is not None and not any(isinstance(m, writing.Params) for m in template.members()):
                    add("        w->place = WRITE_NO_PLACE;")
                self.items(template.items, "        ")
                add("        return n;\n    }")
            else:
                self.without_others(template)
                self.items(template.items, "    ")
        add("    return n;\n}\n")
        return self.lines

    def without_others(self, template):
        """What only the other templates write must be absent."""
        named = self.written(template)
        others = {m.name: m for other in writing.templates(self.shape) for m in self.written(other)
                  if m not in named and not isinstance(m, writing.Params) and m.name != other.member}
        if others:
            self.lines.append(f"    if ({' || '.join(map(present, others.values()))})\n        return put_refuse(w, "
                              "SIPWIRE_E_MEMBER, 0, row_of(w)->rule);")

    def condition(self, template):
        """Whether the template is meant; then what it does not write must be absent."""
        named = self.written(template)
        member = next(m for m in self.shape.members if m.name == template.member)
        others = [m for m in emit.distinct(self.shape) if m.name != member.name and m not in named]
        if self.shape.params is not None and not any(isinstance(item, writing.Params) for item in named):
            others.append(writing.PARAMS)
        unfit = [f"!({self.rule(member)})->bare"] + [present(m) for m in others]
        if template.text:
            self.lines.append(f'    if (put_same(v->{member.name}, "{template.text}", {len(template.text)})) {{')
        else:
            self.lines.append(f"    if (v->{member.name}) {{")
        self.lines.append(f"        if ({' || '.join(unfit)})\n            return put_refuse(w, SIPWIRE_E_MEMBER, 0, "
                          f"row_of(w)->rule);")


def code_source(project):
    """The writers of one SIMD level."""
    lines = [emit.banner("The writers of one SIMD level, one for each shape."), '#include "write_put.h"', ""]
    machines = [emit.machine_name(project, name) for name in project.written.machines]
    lines += [f"machine_function {name};" for name in machines] + [""]
    shapes = emit.own_shapes(project)
    for shape in shapes:
        lines += Coder(project, shape).function()
    lines.append("const struct write_set SIPWIRE_LEVELED(write_set) = {\n    {")
    lines += [f"        [SIPWIRE_SHAPE_{shape.name.upper()}] = write_{shape.name}," for shape in shapes]
    lines.append("    },\n    SIPWIRE_LEVELED(put_uri),\n    SIPWIRE_LEVELED(put_octets),\n    SIPWIRE_LEVELED(put_param),\n    SIPWIRE_LEVELED(put_rows),\n    "
                 "SIPWIRE_LEVELED(put_start_line),\n};\n")
    lines.append(f"machine_function *const SIPWIRE_LEVELED(write_machines)[] = {{{', '.join(['NULL'] + machines)}}};")
    return emit.table(lines)


def shape_count_header(project):
    count = max(shape.number for shape in emit.own_shapes(project)) + 1
    return emit.banner("How many writers there are.") + f"#define WRITE_SHAPES {count}\n"


def wrappers_header(project):
    """One function for each shape and each typed header field, each a call of the general one."""
    lines = [emit.banner("sipwire: the typed writers, one for each shape and each typed header field; see write.h."),
             "#ifndef SIPWIRE_WRITERS_H", "#define SIPWIRE_WRITERS_H", "", "#include <sipwire/write.h>", ""]
    for shape in emit.own_shapes(project):
        lines.append(f"static inline sipwire_status sipwire_write_{shape.name}(sipwire_writer *writer, uint16_t header,\n    "
                     f"const sipwire_{shape.name} *value)\n{{\n    return sipwire_write_shaped(writer, header, "
                     f"SIPWIRE_SHAPE_{shape.name.upper()}, value);\n}}\n")
    for row in project.rows:
        if row.shape:
            name = row.shape.name
            lines.append(f"/* {row.name} */\nstatic inline sipwire_status sipwire_write_field_{row.id.lower()}(sipwire_writer "
                         f"*writer, const sipwire_{name} *value)\n{{\n    return sipwire_write_{name}(writer, "
                         f"SIPWIRE_HEADER_{row.id}, value);\n}}\n")
    return emit.table(lines + ["#endif"])


def sources(project):
    return {"write_tables.c": writing.table_source(project), "write_shapes.h": shape_count_header(project),
            "writers.c": code_source(project)}


def headers(project):
    return {"writers.h": wrappers_header(project)}
