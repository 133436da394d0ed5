"""The machine that a figure was measured on, and what its core could do at most."""
import os
import subprocess

FLAGS = ["avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_bf16", "asimd", "bf16"]


def processor():
    """The processor's name and those of its instruction sets that matter here."""
    with open("/proc/cpuinfo") as file:
        lines = [line.split(":", 1) for line in file if ":" in line]
    fields = {name.strip(): value.strip() for name, value in lines}
    flags = fields.get("flags", fields.get("Features", "")).split()
    name = fields.get("model name", "unknown processor")
    family = f", family {fields['cpu family']} model {fields['model']}" if "cpu family" in fields else ""
    return name + family, [flag for flag in FLAGS if flag in flags]


def cores():
    return sorted(os.sched_getaffinity(0))


def has_bf16():
    """Whether bf16 runs in hardware; elsewhere Stance refuses it."""
    return "avx512_bf16" in processor()[1] or "amx_bf16" in processor()[1]


def peaks(program):
    """Billions of multiply-adds a second of one core, by instruction set, as measured."""
    lines = subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines()
    return {name: float(rate) for name, rate in (line.split() for line in lines)}


def load():
    return os.getloadavg()[0]
