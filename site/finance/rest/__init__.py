"""Finance for programs: the same records, rules and words as on the pages."""
