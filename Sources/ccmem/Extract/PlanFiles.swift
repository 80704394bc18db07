import BuiltInRules
import Pipeline
import RulePacks

/// Reads the packs and the scoring table that a command uses, and turns what is wrong with them into words.
struct PlanFiles {
    var rules: [String]
    var scoring: String?

    func load() throws -> ExtractionPlan {
        let added = try rules.map { (file: $0, bytes: try read($0)) }
        let table = try scoring.map { (file: $0, bytes: try read($0)) } ?? BuiltInRules.scoring
        do throws(RulePackErrors) {
            return try ExtractionPlan(builtIn: BuiltInRules.packs, added: added, scoring: table)
        } catch {
            var renderer = DiagnosticRenderer()
            for (file, bytes) in BuiltInRules.packs + added + [table] { renderer.add(file: file, text: bytes) }
            StandardStream.error.write(renderer.render(error))
            throw ExitStatus.usage
        }
    }

    private func read(_ path: String) throws -> [UInt8] {
        do throws(FileError) {
            return try WholeFile.read(path)
        } catch {
            StandardStream.error.write("error: \(path): cannot be read: \(error.reason)\n")
            throw ExitStatus.usage
        }
    }
}
