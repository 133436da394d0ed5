import Options
import Testing

@Suite("Variables and configuration files")
struct SourceTests {
  @Test("one option has three spellings")
  func spellings() {
    let row = Sample.table.rows.first { $0.name == "max-people" }
    #expect(row?.variable == "STANCE_MAX_PEOPLE")
    #expect(row?.key == "maxPeople")
  }

  @Test("the command line wins over variables, these over the file, the file over defaults")
  func order() throws {
    let config = #"{"port": 5, "maxPeople": 2, "minConfidence": 0.25, "verbose": true}"#
    let environment = ["STANCE_CONFIG": "f.json", "STANCE_PORT": "6", "STANCE_MAX_PEOPLE": "3"]
    let settings = try Sample.settings("serve --port 7", environment, config: config)
    #expect(settings.port == 7)
    #expect(settings.person.maxPeople == 3)
    #expect(settings.person.minConfidence == 0.25)
    #expect(settings.verbose)
    #expect(settings.precision == .full)
  }

  @Test("--config is taken in both spellings and wins over STANCE_CONFIG")
  func configuration() throws {
    for line in ["serve --config mine.json", "serve --config=mine.json"] {
      var read: [String] = []
      _ = try Sample.table.parse(
        line.split(separator: " ").map(String.init), environment: ["STANCE_CONFIG": "other.json"],
        readFile: {
          read.append($0)
          return Array("{}".utf8)
        })
      #expect(read == ["mine.json"])
    }
  }

  @Test("a list is replaced whole by a higher source")
  func lists() throws {
    let config = #"{"origin": ["q", "r"]}"#
    let line = "serve --config f.json"
    #expect(try Sample.settings(line, config: config).origins == ["q", "r"])
    #expect(
      try Sample.settings(line, ["STANCE_ORIGIN": "x,y"], config: config).origins == ["x", "y"])
    #expect(try Sample.settings(line + " --origin z", ["STANCE_ORIGIN": "x,y"]).origins == ["z"])
    #expect(try Sample.settings(line, config: #"{"origin": "q"}"#).origins == ["q"])
    #expect(try Sample.settings(line, config: #"{"origin": []}"#).origins == [])
  }

  @Test("flags are read from variables, and an empty variable is none")
  func variables() throws {
    #expect(try Sample.settings("serve", ["STANCE_VERBOSE": "1"]).verbose)
    #expect(try Sample.settings("serve", ["STANCE_SHOWS": "no"]).shows == false)
    #expect(try Sample.settings("serve", ["STANCE_PORT": "", "STANCE_CONFIG": ""]).port == 8080)
  }

  @Test("a variable of another command's option is left alone")
  func otherCommands() throws {
    #expect(try Sample.settings("image a.jpg", ["STANCE_PORT": "eighty"]).port == 8080)
  }

  @Test("a file may hold keys of other commands")
  func sharedFile() throws {
    #expect(
      try Sample.settings("image a.jpg --config f.json", config: #"{"port": 5, "output": "x"}"#)
        .output
        == "x")
  }

  @Test(
    "wrong values name their source",
    arguments: [
      (
        "STANCE_TIMEOUT", "soon",
        #"STANCE_TIMEOUT: "soon" is not a time such as 250ms, 30s, 5m or 2h"#
      ),
      ("STANCE_PORT", "70000", "STANCE_PORT: 70000 is not from 0 to 65535"),
    ])
  func wrongVariables(_ name: String, _ value: String, _ complaint: String) {
    #expect(Sample.complaint("serve", [name: value]) == complaint)
  }

  @Test(
    "wrong files name file and key",
    arguments: [
      (#"{"max_people": 2}"#, #"f.json: unknown key "max_people", did you mean maxPeople?"#),
      (#"{"max-people": 2}"#, #"f.json: unknown key "max-people", did you mean maxPeople?"#),
      (#"{"port": [1, 2]}"#, "f.json: port: takes one value, not a list"),
      (#"{"port": "eighty"}"#, #"f.json: port: "eighty" is not a whole number"#),
      (#"{"port": 1.5}"#, #"f.json: port: "1.5" is not a whole number"#),
      (#"{"port": 70000}"#, "f.json: port: 70000 is not from 0 to 65535"),
      (#"{"port": true}"#, #"f.json: port: "yes" is not a whole number"#),
      (#"{"port": null}"#, "f.json: port: is no text, number, true, false or list of them"),
      (#"{"port": {}}"#, "f.json: port: is no text, number, true, false or list of them"),
      (#"{"origin": [["a"]]}"#, "f.json: origin: a list holds only texts and numbers"),
      (#"{"port": "#, "f.json: not a JSON object of options"),
      ("[]", "f.json: not a JSON object of options"), ("", "f.json: not a JSON object of options"),
    ])
  func wrongFiles(_ config: String, _ complaint: String) {
    #expect(Sample.complaint("serve --config f.json", config: config) == complaint)
  }

  @Test("a file that can't be read is named once")
  func unreadableFile() {
    struct Failure: Error, CustomStringConvertible { let description: String }
    for description in ["f.json: no such file", "no such file"] {
      #expect(throws: UsageError("f.json: no such file")) {
        try Sample.table.parse(
          ["serve", "--config", "f.json"], environment: [:],
          readFile: { _ in throw Failure(description: description) })
      }
    }
  }

  @Test("rows set and show a value by themselves, as a request's query needs it")
  func rows() throws {
    var person = Sample.Person()
    for row in Sample.personRows where row.key == "maxPeople" {
      try row.set(&person, from: ["7"])
      #expect(row.text(in: person) == "7")
      #expect(row.kind == .integer)
      #expect(row.bounds?.minimum == "1" && row.bounds?.maximum == "16")
      #expect(throws: UsageError("17 is not from 1 to 16")) { try row.set(&person, from: ["17"]) }
    }
    #expect(person.maxPeople == 7)
  }
}
