// Whether a text is in the language of a symbol, by nearley's Earley parser.
import nearley from "nearley";

export class Recogniser {
  constructor(rules, start) {
    this.seen = new Set(); // symbols completed in the present column, each with the column where it began
    this.grammar = new nearley.Grammar(this.nearleyRules(rules), start);
  }

  nearleyRules(rules) {
    const made = [];
    let id = 0;
    for (const [name, alternatives] of rules.byName) {
      const once = this.completeOnce(id++);
      for (const symbols of alternatives) {
        made.push(new nearley.Rule(name, symbols, once));
      }
    }
    return made;
  }

  // nearley makes every parse of an ambiguous text, of which there are exponentially many here. Whether there is one
  // shows all the same when a symbol is completed only the first time between the same two ends.
  completeOnce(id) {
    return (data, begin, fail) => {
      const key = begin * 65536 + id;
      if (this.seen.has(key)) {
        return fail;
      }
      this.seen.add(key);
      return null;
    };
  }

  accepts(text) {
    this.seen.clear();
    const parser = new nearley.Parser(this.grammar);
    parser.reportError = () => "refused"; // its own report walks the whole table
    try {
      parser.feed("");
      for (const char of text) {
        this.seen.clear();
        parser.feed(char);
      }
    } catch (error) {
      if (error.token === undefined) {
        throw error;
      }
      return false;
    }
    return parser.results.length > 0;
  }
}
