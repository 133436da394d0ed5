"""Systems that take turns: each is measured under what the machine does at that moment, the others a second later."""
import json
import os
import statistics
import subprocess
import time


def pinned(cores):
    """Makes a child process stay on those cores."""
    return (lambda: os.sched_setaffinity(0, cores)) if cores else None


class Worker:
    """A process that measures when it is told to (Benchmarks/StanceBenchmark/Worker.swift has the language)."""

    def __init__(self, name, command, cores=None):
        self.name = name
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, preexec_fn=pinned(cores))
        if self.process.stdout.readline().strip() != "ready":
            raise RuntimeError(f"{name} did not start: {self.process.communicate()[1][-2000:]}")

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.name} ended: {self.process.communicate()[1][-2000:]}")
        return json.loads(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


class Turns:
    """Blocks of several systems, one after the other, several rounds."""

    def __init__(self, blocks):
        self.blocks = blocks  # name -> one answer a round

    def median(self, name, field="median"):
        return statistics.median(block[field] for block in self.blocks[name])

    def ratio(self, over, under, field="median"):
        """The median over the rounds of the ratio within a round, with the smallest and the largest."""
        ratios = [a[field] / b[field] for a, b in zip(self.blocks[over], self.blocks[under])]
        return statistics.median(ratios), min(ratios), max(ratios)


def take_turns(workers, rounds, seconds):
    """Every worker for `seconds`, `rounds` times. The workers are closed afterwards; their memory is asked for first."""
    blocks = {worker.name: [] for worker in workers}
    for _ in range(rounds):
        for worker in workers:
            blocks[worker.name].append(worker.ask(f"go {seconds}"))
    memory = {worker.name: worker.ask("memory") for worker in workers}
    for worker in workers:
        worker.close()
    return Turns(blocks), memory


def processes_take_turns(commands, rounds, cores=None, environment=None):
    """Whole processes, from start to end: name -> command. One run of each beforehand warms caches and is not counted."""
    blocks = {name: [] for name in commands}
    for round in range(rounds + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                                  preexec_fn=pinned(cores), env={**os.environ, **(environment or {})})
            elapsed = (time.perf_counter() - start) * 1e3
            if done.returncode:
                raise RuntimeError(f"{name} failed: {done.stderr[-2000:]}")
            if round > 0:
                blocks[name].append({"median": elapsed})
    return Turns(blocks)
