"""Parts of the README, for the tests that hold it to its word."""

import re


def section(text, heading):
    """From a heading up to the next one of its level or a higher one."""
    level = len(heading) - len(heading.lstrip("#"))
    begin = re.search(rf"^{re.escape(heading)}$", text, re.M)
    if not begin:
        raise AssertionError(f"the README has no {heading}")
    end = re.compile(rf"^#{{1,{level}}} ", re.M).search(text, begin.end())
    return text[begin.start():end.start() if end else len(text)]


def fenced(text, after, language=""):
    """The first block in fences of this language behind a text."""
    found = re.compile(r"^```" + language + r"\n(.*?)^```$", re.S | re.M).search(text, text.index(after))
    return found.group(1)
