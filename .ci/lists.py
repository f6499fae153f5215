"""Lists of events against what a reader of their own finds in them, and against the totals that the tools print."""
import json
import os
import re

from known import parsed

FORMATS = {"papi_avail": "papi-avail", "papi_native": "papi-native-avail", "papi_native_avail": "papi-native-avail"}


def of_ophelp(text):
    """Event -> its counters, of text and XML."""
    if "<help_events" in text:
        return {name: None for name in re.findall(r'event_name="([^"]+)"', text)}
    rows = re.findall(r"^(\S+): \(counters?: ([^)]*)\)", text, re.M)
    return {name: re.sub(r"\s", "", counters) for name, counters in rows}


def of_papi_avail(text):
    """Event -> whether the machine has it and whether it is derived; a list of `-a` has no column `Avail`."""
    rows = re.findall(r"^(PAPI_\w+) +0x[0-9a-f]{8} +(Yes|No) +(?:(Yes|No) )?", text, re.M)
    found = {name: (one == "Yes", two == "Yes") if two else (True, one == "Yes") for name, one, two in rows}
    total = re.search(r"^Of (?:\d+ possible events, )?(\d+) (?:available events, |are available, of which )(\d+)", text, re.M)
    # PAPI counts those as derived too that the machine does not have.
    listed = (sum(has for has, _ in found.values()), sum(derived for _, derived in found.values()))
    if total and listed != (int(total[1]), int(total[2])):
        return None
    if not found:
        names = re.findall(r"^Event name: +(\S+)", text, re.M)
        found = {name: ("NOT available" not in text, "NOT_DERIVED" not in text and "Derived Type" in text) for name in names}
    return found


def of_papi_native(text):
    """The events, which stand in boxes without indentation."""
    return {name: None for name in re.findall(r"^\| (\S+) +\|$", text, re.M)}


def differs(path, wanted, source, supports):
    """What is read otherwise than the list says, or nothing."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if wanted == "papi-avail":
        listed, read = of_papi_avail(text), {one["event"]: (one["supported"], one["derived"]) for one in supports}
    elif wanted == "papi-native-avail":
        listed, read = of_papi_native(text), {one["event"]: None for one in supports}
    else:
        listed = of_ophelp(text)
        read = {one["event"]: None if "<help_events" in text else one["counters"] for one in supports}
    if not listed:
        return None if not supports else f"{len(supports)} facts, of which the list knows none"
    wanted = wanted if wanted != "ophelp" else "ophelp-xml" if "<help_events" in text else "ophelp-text"
    if source["format"] != wanted or source["rejected"]:
        return f"read as {source['format']} with {source['rejected']} rejects"
    if listed != read:
        wrong = {name for name in listed.keys() | read.keys() if listed.get(name, 0) != read.get(name, 0)}
        return f"{len(read)} events read, {len(listed)} listed, differing in {sorted(wrong)[:5]}"
    return None


def lists(shared, binary):
    """File -> how it differs, of the lists of the corpus and of the machines of the lab."""
    wanted = {}
    for line in open(os.path.join(shared, "corpus/oprofile/index.jsonl"), encoding="utf-8"):
        entry = json.loads(line)
        if entry["tool"] == "ophelp" or entry["tool"] in FORMATS:
            wanted["oprofile/" + entry["file"]] = FORMATS.get(entry["tool"], "ophelp")
    sources, records = parsed(binary, os.path.join(shared, "corpus"))
    for path in sources:
        stem = os.path.basename(path).split(".")[0].split("-")[0]
        if "/_machine/" in path and (stem == "ophelp" or stem in FORMATS):
            wanted[path] = FORMATS.get(stem, "ophelp")
    found = {}
    for path, format_name in wanted.items():
        supports = [record for record in records[path] if record["type"] == "support"]
        found[path] = differs(os.path.join(shared, "corpus", path), format_name, sources[path], supports)
    print(f"lists: {len(found)} of papi_avail, papi_native_avail and ophelp")
    return {path: what for path, what in found.items() if what}
