import Memories
import Testing

@testable import Transcripts

/// Only a person pastes, and what they typed around it is worth most.
@Suite struct PasteTests {
    static let log = """
        2024-05-01 10:00:01 INFO  starting server on port 3000
        2024-05-01 10:00:02 WARN  config file not found
        Loading modules from cache
        Compiled 14 modules in 320 ms
        2024-05-01 10:00:04 ERROR connection refused
        npm ERR! code ELIFECYCLE
        npm ERR! errno 1
        Exited with status 1
        2024-05-01 10:00:05 INFO  shutting down
        """
    static let listing = """
        total 48
        drwxr-xr-x  5 dev dev  4096 May  1 10:00 Sources
        drwxr-xr-x  3 dev dev  4096 May  1 10:00 Tests
        -rw-r--r--  1 dev dev   812 May  1 10:00 Package.swift
        -rw-r--r--  1 dev dev  1200 May  1 10:00 README.md
        """

    @Test("Typed sentences before and after a paste survive it", arguments: [log, listing], ["\n\n", "\n"])
    func survives(paste: String, gap: String) {
        let cut = Cut(
            "I get this when the server starts:\(gap)\(paste)\(gap)We should never start without a config file.",
            role: .user)
        #expect(cut.segments.first == "I get this when the server starts:")
        #expect(cut.segments.last == "We should never start without a config file.")
        #expect(cut.segments.count == 2)
    }

    @Test func unpunctuatedRunsAreNotTyped() {
        let cut = Cut(
            """
            Loading modules from cache
            Compiling the router module
            Linking the main binary
            Running the test suite
            Finished without any problem
            Cleaning up old files
            """, role: .user)
        #expect(cut.segments == [])
        #expect(cut.excluded == [.paste: 6])
    }

    @Test func theSameLinesFromTheAssistantAreProse() {
        let text = "Loading modules from cache\nCompiling the router\nLinking it\nRunning tests\nFinished\nCleaning up"
        #expect(Cut(text, role: .assistant).excluded[.paste] == nil)
    }

    @Test func aTypedListIsNotAPaste() {
        let cut = Cut(
            """
            what i want:
            - no redis
            - keep the port
            - tests for the parser
            - no new dependency
            - docs later
            """, role: .user)
        #expect(cut.segments.count == 6)
    }

    @Test func severalTypedSentencesOnTheirOwnLinesStay() {
        let text = """
            We should use postgres here.
            It must not need a server in tests.
            Drop the old cache.
            The port stays at 8080.
            Please add a test for each of these.
            """
        let cut = Cut(text, role: .user)
        #expect(cut.segments == text.split(separator: "\n").map(String.init))
    }

    @Test(
        "What tools print is no sentence, with or without a fence",
        arguments: [
            """
            thread 'main' panicked at src/main.rs:42:13:
            called `Result::unwrap()` on an `Err` value: ParseIntError { kind: InvalidDigit }
            note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
            """,
            """
            e: file:///app/src/main/java/Cart.kt:31:17 Unresolved reference: viewModel
            FAILURE: Build failed with an exception.
            * What went wrong:
            Execution failed for task ':app:compileDebugKotlin'.
            """,
            """
            src/socket/server.ts:36:42 - error TS2345: Argument of type 'Server' is not assignable to parameter of type 'Socket'.
              The types of 'options.Socket' are incompatible between these types.
                Type 'typeof import("a")' is not assignable to type 'typeof import("b") | undefined'.

            36   adapter = new Adapter(server);
                                       ~~~~~~

            src/store.ts:6:11 - error TS6133: 'db' is declared but its value is never read.

            6   private db: Database;
                        ~~
            """,
            """
            server:dev: Error: P1001: Can't reach database server at localhost:5433

            server:dev: Please make sure your database server is running at localhost:5433.
            """,
            """
            web-1    | The cache must never be shared between workers.
            worker-1 | Connected to the queue after three attempts
            web-1    | Listening for connections now
            worker-1 | The queue was empty, it should be filled first.
            """,
            "django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.",
            "System.InvalidOperationException: The connection must be open.",
            "@@ -1,3 +1,3 @@\n-Always use tabs.\n+Always use spaces.\n text that stays",
            "=== RUN   TestLimit\n    limit_test.go:22: limit must not exceed 50, got 80\n--- FAIL: TestLimit (0.00s)",
            "E   RuntimeError: You must call init first.",
            "service,limit,note\napi,50,must never exceed 80\nworker,20,must stay below api",
            "NAME      LIMIT   NOTE\napi       50      must never exceed 80\nworker    20      must stay below the api",
            "ERROR:  duplicate key value violates unique constraint\nDETAIL:  Key (id) must be unique.\nHINT:  Never insert it twice.",
            "redis-1  | Memory overcommit must be enabled!\nweb-1    | The cache must never be shared.",
            "Error from server (Forbidden): pods is forbidden: you must be an admin",
            "remote: You must not push to this branch.\nremote: Never force it.",
            "socket.c:31:5: warning: the address of the buffer must never be null",
            "FAILED tests/test_cart.py::test_total - KeyError: 'must'",
            "make: *** [Makefile:31: socket.o] Error 1",
            """
            replicaCount: 3
            image:
              repository: registry.local/app
              tag: 1.4.2
            resources:
              limits:
                memory: 512Mi
            """,
        ])
    func printed(_ paste: String) {
        let cut = Cut("What is wrong here?\n\n\(paste)\n\nNever swallow errors please.", role: .user)
        #expect(cut.segments == ["What is wrong here?", "Never swallow errors please."])
    }

    @Test func aPlaceInAFileIsNoError() {
        let text = "src/socket/server.ts:36 should never hold the lock.\nMove it to the caller."
        #expect(Cut(text, role: .user).segments.count == 2)
    }

    @Test func aTypedListOfSettingsIsNotAPaste() {
        let text = "settings:\n- region: frankfurt\n- engine: postgres\n- mode: replica\n- log: json"
        #expect(Cut(text, role: .user).segments.count == 5)
    }
}
