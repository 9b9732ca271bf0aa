"""Power cut again, while the next command recovers from a power cut.

What the first one left is where the second begins; the command that recovers does its own work as well.
"""

import disk
import judge
import p1
from harness import Result

OF = ("add", "import", "merge", "erase", "vacuum")
NEXT = ["customer", "edit", "1", "--city", "Rome"]


def needs_recovery(image):
    return any(name.endswith(("-wal", "-journal")) and content for name, content in image.items())


def left(run, stage):
    """What a power cut leaves of the stage's command where there is something to recover."""
    home = stage.copy(stage.start, run.scratch("logged"))
    lines = p1.acknowledged_once(p1.logged(run, home, lambda env: stage.do(run, home, env=env)))
    _, distinct = p1.states(run, disk.Disk(stage.start), lines, 40, 2)
    images = [image for _, image in distinct if needs_recovery(image)]
    return images[::max(1, len(images) // (60 if run.long else 8))]


def again(run, stage, image):
    """Every state that the second power cut may leave; how many."""
    def held(home):
        return stage.state(run, home), judge.findings(run, home, stage.current)

    home, first = run.scratch("recovering"), run.scratch("first")
    disk.put(image, home)
    disk.put(image, first)
    start = disk.Disk(home)
    lines = p1.acknowledged_once(p1.logged(run, home, lambda env: run.crm(home, *NEXT, env=env)))
    p1.complete(disk.Disk(first), home, lines)
    before, after = held(first), held(home)
    count, distinct = p1.states(run, start, lines, 16, 2)
    for acknowledged, state in distinct:
        p1.look_at(run, stage, state, acknowledged, [before, after], own=False)
    return count


def one(run, stage):
    images = left(run, stage)
    outcome = run.each(range(len(images)), lambda i: again(run, stage, images[i]))
    states = sum(n * times for n, times in outcome.count.items())
    tally = p1.Tally()
    tally.take(outcome.bad)
    return Result(f"P2 {stage.name}", f"{len(images)} power cuts, {states} states after a second one: {tally.text()}",
                  outcome.bad)


def tests(run):
    if not run.shims:
        yield Result("P2", "", skipped="--shims says where libshim_disk.so is")
        return
    yield from run.over("P2", lambda stage: one(run, stage), OF)
