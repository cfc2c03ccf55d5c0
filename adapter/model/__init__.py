"""Values that all parts share: frozen, without I/O, free of Amazon's wire forms and of names of a 1C configuration."""
