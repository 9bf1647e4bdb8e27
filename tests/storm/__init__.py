"""A fleet of simulated phones against a real server under faults: `make storm` (docs/sync.md)."""
