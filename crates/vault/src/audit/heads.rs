//! The key that signs heads of this chain, and the heads that are kept.

use clinical::{ChainHead, Hex, SignedHead};
use ring::{
    rand::SystemRandom,
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use crate::error::{VaultError, failed};

/// What a kept head is the head of.
pub(crate) enum Chain<'a> {
    /// This vault's, as signed last.
    Newest,
    /// This vault's, as the hub has acknowledged it.
    Anchored,
    /// That of a cart.
    Of(&'a str),
}

impl Chain<'_> {
    fn name(&self) -> String {
        match self {
            Self::Newest => "newest".to_owned(),
            Self::Anchored => "anchored".to_owned(),
            Self::Of(cart) => format!("cart:{cart}"),
        }
    }
}

pub(crate) fn is_right(signed: &SignedHead) -> bool {
    let key = UnparsedPublicKey::new(&ED25519, signed.public_key.0);
    key.verify(signed.head.text_to_sign().as_bytes(), &signed.signature.0).is_ok()
}

pub(crate) fn sign(key: &Ed25519KeyPair, head: ChainHead) -> SignedHead {
    let signature = key.sign(head.text_to_sign().as_bytes());
    SignedHead {
        head,
        public_key: public(key),
        signature: Hex(signature.as_ref().try_into().expect("Ed25519 signatures have 64 bytes")),
    }
}

/// Made, if this vault has none yet.
pub(crate) fn key(tx: &Transaction<'_>) -> Result<Ed25519KeyPair, VaultError> {
    if let Some(key) = kept_key(tx)? {
        return Ok(key);
    }
    let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
        .map_err(|_| VaultError::NoRandomness)?;
    tx.execute("INSERT INTO audit_key (one, pkcs8) VALUES (1, ?1)", [made.as_ref()])
        .map_err(failed("keep the key of the audit"))?;
    parse_key(made.as_ref())
}

fn kept_key(connection: &Connection) -> Result<Option<Ed25519KeyPair>, VaultError> {
    let kept: Option<Vec<u8>> = connection
        .query_row("SELECT pkcs8 FROM audit_key", [], |row| row.get(0))
        .optional()
        .map_err(failed("read the key of the audit"))?;
    kept.as_deref().map(parse_key).transpose()
}

fn parse_key(pkcs8: &[u8]) -> Result<Ed25519KeyPair, VaultError> {
    Ed25519KeyPair::from_pkcs8(pkcs8)
        .map_err(|_| VaultError::Damaged { what: "the key of the audit" })
}

/// `None`: nothing was ever signed here.
pub(crate) fn public_key(connection: &Connection) -> Result<Option<Hex<32>>, VaultError> {
    Ok(kept_key(connection)?.map(|key| public(&key)))
}

fn public(key: &Ed25519KeyPair) -> Hex<32> {
    Hex(key.public_key().as_ref().try_into().expect("Ed25519 keys have 32 bytes"))
}

pub(crate) fn put(tx: &Connection, chain: &Chain<'_>, signed: &SignedHead) -> rusqlite::Result<()> {
    let SignedHead { head, public_key, signature } = signed;
    tx.prepare_cached(
        "INSERT INTO audit_heads (chain, position, hash, public_key, signature)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (chain) DO UPDATE SET position = excluded.position, hash = excluded.hash,
         public_key = excluded.public_key, signature = excluded.signature",
    )?
    .execute(params![chain.name(), head.position, head.hash.0, public_key.0, signature.0])
    .map(drop)
}

pub(crate) fn get(tx: &Connection, chain: &Chain<'_>) -> rusqlite::Result<Option<SignedHead>> {
    tx.prepare_cached(
        "SELECT chain, position, hash, public_key, signature FROM audit_heads WHERE chain = ?1",
    )?
    .query_row([chain.name()], |row| Ok(read(row)?.1))
    .optional()
}

/// A new key begins a new chain.
pub(crate) fn forget(tx: &Transaction<'_>, cart: &str) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM audit_heads WHERE chain = ?1", [Chain::Of(cart).name()]).map(drop)
}

/// By the name of the cart.
pub(crate) fn of_carts(connection: &Connection) -> rusqlite::Result<Vec<(String, SignedHead)>> {
    let sql = "SELECT substr(chain, 6), position, hash, public_key, signature FROM audit_heads
        WHERE chain LIKE 'cart:%' ORDER BY chain";
    connection.prepare_cached(sql)?.query_map([], read)?.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<(String, SignedHead)> {
    let head = ChainHead { position: row.get(1)?, hash: Hex(row.get(2)?) };
    let (public_key, signature) = (Hex(row.get(3)?), Hex(row.get(4)?));
    Ok((row.get(0)?, SignedHead { head, public_key, signature }))
}
