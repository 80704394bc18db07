import CSubprocess
import Commands
import Projects
import Recall
import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The vector of a question, from `ccmem-llm`: the program beside this one and no other. Whatever goes wrong, the search goes on
/// without it.
struct Embedding {
    /// Nil when there is none.
    var vector: QuestionVector?
    /// What `--explain` says of it; nil where vectors are switched off.
    var note: String?

    /// The question waits for it so long, in milliseconds.
    private static let deadline = 3_000

    /// - Parameter store: Asked for vectors of the model: without any the question needs none.
    static func of(_ question: String, _ context: ProjectContext, _ store: MemoryStore) -> Embedding {
        guard let settings = context.active?.settings, let provider = settings.text(.embedProvider), provider != "off"
        else { return Embedding() }
        let model = settings.text(.embedModel) ?? ""
        let count = (try? store.vectorCount(.memories, model: model) + store.vectorCount(.turns, model: model)) ?? 0
        guard count > 0 else {
            return Embedding(note: "vectors: none of \(model) yet, `ccmem embed` computes them")
        }
        guard let program = Files.beside(ModelProgram.name) else {
            return Embedding(note: "vectors: not used, there is no \(ModelProgram.name) beside this command")
        }
        let arguments = [program, "embed", "--query", "--project", context.root]
        guard let output = output(of: program, arguments, input: Array(question.utf8)) else {
            return Embedding(note: "vectors: not used, `\(ModelProgram.name) embed` gave none in time")
        }
        guard let vector = vector(output) else {
            return Embedding(note: "vectors: not used, what `\(ModelProgram.name) embed` gave can't be read")
        }
        return Embedding(vector: vector, note: nil)
    }

    /// The model on a line, the floats as hexadecimal digits on the next.
    static func vector(_ output: [UInt8]) -> QuestionVector? {
        let lines = output.split(separator: 0x0A)
        guard lines.count == 2, lines[1].count % 8 == 0, !lines[1].isEmpty else { return nil }
        var values: [Float] = []
        var rest = lines[1]
        while !rest.isEmpty {
            guard let bits = UInt32(String(decoding: rest.prefix(8), as: UTF8.self), radix: 16) else { return nil }
            values.append(Float(bitPattern: bits))
            rest = rest.dropFirst(8)
        }
        guard values.allSatisfy(\.isFinite) else { return nil }
        return QuestionVector(model: String(decoding: lines[0], as: UTF8.self), values: values)
    }

    /// Of the environment it gets what names files, proxies, certificates and settings.
    private static let inherited = [
        "HOME", "PATH", "TMPDIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "CLAUDE_CONFIG_DIR", "CURL_CA_BUNDLE",
        "SSL_CERT_FILE",
        "https_proxy", "http_proxy", "no_proxy", "HTTPS_PROXY", "NO_PROXY", "CCMEM_EMBED_KEY",
    ]

    private static func output(of program: String, _ arguments: [String], input: [UInt8]) -> [UInt8]? {
        let names = inherited + SettingKey.allCases.map(\.environmentName)
        let environment = names.compactMap { name in getenv(name).map { "\(name)=" + String(cString: $0) } }
        var words = arguments.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var result = subprocess_result()
        let capacity = 1 << 20
        let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            subprocess_run(
                program, &words, &variables, "/", input, input.count, buffer.baseAddress, capacity, deadline, &result)
            count = result.length
        }
        return result.outcome == SUBPROCESS_ENDED && result.status == 0 ? output : nil
    }
}
