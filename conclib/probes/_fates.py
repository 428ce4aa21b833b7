"""From what was seen to what became of each: one word for each actor, one sentence for all.

    go on                 all its work done, without a silence
    stop, then go on      all its work done, after a silence
    stand still           still there, its work not done
    end too               ended before its work was done ("ended" for the one that went wrong)

Plain functions on what has been seen, so that what each word means can be read here.
"""

from . import _beats

GO_ON, PAUSE, STAND, END = FATES = "go on", "stop, then go on", "stand still", "end too"
CATCH = ("executor", "thread pool")  # containers that catch what a task raises
ENDED = "ended"  # the one that went wrong
RIGHT, WRONG, NONE = "right", "wrong", "none"
NUMBERS = ("", "the other one", "both others", "all three others")
PAST = {GO_ON: "went on", PAUSE: "stopped, then went on", STAND: "stood still", END: "ended too"}


def fate(done, silences, ended):
    """Return one actor's fate.

    Args:
        done: whether it has done all its work; silences: how often it was silent.
        ended: whether its end was seen.
    """
    if done:
        return PAUSE if silences else GO_ON
    return END if ended else STAND


def common(fates):
    """Return the fate that all of them had, or ``"differ"``."""
    return fates[0] if len(set(fates)) == 1 else "differ"


def answer(done, number, right):
    """Say whether what an actor has computed is right."""
    if not done:
        return NONE
    return RIGHT if number == right else WRONG


def facts(watch):
    """Return the facts of the probe ``crash`` from what was seen of a crew."""
    beats, known = watch.beats, [each for each in watch.seen if each.known]
    done = {x.name: bool(beats.number(x.row, _beats.DONE)) for x in known}
    gone = {x.name: bool(x.ended) and x.ended[0] != "alive" for x in known}
    fates = {x.name: fate(done[x.name], x.silences, gone[x.name]) for x in known}
    firsts = [x.name for x in watch.seen if x.row in watch.rows]
    others = [name for name in firsts if name != watch.faulty.name]
    own = {name for name in fates if name not in others and fates[name] == END}
    fates = {**fates, **dict.fromkeys(own, ENDED)}
    answers = {
        x.name: answer(done[x.name], beats.number(x.row, _beats.ANSWER), watch.crew.count)
        for x in known
    }
    fault, finished = beats.fault(watch.faulty.row), done[watch.faulty.name]
    found = {
        "faulty": watch.faulty.name,
        "others": common([fates[name] for name in others]),
        "fates": fates,
        "beats": {x.name: beats.count(x.row) for x in known},
        "finished": done,
        "exists": {name: not ended for name, ended in gone.items()},
        "answers": answers,
        "last_words": {x.name: bool(beats.number(x.row, _beats.WORDS)) for x in known},
        "parent_saw": watch.saw,
        "lost": [name for name in firsts if not answered(name, answers)],
        "stacks": watch.dumps,
        "notice_ns": None if finished or not fault else after(fault, watch.ends.noticed_ns),
        "recovery_ns": after(fault, recovered(watch)),
        "private_mb": watch.private_mb,
    }
    return {**found, "summary": summary(found, watch, others)}


def answered(name, answers):
    """Whether the job of an actor was answered rightly, in whichever of its lives."""
    return any(
        value == RIGHT and (each == name or each.startswith(f"{name}, life"))
        for each, value in answers.items()
    )


def after(fault_ns, t_ns):
    """Return how long after the fault something was; None where it was not, or not after it."""
    return t_ns - fault_ns if fault_ns and t_ns > fault_ns else None


def recovered(watch):
    """Return when the next life of the faulty one gave its first sign; 0 without one."""
    later = [x.first_ns for x in watch.seen if x.row not in watch.rows and x.first_ns]
    return min(later, default=0)


def summary(found, watch, others):
    """Return what became of all, in a few sentences."""
    words = [own_end(watch, found)]
    if found["others"] == "differ":
        words += [f"{name} {PAST[found['fates'][name]]}" for name in others]
    else:
        count = len(others)
        who = NUMBERS[count] if count < len(NUMBERS) else f"all {count} others"
        words.append(f"{who} {PAST[found['others']]}")
    later = [each for each in watch.seen if each.known and each.row not in watch.rows]
    words += [
        f"{x.name} {PAST.get(found['fates'][x.name]) or end_text(*x.ended[:2])}" for x in later
    ]
    around = "".join(f" The {name} {end_text(*end)}." for name, end in watch.around.items())
    wrong = sum(each == WRONG for each in found["answers"].values())
    right = sum(each == RIGHT for each in found["answers"].values())
    lost = sum(found["answers"][name] == NONE for name in found["lost"])
    return f"{'; '.join(words)}.{around} Answers: {right} right, {wrong} wrong, {lost} lost."


def own_end(watch, found):
    """Say what became of the one that went wrong."""
    faulty = watch.faulty
    fate = found["fates"][faulty.name]
    if fate != ENDED:
        return f"{faulty.name} {PAST[fate]}"
    error = faulty.raised.partition("\n")[0]
    if error and watch.container in CATCH:
        return f"the task of {faulty.name} was ended by {error}, and {faulty.name} lived on"
    return f"{faulty.name} " + (f"was ended by {error}" if error else end_text(*faulty.ended[:2]))


def end_text(how, code):
    """Return an ending in words."""
    if how == "signalled":
        import signal

        named = code in {int(each) for each in signal.Signals}  # real-time signals have no names
        return f"was ended by {signal.Signals(code).name if named else f'signal {code}'}"
    return "ended" if code is None else f"ended with exit code {code}"
