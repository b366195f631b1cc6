// Random sentences of a symbol, derived from its rules: what the grammar says in the reading of the package "abnf".

// A small generator of numbers below 1 (a 32-bit xorshift), so that a seed gives the same sentences everywhere.
function randomNumbers(seed) {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export class Deriver {
  constructor(rules, seed) {
    this.rules = rules.byName;
    this.random = randomNumbers(seed);
    this.shortest = this.shortestLengths();
  }

  // For each symbol the number of octets of its shortest sentence.
  shortestLengths() {
    const shortest = new Map([...this.rules.keys()].map((name) => [name, Infinity]));
    for (let changed = true; changed; ) {
      changed = false;
      for (const [name, alternatives] of this.rules) {
        const least = Math.min(...alternatives.map((symbols) => this.least(symbols, shortest)));
        changed ||= least < shortest.get(name);
        shortest.set(name, least);
      }
    }
    return shortest;
  }

  least(symbols, shortest = this.shortest) {
    return symbols.reduce((sum, symbol) => sum + (typeof symbol === "string" ? shortest.get(symbol) : 1), 0);
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  // A sentence of at most so many octets, where the symbol has one. eager: how likely it is not to end a repetition, or
  // leave out what is optional, while there is room.
  sentence(start, most, eager) {
    let text = "";
    const todo = [start];
    while (todo.length > 0) {
      const symbol = todo.pop();
      if (typeof symbol === "string") {
        const room = most - text.length - this.least(todo);
        todo.push(...this.choose(symbol, room, eager).slice().reverse());
      } else {
        text += this.pick([...symbol.octets]);
      }
    }
    return text;
  }

  choose(symbol, room, eager) {
    const alternatives = this.rules.get(symbol);
    const fitting = alternatives.filter((symbols) => this.least(symbols) <= room);
    if (fitting.length === 0) {
      return alternatives.find((symbols) => this.least(symbols) === this.shortest.get(symbol));
    }
    const filled = fitting.filter((symbols) => symbols.length > 0);
    return this.pick(filled.length > 0 && this.random() < eager ? filled : fitting);
  }

  // Up to count different sentences, the shortest first, long ones among them; fewer only when the language seems to
  // have no more.
  sentences(start, count, longest) {
    const found = new Set([this.sentence(start, 0, 0)]);
    for (let i = 0; i < 20 * count && found.size < count; i++) {
      const most = Math.ceil(longest * this.pick([0.05, 0.1, 0.25, 0.5, 1]));
      found.add(this.sentence(start, most, this.pick([0, 0.5, 0.8, 0.95])));
    }
    return [...found];
  }
}
