import HTTPServer

/// Fields that keep browsers from doing with our answers what nobody meant.
enum SecurityHeaders {
  /// The page: own files only, no inline script or style; pictures also from the user's own choice, and clips from there alone.
  static let pagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    + "media-src blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

  /// Everything else: nothing at all.
  private static let barePolicy = "default-src 'none'; frame-ancestors 'none'"

  /// Adds what an answer does not have yet.
  static func add(to headers: inout HTTPHeaders, isShared: Bool) {
    let fields = [
      ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
      ("Cross-Origin-Resource-Policy", isShared ? "cross-origin" : "same-origin"),
      ("Cross-Origin-Opener-Policy", "same-origin"),
      ("Permissions-Policy", "camera=(self), microphone=(), geolocation=()"),
      ("Content-Security-Policy", barePolicy),
    ]
    for (name, value) in fields where headers[name] == nil { headers.add(name, value) }
  }
}
