public struct StorageError: Error {}
