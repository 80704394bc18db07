/// Arguments that hand a secret to a program. Whether a text looks like a secret is for the redactor to say; what stands
/// behind `--password` is one whatever it looks like, and no invocation keeps it.
enum SecretArguments {
    /// The words of a command without options that take a secret and without what they take, and the secrets themselves.
    static func removed(from words: [String]) -> (kept: [String], secrets: [String]) {
        var kept: [String] = []
        var secrets: [String] = []
        // Short options count behind the program that has them, wherever it stands: `docker exec db mysql -p…`.
        var short: Set<String> = []
        var isClient = false
        var rest = words[...]
        while let word = rest.popFirst() {
            if short.contains(word) || isSecretOption(word) {
                if let value = rest.popFirst() { secrets.append(value) }
            } else if userOptions.contains(word), let value = rest.first, value.utf8.contains(colon) {
                secrets.append(behind(colon, in: value) ?? value)
                rest = rest.dropFirst()
            } else if let value = glued(word, short) {
                secrets.append(value)
            } else if let value = assigned(word) {
                secrets.append(value)
            } else if holdsUserInfo(word) || mentionsSecret(word) {
                secrets += likelySecrets(in: word)
            } else if let inner = innerWords(of: word) {
                let found = removed(from: inner)
                if found.kept.count == inner.count { kept.append(word) }
                secrets += found.secrets
            } else {
                let name = baseName(word)
                if let options = shortOptions[name] { short.formUnion(options) }
                if clients.contains(name) { isClient = true }
                if isClient, word == "login" { short.insert("-p") }
                kept.append(word)
            }
        }
        return (kept, secrets)
    }

    private static let colon = UInt8(ascii: ":")
    private static let equals = UInt8(ascii: "=")

    /// By program: short options that take a secret, behind them or in one word with them.
    private static let shortOptions: [String: [String]] = [
        "mysql": ["-p"], "mysqldump": ["-p"], "mysqladmin": ["-p"], "mysqlimport": ["-p"], "mysqlsh": ["-p"],
        "mysqlcheck": ["-p"], "mycli": ["-p"], "mariadb": ["-p"], "mariadb-dump": ["-p"], "mariadb-admin": ["-p"],
        "mongo": ["-p"], "mongosh": ["-p"], "mongodump": ["-p"], "mongorestore": ["-p"], "mongoexport": ["-p"],
        "mongoimport": ["-p"], "sshpass": ["-p"], "redis-cli": ["-a"], "ldapsearch": ["-w"], "ldapmodify": ["-w"],
        "ldapadd": ["-w"], "ldapwhoami": ["-w"], "7z": ["-p"], "7za": ["-p"], "rar": ["-p"], "unrar": ["-p"],
        "zip": ["-P"], "unzip": ["-P"], "sqlcmd": ["-P"], "http": ["-a"], "https": ["-a"],
    ]
    /// Programs that take a password by `-p` when they log in, and something else by it otherwise.
    private static let clients: Set<String> = [
        "docker", "podman", "nerdctl", "buildah", "skopeo", "helm", "oras", "az", "oc", "cf",
    ]
    /// Options whose value is `user:password` when there is a colon in it.
    private static let userOptions: Set<String> = ["-u", "-U", "--user", "--proxy-user"]
    /// Names of options and variables that are secrets as they stand, or behind another word: `db-password`.
    private static let names = [
        "password", "passwd", "passphrase", "passcode", "pass", "pwd", "pw", "secret", "token", "api-key", "apikey",
        "access-key", "secret-key", "auth", "credential", "credentials", "passin", "passout", "storepass", "keypass",
    ]
    /// Those that count at the end of any word: `githubToken`, `PGPASSWORD`.
    private static let endings = ["password", "passwd", "passphrase", "secret", "token", "apikey"]
    /// Those that count within a text, before `=` or `:`.
    private static let mentions = [
        "password", "passwd", "passphrase", "pass", "pwd", "secret", "token", "api-key", "api_key", "apikey",
        "access-key",
        "access_key", "accesskey", "authorization", "cookie", "credential",
    ].map { Array($0.utf8) }

    /// `--password`, `-passin`, `--registry-token`
    private static func isSecretOption(_ word: String) -> Bool {
        word.hasPrefix("-") && isSecretName(word.drop { $0 == "-" })
    }

    private static func isSecretName(_ text: Substring) -> Bool {
        guard (1...80).contains(text.utf8.count) else { return false }
        let letters = text.lowercased().map { (letter: Character) -> Character in
            letter == "_" || letter == "." ? "-" : letter
        }
        let name = String(letters)
        return names.contains { name == $0 || name.hasSuffix("-" + $0) } || endings.contains { name.hasSuffix($0) }
    }

    /// `-pVALUE`, `-uadmin:VALUE`
    private static func glued(_ word: String, _ short: Set<String>) -> String? {
        guard word.hasPrefix("-"), !word.hasPrefix("--"), word.utf8.count > 2 else { return nil }
        let option = String(word.prefix(2))
        if short.contains(option) { return String(word.dropFirst(2)) }
        guard userOptions.contains(option) else { return nil }
        return behind(colon, in: word)
    }

    /// `--password=VALUE`, `DB_PASSWORD=VALUE`, `--user=admin:VALUE`
    private static func assigned(_ word: String) -> String? {
        guard let place = word.utf8.firstIndex(of: equals), let value = behind(equals, in: word) else { return nil }
        let name = word[..<place]
        if isSecretName(name.drop { $0 == "-" }) { return value }
        return userOptions.contains(String(name)) ? behind(colon, in: value) : nil
    }

    /// What stands behind the first such byte; nil when nothing does.
    private static func behind(_ byte: UInt8, in word: String) -> String? {
        guard let place = word.utf8.firstIndex(of: byte) else { return nil }
        let value = word.utf8[word.utf8.index(after: place)...]
        return value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
    }

    /// `https://user:password@host`
    private static func holdsUserInfo(_ word: String) -> Bool {
        guard let start = word.place(of: "://")?.upperBound else { return false }
        let authority = word.utf8[start...].prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: " ") }
        guard let end = authority.lastIndex(of: UInt8(ascii: "@")) else { return false }
        return authority[..<end].contains(colon)
    }

    /// `{"password": "…"}`, `Authorization: Bearer …`, `?token=…`. Names of tests such as `token::reads` are none.
    private static func mentionsSecret(_ word: String) -> Bool {
        let bytes = Array(word.lowercased().utf8)
        for mention in mentions where mention.count < bytes.count {
            for start in 0..<(bytes.count - mention.count)
            where bytes[start] == mention[0] && bytes[start..<(start + mention.count)].elementsEqual(mention) {
                if isGivenValue(bytes, at: start + mention.count) { return true }
            }
        }
        return false
    }

    /// Whether a name that ends here, but for a few more letters, has a value.
    private static func isGivenValue(_ bytes: [UInt8], at start: Int) -> Bool {
        var at = start
        while at < bytes.count, at < start + 24, isNamePart(bytes[at]) { at += 1 }
        let nameEnd = at
        while at < bytes.count, isSeparator(bytes[at]) { at += 1 }
        guard at + 1 < bytes.count else { return false }
        if bytes[at] == equals { return true }
        return bytes[at] == colon && bytes[at + 1] != colon
            && (at > nameEnd || at == start || isSeparator(bytes[at + 1]))
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\")
    }

    /// The parts of a text that may well be what is secret in it.
    private static func likelySecrets(in word: String) -> [String] {
        word.split { $0.isWhitespace || "'\"`{}[](),:;=&?@/".contains($0) }.map(String.init).filter { part in
            part.utf8.count >= 8 && part.contains(where: \.isLetter) && part.contains(where: \.isNumber)
        }
    }

    /// The words within a word that is a command line itself, as behind `sh -c`; nil when it is one word.
    private static func innerWords(of word: String) -> [String]? {
        let inner = word.split { character in
            character.isWhitespace || "()'\"`;|&".contains(character)
        }
        return inner.count > 1 ? inner.map(String.init) : nil
    }

    private static func baseName(_ word: String) -> String {
        let name = word.split(separator: "/").last.map(String.init) ?? word
        return name.hasSuffix(".exe") ? String(name.dropLast(4)) : name
    }
}
