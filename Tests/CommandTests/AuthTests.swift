import Foundation
import TestSupport
import Testing

/// `ccmem auth`, as people use it: through `ccmem`, which starts `ccmem-llm` beside itself.
@Suite struct AuthTests {
    static let secret = "sk-ant-api03-THESECRETOFTHETEST"
    let space: Workspace
    let server: LoopbackServer

    init() throws {
        space = try Workspace(hasStore: false)
        server = try LoopbackServer([.respond(200, [], "{}")])
    }

    /// Runs it with a key in the environment, and checks that nothing shows it.
    func auth(_ arguments: String..., input: String? = nil, more: [String: String] = [:]) throws -> Workspace.Run {
        let variables = ["ANTHROPIC_BASE_URL": server.address, "ANTHROPIC_API_KEY": Self.secret].merging(more) { $1 }
        let run = try space.run(["auth"] + arguments, input: input, environment: variables)
        #expect(!(run.output + run.errors).contains("THESECRET"))
        return run
    }

    @Test func aKeyInTheEnvironmentIsFoundAndSwitchesNothingOn() throws {
        let run = try auth()
        #expect(run.status == 1)
        #expect(run.output.hasPrefix("Off: nobody has switched it on"))
        #expect(run.output.contains("Credential: API key of the variable ANTHROPIC_API_KEY, never probed."))
        #expect(server.requests.isEmpty)
    }

    @Test func nobodyIsAskedWithoutATerminal() throws {
        let run = try auth("enable")
        #expect(run.status == 2)
        for words in ["12,000 characters", server.address, "50000 tokens a day", "--yes"] {
            #expect(run.errors.contains(words))
        }
        #expect(try auth("status").status == 1)
    }

    @Test func itIsOnUntilItIsSwitchedOff() throws {
        #expect(try auth("enable", "--yes").status == 0)
        let json = try auth("status", "--json").json
        #expect(json["ready"] as? Bool == true && json["mode"] as? String == "auto")
        #expect(json["address"] as? String == server.address)
        #expect(try auth("status", more: ["CI": "1"]).output.hasPrefix("Off: `CI` is set."))
        #expect(try auth("status", more: ["CCMEM_LLM": "off"]).output.hasPrefix("Off by the mode"))
        #expect(
            try auth("status", more: ["ANTHROPIC_BASE_URL": "https://elsewhere.example"]).output.hasPrefix(
                "Off: you agreed to"))
        #expect(try auth("disable").output.hasPrefix("Off: nobody has switched it on"))
        #expect(server.requests.isEmpty, "none of this asks anybody")
    }

    @Test func aProxyIsAskedForATunnelAndSeesNoKey() throws {
        let proxy = try LoopbackServer([.respond(502)])
        defer { proxy.stop() }
        let run = try auth(
            "test", more: ["ANTHROPIC_BASE_URL": "https://models.example", "https_proxy": proxy.address])
        #expect(run.status == 3)
        let request = try #require(proxy.requests.first)
        #expect(request.head.hasPrefix("CONNECT models.example:443 "))
        #expect(!(request.head + request.body).contains("THESECRET"))
        #expect(request.header("x-api-key") == nil)
    }

    @Test func aTestAsksOnceAndItsAnswerIsKept() throws {
        let run = try auth("test")
        #expect(run.status == 0 && run.output.contains("is good"))
        #expect(server.requests.map { String($0.head.prefix(14)) } == ["GET /v1/models"])
        #expect(server.requests[0].header("x-api-key") == Self.secret)
        #expect(try auth("status").output.contains("found good at"))
        let refusing = try LoopbackServer([
            .respond(401, [], #"{"error":{"message":"invalid x-api-key \#(Self.secret)"}}"#)
        ])
        defer { refusing.stop() }
        let refused = try auth("test", "--json", more: ["ANTHROPIC_BASE_URL": refusing.address])
        #expect(refused.status == 1 && refused.json["outcome"] as? String == "refused")
        let dead = try LoopbackServer([.close])
        defer { dead.stop() }
        #expect(try auth("test", more: ["ANTHROPIC_BASE_URL": dead.address]).status == 3)
    }

    @Test func aStoredKeyComesFirstAndIsItsOwnersAlone() throws {
        #expect(try auth("set", input: "sk-ant-api03-THESECRETTWO\n").status == 0)
        let file = space.home.appendingPathComponent(".config/ccmem/credentials.json")
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        _ = try auth("test")
        #expect(server.requests.last?.header("x-api-key") == "sk-ant-api03-THESECRETTWO")
        #expect(try auth("set", "sk-as-an-argument").status == 2)
        #expect(try auth("set", input: "two words\n").status == 2)
        #expect(try auth("set", input: "").status == 2)
        #expect(try auth("set", "--remove").status == 0)
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }

    @Test func theKeyIsInNoProcessListWhileItIsUsed() throws {
        let slow = try LoopbackServer([.hang])
        defer { slow.stop() }
        let program = try Program(
            Workspace.tool("ccmem-llm").path, ["auth", "test"],
            environment: [
                "HOME": space.home.path, "ANTHROPIC_BASE_URL": slow.address, "ANTHROPIC_API_KEY": Self.secret,
            ])
        defer {
            program.send(SIGTERM)
            program.wait()
        }
        for _ in 0..<200 where slow.requests.isEmpty { usleep(25_000) }
        #expect(slow.requests.count == 1)
        #if os(Linux)
            let folder = "/proc/\(program.pid)"
            let line = try String(contentsOfFile: folder + "/cmdline", encoding: .utf8)
            #expect(line.contains("auth") && !line.contains("THESECRET"))
            let limits = try String(contentsOfFile: folder + "/limits", encoding: .utf8)
            let core = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
            #expect(core.split(separator: " ").filter { $0 == "0" }.count == 2, "\(core)")
        #endif
    }

    @Test func withoutTheOtherProgramTheVerbsSayWhatToDo() throws {
        let folder = space.folder.appendingPathComponent("alone")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let alone = folder.appendingPathComponent("ccmem")
        try FileManager.default.copyItem(at: Workspace.tool("ccmem"), to: alone)
        // One of the PATH may be a project's.
        let path = space.folder.appendingPathComponent("path")
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        try Program.writeScript("echo taken\n", at: path.path + "/ccmem-llm")
        let run = try space.run(tool: alone.path, ["refine"], environment: ["PATH": path.path])
        #expect(run.status == 3 && !run.output.contains("taken"))
        #expect(run.errors.contains("`ccmem-llm`") && run.errors.contains("make install"))
    }

    @Test func anInstallationOffersItAndNamesWhatItFound() throws {
        let first = try space.run(["install", "--user"], environment: ["ANTHROPIC_API_KEY": Self.secret])
        #expect(first.output.contains("`ccmem auth enable`") && first.output.contains("ANTHROPIC_API_KEY"))
        #expect(!first.output.contains("THESECRET"))
        _ = try space.run(["auth", "enable", "--yes"])
        #expect(!(try space.run(["install", "--user"]).output.contains("auth enable")))
    }

    @Test func aSessionIsToldOnceThatNoCredentialIsLeft() throws {
        let space = try Workspace()
        func start(_ session: String, _ more: [String: String] = [:]) throws -> String {
            let call =
                #"{"hook_event_name":"SessionStart","session_id":"\#(session)","source":"startup","cwd":"\#(space.project.path)"}"#
            return try space.run(
                tool: Workspace.tool("ccmem-hook").path, ["SessionStart"], input: call,
                environment: ["CCMEM_HOOK_PATIENCE": "20"].merging(more) { $1 }
            ).output
        }
        try space.run("add", "constraint", "Always run the linter")
        #expect(!(try start("s1").contains("credential")), "it is not switched on")
        try space.run("auth", "enable", "--yes")
        #expect(try start("s2").contains("no credential can be used (there is none)"))
        #expect(!(try start("s3").contains("credential")))
        #expect(!(try start("s4", ["ANTHROPIC_API_KEY": "k"]).contains("credential")))
        #expect(try start("s5").contains("no credential can be used"), "there was one in between")
    }
}
