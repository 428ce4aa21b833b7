"""The judge of chapter 02: is Linux's record of a thread smaller than that of a process?"""

from conclib.results import Measurement, Observation
from conclib.textbook import Verdict, verdicts

Records = list[Measurement | Observation]


def records(items: Records) -> Verdict | None:
    """Judge whether Linux's record of a thread is smaller than that of a process."""
    seen = [e for e in items if isinstance(e, Observation) and e.probe == "task_records"]
    if not seen:
        return None
    facts = seen[-1].facts
    fields, one_has = facts["fields"], facts["only_one_has"]
    if not all(fields.values()):
        return Verdict(verdicts.INCONCLUSIVE, "Linux shows no fields of a record here")
    if one_has:
        text = f"fields that only one of them has: {len(one_has)}"
        fewer = fields["thread"] < fields["process"]
        return Verdict(verdicts.SUPPORTED if fewer else verdicts.INCONCLUSIVE, text)
    text = f"Linux shows the same {fields['thread']} fields of a thread as of a process"
    if facts["each_has_one"] is None:
        why = facts["why"] or "too many others started and ended tasks meanwhile"
        return Verdict(verdicts.NOT_SUPPORTED, f"{text}; the records were not counted: {why}")
    if not facts["each_has_one"]:
        return Verdict(verdicts.INCONCLUSIVE, f"{text}; but not as many records as tasks were seen")
    size = f"each thread brought a record of the same {facts['record_bytes']:,} bytes"
    return Verdict(verdicts.NOT_SUPPORTED, f"{text}, and {size}")


JUDGES = {
    "os.tcb": {"as-stated": records},
}
