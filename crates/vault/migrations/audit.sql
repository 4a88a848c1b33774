-- Who did what, chained: `hash` is over the row and the hash of the row before it. On the cart as on
-- the hub. `about` is JSON of ids.
CREATE TABLE audit (
    position INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL CHECK (who <> ''),
    what TEXT NOT NULL CHECK (what <> ''),
    about TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- Against mistakes of a program. Who has the key can drop them: the chain and its anchor show that.
CREATE TRIGGER audit_rows_stay_as_they_are BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'a row of the audit stays as it is'); END;
CREATE TRIGGER audit_rows_stay BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'a row of the audit stays'); END;
-- Also against INSERT OR REPLACE, which deletes without asking a trigger.
CREATE TRIGGER audit_rows_follow_each_other BEFORE INSERT ON audit
    WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM audit)
    BEGIN SELECT RAISE(ABORT, 'a row of the audit comes after the last one'); END;

-- Signs the heads of this machine's own chain: Ed25519 in PKCS #8. Made when the first head is signed.
CREATE TABLE audit_key (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    pkcs8 BLOB NOT NULL
) STRICT;

-- The newest known head of a chain: 'newest', of its own, as signed last; on a cart 'anchored', of its
-- own, as the hub has acknowledged it; on a hub 'cart:' and a name, as that cart has told it.
CREATE TABLE audit_heads (
    chain TEXT PRIMARY KEY,
    position INTEGER NOT NULL CHECK (position > 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT, WITHOUT ROWID;
