"""Prints what `sipwire json` found in a form to read: one line per value, empty members left out. scripts/run calls it."""

import json
import sys


def text(value):
    """A member: URIs and other objects by their own members, strings as they are unless blanks would confuse."""
    if isinstance(value, dict):
        return "{" + members({k: v for k, v in value.items() if k not in ("raw", "params")}) + params(value) + "}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if value == "" or " " in value else value
    return json.dumps(value)


def params(value):
    """The parameters that are not among the members."""
    pairs = [(name, content) for name, content in value.get("params") or [] if value.get(name.lower()) is None]
    return "".join(f" ;{name}" + ("" if content is None else f"={text(content)}") for name, content in pairs)


def members(value):
    return " ".join(f"{name}={text(member)}" for name, member in value.items()
                    if member is not None and member is not False and member != [] and name != "params")


def print_field(field):
    name = field["field"] or field["name"]
    if field["error"]:
        error = field["error"]
        print(f"  {field['offset']:6}  {name:18} {field['value']}")
        print(f"  {'':6}  {'':18} ^ {error['code']} at offset {error['offset']}, line {error['line']}, column "
              f"{error['column']}: not a {error['rule'] or 'value'} ({error['rfc']})")
    elif field["parsed"] is None:
        print(f"  {field['offset']:6}  {name:18} {field['value']}")
    else:
        for value in field["parsed"] or [{}]:
            print(f"  {field['offset']:6}  {name:18} {members(value)}{params(value)}")


def print_message(message):
    if message["kind"] == "request":
        print(f"request {message['method']} {text(message['request_uri'])} {message['version']}")
    elif message["kind"] == "response":
        print(f"response {message['status']} {message['reason']} {message['version']}")
    else:
        print("neither request nor response")
    for field in message["headers"]:
        print_field(field)
    if message["body"] and message["body"]["length"]:
        print(f"  {message['body']['offset']:6}  {message['body']['length']} octets of body")
    if message["error"]:
        print(f"  {message['error']['code']} at offset {message['error']['offset']}")


if __name__ == "__main__":
    for line in sys.stdin:
        print_message(json.loads(line))
