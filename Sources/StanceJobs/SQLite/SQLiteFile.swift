internal import CProcesses
internal import Files
internal import Glibc

/// The file that a job database lies in.
enum SQLiteFile {
  /// File systems of other machines, by the numbers of statfs(2).
  private static let networkFileSystems: [Int64: String] = [
    0x6969: "NFS", 0x517B: "SMB", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB2", 0x5346_414F: "AFS",
    0x00C3_6400: "Ceph", 0x0102_1997: "9P", 0x0BD0_0BD0: "Lustre", 0x0116_1970: "GFS2",
    0x7461_636F: "OCFS2",
  ]

  /// Makes the folder and the file where they are missing, for this user alone.
  static func prepare(_ path: String) throws {
    let folder = Files.parent(of: path)
    if !Files.isFolder(folder) { try Files.makePrivateFolder(folder) }
    if let name = networkFileSystems[stance_file_system(folder.cPath)] {
      throw JobStoreError.unusable(
        "\(path) lies on a network file system (\(name)), whose locks SQLite can't trust: name a file on a disk of this machine, or use postgresql:// or redis:// for several machines"
      )
    }
    // SQLite gives its log and its index the rights of the database.
    let descriptor = open(path.cPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw JobStoreError.unusable("\(path): \(String(cString: strerror(errno)))")
    }
    close(descriptor)
  }
}
