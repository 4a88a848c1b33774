//! The hub signs in where somebody else decides: oidc-provider checks the assertions and gives the tokens.

use std::{fs, os::unix::fs::PermissionsExt as _, time::Duration};

use serde_json::Value;

use crate::{
    authorization::{SECRET, Site},
    world::eventually,
};

const RSA: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"];
const EC: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"];
const WITHIN: Duration = Duration::from_secs(40);

fn by_key(key: &str, scopes: &str) -> String {
    format!(
        "kind = \"backend-services\"\nclient_id = \"hub-key\"\nkey_file = \"{key}\"\nscopes = [{scopes}]\n"
    )
}

fn by_secret(client: &str, more: &str) -> String {
    format!(
        "kind = \"client-credentials\"\nclient_id = \"{client}\"\nclient_secret_file = \"secret\"\n\
         scopes = [\"system/Patient.rs\"]\n{more}"
    )
}

const READ: &str = r#""system/Appointment.rs", "system/Patient.rs""#;

#[tokio::test]
async fn the_hub_reads_with_a_token_that_it_asks_for_once_and_renews_when_it_ends_early() {
    crate::world::provide_tls();
    let site = Site::start();
    site.key("ec.pem", EC);
    let _hub = site.serve(&by_key("ec.pem", READ));
    let reads = async |at_least: u64| {
        eventually("the hub reads", WITHIN, async || {
            Some(site.ask("/$seen").await).filter(|seen| seen["reads"].as_u64() >= Some(at_least))
        })
        .await
    };
    let seen = reads(1).await;
    assert_eq!((&seen["tokens"], &seen["refused"]), (&Value::from(1), &Value::from(0)));
    site.ask("/$end").await;
    let seen = reads(2).await;
    assert_eq!((&seen["tokens"], &seen["refused"]), (&Value::from(2), &Value::from(1)));
}

#[tokio::test]
async fn both_kinds_of_key_open_the_ehr_and_it_finds_them_at_the_hubs_address() {
    crate::world::provide_tls();
    let site = Site::start();
    site.key("ec.pem", EC);
    site.key("rsa.pem", RSA);
    let rolled = "[[access.published_keys]]\nfile = \"rsa.pem\"\nid = \"2025\"\n";
    let _hub = site.serve(&format!("{}{rolled}", by_key("ec.pem", READ)));

    let served = reqwest::get(format!("{}/.well-known/jwks.json", site.hub)).await.unwrap();
    assert_eq!(served.headers()["content-type"], "application/json");
    let served: Value = served.json().await.unwrap();
    let (printed, works) = site.jwks(&format!("{}{rolled}", by_key("ec.pem", READ)));
    assert!(works, "{printed}");
    assert_eq!(served, serde_json::from_str::<Value>(&printed).unwrap());
    let kinds: Vec<_> = (0..2).map(|at| served["keys"][at]["alg"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["ES384", "RS384"]);
    assert_eq!(served["keys"][1]["kid"], "2025");
    assert!(!printed.contains("\"d\""), "{printed}");

    let (said, works) = site.check(&by_key("ec.pem", READ));
    assert!(works, "{said}");
    assert!(said.contains("granted are system/Appointment.rs system/Patient.rs"), "{said}");
    assert!(said.contains("works   FHIR server: oidc, FHIR 4.0.1"), "{said}");
    let older = by_key("rsa.pem", READ) + "key_id = \"2025\"\nalgorithm = \"RS384\"\n";
    let (said, works) = site.check(&older);
    assert!(works, "{said}");
}

#[tokio::test]
async fn what_is_not_granted_is_named_and_a_strange_key_opens_nothing() {
    crate::world::provide_tls();
    let site = Site::start();
    site.key("ec.pem", EC);
    site.key("strange.pem", EC);
    let _hub = site.serve(&by_key("ec.pem", READ));

    // It answers 200 with a token without any scope.
    let (said, works) = site.check(&by_key("ec.pem", r#""system/Observation.crus""#));
    assert!(!works);
    let expected = "FAILS   Sign-in: the EHR did not grant system/Observation.crus: ";
    assert!(said.contains(expected), "{said}");

    let (said, works) = site.check(&by_key("strange.pem", READ));
    assert!(!works);
    assert!(said.contains("does not accept this hub: compare `client_id` and the key"), "{said}");

    let unknown = by_key("ec.pem", READ).replace("hub-key", "nobody");
    let (said, works) = site.check(&unknown);
    assert!(!works && said.contains("(invalid_client"), "{said}");
}

#[test]
fn a_secret_opens_the_ehr_in_the_header_and_in_the_body_and_is_shown_nowhere() {
    let site = Site::start();
    // A line end is the editor's.
    site.private("secret", &format!("{SECRET}\n"));
    let basic = by_secret("hub-basic", "");
    let post = by_secret("hub-post", "client_secret_in = \"post\"\n");
    for access in [&basic, &post] {
        let (said, works) = site.check(access);
        assert!(works, "{said}");
        assert!(!said.contains("p+q"), "{said}");
    }
    site.private("secret", "wrong");
    let (said, works) = site.check(&basic);
    assert!(!works && said.contains("(invalid_client"), "{said}");
    assert!(!said.contains("wrong"), "{said}");
}

#[test]
fn a_configuration_that_cannot_work_says_why() {
    let site = Site::start();
    site.key("ec.pem", EC);
    site.key("p256.pem", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    site.private("not.pem", "hello");
    site.private("secret", "hush");
    let cases = [
        ("kind = \"none\"\nclient_id = \"x\"".to_owned(), "`client_id` has no meaning"),
        (by_key("ec.pem", READ) + "client_secret_file = \"secret\"", "`client_secret_file` has no"),
        (by_secret("x", "key_id = \"1\""), "`key_id` has no meaning"),
        (by_key("ec.pem", ""), "`scopes` is missing"),
        (by_key("ec.pem", READ) + "algorithm = \"RS384\"", "signs with ES384, not as `algorithm`"),
        (by_key("ec.pem", READ) + "colour = \"red\"", "unknown field `colour`"),
        (by_key("absent.pem", READ), "could not read"),
        (by_key("not.pem", READ), "no private key in PEM"),
        (by_key("p256.pem", READ), "neither RSA of 2048 to 4096 bits nor EC on the curve P-384"),
        (by_key("ec.pem", READ) + "client_certificate_file = \"c.pem\"", "go together"),
        (by_key("ec.pem", READ) + "ca_file = \"not.pem\"", "holds no certificate"),
        (
            by_key("ec.pem", READ) + "[[access.published_keys]]\nfile = \"ec.pem\"",
            "two keys have the same id",
        ),
    ];
    for (access, expected) in cases {
        let (said, works) = site.check(&access);
        assert!(!works && said.contains(expected), "{expected}: {said}");
        assert!(!said.contains("hush"), "{said}");
    }
    let exposed = site.private("ec.pem", "");
    fs::set_permissions(&exposed, fs::Permissions::from_mode(0o644)).unwrap();
    let (said, works) = site.check(&by_key("ec.pem", READ));
    assert!(!works && said.contains("chmod 600"), "{said}");
}
