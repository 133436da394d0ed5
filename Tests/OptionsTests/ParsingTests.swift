import Options
import Testing

@Suite("Command lines")
struct ParsingTests {
  @Test(
    "a value is taken in every spelling",
    arguments: ["serve --port=9000", "serve --port 9000", "serve -p 9000", "serve -p9000"])
  func spellings(_ line: String) throws {
    #expect(try Sample.settings(line).port == 9000)
  }

  @Test("what is not given keeps its default")
  func defaults() throws {
    #expect(try Sample.settings("serve") == Sample())
  }

  @Test("every kind of value is read")
  func kinds() throws {
    let settings = try Sample.settings(
      "serve --precision half --size 2 --timeout 250ms --min-confidence 0.25 --threads 3 -v -n 3")
    #expect(settings.precision == .half)
    #expect(settings.size == .large)
    #expect(settings.timeout == .milliseconds(250))
    #expect(settings.person.minConfidence == 0.25)
    #expect(settings.threads == 3)
    #expect(settings.verbose)
    #expect(settings.person.maxPeople == 3)
  }

  @Test("a flag is taken back by --no, and may say yes or no")
  func flags() throws {
    #expect(try Sample.settings("serve --no-shows").shows == false)
    #expect(try Sample.settings("serve --verbose --no-verbose").verbose == false)
    #expect(try Sample.settings("serve --shows=off").shows == false)
    #expect(try Sample.settings("serve --verbose=yes").verbose)
  }

  @Test("the last of several values counts, and a list takes all")
  func repeats() throws {
    let settings = try Sample.settings("serve -p 1 -p 2 --origin https://a --origin https://b")
    #expect(settings.port == 2)
    #expect(settings.origins == ["https://a", "https://b"])
  }

  @Test("operands stand anywhere, - is one, and after -- everything is")
  func operands() throws {
    guard
      case .run(let command, let settings, let operands) = try Sample.parse(
        "image a.jpg -o out.json - b.jpg -- -c.jpg --d --help")
    else {
      Issue.record("nothing runs")
      return
    }
    #expect(command == "image")
    #expect(settings.output == "out.json")
    #expect(operands == ["a.jpg", "-", "b.jpg", "-c.jpg", "--d", "--help"])
  }

  @Test(
    "wrong lines are refused with what was wrong",
    arguments: [
      ("", #"no command; "sample help" lists them"#),
      ("serev", #"unknown command "serev", did you mean serve?; "sample help" lists them"#),
      ("qwertyuiop", #"unknown command "qwertyuiop"; "sample help" lists them"#),
      ("serve --prot 80", "unknown option --prot, did you mean --port?"),
      ("serve --max_people 2", "unknown option --max_people, did you mean --max-people?"),
      ("serve --maxPeople=2", "unknown option --maxPeople, did you mean --max-people?"),
      ("serve --qwertyuiop", "unknown option --qwertyuiop"),
      ("serve -port 80", "unknown option -port, did you mean --port?"),
      ("serve -z", "unknown option -z"),
      ("serve --no-verbose=yes", "--no-verbose takes no value"),
      ("serve -vq", "-v takes no value"),
      ("serve --port eighty", #"--port: "eighty" is not a whole number"#),
      ("serve --port 70000", "--port: 70000 is not from 0 to 65535"),
      (
        "serve --port 99999999999999999999",
        #"--port: "99999999999999999999" is not a whole number"#
      ),
      ("serve --port", "--port needs a value"),
      ("serve -p", "-p needs a value"),
      ("serve --port=", #"--port: "" is not a whole number"#),
      ("serve --precision double", #"--precision: "double" is not one of full, half"#),
      ("serve --size 1", #"--size: "1" is not one of 0, 2"#),
      ("serve --min-confidence nan", #"--min-confidence: "nan" is not a number"#),
      ("serve --min-confidence inf", #"--min-confidence: "inf" is not a number"#),
      ("serve --min-confidence -0.1", "--min-confidence: -0.1 is not from 0 to 1"),
      ("serve --threads 0", "--threads: 0 is not from 1 to 8"),
      ("serve --verbose=maybe", #"--verbose: "maybe" is not yes or no"#),
      ("serve --no-port", "unknown option --no-port, did you mean --port?"),
      ("serve x.jpg", #"serve takes no operand, but got "x.jpg""#),
      ("image", #"image needs FILE…; "sample help image" says more"#),
      ("shell", #"shell needs bash|zsh; "sample help shell" says more"#),
      ("shell bash zsh", #"shell takes one bash|zsh, but got "zsh" too"#),
      ("shell bsah", #"shell: "bsah" is not one of bash, zsh, did you mean bash?"#),
    ])
  func refusals(_ line: String, _ complaint: String) {
    #expect(Sample.complaint(line) == complaint)
  }

  @Test("an option that follows where a value was wanted is not swallowed")
  func forgottenValue() throws {
    #expect(
      Sample.complaint("image -o --verbose a.jpg")?.hasPrefix("-o needs a value, but --verbose")
        == true)
    #expect(try Sample.settings("image --output=--verbose a.jpg").output == "--verbose")
  }

  @Test(
    "times are read with their unit",
    arguments: [
      ("250ms", Duration.milliseconds(250)), ("30s", .seconds(30)), ("5m", .seconds(300)),
      ("2h", .seconds(7200)), ("1.5s", .milliseconds(1500)), ("0s", .zero),
    ])
  func times(_ text: String, _ time: Duration) {
    #expect(Duration(optionText: text) == time)
    #expect(Duration(optionText: time.optionText) == time)
  }

  @Test(
    "what is no time is refused",
    arguments: ["", "s", "5", "5d", "-5s", "1e3s", "1.2.3s", "99999999999999999h", "٣s", "5 s"])
  func noTimes(_ text: String) {
    #expect(Duration(optionText: text) == nil)
  }

  @Test("help and version are found wherever they stand")
  func help() throws {
    for line in ["help", "--help", "-h", "help help"] {
      guard case .print(let text) = try Sample.parse(line) else { throw UsageError("no help") }
      #expect(text == Sample.table.overview)
    }
    for line in ["help serve", "serve --help", "serve --port 1 -h"] {
      guard case .print(let text) = try Sample.parse(line) else { throw UsageError("no help") }
      #expect(text.hasPrefix("Answers over HTTP\n\nUsage: sample serve [OPTION…]\n"))
    }
    guard case .version = try Sample.parse("--version") else { throw UsageError("no version") }
    #expect(
      Sample.complaint("help serv")
        == #"unknown command "serv", did you mean serve?; "sample help" lists them"#)
  }
}
