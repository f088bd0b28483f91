"""Runs the scenarios of a client in Python and prints what they saw; see README.md."""

import json
import os
import sys
import threading
import time
import traceback

PATIENCE = 60  # seconds for one scenario


def run(*scenarios):
    """Calls each scenario, or those that arguments name, with the brokers, a function that makes a name
    its own, and say, which adds a line to what the scenario saw."""
    brokers, prefix, *only = sys.argv[1:]
    scenarios = [scenario for scenario in scenarios if not only or scenario.__name__ in only]
    seen = {scenario.__name__: [] for scenario in scenarios}

    def attempt(scenario):
        def say(what, value):
            text = value if isinstance(value, str) else json.dumps(value)
            seen[scenario.__name__].append(f"{what}: {text}".replace(prefix, ""))

        try:
            scenario(brokers, lambda name: prefix + name, say)
        except Exception:
            say("FAILED", traceback.format_exc())

    threads = [threading.Thread(target=attempt, args=[s], daemon=True) for s in scenarios]
    end = time.monotonic() + PATIENCE
    for thread in threads:
        thread.start()
    for thread, (name, lines) in zip(threads, seen.items()):
        thread.join(max(0, end - time.monotonic()))
        if thread.is_alive():
            at = traceback.format_stack(sys._current_frames()[thread.ident])
            lines.append(f"FAILED: not over in {PATIENCE} s\n{''.join(at)}")
        print("\n".join([f"## {name.replace('_', ' ')}", *lines]))
    sys.stdout.flush()
    os._exit(0)  # a scenario that failed leaves threads


def until(ask, enough):
    """Asks again, until an answer is one to go on with."""
    while not enough(answer := ask()):
        time.sleep(0.02)
    return answer


def refusal(words, attempt, *args, **kwargs):
    """Returns what is said of the error that attempt must end with."""
    try:
        attempt(*args, **kwargs)
    except Exception as error:
        return words(error)
    return "no error"
