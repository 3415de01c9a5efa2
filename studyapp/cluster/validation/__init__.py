"""The rules of validation, one function each; `data/findings.toml` says what each fires on, and tells it."""
