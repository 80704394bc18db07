import BuiltInRules
import Pipeline
import Projects
public import Redaction
public import RulePacks

/// Packs as files: what is wrong with them in words, and the packs of secrets that hold for whoever uses this machine.
public enum PackFiles {
    /// What takes secrets out of a text, by the product's pack and the user's own.
    ///
    /// - Throws: `ExitStatus` when a pack can't be read, which has been said then.
    public static func redactor() throws -> Redactor {
        let secrets = try secrets()
        do throws(RulePackErrors) {
            return try Redactor(parsing: secrets)
        } catch {
            throw report(error, in: secrets)
        }
    }

    /// The product's pack of secrets, and the user's own.
    public static func secrets() throws -> [(file: String, bytes: [UInt8])] {
        let settings = Settings(.current())
        guard let path = settings.text(.secretsFile), !path.isEmpty else { return [BuiltInRules.secrets] }
        return [BuiltInRules.secrets, (file: path, bytes: try read(path))]
    }

    /// Says what is wrong, with the lines around it.
    public static func report(_ errors: RulePackErrors, in files: [(file: String, bytes: [UInt8])]) -> ExitStatus {
        var renderer = DiagnosticRenderer()
        for (file, bytes) in files { renderer.add(file: file, text: bytes) }
        StandardStream.error.write(renderer.render(errors))
        return .usage
    }

    /// The first thing that is wrong, with its place.
    public static func line(_ errors: RulePackErrors) -> String? {
        DiagnosticRenderer().render(errors).split(separator: "\n").first.map(String.init)
    }

    /// - Throws: `ExitStatus.usage` when the file can't be read, which has been said then.
    public static func read(_ path: String) throws -> [UInt8] {
        do throws(FileError) {
            return try WholeFile.read(path)
        } catch {
            StandardStream.error.write("error: \(path): cannot be read: \(error.reason)\n")
            throw ExitStatus.usage
        }
    }
}
