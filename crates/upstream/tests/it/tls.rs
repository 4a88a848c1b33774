//! Whom the hub trusts, what it shows of itself, and what a person reads when that does not fit.

use std::{sync::Arc, time::SystemTime};

use clinical::Timestamp;
use rustls::version::{TLS12, TLS13};
use sim_ehr::OpensslServer;
use tokio::net::TcpListener;
use upstream::ehr::{
    Authorities, ClientCertificate, Clock, EhrAccess, EhrClient, EhrClientError, EhrError,
};

use crate::tls_peer::{Authority, Issued, Server};

fn clock() -> Clock {
    Arc::new(|| {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        Timestamp::from_millis(since.as_millis().try_into().unwrap())
    })
}

fn access(trusts: Option<&Authority>, shows: Option<&Issued>) -> EhrAccess {
    let authorities = trusts.map(|authority| Authorities::from_pem(authority.pem().as_bytes()));
    let certificate = shows.map(|own| {
        let (chain, key) = (own.certificate.pem(), own.key.serialize_pem());
        ClientCertificate::from_pem(chain.as_bytes(), key.as_bytes()).unwrap()
    });
    let authorities = authorities.map_or_else(Authorities::default, Result::unwrap);
    EhrAccess { certificate, authorities, ..EhrAccess::open(clock()) }
}

async fn read(base: &str, access: EhrAccess) -> Result<Vec<u8>, EhrError> {
    EhrClient::new(base, access).unwrap().read("metadata").await
}

#[derive(Debug)]
enum Answer {
    Read,
    Later(&'static str),
    /// Whether the request had left when the other side hung up is a matter of the moment.
    Broken(&'static str),
    Denied(&'static str),
}

#[track_caller]
fn check(found: Result<Vec<u8>, EhrError>, expected: &Answer, case: &str) {
    match (found, expected) {
        (Ok(_), Answer::Read) => {}
        (Err(EhrError::Later { what, .. }), Answer::Later(part) | Answer::Broken(part))
        | (Err(EhrError::InDoubt { what, .. }), Answer::Broken(part))
        | (Err(EhrError::Denied { what }), Answer::Denied(part)) => {
            assert!(what.contains(part), "{case}: {what}");
        }
        (found, _) => panic!("{case}: {found:?} is not {expected:?}"),
    }
}

#[tokio::test]
async fn the_certificate_of_the_ehr_is_looked_at() {
    let (hospital, stranger) = (Authority::new("Hospital"), Authority::new("Stranger"));
    let cases = [
        ("good", hospital.issue("localhost", 2099), Answer::Read),
        ("stranger", stranger.issue("localhost", 2099), Answer::Later("signed by nobody")),
        ("expired", hospital.issue("localhost", 2020), Answer::Later("has expired")),
        ("other name", hospital.issue("ehr.example", 2099), Answer::Later("another name")),
    ];
    for (case, shows, expected) in cases {
        let server =
            Server { shows: &shows, demands: None, versions: &[&TLS13, &TLS12], hangs_up: false };
        let base = server.start().await;
        check(read(&base, access(Some(&hospital), None)).await, &expected, case);
    }
    let shows = hospital.issue("localhost", 2099);
    let base =
        Server { shows: &shows, demands: None, versions: &[&TLS13], hangs_up: false }.start().await;
    let untold = read(&base, access(None, None)).await;
    check(untold, &Answer::Later("`ca_file`"), "an authority that nobody named");
}

#[tokio::test]
async fn an_ehr_that_demands_a_certificate_gets_the_hubs_and_says_what_is_wrong_with_it() {
    let (hospital, stranger) = (Authority::new("Hospital"), Authority::new("Stranger"));
    let shows = hospital.issue("localhost", 2099);
    let cases = [
        ("good", Some(hospital.issue("hub.example", 2099)), Answer::Read),
        ("none", None, Answer::Denied("wants a client certificate")),
        (
            "stranger",
            Some(stranger.issue("hub.example", 2099)),
            Answer::Denied("its issuer is not"),
        ),
        ("expired", Some(hospital.issue("hub.example", 2020)), Answer::Denied("expired")),
    ];
    for (case, own, expected) in cases {
        for version in [&TLS12, &TLS13] {
            let demands = Some(&hospital);
            let base = Server { shows: &shows, demands, versions: &[version], hangs_up: false }
                .start()
                .await;
            let found = read(&base, access(Some(&hospital), own.as_ref())).await;
            check(found, &expected, &format!("{case}, {:?}", version.version));
        }
    }
}

#[tokio::test]
async fn an_ehr_that_hangs_up_without_a_word_is_away_unless_the_hubs_certificate_has_ended() {
    let hospital = Authority::new("Hospital");
    let shows = hospital.issue("localhost", 2099);
    let cases = [
        (None, Answer::Broken("broke")),
        (Some(hospital.issue("hub.example", 2099)), Answer::Broken("broke")),
        (
            Some(hospital.issue("hub.example", 2020)),
            Answer::Denied("has expired (2020-12-31T00:00:00.000Z): renew it"),
        ),
    ];
    for (own, expected) in cases {
        let versions = &[&TLS12, &TLS13];
        let server = Server { shows: &shows, demands: None, versions, hangs_up: true };
        let base = server.start().await;
        let found = read(&base, access(Some(&hospital), own.as_ref())).await;
        check(found, &expected, "hangs up");
    }
}

#[tokio::test]
async fn an_old_tls_and_no_tls_are_told_from_an_ehr_that_is_away() {
    // A real server that speaks TLS 1.1 only; OpenSSL has to be told to stoop so low.
    let hospital = Authority::new("Hospital");
    let own = hospital.issue("localhost", 2099);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("both.pem");
    std::fs::write(&file, own.certificate.pem() + &own.key.serialize_pem()).unwrap();
    let options =
        ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0", "-cert", "both.pem", "-key", "both.pem"];
    let server = OpensslServer::start(folder.path(), &options).expect("openssl is installed");
    let base = server.base();
    let old = read(&base, access(Some(&hospital), None)).await;
    drop(server);
    check(old, &Answer::Later("no TLS of version 1.2 or later"), "TLS 1.1");

    let gone = read(&base, access(None, None)).await;
    check(gone, &Answer::Later("cannot be reached"), "nobody listens");

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}/fhir", listener.local_addr().unwrap());
    let plain = axum::Router::new().fallback(async || "hello");
    tokio::spawn(async move { axum::serve(listener, plain).await.unwrap() });
    let spoken = read(&base, access(None, None)).await;
    check(spoken, &Answer::Later("does not speak TLS"), "plain HTTP");
}

#[test]
fn files_that_are_no_certificates_are_refused_before_anything_is_asked() {
    let hospital = Authority::new("Hospital");
    let (one, other) = (hospital.issue("hub.example", 2099), hospital.issue("hub.example", 2099));
    let (chain, key) = (one.certificate.pem(), one.key.serialize_pem());
    let wrong = |chain: &str, key: &str| {
        ClientCertificate::from_pem(chain.as_bytes(), key.as_bytes()).err()
    };
    assert!(matches!(wrong("hello", &key), Some(EhrClientError::Certificate)));
    assert!(matches!(wrong(&chain, "hello"), Some(EhrClientError::CertificateKey)));
    assert!(matches!(Authorities::from_pem(b"hello").err(), Some(EhrClientError::Authorities)));

    let mixed = Issued { certificate: one.certificate, key: other.key };
    let refused = EhrClient::new("https://ehr.example/fhir", access(None, Some(&mixed))).err();
    let words = refused.map(|error| error.to_string()).unwrap_or_default();
    assert!(words.contains("belong together"), "{words}");
}
