import Commands
import Projects
import Views

/// The files beside a store, from which forgotten words go too: pages that are not written any more, and copies of pages that a
/// person had edited.
struct ForgottenPages {
    private let folder: String
    private let views: String?
    private let isForgotten: (Substring) -> Bool

    /// - Parameter isForgotten: Whether a line holds what is to go.
    init(context: ProjectContext, isForgotten: @escaping (Substring) -> Bool) {
        folder = context.location.folder
        views = context.location.views
        self.isForgotten = isForgotten
    }

    /// Takes lines out of what the program wrote.
    ///
    /// - Returns: Files that are a person's own and hold them, and damaged databases, which nobody can look into.
    func clean() -> [String] {
        var left: [String] = []
        for path in views.map({ Files.files(below: $0, suffix: ".md") { _ in } }) ?? [] {
            guard let bytes = PageFile.read(path) else { continue }
            let lines = PageLines.of(String(decoding: bytes, as: UTF8.self))
            let kept = lines.filter { !isForgotten($0) }
            guard kept.count < lines.count else { continue }
            guard !isAPersons(path) else {
                left.append(path)
                continue
            }
            do throws(FileError) {
                if kept.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
                    PageFile.remove(path)
                } else {
                    try PageFile.write(Array(kept.joined(separator: "\n").utf8), to: path)
                }
            } catch {
                StandardStream.error.write("warning: \(error.path) can't be written: \(error.reason)\n")
                left.append(path)
            }
        }
        // What a kill left behind while a page was written.
        for path in views.map({ Files.files(below: $0, suffix: ".md.tmp") { _ in } }) ?? [] { PageFile.remove(path) }
        left += DamagedCopies.paths(beside: folder)
        return left
    }

    /// Topics and rules are written by people alone.
    private func isAPersons(_ path: String) -> Bool {
        guard let views else { return false }
        return ["topics", "rules"].contains { path.hasPrefix("\(views)/\($0)/") }
    }
}
