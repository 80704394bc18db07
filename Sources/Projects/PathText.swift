/// Arithmetic on absolute paths as text. Paths are compared by their bytes: Swift calls `é` in one scalar and in two the
/// same text, a file system may hold both.
public enum PathText {
    /// Nil for `/` and for what has no slash.
    static func parent(of path: String) -> String? {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), path.utf8.count > 1 else { return nil }
        return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
    }

    static func lastComponent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: slash)...])
    }

    /// `name` as seen from `folder`; an absolute name stays as it is.
    static func joined(_ folder: String, _ name: String) -> String {
        if name.utf8.first == UInt8(ascii: "/") { return name }
        return folder.utf8.last == UInt8(ascii: "/") ? folder + name : folder + "/" + name
    }

    static func same(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

    /// Whether `path` is `folder` or lies below it.
    static func holds(_ folder: String, _ path: String) -> Bool {
        below(folder, path) != nil
    }

    /// `path` as seen from `folder`, empty for the folder itself; nil when it lies elsewhere.
    public static func below(_ folder: String, _ path: String) -> String? {
        if same(folder, "/") { return String(path.utf8.dropFirst()) }
        guard path.utf8.starts(with: folder.utf8) else { return nil }
        let rest = path.utf8.dropFirst(folder.utf8.count)
        guard let first = rest.first else { return "" }
        return first == UInt8(ascii: "/") ? String(rest.dropFirst()) : nil
    }

    /// Without `.`, `..`, empty components and a slash at the end; links are not looked at.
    static func normalised(_ path: String) -> String {
        var components: [Substring] = []
        for component in path.split(separator: "/") where component != "." {
            if component == ".." { _ = components.popLast() } else { components.append(component) }
        }
        return "/" + components.joined(separator: "/")
    }
}
