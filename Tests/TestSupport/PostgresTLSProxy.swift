import Files
import Processes

/// TLS before a PostgreSQL server that has none, with records of 16 KiB: as newer servers and proxies such as pgbouncer make
/// them. Those of PostgreSQL 15 have 8 KiB.
package final class PostgresTLSProxy: Sendable {
  /// For `.enabled(if:)`.
  package static let isInstalled = Files.program("python3") != nil
  package static let missing = "needs python3"

  /// It answers what a client asks for first, whether there is TLS, and hands all that follows on. What comes from the server
  /// within 50 ms goes out together.
  private static let script = #"""
    import select, socket, ssl, sys, threading
    settings = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    settings.load_cert_chain(sys.argv[3], sys.argv[4])
    def ask(client, server):
        while data := client.recv(65536):
            server.sendall(data)
        server.shutdown(socket.SHUT_WR)
    def answer(client):
        client.recv(8)
        client.sendall(b'S')
        client = settings.wrap_socket(client, server_side=True)
        server = socket.create_connection(('127.0.0.1', int(sys.argv[2])))
        threading.Thread(target=ask, args=(client, server), daemon=True).start()
        while data := server.recv(65536):
            while select.select([server], [], [], 0.05)[0] and (more := server.recv(65536)):
                data += more
            client.sendall(data)
        client.close()
    listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))
    print('ready', flush=True)
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
    """#

  package let port: UInt16
  private let process: ServerProcess

  package init(before server: PostgresTestServer, _ files: TestCertificates) throws {
    let port = try ServerProcess.freePort()
    let folder = try ServerProcess.makeFolder()
    // There before the first look at it.
    try Files.write([], to: folder + "/log")
    process = try ServerProcess(
      "python3",
      ["-c", Self.script, String(port), String(server.port), files.certificate, files.key],
      folder: folder
    ) {
      let said = try Files.read(folder + "/log", limit: 1 << 20)
      return String(decoding: said, as: UTF8.self).contains("ready")
    }
    self.port = port
  }
}
