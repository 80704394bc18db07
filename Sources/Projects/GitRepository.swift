/// As much of git's layout on disk as tells where a repository's main work tree is. Git itself is never run.
enum GitRepository {
    enum Place: Equatable {
        /// No repository begins here.
        case none
        /// A main work tree, a submodule, or a work tree whose main one can't be told.
        case own
        /// A linked work tree; `main` is the real path of the main one.
        case linked(main: String)
    }

    /// What the `.git` of a directory says.
    ///
    /// A `.git` file can come out of an archive and name any repository, so a work tree counts as linked only when the
    /// repository names it in turn, as git's own `gitdir` file does.
    static func place(of directory: String) -> Place {
        let entry = PathText.joined(directory, ".git")
        switch Files.kind(of: entry) {
        case nil, .other?: return .none
        case .directory?:
            return Files.status(of: entry + "/HEAD") != nil ? .own : .none
        case .file?:
            guard
                let line = firstLine(of: entry), line.hasPrefix("gitdir:"),
                let own = Files.realPath(PathText.joined(directory, trimmed(line.dropFirst(7)))),
                Files.status(of: own + "/HEAD") != nil
            else { return .none }
            return mainWorkTree(of: own, entry: entry).map { .linked(main: $0) } ?? .own
        }
    }

    /// The main work tree of the repository that the administrative folder `own` is a part of.
    private static func mainWorkTree(of own: String, entry: String) -> String? {
        guard
            let text = firstLine(of: own + "/commondir"),
            let common = Files.realPath(PathText.joined(own, text)),
            let worktrees = PathText.parent(of: own), PathText.same(worktrees, common + "/worktrees"),
            let back = firstLine(of: own + "/gitdir"),
            let named = Files.realPath(PathText.joined(own, back)),
            let real = Files.realPath(entry), PathText.same(named, real)
        else { return nil }
        // Work trees beside a bare `.bare` or `.git` share the folder that holds them; of any other bare repository, and
        // of a submodule, the layout does not tell.
        switch PathText.lastComponent(of: common) {
        case ".git", ".bare": return PathText.parent(of: common)
        default: return nil
        }
    }

    /// The directories of the linked work trees of a main one, real paths where they exist.
    static func workTrees(of main: String) -> [String] {
        let folders = [".git", ".bare"].map { PathText.joined(main, $0 + "/worktrees") }
        return folders.flatMap { folder in
            (Files.names(in: folder) ?? []).compactMap { name in
                let own = folder + "/" + name
                guard let back = firstLine(of: own + "/gitdir") else { return nil }
                let entry = PathText.normalised(PathText.joined(own, back))
                return PathText.parent(of: entry).map { Files.realPath($0) ?? $0 }
            }
        }
    }

    private static func firstLine(of path: String) -> String? {
        guard let bytes = try? Files.contents(of: path, limit: 1 << 14) else { return nil }
        let line = String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
        let text = trimmed(line[...])
        return text.isEmpty ? nil : text
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
