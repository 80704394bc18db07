import Extraction
import Memories

/// Results of tests as JUnit XML, which review tools and build servers show.
struct JUnitReport {
    var run: RuleTestRun

    var text: String {
        let failures = run.failures + run.differing
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites name=\"ccmem rules test\" tests=\"\(run.count)\" failures=\"\(failures)\">\n"
        text += suite("examples", run.examples.count, run.failures)
        for test in run.examples {
            text += testCase(
                test.rule, "\(test.result.kind.rawValue): \(test.result.text)", test.result.location.file,
                test.result.location.line, failure: test.isPassed ? nil : ("example", test.words))
        }
        text += "  </testsuite>\n"
        if !run.cases.isEmpty {
            text += suite("corpus", run.cases.count, run.differing)
            for test in run.cases {
                text += testCase(
                    "corpus", test.name, "\(test.folder)/expected.jsonl", 1,
                    failure: test.isSame ? nil : ("recording", test.words))
            }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    private func suite(_ name: String, _ count: Int, _ failures: Int) -> String {
        "  <testsuite name=\"\(name)\" tests=\"\(count)\" failures=\"\(failures)\" errors=\"0\" skipped=\"0\">\n"
    }

    private func testCase(
        _ group: String, _ name: String, _ file: String, _ line: Int, failure: (type: String, words: String)?
    ) -> String {
        var text = "    <testcase classname=\"\(JUnitReport.escaped(group))\" name=\"\(JUnitReport.escaped(name))\" "
        text += "file=\"\(JUnitReport.escaped(file))\" line=\"\(line)\""
        guard let failure else { return text + "/>\n" }
        text += ">\n      <failure type=\"\(failure.type)\" "
        text += "message=\"\(JUnitReport.escaped(String(failure.words.prefix { $0 != "\n" })))\">"
        return text + "\(JUnitReport.escaped(failure.words))</failure>\n    </testcase>\n"
    }

    /// Characters that XML cannot hold become U+FFFD.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "\n", "\t": out.unicodeScalars.append(scalar)
            default:
                let isFine = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
                out.unicodeScalars.append(isFine ? scalar : "\u{FFFD}")
            }
        }
        return out
    }
}
