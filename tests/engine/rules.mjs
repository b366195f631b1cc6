// From the syntax trees of the package "abnf" to rules of nearley. A rule has at most two symbols, so that a recogniser
// that completes each symbol once for each pair of ends takes polynomial time, however ambiguous the grammar is
// (recognise.mjs).
import { proseRule } from "./abnf_files.mjs";

// One octet, as a character of the same code.
class Octet {
  constructor(first, last, fold) {
    this.octets = new Set();
    for (let code = first; code <= last; code++) {
      const char = String.fromCharCode(code);
      for (const form of fold ? [char.toLowerCase(), char.toUpperCase()] : [char]) {
        this.octets.add(form);
      }
    }
  }

  test(char) {
    return this.octets.has(char);
  }
}

export class Rules {
  constructor(files) {
    this.files = files;
    this.byName = new Map(); // name of a symbol -> arrays of symbols: names or octets
    this.count = 0;
  }

  // The name of the symbol of NAMESPACE:RULE, or of what stands behind "NAME HCOLON" in it when value is true.
  start(qualified, value) {
    const [space, name] = qualified.split(":");
    const rule = this.files.find(space, name);
    if (!value) {
      return this.ofRule(rule);
    }
    const elements = rule.def.elements ?? [];
    if (elements.length < 3 || elements[1].name?.toUpperCase() !== "HCOLON") {
      throw new Error(`rule ${qualified} is not NAME HCOLON VALUE`);
    }
    return this.fresh([this.sequence(elements.slice(2).map((node) => this.of(node, rule)))]);
  }

  ofRule(rule) {
    if (!this.byName.has(rule.key)) {
      this.byName.set(rule.key, []); // before its definition is looked at, which may refer to it
      this.byName.get(rule.key).push([this.of(rule.def, rule)]);
    }
    return rule.key;
  }

  fresh(...alternatives) {
    const name = `#${++this.count}`;
    this.byName.set(name, alternatives);
    return name;
  }

  sequence(symbols) {
    if (symbols.length <= 2) {
      return symbols.length === 1 ? symbols[0] : this.fresh(symbols);
    }
    return this.fresh([symbols[0], this.sequence(symbols.slice(1))]);
  }

  text(string, fold) {
    const octets = [...string].map((char) => new Octet(char.charCodeAt(0), char.charCodeAt(0), fold));
    return this.sequence(octets);
  }

  repetition(min, max, item) {
    const first = Array(min).fill(item);
    if (max === null || max === undefined) {
      const more = this.fresh([]);
      this.byName.get(more).push([more, item]);
      return this.sequence([...first, more]);
    }
    let rest = null; // up to max - min of them
    for (let i = min; i < max; i++) {
      rest = this.fresh([], rest ? [item, rest] : [item]);
    }
    return this.sequence(rest ? [...first, rest] : first);
  }

  // The symbol of a node of rule.
  of(node, rule) {
    switch (node.type) {
      case "ruleref":
        return this.ofRule(this.files.find(rule.space, node.name));
      case "prose":
        return this.ofRule(proseRule(node, rule));
      case "group":
        return this.of(node.alt, rule);
      case "alternation":
        return this.fresh(...node.alts.map((item) => [this.of(item, rule)]));
      case "concatenation":
        return this.sequence(node.elements.map((item) => this.of(item, rule)));
      case "repetition":
        if (node.rep.type !== "repeat") {
          throw new Error(`rule ${rule.key}: ${node.rep.type} is not of RFC 5234`);
        }
        return this.repetition(node.rep.min, node.rep.max, this.of(node.el, rule));
      case "range":
        return new Octet(node.first, node.last, false);
      case "caseInsensitveString": // spelt so by the package
        return this.text(node.str, true);
      case "caseSensitveString":
        return this.text(node.str, false);
      default:
        throw new Error(`rule ${rule.key}: a node of unknown type ${node.type}`);
    }
  }
}
