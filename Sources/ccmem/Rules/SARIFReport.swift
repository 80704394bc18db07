import Commands
import JSON
import Memories
import RulePacks

/// Findings in the Static Analysis Results Interchange Format, version 2.1.0, which review tools show beside the lines.
struct SARIFReport {
    var findings: [LintFinding]

    var document: [UInt8] {
        MemoryJSON.document { writer in
            writer.field("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            writer.field("version", "2.1.0")
            writer.array("runs", [0]) { _, writer in
                writer.object { writer in
                    writer.object("tool") { writer in
                        writer.object("driver") { writer in
                            writer.field("name", "ccmem rules lint")
                            writer.field("version", Version.text)
                            writer.array("rules", LintCheck.allCases) { check, writer in
                                writer.object { writer in
                                    writer.field("id", check.rawValue)
                                    writer.object("shortDescription") { $0.field("text", check.title) }
                                    writer.object("defaultConfiguration") { $0.field("level", check.level.rawValue) }
                                }
                            }
                        }
                    }
                    writer.field("columnKind", "unicodeCodePoints")
                    writer.array("results", findings) { SARIFReport.write($0, to: &$1) }
                }
            }
        }
    }

    private static func write(_ finding: LintFinding, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("ruleId", finding.check.rawValue)
            writer.field("ruleIndex", LintCheck.allCases.firstIndex(of: finding.check))
            writer.field("level", finding.level.rawValue)
            let rule = finding.rule.map { "Rule `\($0)`: " } ?? ""
            writer.object("message") {
                $0.field("text", rule + finding.message + (finding.hint.map { "; \($0)" } ?? "."))
            }
            writer.array("locations", [finding.location]) { location, writer in
                writer.object { writer in
                    writer.object("physicalLocation") { writer in
                        writer.object("artifactLocation") { $0.field("uri", uri(location.file)) }
                        writer.object("region") { writer in
                            writer.field("startLine", location.line)
                            writer.field("startColumn", location.column)
                        }
                    }
                }
            }
        }
    }

    /// Below the working directory relative to it, as review tools want it; else the whole path.
    static func uri(_ path: String) -> String {
        let path = RuleNames.shown(path)
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/".utf8)
        let escaped = path.utf8.map { byte -> String in
            if allowed.contains(byte) { return String(Character(UnicodeScalar(byte))) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count < 2 ? "0" + digits : digits)
        }.joined()
        return path.hasPrefix("/") ? "file://" + escaped : escaped
    }
}
