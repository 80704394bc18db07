import Testing

@testable import Failures

@Suite struct InvocationTests {
    @Test(
        "A run is named after the program and what it is to do",
        arguments: [
            ("npm test", "npm test"),
            ("cd repo && npm test 2>&1 | tee log", "npm test"),
            ("cd /srv/app; FOO=1 BAR='a b' npm run test:unit -- --watch=false", "npm run test:unit"),
            ("python -m pytest -x tests/test_api.py", "pytest"),
            ("python3 -W error -m unittest discover", "unittest"),
            ("python scripts/train.py --seed 1", "train.py"),
            ("sudo -E timeout 60 ./gradlew -p app test", "gradlew test"),
            ("git -C ../other push origin main", "git push"),
            ("swift test --filter StoreTests", "swift test"),
            ("swift package resolve", "swift package resolve"),
            ("cargo +nightly clippy -- -D warnings", "cargo clippy"),
            ("make -j8 -C build check", "make check"),
            ("make", "make"),
            ("bundle exec rspec spec/models", "rspec"),
            ("uv run --frozen pytest -q", "pytest"),
            ("docker compose up -d", "docker compose up"),
            ("bash scripts/run-tests.sh", "run-tests.sh"),
            ("npx tsc --noEmit", "tsc"),
            ("cmake --build build -j", "cmake --build"),
            ("xcodebuild -scheme App -destination 'platform=iOS Simulator' test", "xcodebuild test"),
            ("for i in 1 2 3; do pytest; done", "pytest"),
            ("git commit -m \"$(cat <<'END'\nfix && npm test\nEND\n)\"", "git commit"),
            ("cat > run.sh <<'EOF'\nnpm test\nEOF\nchmod +x run.sh", "chmod"),
            ("psql <<SQL\nselect 1; -- npm test\nSQL", "psql"),
            ("(cd web && yarn build) && git status", "yarn build"),
            ("go test ./... |& head -50", "go test"),
        ])
    func name(_ line: String, _ name: String) {
        #expect(Invocation.main(of: line)?.name == name)
    }

    @Test(
        "What hands a secret to a program is no word of it",
        arguments: [
            ("mysql -u root -pVx7Kq9ZtLm2w app", "mysql -u root app"),
            ("sudo sshpass -p 'Vx7Kq9ZtLm2w' ssh host", "sshpass ssh host"),
            ("docker login -u me -p Vx7Kq9ZtLm2w registry.io", "docker login -u me registry.io"),
            ("docker run -p 8080:80 nginx", "docker run -p 8080:80 nginx"),
            ("docker exec db mysql -pVx7Kq9ZtLm2w", "docker exec db mysql"),
            ("redis-cli -a Vx7Kq9ZtLm2w ping", "redis-cli ping"),
            ("deploy --password Vx7Kq9ZtLm2w --fast", "deploy --fast"),
            ("deploy --registry-token=Vx7Kq9ZtLm2w", "deploy"),
            ("make test DB_PASSWORD=Vx7Kq9ZtLm2w", "make test"),
            ("gh --token Vx7Kq9ZtLm2w pr list", "gh pr list"),
            ("npx --token Vx7Kq9ZtLm2w jest", "jest"),
            ("curl -u admin:Vx7Kq9ZtLm2w https://a.b", "curl https://a.b"),
            ("curl -uadmin:Vx7Kq9ZtLm2w https://a.b", "curl https://a.b"),
            ("curl https://me:Vx7Kq9ZtLm2w@a.b/c", "curl"),
            (#"curl -d '{"password": "Vx7Kq9ZtLm2w"}' a.b"#, "curl -d a.b"),
            (#"curl -H "Authorization: Bearer Vx7Kq9ZtLm2w" a.b"#, "curl -H a.b"),
            ("ssh host 'mysql -u root -pVx7Kq9ZtLm2w'", "ssh host"),
            ("cargo test -p core token::reads", "cargo test -p core token::reads"),
            ("pytest tests/test_token.py::test_password", "pytest tests/test_token.py::test_password"),
            ("git push -u origin main", "git push -u origin main"),
        ])
    func secretArguments(_ line: String, _ left: String) throws {
        let main = try #require(Invocation.main(of: line))
        #expect(([main.program] + main.words).joined(separator: " ") == left)
        #expect(!main.name.contains("Vx7Kq9ZtLm2w"))
    }

    @Test func secretsOfACommandAreKnown() {
        #expect(Invocation.secrets(in: "mysql -pVx7Kq9 && redis-cli -a \"$PASS\" && x --token abc") == ["Vx7Kq9"])
    }

    @Test(
        "What only prepares or shows is no program of its own",
        arguments: [
            "cd repo", "echo done", "cat build.log", "tail -f test.log | grep FAIL", "ls -la && pwd", "export A=b", "",
            "# npm test", "grep -rn \"npm test\" .", "sed -n 1,20p test.py",
        ])
    func silent(_ line: String) {
        #expect(Invocation.main(of: line) == nil)
    }

    @Test(
        "Tests, compilers and linters check the work",
        arguments: [
            "npm test", "npm run lint", "yarn build", "pytest", "swift build", "cargo check", "go vet ./...", "make",
            "make test",
            "./gradlew assembleDebug", "tsc --noEmit", "mvn -q verify", "./scripts/run_tests.sh", "mix compile",
            "dotnet test",
        ])
    func checks(_ line: String) throws {
        #expect(try #require(Invocation.main(of: line)).isCheck)
    }

    @Test(
        "Others do not, whatever words they hold",
        arguments: [
            "git commit -m 'test: build'", "docker build .", "npm install", "npm run dev", "make install", "cargo run",
            "pip install pytest", "gh run view 12 --log-failed", "kubectl get pods", "node server.js",
            "python train.py",
        ])
    func noChecks(_ line: String) throws {
        #expect(try #require(Invocation.main(of: line)).isCheck == false)
    }

    @Test func theLineIsAboutItsLastCheck() {
        #expect(Invocation.main(of: "npm install && npm test && git push")?.name == "npm test")
        #expect(Invocation.main(of: "swift build && swift test")?.name == "swift test")
    }

    @Test(
        "Any bytes are read to the end",
        arguments: [
            "'", "\"", "`", "$(", "<<", "<<EOF", "a <<EOF\nb", "\\", "&&", "| | |", ">", "2>&", "((((", "))))",
            "$($($(",
            "\u{0}\u{7F}", "a=b", "=", "if then else fi", "🙂 | 🙃",
        ])
    func hostile(_ line: String) {
        _ = Invocation.all(in: line)
        _ = Invocation.all(in: line + " npm test")
    }
}
