import BuiltInRules
import Pipeline
import Projects
import Redaction
import RulePacks

/// Reads the packs and the scoring table that a command uses, and turns what is wrong with them into words.
struct PlanFiles {
    var rules: [String]
    var scoring: String?

    func load() throws -> ExtractionPlan {
        let added = try rules.map { (file: $0, bytes: try PlanFiles.read($0)) }
        let table = try scoring.map { (file: $0, bytes: try PlanFiles.read($0)) } ?? BuiltInRules.scoring
        let secrets = try PlanFiles.secrets()
        do throws(RulePackErrors) {
            return try ExtractionPlan(builtIn: BuiltInRules.packs, added: added, scoring: table, secrets: secrets)
        } catch {
            throw PlanFiles.report(error, in: BuiltInRules.packs + added + [table] + secrets)
        }
    }

    /// What takes secrets out of texts that are typed.
    static func redactor() throws -> Redactor {
        let secrets = try secrets()
        do throws(RulePackErrors) {
            return try Redactor(parsing: secrets)
        } catch {
            throw PlanFiles.report(error, in: secrets)
        }
    }

    /// The product's pack of secrets, and the user's own.
    private static func secrets() throws -> [(file: String, bytes: [UInt8])] {
        let settings = Settings(.current())
        guard let path = settings.text(.secretsFile), !path.isEmpty else { return [BuiltInRules.secrets] }
        return [BuiltInRules.secrets, (file: path, bytes: try read(path))]
    }

    private static func report(_ errors: RulePackErrors, in files: [(file: String, bytes: [UInt8])]) -> ExitStatus {
        var renderer = DiagnosticRenderer()
        for (file, bytes) in files { renderer.add(file: file, text: bytes) }
        StandardStream.error.write(renderer.render(errors))
        return .usage
    }

    private static func read(_ path: String) throws -> [UInt8] {
        do throws(FileError) {
            return try WholeFile.read(path)
        } catch {
            StandardStream.error.write("error: \(path): cannot be read: \(error.reason)\n")
            throw ExitStatus.usage
        }
    }
}
