"""Wapiti as Debian 12 has it: its pattern for --exclude has a flag where Python 3.11 refuses it."""
import re
import sys

import wapitiCore.net.crawler as crawler


def translated(pattern):
    return re.compile(".*".join(map(re.escape, pattern.split("*"))) + r"\Z", re.DOTALL)


crawler.wildcard_translate = translated
from wapitiCore.main.wapiti import wapiti_main  # noqa: E402

sys.exit(wapiti_main())
