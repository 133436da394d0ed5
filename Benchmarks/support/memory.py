"""This process's memory, in MB of 10^6 bytes."""


def memory():
    with open("/proc/self/status") as file:
        fields = dict(line.split(":", 1) for line in file)
    def megabytes(name): return int(fields[name].split()[0]) * 1024 / 1e6
    return {"resident": megabytes("VmRSS"), "peak": megabytes("VmHWM"), "anonymous": megabytes("RssAnon")}
