"""Generator and verifier of the provenance zoo: tiny, really trained checkpoints with known lineage."""
