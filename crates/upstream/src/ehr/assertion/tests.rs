//! What is in an assertion, and that OpenSSL finds its signature good.

use std::{fs, process::Command};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::ehr::Algorithm;

const RSA: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
const EC: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"];
const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_999);

/// OpenSSL in a folder of its own.
struct OpenSsl(TempDir);

impl OpenSsl {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn run(&self, words: &[&str]) -> Vec<u8> {
        let output = Command::new("openssl").args(words).current_dir(&self.0).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    fn key(&self, kind: &[&str]) -> Vec<u8> {
        self.run(&[&["genpkey"], kind, &["-out", "key.pem"]].concat());
        self.run(&["pkey", "-in", "key.pem", "-pubout", "-out", "public.pem"]);
        fs::read(self.0.path().join("key.pem")).unwrap()
    }

    fn finds_good(&self, message: &str, signature: &[u8]) {
        fs::write(self.0.path().join("message"), message).unwrap();
        fs::write(self.0.path().join("signature"), signature).unwrap();
        let words = ["dgst", "-sha384", "-verify", "public.pem", "-signature", "signature"];
        self.run(&[&words[..], &["message"]].concat());
    }
}

fn claims<'a>() -> Claims<'a> {
    Claims {
        client_id: "hub",
        audience: "https://ehr.example/token",
        key_set_url: None,
        number: "n-1",
    }
}

/// Header, claims, what is signed, the signature.
fn taken_apart(assertion: &str) -> (Value, Value, &str, Vec<u8>) {
    let (message, signature) = assertion.rsplit_once('.').unwrap();
    let (header, body) = message.split_once('.').unwrap();
    let json = |part| serde_json::from_slice(&BASE64URL.decode(part).unwrap()).unwrap();
    (json(header), json(body), message, BASE64URL.decode(signature).unwrap())
}

#[test]
fn an_assertion_says_who_asks_whom_and_lives_less_than_five_minutes() {
    let key = SigningKey::from_pem(&OpenSsl::new().key(EC), Some("k-1".into())).unwrap();
    let assertion = assertion(&key, &claims(), NOW).unwrap();
    let (header, body, _, _) = taken_apart(&assertion);
    assert_eq!(header, json!({"alg": "ES384", "typ": "JWT", "kid": "k-1"}));
    let expected = json!({"iss": "hub", "sub": "hub", "aud": "https://ehr.example/token",
        "jti": "n-1", "iat": 1_794_999_970, "nbf": 1_794_999_970, "exp": 1_795_000_210});
    assert_eq!(body, expected);
}

#[test]
fn the_address_of_the_keys_is_said_where_it_is_registered() {
    let key = SigningKey::from_pem(&OpenSsl::new().key(EC), None).unwrap();
    let url = "https://hub.example/.well-known/jwks.json";
    let claims = Claims { key_set_url: Some(url), ..claims() };
    let assertion = assertion(&key, &claims, NOW).unwrap();
    assert_eq!(taken_apart(&assertion).0["jku"], url);
}

#[test]
fn openssl_finds_the_signature_of_both_algorithms_good() {
    for (kind, algorithm) in [(RSA, Algorithm::Rs384), (EC, Algorithm::Es384)] {
        let openssl = OpenSsl::new();
        let key = SigningKey::from_pem(&openssl.key(kind), None).unwrap();
        assert_eq!(key.algorithm(), algorithm);
        let assertion = assertion(&key, &claims(), NOW).unwrap();
        let (_, _, message, signature) = taken_apart(&assertion);
        match algorithm {
            Algorithm::Rs384 => openssl.finds_good(message, &signature),
            Algorithm::Es384 => {
                assert_eq!(signature.len(), 96);
                openssl.finds_good(message, &as_der(&signature));
            }
        }
    }
}

/// OpenSSL wants ECDSA-Sig-Value (RFC 3279 section 2.2.3), JWS has both numbers in a row.
fn as_der(both: &[u8]) -> Vec<u8> {
    let integer = |number: &[u8]| {
        let first = number.iter().position(|byte| *byte != 0).unwrap();
        let sign = if number[first] & 0x80 == 0 { &[][..] } else { &[0] };
        let content = [sign, &number[first..]].concat();
        [&[2, u8::try_from(content.len()).unwrap()], &content[..]].concat()
    };
    let (r, s) = both.split_at(48);
    let content = [integer(r), integer(s)].concat();
    [&[0x30, u8::try_from(content.len()).unwrap()], &content[..]].concat()
}

#[test]
fn a_key_without_a_name_has_its_thumbprint_and_nothing_of_the_private_half_is_shown() {
    let openssl = OpenSsl::new();
    for kind in [RSA, EC] {
        let key = SigningKey::from_pem(&openssl.key(kind), None).unwrap();
        let jwk = serde_json::to_value(key.jwk()).unwrap();
        assert_eq!(jwk["kid"], key.id());
        assert_eq!(BASE64URL.decode(key.id()).unwrap().len(), 32);
        for private in ["d", "p", "q", "dp", "dq", "qi"] {
            assert!(jwk.get(private).is_none(), "{jwk}");
        }
        let debug = format!("{key:?}");
        assert_eq!(debug, format!("SigningKey({} {})", key.algorithm().name(), key.id()));
    }
}

#[test]
fn what_no_ehr_takes_is_no_key() {
    let openssl = OpenSsl::new();
    let unsuited = [
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"][..],
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        &["-algorithm", "ED25519"],
    ];
    for kind in unsuited {
        let key = SigningKey::from_pem(&openssl.key(kind), None);
        assert!(matches!(key, Err(SigningKeyError::Unsuited)), "{kind:?}");
    }
    assert!(matches!(SigningKey::from_pem(b"", None), Err(SigningKeyError::NotPem)));
}
