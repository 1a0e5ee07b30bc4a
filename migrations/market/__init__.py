"""The digital market: users buy products that live in categories."""
