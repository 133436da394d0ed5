import Checksums
import Options

/// The description for people: one page without scripts.
enum DocsPage {
  /// Own style by its checksum, nothing else.
  static let contentSecurityPolicy: String = {
    let digest = Base64.encode(SHA256.digest(of: Array(style.utf8)))
    return "default-src 'none'; style-src 'sha256-\(String(decoding: digest, as: UTF8.self))'; "
      + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
  }()

  /// - Parameters:
  ///   - defaults: of `/v1/pose`; `tutorial` has those of the routes that answer like the tutorial.
  ///   - address: of the service, for the examples: "http://127.0.0.1:5000".
  static func html(
    _ routes: [Route], defaults: AnswerParameters, tutorial: AnswerParameters, address: String
  ) -> String {
    let routeRows = routes.map { route in
      "<tr><td><code>\(route.method) \(escaped(route.path))</code></td>"
        + "<td>\(escaped(route.summary))</td><td>\(route.isOpen ? "" : "if asked for")</td></tr>"
    }
    let parameterRows = AnswerParameters.rows.map { row in
      let values = row.bounds.map { "\($0.minimum) to \($0.maximum)" } ?? row.kind.expectation
      let cells = [
        "<code>\(escaped(row.key))</code>", escaped(values),
        escaped(row.text(in: defaults) ?? ""), escaped(row.help),
      ]
      return "<tr>" + cells.map { "<td>\($0)</td>" }.joined() + "</tr>"
    }
    let problemRows = Problem.Code.all.map {
      "<tr><td><code>\($0.name)</code></td><td>\($0.status)</td><td>\(escaped($0.title))</td></tr>"
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Stance: the HTTP interface</title>
      <style>\(style)</style>
      </head>
      <body>
      <main>
      <h1>Stance: the HTTP interface</h1>
      <p>A photo goes in; for every person 33 landmarks come out, or the drawn picture. For programs there is
      <a href="openapi.json">openapi.json</a>; to try it there is <a href="./">the page</a>.</p>
      <h2>Examples</h2>
      \(examples(escaped(address)))
      <h2>Routes</h2>
      \(table(["Route", "What it does", "Key"], routeRows))
      <h2>Parameters of the pose routes</h2>
      \(table(["Parameter", "Values", "Default", "Meaning"], parameterRows))
      \(tutorialDefaults(tutorial, unlike: defaults))
      <h2>Failures</h2>
      <p>Under <code>/v1</code> a failure is <code>application/problem+json</code> with one of these codes.</p>
      \(table(["Code", "Status", "Meaning"], problemRows))
      </main>
      </body>
      </html>

      """
  }

  private static func examples(_ address: String) -> String {
    """
    <pre tabindex="0">curl --data-binary @photo.jpg '\(address)/v1/pose?maxPeople=2'
    curl -F image=@photo.jpg -H 'Accept: image/png' '\(address)/v1/pose' -o annotated.png
    curl -F image=@photo.jpg '\(address)/v1/pose?output=mask' -o mask.png</pre>
    """
  }

  private static func tutorialDefaults(
    _ own: AnswerParameters, unlike others: AnswerParameters
  ) -> String {
    let values = AnswerParameters.rows.compactMap { row -> String? in
      guard let text = row.text(in: own), text != row.text(in: others) else { return nil }
      return "<code>\(row.key)=\(escaped(text))</code>"
    }
    if values.isEmpty { return "" }
    return "<p>Of <code>POST /pose</code> and <code>POST /</code> the defaults are "
      + values.joined(separator: ", ") + ", as the tutorial draws.</p>"
  }

  private static func table(_ heads: [String], _ rows: [String]) -> String {
    let head = heads.map { "<th scope=\"col\">\($0)</th>" }.joined()
    return "<div class=\"wide\" tabindex=\"0\"><table><thead><tr>\(head)</tr></thead><tbody>\n"
      + rows.joined(separator: "\n") + "\n</tbody></table></div>"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  private static let style = """
    :root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
    main{max-width:60rem;margin:2rem auto;padding:0 1rem}
    .wide{overflow-x:auto}
    table{border-collapse:collapse;width:100%}
    th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8886}
    pre{overflow-x:auto;padding:1rem;border:1px solid #8886;border-radius:.5rem}
    """
}
