"""Two workers whose clocks are ten minutes apart (Debian's faketime): no lease is lost by that."""

import pathlib

from machine import Disk, Failed, Skipped
from pictures import frames_of
from service import QUERY, Cluster

LEASE = 5  # seconds
CLOCKS = ("-5m", "+5m")
PHOTO_JOBS = 30


def clocks(setting, store_type, report):
    if not store_type.server_is_apart:
        raise Skipped("one machine has one clock")
    library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if not library:
        raise Skipped("Debian's faketime is not installed")
    folder, pictures = setting.folder, setting.pictures
    # So long that a claim has to be renewed many times: three are worked on at once.
    clip, direct = pictures.clip(2 * LEASE)
    disk = Disk(folder / "files")
    cluster = Cluster(setting.program, store_type(folder), disk, folder, 0, lease=LEASE)
    cluster.workers = [
        # Its monotonic clock stays true, as a machine's with a wrong time does.
        # The library moves the environment at its first load, and Swift then finds no arguments; in what that process becomes all is well.
        cluster.worker(number + 1, ["sh", "-c", 'exec "$0" "$@"'], env={"LD_PRELOAD": str(library), "FAKETIME": clock, "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
        for number, clock in enumerate(CLOCKS)]
    try:
        cluster.start()
        clips = [cluster.hand_over([(clip.name, clip.read_bytes())], field="video") for _ in range(3)]
        photos = {cluster.hand_over(pictures.files(pictures.of_job(number))): number for number in range(PHOTO_JOBS)}
        wrong = []
        for id_ in (*clips, *photos):
            job = cluster.wait_for(id_)
            if job["state"] != "done" or job["attempts"] != 1:
                wrong.append(f"job {id_} is {job['state']} after {job['attempts']} attempts")
            elif id_ in photos and (difference := pictures.difference(pictures.of_job(photos[id_]), cluster.result(id_))) != (None, []):
                wrong.append(f"job {id_}: {difference}")
            elif id_ in clips and frames_of(cluster.result(id_)) != direct:
                wrong.append(f"clip {id_} differs from the direct result")
        report |= {"accepted": len(clips) + len(photos), "leases lost": cluster.metric("stance_job_leases_lost_total"),
                   "jobs by workers": [worker.said('"job ended"') for worker in cluster.workers]}
        if wrong or report["leases lost"] or not all(report["jobs by workers"]):
            raise Failed(f"{report}; {wrong[:5]}")
    finally:
        cluster.stop()
        disk.close()
