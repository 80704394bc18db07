import Foundation
import Testing

@testable import Projects

/// A home, a data folder and projects in a temporary directory that goes with it.
final class Workspace {
    /// Without symbolic links.
    let path: String
    var variables: [String: String]

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ccmem-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = try #require(Files.realPath(folder.path))
        variables = ["HOME": path + "/home", "XDG_DATA_HOME": path + "/data", "XDG_CONFIG_HOME": path + "/config"]
        try folders("home")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var data: String { path + "/data/ccmem" }

    func environment(_ directory: String = "home") -> Environment {
        Environment(variables: variables, workingDirectory: at(directory))
    }

    func at(_ name: String) -> String { name.hasPrefix("/") ? name : path + "/" + name }

    /// Makes folders with mode 0755.
    func folders(_ names: String...) throws {
        for name in names {
            try FileManager.default.createDirectory(
                atPath: at(name), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        }
    }

    /// Writes a file and makes its folder.
    @discardableResult
    func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        let file = at(name)
        try folders((file as NSString).deletingLastPathComponent)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }

    func text(_ name: String) -> String? { try? String(contentsOfFile: at(name), encoding: .utf8) }
    func exists(_ name: String) -> Bool { Files.status(of: at(name)) != nil }
    func mode(_ name: String) -> UInt32? { Files.status(of: at(name))?.permissions }
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: at(name)) }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: at(name), withDestinationPath: at(target))
    }

    func setMode(_ mode: Int, _ name: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: at(name))
    }

    /// A git repository, as far as its layout goes.
    func repository(_ name: String) throws {
        try write("ref: refs/heads/main\n", to: name + "/.git/HEAD")
    }

    /// A linked work tree of a repository.
    ///
    /// - Parameter common: The repository's own folder.
    func workTree(_ name: String, of common: String) throws {
        let own = "\(common)/worktrees/\((name as NSString).lastPathComponent)"
        try write("ref: refs/heads/other\n", to: own + "/HEAD")
        try write("../..\n", to: own + "/commondir")
        try write(at(name) + "/.git\n", to: own + "/gitdir")
        try write("gitdir: \(at(own))\n", to: name + "/.git")
    }

    /// What a start belongs to: the root below the workspace and the reason, or the refusal.
    func located(_ start: ProjectStart, optOuts: PathPatterns = .none) -> Result<ProjectRoot, ProjectRefusal> {
        let locator = ProjectLocator(environment(), optOuts: optOuts)
        return Result { () throws(ProjectRefusal) in try locator.project(from: start) }
    }

    func located(_ name: String) -> Result<ProjectRoot, ProjectRefusal> { located(.directory(at(name))) }

    func root(_ name: String) throws -> ProjectRoot { try located(name).get() }
    func store(_ name: String) throws -> StoreLocation { try StoreLocation(of: root(name), environment()) }
    func ledger(_ name: String) throws -> TrustLedger { TrustLedger(root: try root(name).path, dataFolder: data) }
}
