import Credentials
import Testing

@Suite struct CredentialKindTests {
    @Test func namesAreThoseOfTheStatus() {
        #expect(CredentialKind.apiKey.rawValue == "api-key")
    }
}
