"""What the tests that talk to a running Portico share. docs/testing.md describes the case format."""
