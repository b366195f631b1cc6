// The grammar's files as namespaces of rules, read by the package "abnf" (RFC 5234, RFC 7405). Of what tools/abnf.py
// documents only "import" and "amend" touch the language; the other ";@" lines are left alone.
import fs from "node:fs";
import path from "node:path";
import { parseString } from "abnf";

// A rule that extends another file's rule: it begins with this prose-val, which stands for what was there before.
const BEFORE = "before";
const DEFINES = /^([A-Za-z][A-Za-z0-9-]*)[ \t]*(=\/?)/gm;

// RFC 5234 section 4 wants a blank between two elements, and the package insists. RFC 3966 section 3 prints
// ")*phonedigit-hex".
const CLOSED = /;.*|(?:"[^"\n]*"|[)\]])(?=([\w*([%"])?)/g;

function withBlanks(text) {
  return text.replace(CLOSED, (found, next) => (next ? `${found} ` : found));
}

// "=/" is known to the package only behind a "=" of the same text: puts one before those that have none.
function withStubs(text) {
  const operators = {};
  for (const [, name, operator] of text.matchAll(DEFINES)) {
    operators[name.toLowerCase()] ??= operator;
  }
  const extended = Object.keys(operators).filter((name) => operators[name] === "=/");
  return extended.map((name) => `${name} = <${BEFORE}>\n`).join("") + text;
}

export class Files {
  constructor(folder) {
    this.spaces = {};
    // what is tolerated is no part of the grammar
    const files = fs.readdirSync(folder).filter((name) => name.endsWith(".abnf") && name !== "deployed.abnf").sort();
    const texts = files.map((name) => ({ name, text: fs.readFileSync(path.join(folder, name), "utf8") }));
    // those that amend come after what they amend, and the errata last, as in tools/abnf.py
    const turn = ({ name, text }) => (name.includes("errata") ? 2 : /^;@ amend /m.test(text) ? 1 : 0);
    texts.sort((one, other) => turn(one) - turn(other));
    for (const { name, text } of texts) {
      this.read(path.basename(name, ".abnf"), text, name);
    }
  }

  space(name) {
    return (this.spaces[name] ??= { rules: {}, imports: {} });
  }

  // Each ";@ amend" begins a part that belongs to another namespace.
  read(name, text, file) {
    for (const part of text.split(/^(?=;@ amend )/m)) {
      const [, amended] = /^;@ amend (\S+)/.exec(part) ?? [];
      name = amended ?? name;
      const space = this.space(name);
      for (const [, source, names] of part.matchAll(/^;@ import (\S+) (.*)$/gm)) {
        names.trim().split(/\s+/).forEach((rule) => (space.imports[rule.toLowerCase()] = source));
      }
      for (const rule of Object.values(parseString(withStubs(withBlanks(part)), file).defs)) {
        const key = rule.name.toLowerCase();
        space.rules[key] = { key: `${name}:${key}`, space: name, def: rule.def, before: space.rules[key] };
      }
    }
  }

  // The rule that a name means in a namespace: its own one, or an imported one.
  find(space, name) {
    const key = name.toLowerCase();
    const { rules, imports } = this.space(space);
    const rule = rules[key] ?? this.space(imports[key] ?? "").rules[key];
    if (!rule) {
      throw new Error(`rule ${name} is not known in ${space}`);
    }
    return rule;
  }
}

// What a prose-val stands for; there are no others in the grammar.
export function proseRule(node, rule) {
  if (node.str !== BEFORE || !rule.before) {
    throw new Error(`<${node.str}> in rule ${rule.key} says nothing to a machine`);
  }
  return { ...rule.before, key: `${rule.key} before` };
}
