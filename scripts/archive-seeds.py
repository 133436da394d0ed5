"""archive-seeds.py FOLDER: small archives of all kinds that are read, for the fuzz target `archives` to begin with."""

import io
import sys
import tarfile
import zipfile

folder = sys.argv[1]
FILES = [("a.jpg", b"first"), ("ordner/\u00e4.jpg", bytes(300)), ("../c.jpg", b"")]


class Stream(io.RawIOBase):
    """A target that can't be gone back in: sizes come behind the data."""

    def __init__(self):
        self.bytes = b""

    def writable(self):
        return True

    def write(self, more):
        self.bytes += bytes(more)
        return len(more)


def write_tar(name, mode, layout):
    with tarfile.open(f"{folder}/{name}", mode, format=layout) as tar:
        for path, content in FILES + [("lang/" * 30 + "d.jpg", b"long")]:
            info = tarfile.TarInfo(path)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE):
            info = tarfile.TarInfo("other")
            info.type = kind
            info.linkname = "a.jpg"
            tar.addfile(info)


def write_zip(target, method):
    with zipfile.ZipFile(target, "w", method) as archive:
        for path, content in FILES:
            archive.writestr(path, content)


write_tar("pax.tar", "w", tarfile.PAX_FORMAT)
write_tar("gnu.tar", "w", tarfile.GNU_FORMAT)
for packing in ("gz", "bz2", "xz"):
    write_tar(f"tar.{packing}", f"w:{packing}", tarfile.USTAR_FORMAT)
for name, method in (
    ("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED),
    ("bzip2", zipfile.ZIP_BZIP2), ("lzma", zipfile.ZIP_LZMA),
):
    write_zip(f"{folder}/{name}.zip", method)
    with open(f"{folder}/{name}.zip", "rb") as file:
        encrypted = bytearray(file.read())
    encrypted[6] |= 1
    with open(f"{folder}/{name}-flagged.zip", "wb") as file:
        file.write(encrypted)
stream = Stream()
write_zip(stream, zipfile.ZIP_DEFLATED)
with open(f"{folder}/streamed.zip", "wb") as file:
    file.write(stream.bytes)
