"""Three hosts as network namespaces on a bridge: the service with its store, and two workers, of which one is cut off and healed."""

import os
import subprocess
import time

from machine import Disk, Failed, Process, Skipped, has_namespaces, need, wait_until
from pictures import frames_of
from service import Cluster

LEASE = 5  # seconds
NETWORK = "10.77.0"
CLIPS = 3  # one for each process's one engine


def run(*words):
    subprocess.run([str(word) for word in words], check=True)


class Host:
    """A network namespace with one address on the bridge."""

    def __init__(self, number, folder):
        self.name, self.address = f"host{number}", f"{NETWORK}.{number + 1}"
        self.keeper = Process(self.name, ["unshare", "--net", "sleep", "infinity"], folder).start()
        pid, own = self.keeper.child.pid, os.readlink("/proc/self/ns/net")
        wait_until(lambda: os.readlink(f"/proc/{pid}/ns/net") != own, "a network namespace")
        self.prefix = ["nsenter", f"--net=/proc/{pid}/ns/net", "--"]
        run("ip", "link", "add", self.name, "type", "veth", "peer", "name", "eth0", "netns", pid)
        run("ip", "link", "set", self.name, "master", "hosts", "up")
        run(*self.prefix, "ip", "addr", "add", f"{self.address}/24", "dev", "eth0")
        run(*self.prefix, "ip", "link", "set", "eth0", "up")
        run(*self.prefix, "ip", "link", "set", "lo", "up")

    def cut(self):
        run("ip", "link", "set", self.name, "down")

    def heal(self):
        run("ip", "link", "set", self.name, "up")

    def close(self):
        self.keeper.kill()


def hosts(setting, store_type, report):
    if not store_type.server_is_apart:
        raise Skipped("a file of one machine")
    if not has_namespaces():
        raise Skipped("network namespaces need root")
    need("ip", "nsenter")
    folder, pictures = setting.folder, setting.pictures
    clip, direct = pictures.clip(2 * LEASE)
    disk = Disk(folder / "files")
    all_hosts, cluster = [], None
    run("ip", "link", "add", "hosts", "type", "bridge")
    try:
        run("ip", "addr", "add", f"{NETWORK}.1/24", "dev", "hosts")
        run("ip", "link", "set", "hosts", "up")
        all_hosts = [Host(number + 1, folder) for number in range(3)]
        home, *others = all_hosts
        store = store_type(folder, home.address, home.prefix)
        cluster = Cluster(setting.program, store, disk, folder, 0, lease=LEASE, host=home.address, prefix=home.prefix)
        cluster.workers = [cluster.worker(number + 1, host.prefix) for number, host in enumerate(others)]
        cluster.start()
        cut_off(cluster, others[0], clip, direct, pictures, report)
    finally:
        if cluster:
            cluster.stop()
        for host in all_hosts:
            host.close()
        disk.close()
        run("ip", "link", "delete", "hosts")


def cut_off(cluster, host, clip, direct, pictures, report):
    lonely = cluster.workers[0]
    # Each of the three has one engine, so each has one clip.
    for process in cluster.workers:
        wait_until(lambda process=process: process.said('"working"'), f"{process.name} works")
    clips = [cluster.hand_over([(clip.name, clip.read_bytes())], field="video") for _ in range(CLIPS)]
    for id_ in clips:
        cluster.wait_for(id_, ("running", "done"))
    host.cut()
    time.sleep(1.5 * LEASE)
    wait_until(lambda: cluster.metric("stance_job_leases_lost_total"), "the lease of who was cut off runs out")
    host.heal()
    jobs = [cluster.wait_for(id_) for id_ in clips]
    report["attempts"] = sorted(job["attempts"] for job in jobs)
    # Refused, or given up by itself: what could not be told within the lease is not told later.
    report |= {"leases lost": cluster.metric("stance_job_leases_lost_total"), "refused ends": cluster.refused_ends()}
    wrong = [id_ for id_ in clips if frames_of(cluster.result(id_)) != direct]
    if wrong or report["attempts"] != [1] * (CLIPS - 1) + [2] or report["leases lost"] != 1:
        raise Failed(f"{report}, results that differ: {wrong}")
    # It goes on as before.
    before, number = lonely.said('"job ended"'), 0
    while lonely.said('"job ended"') == before:
        ids = {cluster.hand_over(pictures.files(pictures.of_job(number + step))): number + step for step in range(10)}
        number += len(ids)
        for id_, which in ids.items():
            if cluster.wait_for(id_)["state"] != "done" or pictures.difference(pictures.of_job(which), cluster.result(id_)) != (None, []):
                raise Failed(f"job {id_} after the healing is not as the direct one")
        if number >= 300:
            raise Failed("who was cut off works no more")
    report |= {"accepted": CLIPS + number, "jobs by who was cut off, afterwards": lonely.said('"job ended"') - before}
