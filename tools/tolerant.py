"""Write the machines of tolerant readings: those of the strict grammar that grammar/abnf/deployed.abnf changes, made again
with it. They run when the strict ones have refused, so they are compiled for size (ragel -T1), have no runs and no facts of
states: nobody asks where they fail.
"""

import os
import subprocess

import audit
import emit
from abnf import GrammarError

SPARE_STATES = 60   # that a tolerant machine may have more than twice the budget of its shape


def own_machines(project):
    """Those that are not the strict ones."""
    return [machine for machine in project.machines.values() if not machine.twin]


def machine_source(project, machine, out, ragel):
    base = os.path.join(out, project.file_of(machine.name))
    with open(base + ".rl", "w", encoding="utf-8") as source:
        source.write(machine.writer.ragel(emit.header(machine)))
    subprocess.run([ragel, "-x", "-o", base + ".xml", base + ".rl"], check=True)
    made = audit.Machine(base + ".xml")
    if len(made.rows) > 2 * machine.shape.budget + SPARE_STATES:
        raise GrammarError(machine.shape.where, f"machine '{machine.name}' has {len(made.rows)} states when it is tolerant")
    places = audit.Places(machine.plan)
    facts, steps = audit.walk(made, places)
    audit.check_captures(places, facts, steps, machine.shape, machine.shape.where)
    subprocess.run([ragel, "-T1", "-L", "-o", base + ".c", base + ".rl"], check=True)
    with open(base + ".c", encoding="utf-8") as source:
        return source.read()


def tables(project):
    """The rows and URIs of tolerant readings."""
    name_of = project.file_of
    lines = [f"machine_function sipwire_machine_{name_of(name)}_scalar;" for name in project.machines] + [""]
    for name, params in project.scopes.items():
        lines += emit.scope_rules(project, name, params)
        lines += [f"static const struct param_scope {name}_scope = {{", f"    {name}_index, {name}_rules,",
                  f"    {emit.param_rule_text(project, params[-1])}, NULL, NULL, NULL, NULL, 0, 0, 0, false, false, false, false,",
                  f"    {emit.next_scope(project, name)}}};", ""]
    lines.append("const struct row_type sipwire_tolerant_rows[SIPWIRE_HIGHEST_HEADER + 1] = {")
    lines += [emit.row_type_text(project, row, f"sipwire_machine_{name_of(row.machine)}_scalar", "NULL")
              for row in project.rows if row.machine]
    lines += ["};", "", "const struct param_scope *const sipwire_tolerant_uri_scope = &hostport_scope;", "",
              "const struct machine_set sipwire_machine_set_tolerant = {"]
    lines += [f"    .{name} = sipwire_machine_{name_of(name)}_scalar," for name in emit.MACHINES_OF_SETS]
    return lines + ["};"]


class Made:
    """Where the machines of a tolerant project lie, and what is refused of what they tolerate."""

    def __init__(self, project, out, tolerant_out, refused):
        self.project, self.folders, self.refused = project, (out, tolerant_out), refused
        self.actions = {"accept_" + bit for bit in refused}
        project.language.refuse(refused)

    def machine(self, name):
        own = not self.project.machines[name].twin
        path = os.path.join(self.folders[own], self.project.file_of(name) + ".xml")
        return audit.Machine(path).refusing(self.actions)

    def users(self):
        """The machines of rows and entries in which something is refused, or in a value of their parameters."""
        for name, machine in self.project.machines.items():
            scopes = {scope for row in self.project.rows if row.machine == name for scope in self.project.chain(row.scope)}
            inner = {param.matcher for scope in scopes for param in self.project.scopes[scope] if param.matcher}
            if not name.startswith("match_") and any(self.uses(part) for part in {name} | inner):
                yield name

    def uses(self, name):
        actions = self.project.machines[name].writer.source.actions
        return not self.actions.isdisjoint(actions)


def source(project, out, ragel):
    """One C file with all of it."""
    os.makedirs(out, exist_ok=True)
    lines = [emit.banner("What reads a value once more, tolerantly."), "#define SIPWIRE_LEVEL 0",
             '#include "tolerant.h"', '#include "run.h"', '#include "shape_info.h"', ""]
    lines += [machine_source(project, machine, out, ragel) for machine in own_machines(project)]
    return emit.table(lines + tables(project))
