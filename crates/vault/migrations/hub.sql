-- What only a hub keeps.

CREATE TABLE physicians (
    name TEXT PRIMARY KEY,
    display_name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    on_call INTEGER NOT NULL DEFAULT 0 CHECK (on_call IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Under the SHA-256 of the token: who reads the table cannot sign in with it.
CREATE TABLE sessions (
    token_sha256 TEXT PRIMARY KEY CHECK (length(token_sha256) = 64),
    physician TEXT NOT NULL REFERENCES physicians (name),
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_end ON sessions (expires);

-- Ed25519 public keys (RFC 8032).
CREATE TABLE carts (
    name TEXT PRIMARY KEY,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    enrolled_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
