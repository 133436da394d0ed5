"""A process's memory, in MB of 10^6 bytes."""


def memory(pid="self"):
    with open(f"/proc/{pid}/status") as file:
        fields = dict(line.split(":", 1) for line in file)
    def megabytes(name): return int(fields[name].split()[0]) * 1024 / 1e6
    return {"resident": megabytes("VmRSS"), "peak": megabytes("VmHWM"), "anonymous": megabytes("RssAnon")}
