"""As much of JSON Schema (draft 2020-12) as docs/json-schema.json uses. An unknown keyword is an error."""

import re

TYPES = {
    "null": lambda v: v is None,
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    "string": lambda v: isinstance(v, str),
    "array": lambda v: isinstance(v, list),
    "object": lambda v: isinstance(v, dict),
}


def is_number(value):
    return TYPES["number"](value)


class Schema:
    def __init__(self, root):
        self.root = root

    def faults(self, value, schema=None, path="$"):
        """What is wrong with a value, as sentences."""
        schema = self.root if schema is None else schema
        out = []
        for keyword, wanted in schema.items():
            check = getattr(self, "check_" + keyword.lstrip("$"), None)
            if check is None:
                raise NotImplementedError(keyword)
            out += check(value, wanted, schema, path)
        return out

    def fits(self, value, schema):
        return not self.faults(value, schema)

    def annotation(self, value, wanted, schema, path):
        return []

    check_schema = check_title = check_description = check_defs = annotation
    check_then = annotation  # with if

    def check_ref(self, value, wanted, schema, path):
        target = self.root
        for step in wanted.removeprefix("#/").split("/"):
            target = target[step]
        return self.faults(value, target, path)

    def check_type(self, value, wanted, schema, path):
        names = wanted if isinstance(wanted, list) else [wanted]
        return [] if any(TYPES[name](value) for name in names) else [f"{path}: {value!r} is not {wanted}"]

    def check_const(self, value, wanted, schema, path):
        return self.check_enum(value, [wanted], schema, path)

    def check_enum(self, value, wanted, schema, path):
        same = any(value == w and isinstance(value, bool) == isinstance(w, bool) for w in wanted)
        return [] if same else [f"{path}: {value!r} is not of {wanted}"]

    def check_anyOf(self, value, wanted, schema, path):
        results = [self.faults(value, s, path) for s in wanted]
        return [] if any(not r for r in results) else [f"{path}: nothing fits: {results}"]

    def check_allOf(self, value, wanted, schema, path):
        return [fault for s in wanted for fault in self.faults(value, s, path)]

    def check_not(self, value, wanted, schema, path):
        return [f"{path}: {value!r} must not fit"] if self.fits(value, wanted) else []

    def check_if(self, value, wanted, schema, path):
        return self.faults(value, schema["then"], path) if self.fits(value, wanted) else []

    def check_properties(self, value, wanted, schema, path):
        if not isinstance(value, dict):
            return []
        return [fault for name, s in wanted.items() if name in value
                for fault in self.faults(value[name], s, f"{path}.{name}")]

    def check_required(self, value, wanted, schema, path):
        return [f"{path}: no {name}" for name in wanted if isinstance(value, dict) and name not in value]

    def check_additionalProperties(self, value, wanted, schema, path):
        if not isinstance(value, dict):
            return []
        names = [name for name in value if name not in schema.get("properties", {})]
        if wanted is False:
            return [f"{path}: unexpected {name}" for name in names]
        return [fault for name in names for fault in self.faults(value[name], wanted, f"{path}.{name}")]

    def check_prefixItems(self, value, wanted, schema, path):
        if not isinstance(value, list):
            return []
        return [fault for i, (v, s) in enumerate(zip(value, wanted)) for fault in self.faults(v, s, f"{path}[{i}]")]

    def check_items(self, value, wanted, schema, path):
        if not isinstance(value, list):
            return []
        first = len(schema.get("prefixItems", []))
        return [fault for i, v in enumerate(value[first:], first) for fault in self.faults(v, wanted, f"{path}[{i}]")]

    def check_minItems(self, value, wanted, schema, path):
        return [f"{path}: too few"] if isinstance(value, list) and len(value) < wanted else []

    def check_maxItems(self, value, wanted, schema, path):
        return [f"{path}: too many"] if isinstance(value, list) and len(value) > wanted else []

    def check_minLength(self, value, wanted, schema, path):
        return [f"{path}: too short"] if isinstance(value, str) and len(value) < wanted else []

    def check_pattern(self, value, wanted, schema, path):
        bad = isinstance(value, str) and not re.search(wanted, value)
        return [f"{path}: {value!r} is not like {wanted}"] if bad else []

    def check_minimum(self, value, wanted, schema, path):
        return [f"{path}: {value} < {wanted}"] if is_number(value) and value < wanted else []

    def check_maximum(self, value, wanted, schema, path):
        return [f"{path}: {value} > {wanted}"] if is_number(value) and value > wanted else []
