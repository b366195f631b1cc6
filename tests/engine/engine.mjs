// The second engine: npm's "abnf" reads the grammar, npm's "nearley" recognises. Octets are characters of latin-1.
//
// usage: node engine.mjs derive FOLDER COUNT LONGEST     stdin: SYMBOL TAB SEED      stdout: SYMBOL TAB HEX
//        node engine.mjs recognise FOLDER                stdin: SYMBOL TAB HEX       stdout: accept | reject
//
// FOLDER holds the .abnf files. SYMBOL is NAMESPACE:RULE, or NAMESPACE:RULE#value for what stands behind "NAME HCOLON".
// derive gives up to COUNT different sentences of at most LONGEST octets (longer only if there are no shorter ones).
import fs from "node:fs";
import { Files } from "./abnf_files.mjs";
import { Deriver } from "./derive.mjs";
import { Recogniser } from "./recognise.mjs";
import { Rules } from "./rules.mjs";

const [action, folder, ...numbers] = process.argv.slice(2);
const files = new Files(folder);

function rulesOf(symbol) {
  const [rule, value] = symbol.split("#");
  const rules = new Rules(files);
  return { rules, start: rules.start(rule, value !== undefined) };
}

function derive(symbol, seed) {
  const { rules, start } = rulesOf(symbol);
  const [count, longest] = numbers.map(Number);
  const texts = new Deriver(rules, Number(seed)).sentences(start, count, longest);
  return texts.map((text) => `${symbol}\t${Buffer.from(text, "latin1").toString("hex")}\n`).join("");
}

const recognisers = new Map();

function recognise(symbol, hex) {
  if (!recognisers.has(symbol)) {
    const { rules, start } = rulesOf(symbol);
    recognisers.set(symbol, new Recogniser(rules, start));
  }
  const text = Buffer.from(hex, "hex").toString("latin1");
  return recognisers.get(symbol).accepts(text) ? "accept\n" : "reject\n";
}

const actions = { derive, recognise };
if (!Object.hasOwn(actions, action) || numbers.length !== (action === "derive" ? 2 : 0)) {
  console.error("usage: node engine.mjs derive FOLDER COUNT LONGEST | recognise FOLDER");
  process.exit(2);
}
const lines = fs.readFileSync(0, "latin1").split("\n").filter((line) => line);
process.stdout.write(lines.map((line) => actions[action](...line.split("\t"))).join(""));
