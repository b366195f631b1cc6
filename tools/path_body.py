"""Write the statements of a straight path (straight.py) from a narrowed plan (narrow.py)."""

import plan as P
from abnf import GrammarError
from emit import ABSENT_IS_MINUS_1
from narrow import COMMA, SP, Blank, Gap, behind, first, flat, may_be_empty

DIGITS = frozenset(b"0123456789")


class NoPath(Exception):
    pass


def single(item):
    """Whether an item is one certain octet."""
    return isinstance(item, P.Octets) and len(item.values) == 1 and not isinstance(item, Gap)


def taken_by(item, text, at):
    """Where what an item takes of a text from a place on ends, if that is sure: a run of octets must not reach its end."""
    if isinstance(item, Blank):
        return at
    if isinstance(item, P.Octets):
        return at + 1 if text[at] in item.values else None
    if not isinstance(item, P.Repeat) or not isinstance(item.item, P.Octets):
        return None
    rest = text[at:].lstrip(bytes(item.item.values))
    return len(text) - len(rest) if 0 < len(rest) < len(text) - at else None


class Body:
    """The statements of one path; p is where it stands."""

    def __init__(self, writer, struct):
        self.writer, self.struct, self.lines, self.depth, self.uses_out = writer, struct, [], 1, False

    def add(self, line):
        self.lines.append("    " * self.depth + line)

    def clear(self, shape):
        self.add(f"run_clear(out, sizeof *out);")
        for name, member in {m.name: m for m in reversed(shape.members)}.items():
            if member.kind in ABSENT_IS_MINUS_1:
                self.add(f"out->{name} = -1;")
            elif member.kind == "decimal":
                self.add(f"out->{name}.whole = -1;")

    def begin_usual(self, node, shape):
        """What most values begin with is compared at once; then, and behind anything else, the rest is read."""
        text, items = shape.usual.encode(), flat(node)
        captures, at, count = [], 0, 0
        while at < len(text):
            item, count = items[count], count + 1
            end = taken_by(item.item if isinstance(item, P.Capture) else item, text, at)
            if end is None:
                raise GrammarError(shape.where, f"'{shape.usual}' is no beginning of a value that ends with one octet")
            if isinstance(item, P.Capture):
                captures.append((item.member.name, at, end))
            at = end
        self.uses_out = True
        self.add(f'if ((uintptr_t)p <= s->wide && memcmp(p, "{shape.usual}", {len(text)}) == 0) {{')
        for name, at, end in captures:
            self.add(f"    out->{name} = straight_str(p + {at}, p + {end});")
        self.add(f"    p += {len(text)};")
        self.block("} else", P.Sequence(items[:count]), None)
        self.of(P.Sequence(items[count:]), None)

    def give_up_if(self, condition):
        self.add(f"if (RUN_UNLIKELY({condition})) return NULL;")

    def block(self, head, node, follow, tail="}"):
        self.add(head + " {")
        self.depth += 1
        self.of(node, follow)
        self.depth -= 1
        self.add(tail)

    def of(self, node, follow):
        """follow: the octets that may come behind the node, None when not known."""
        getattr(self, "of_" + type(node).__name__.lower())(node, follow)

    def of_octets(self, node, follow):
        self.give_up_if(f"!({self.writer.test(node.values)})")
        self.add("p++;")

    def of_blank(self, node, follow):
        pass

    def skip_blanks(self):
        self.add("if (RUN_UNLIKELY(AT(p) <= 32)) p = SIPWIRE_LEVELED(straight_blanks)(s, p);")

    def of_gap(self, node, follow):
        self.add("p = straight_gap(s, p);")
        self.give_up_if("!p")

    def of_named(self, node, follow):
        self.of(node.item, follow)

    def of_nested(self, node, follow):
        raise NoPath()            # but for a part

    def of_params(self, node, follow):
        self.uses_out = True
        in_uri = self.struct == "sipwire_uri"
        scope = "uri_scope" if in_uri else "straight_type(s)->scope"
        call = f"p = SIPWIRE_LEVELED(straight_params)(s, {scope}, p, out, &out->params);"
        if node.first:
            self.give_up_if(f"AT(p) == {scope}->separator")
        separates = f"AT(p) == {scope}->separator" if in_uri else f"straight_separates(s, {scope}, &p)"
        self.add("{" if node.first else f"if ({separates}) {{")
        self.depth += 1
        self.add(call)
        self.give_up_if("!p")
        self.depth -= 1
        self.add("}")

    def of_sequence(self, node, follow):
        for at, item in enumerate(node.items):
            rest = P.Sequence(node.items[at + 1:])
            if isinstance(item, P.Repeat) and isinstance(item.item, P.Octets) and item.high is None and rest.items and \
                    not may_be_empty(rest.items[0]) and first(rest.items[0]) <= item.item.values:
                raise NoPath()    # the octets would leave nothing for what must be behind them
            if single(item) and at and isinstance(node.items[at - 1], Blank):
                octet = min(item.values)
                self.add("if (AT(p) == 32) p++;")
                self.give_up_if(f"AT(p) != {octet} && (AT(p) > 32 || (p = SIPWIRE_LEVELED(straight_blanks)(s, p), AT(p) != {octet}))")
                self.add("p++;")
            elif isinstance(item, Blank) and rest.items and not may_be_empty(rest.items[0]) and not single(rest.items[0]):
                self.skip_blanks()
            else:
                self.of(item, behind(rest, follow))

    def attempt(self, write):
        """The lines of a part that may be left out, or None when it has no path."""
        lines, depth, uses_out, saved = self.lines, self.depth, self.uses_out, self.writer.saved()
        self.lines = []
        try:
            write()
            return self.lines
        except NoPath:
            self.depth, self.uses_out = depth, uses_out
            self.writer.restore(saved)
            return None
        finally:
            self.lines = lines

    def of_choice(self, node, follow):
        self.depth += 1
        written = [(item, self.attempt(lambda item=item: self.of(item, follow))) for item in node.items[::-1]]
        self.depth -= 1
        kept = [(item, lines) for item, lines in written if lines is not None]
        if not kept:
            raise NoPath()
        for at, (item, lines) in enumerate(kept):
            word = "} else " if at else ""
            self.add(f"{word}if ({self.writer.test(first(item))}) {{" if at + 1 < len(kept) else word + "{")
            self.lines += lines
        self.add("}")

    def of_repeat(self, node, follow):
        lines = self.attempt(lambda: self.repeated(node, follow))
        if lines is None and (node.low or COMMA in first(node)):
            raise NoPath()
        self.lines += lines or []

    def repeated(self, node, follow):
        item = node.item
        if isinstance(item, (P.Octets, P.Choice, P.Named)) and node.low <= 1 and node.high is None and self.scan(node, item):
            return
        if (node.low, node.high) == (0, 1):
            self.block(f"if ({self.begins(item, follow)})", item, follow)
        elif node.low == 0 and node.high is None and isinstance(item, P.Sequence):
            self.loop(item, follow)
        elif node.low == node.high and node.high <= 8:
            for _ in range(node.low):
                self.of(item, None)
        elif isinstance(item, P.Octets) and node.high is not None:
            self.counted(node, item)
        else:
            raise NoPath()

    def begins(self, item, follow):
        """The condition for something that may be there."""
        if follow and len(follow) == 1 and not follow & first(item):
            return f"AT(p) != {min(follow)}"
        return self.writer.test(first(item))

    def counted(self, node, item):
        self.add("{")
        self.depth += 1
        self.add("const uint8_t *begin = p;")
        self.add(f"while (p - begin < {node.high} && ({self.writer.test(item.values)})) p++;")
        if node.low:
            self.give_up_if(f"p - begin < {node.low}")
        self.depth -= 1
        self.add("}")

    def scan(self, node, item):
        """A repetition of octets, or of octets and rarer things that begin otherwise."""
        while isinstance(item, P.Named):
            item = item.item
        items = item.items if isinstance(item, P.Choice) else [item]
        single = [i for i in items if isinstance(i, P.Octets)]
        rare = [i for i in items if not isinstance(i, P.Octets)]
        if len(single) != 1 or not all(isinstance(i, P.Named) for i in rare):
            return False
        octets = frozenset(o for o in single[0].values if o < 0x80)
        self.add("{")
        self.depth += 1
        if node.low:
            self.add("const uint8_t *begin = p;")
        name = self.writer.octets_name(octets)
        if rare:
            others = frozenset().union(*[first(i) for i in rare])
            self.add(f"while (p = straight_scan(s, p, &{name}), RUN_UNLIKELY({self.writer.test(others)})) {{")
            self.depth += 1
            for at, part in enumerate(rare):
                condition = f"if ({self.writer.test(first(part))}) " if at + 1 < len(rare) else ""
                self.add(f"{'else ' if at else ''}{condition}p = {self.writer.part(part)}(s, p);")
            self.give_up_if("!p")
            self.depth -= 1
            self.add("}")
        else:
            self.add(f"p = straight_scan(s, p, &{name});")
        if node.low:
            self.give_up_if("p == begin")
        self.depth -= 1
        self.add("}")
        return True

    def loop(self, item, follow):
        """A repetition of a sequence: words with blanks before them, or things that begin with one octet."""
        head, rest = item.items[0], P.Sequence(item.items[1:])
        blanks = isinstance(head, P.Repeat) and head.low == 0 and isinstance(head.item, P.Octets) and head.item.values == SP
        if blanks and len(rest.items) == 1:
            self.words(rest.items[0])
        elif isinstance(head, P.Octets) and len(head.values) == 1 and rest.items and first(rest):
            octet = min(head.values)
            self.add(f"while (AT(p) == {octet} && {self.parenthesised(self.writer.test(first(rest), 'AT(p + 1)'))}) {{")
            self.depth += 1
            self.add("p++;")
            self.of(rest, None)
            self.depth -= 1
            self.add("}")
        else:
            raise NoPath()

    @staticmethod
    def parenthesised(text):
        return f"({text})" if " || " in text else text

    def words(self, word):
        self.add("for (;;) {")
        self.depth += 1
        self.add("const uint8_t *blank = p;")
        self.add("while (AT(p) == ' ') p++;")
        self.add(f"if (!({self.writer.test(first(word))})) {{")
        self.add("    p = blank;")
        self.add("    break;")
        self.add("}")
        self.of(P.Repeat(1, None, word), None)
        self.depth -= 1
        self.add("}")

    def of_capture(self, node, follow):
        name, kind = node.member.name, node.member.kind
        self.uses_out = True
        if kind in ("host", "uri"):
            self.cut(node, name, kind)
        elif kind == "number":
            self.number(node.member, node.item)
        elif kind == "ordinal":
            self.ordinal(node.member)
        else:
            item = node.item
            if isinstance(flat(item)[0], Blank):
                self.skip_blanks()
                item = P.Sequence(flat(item)[1:])
            if kind != "flag":
                self.add(f"const uint8_t *{name}_at = p;")
            self.of(item, follow)
            self.store(name, "bare_text" if kind == "text" and not node.quoted else kind)

    def cut(self, node, name, kind):
        if kind == "uri":
            kind = self.writer.uri_path(P.marked_language(node.item))
        path = "host_at" if kind == "host" else f"SIPWIRE_LEVELED(straight_{kind})"
        self.add(f"p = {path}(s, p, &out->{name});")
        self.give_up_if("!p")

    def number(self, member, item):
        if isinstance(item, P.Repeat) and item.low == item.high and item.high < 10:
            self.fixed_number(member, item)
            return
        if not isinstance(item, P.Repeat) or item.high is not None or item.low != 1 or item.item.values != DIGITS:
            raise NoPath()
        low, high = ("straight_type(s)->low", "straight_type(s)->high") if member.by_row else (str(member.low), str(member.high))
        cast = "" if member.by_row or member.high > 0x7FFFFFFF else "(int32_t)"
        self.add(f"int64_t {member.name};")
        self.add(f"p = straight_number(s, p, {low}, {high}, &{member.name});")
        self.give_up_if("!p")
        self.add(f"out->{member.name} = {cast}{member.name};")

    def fixed_number(self, member, item):
        if item.item.values != DIGITS or member.by_row:
            raise NoPath()
        self.add(f"p = straight_fixed_number(s, p, {item.low}, &out->{member.name});")
        self.give_up_if("!p")
        wrong = [f"out->{member.name} < {member.low}"] if member.low > 0 else []
        wrong += [f"out->{member.name} > {member.high}"] if member.high < 10 ** item.low - 1 else []
        if wrong:
            self.give_up_if(" || ".join(wrong))

    def ordinal(self, member):
        """Which of the words it is, when all have three letters; to set bit 0x20 is to make a letter small, and nothing else one."""
        words = [word.lower() for word in member.words]
        if not all(len(word) == 3 and word.isalpha() for word in words):
            raise NoPath()
        self.give_up_if("s->end - p < 3")
        self.add("switch ((p[0] | p[1] << 8 | p[2] << 16) | 0x202020) {")
        for at, word in enumerate(words):
            letters = int.from_bytes(word.encode(), "little")
            self.add(f"case 0x{letters:06x}: out->{member.name} = {member.low + at}; break; /* {word} */")
        self.add("default: return NULL;")
        self.add("}")
        self.add("p += 3;")

    def store(self, name, kind):
        span = f"{name}_at, p"
        if kind in ("str", "later-uri"):
            self.add(f"out->{name} = straight_str({span});")
        elif kind == "text":
            self.add(f"out->{name} = straight_text({span});")
        elif kind in ("bare_text", "comment", "products"):
            self.add(f"out->{name} = machine_{kind}(SPAN({span}));")
        elif kind == "decimal":
            self.give_up_if(f"!decimal({span}, &out->{name})")
        elif kind == "method":
            self.add(f"out->{name} = straight_str({span});")
            self.add(f"out->{name}_id = sipwire_method_lookup(out->{name});")
        else:
            self.add(f"out->{name} = true;")
