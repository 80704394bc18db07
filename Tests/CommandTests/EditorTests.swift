import Foundation
import TestSupport
import Testing

/// `ccmem edit` without options, at a terminal of its own.
@Suite struct EditorTests {
    let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.run("add", "note", "The first words")
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
    }

    private var temporary: URL { workspace.folder.appendingPathComponent("temporary") }

    /// Writes a script that edits the file that its last argument names.
    private func script(_ body: String, name: String = "editor.sh") throws -> String {
        let url = workspace.folder.appendingPathComponent(name)
        try Program.writeScript("for file; do :; done\n\(body)\n", at: url.path)
        return url.path
    }

    private func edit(_ variables: [String: String]) throws -> Workspace.Run {
        let terminal = try Terminal()
        let result = try Program.run(
            Workspace.tool("ccmem").path, ["edit", "1"], on: .descriptor(terminal.line),
            environment: [
                "HOME": workspace.home.path, "PATH": "/usr/local/bin:/usr/bin:/bin", "TMPDIR": temporary.path,
                "CCMEM": Workspace.tool("ccmem").path,
            ].merging(variables) { $1 }, directory: workspace.project)
        // Whatever happened, the words do not stay in a folder that others may look into.
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty)
        return Workspace.Run(status: result.status, output: result.output, errors: result.errors)
    }

    private var active: [String] {
        get throws { try workspace.run("list", "--json").memories.compactMap { $0["content"] as? String } }
    }

    @Test func whatIsSavedReplacesTheWords() throws {
        let editor = try script(
            #"cat "$file" > "$HOME/seen"; ls -l "$file" > "$HOME/mode"; printf 'The second\nwords\n' > "$file""#)
        let run = try edit(["EDITOR": editor])
        #expect(run.output == "#2 replaces #1\n", "\(run.errors)")
        #expect(try active == ["The second words"])
        let home = workspace.home
        #expect(try String(contentsOf: home.appendingPathComponent("seen"), encoding: .utf8) == "The first words\n")
        #expect(try String(contentsOf: home.appendingPathComponent("mode"), encoding: .utf8).hasPrefix("-rw-------"))
    }

    @Test func theVariableMayHoldArgumentsAndQuotes() throws {
        let editor = try script(#"echo "$@" > "$HOME/arguments"; echo 'Other words' > "$file""#, name: "my editor.sh")
        #expect(try edit(["EDITOR": "'\(editor)' --wait -n"]).output == "#2 replaces #1\n")
        let arguments = try String(
            contentsOf: workspace.home.appendingPathComponent("arguments"), encoding: .utf8)
        #expect(arguments.hasPrefix("--wait -n \(temporary.path)/"))
    }

    @Test func visualComesFirst() throws {
        let editor = try script(#"echo 'By the visual one' > "$file""#)
        #expect(try edit(["VISUAL": editor, "EDITOR": "false"]).status == 0)
        #expect(try active == ["By the visual one"])
    }

    @Test func anEditorThatSavesByRenamingIsFollowed() throws {
        let editor = try script(#"echo 'Words of a new file' > "$file.new"; mv "$file.new" "$file""#)
        #expect(try edit(["EDITOR": editor]).status == 0)
        #expect(try active == ["Words of a new file"])
    }

    @Test func wordsAsTheyWereChangeNothing() throws {
        #expect(try edit(["EDITOR": "true"]).output == "#1 is like that already\n")
        #expect(try workspace.shell("SELECT count(*) FROM memory_event").output == "1\n")
    }

    @Test(
        "An editor that does not end well changes nothing",
        arguments: [
            ("echo x > \"$file\"; exit 1", "did not end well"), ("kill -9 $$", "did not end well"),
            (": > \"$file\"", "ccmem archive 1"), ("printf ' \\n\\n' > \"$file\"", "ccmem archive 1"),
            ("rm \"$file\"", "No such file"),
        ])
    func fails(_ body: String, _ words: String) throws {
        let run = try edit(["EDITOR": script(body)])
        #expect(run.status == 2 || run.status == 3)
        #expect(run.errors.contains(words), "\(run.errors)")
        #expect(try active == ["The first words"])
    }

    @Test func anEditorThatIsNotThereIsNamed() throws {
        let run = try edit(["EDITOR": "/nowhere/editor"])
        #expect(run.status == 2)
        #expect(run.errors.contains("`/nowhere/editor` did not end well"))
        #expect(try active == ["The first words"])
    }

    @Test func whatAnotherCommandDidMeanwhileStands() throws {
        let editor = try script(
            #""$CCMEM" edit 1 --content 'Words of another command' < /dev/null > /dev/null; echo 'Late words' > "$file""#
        )
        let run = try edit(["EDITOR": editor])
        #expect(run.status == 1)
        #expect(run.errors.contains("#1 is superseded"))
        #expect(try active == ["Words of another command"])
    }
}
