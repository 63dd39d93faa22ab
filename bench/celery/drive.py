"""Runs one scenario on the Celery application and prints what came of it as one line of JSON.

    drive.py SCENARIO COUNT [SECONDS]
"""

import json
import resource
import sys
import time
from collections import Counter

from celery import chain, chord, group

from tasks import EFFECTS, add_one, redis, sleep_ms, total

#: Longest wait for the results of a scenario, in seconds.
PATIENCE = 600
WARM_UP = 50
MEMBERS = 10
SLEEP_MS = 100


def expect(wanted, got):
    if wanted != got:
        raise SystemExit(f"expected {str(wanted)[:200]}, got {str(got)[:200]}")


def run_group(count):
    got = group(add_one.s(n) for n in range(count)).apply_async().get(timeout=PATIENCE)
    expect([n + 1 for n in range(count)], got)


def run_chord(count):
    got = chord((add_one.s(n) for n in range(count)), total.s()).apply_async().get(timeout=PATIENCE)
    expect(count * (count + 1) // 2, got)


def run_chain(count):
    got = chain(add_one.s(0), *(add_one.s() for _ in range(count - 1))).apply_async().get(timeout=PATIENCE)
    expect(count, got)


def run_calls(count):
    results = [add_one.delay(n) for n in range(count)]
    expect([n + 1 for n in range(count)], [result.get(timeout=PATIENCE) for result in results])


def run_chords(count):
    running = [chord((add_one.s(n) for n in range(MEMBERS)), total.s()).apply_async() for _ in range(count)]
    wanted = MEMBERS * (MEMBERS + 1) // 2
    expect([wanted] * count, [result.get(timeout=PATIENCE) for result in running])


def run_round_trip(count):
    laps = []
    for n in range(count):
        started = time.perf_counter()
        expect(n + 1, add_one.delay(n).get(timeout=PATIENCE))
        laps.append((time.perf_counter() - started) * 1000)
    laps.sort()
    return {"p50Ms": percentile(laps, 50), "p99Ms": percentile(laps, 99)}


def percentile(laps, percent):
    return laps[min(len(laps) - 1, len(laps) * percent // 100)]


def run_sleeps(count, seconds):
    """A group of sleeping tasks, watched for so long: whoever reads may kill the worker meanwhile."""
    redis.delete(EFFECTS)
    started = time.perf_counter()
    result = group(sleep_ms.s(n, SLEEP_MS) for n in range(count)).apply_async()
    told = False
    finished_after = None
    while time.perf_counter() - started < seconds and finished_after is None:
        time.sleep(0.05)
        if not told and redis.llen(EFFECTS) >= count * 2 // 3:
            print("half", flush=True)
            told = True
        states = [member.state for member in result.results] if redis.llen(EFFECTS) >= count * 2 - 20 else []
        if states and all(state in ("SUCCESS", "FAILURE") for state in states):
            finished_after = time.perf_counter() - started
    return {**counts_of(result), "finishedAfter": finished_after}


def counts_of(result):
    lines = [line.decode().split() for line in redis.lrange(EFFECTS, 0, -1)]
    begun = Counter(number for word, number in lines if word == "begun")
    done = Counter(number for word, number in lines if word == "done")
    finished = sum(1 for member in result.results if member.state == "SUCCESS")
    stuck = redis.hlen("unacked") + redis.llen("celery")
    return {
        "finished": finished,
        "stuck": stuck,
        "lost": max(0, len(result.results) - finished - stuck),
        "begunTwice": sum(1 for times in begun.values() if times > 1),
        "doneTwice": sum(1 for times in done.values() if times > 1),
    }


SCENARIOS = {
    "group": run_group,
    "chord": run_chord,
    "chain": run_chain,
    "calls": run_calls,
    "chords": run_chords,
    "round-trip": run_round_trip,
}


def main():
    name, count = sys.argv[1], int(sys.argv[2])
    if name != "sleeps":
        run_calls(WARM_UP)
    before = cpu_seconds()
    started = time.perf_counter()
    more = run_sleeps(count, float(sys.argv[3])) if name == "sleeps" else SCENARIOS[name](count)
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "cpuSeconds": cpu_seconds() - before, **(more or {})}), flush=True)


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


main()
