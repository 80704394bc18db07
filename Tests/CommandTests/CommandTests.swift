import TestSupport
import Testing

@Suite struct CommandTests {}
