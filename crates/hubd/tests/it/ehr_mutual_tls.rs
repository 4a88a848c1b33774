//! The hub shows a certificate to an EHR that asks for one: OpenSSL's server, with the files that a site has.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use sim_ehr::OpensslServer;

const METADATA: &str = "HTTP/1.0 200 OK\r\nContent-Type: application/fhir+json\r\n\r\n\
    {\"resourceType\":\"CapabilityStatement\",\"fhirVersion\":\"4.0.1\"}";

/// An EHR that lets nobody in without the certificate, and serves the files of `folder`.
fn guarded(folder: &Path) -> OpensslServer {
    let asks = ["-HTTP", "-CAfile", "own.pem", "-Verify", "1", "-verify_return_error"];
    let shows = ["-cert", "own.pem", "-key", "key.pem"];
    OpensslServer::start(folder, &[&asks[..], &shows].concat()).expect("openssl is installed")
}

/// One certificate for both sides, which is its own authority; no machine trusts another one of this name.
fn certify(folder: &Path) {
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "90"]);
    openssl.args(["-keyout", "key.pem", "-out", "own.pem", "-subj", "/CN=A hospital of the tests"]);
    openssl.args(["-addext", "subjectAltName=DNS:localhost"]);
    openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    let output = openssl.current_dir(folder).output().expect("openssl is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    set_mode(&folder.join("key.pem"), 0o600);
}

fn set_mode(file: &Path, mode: u32) {
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
}

fn check(folder: &Path, base: &str, access: &str) -> (String, bool) {
    let config = folder.join("ehr.toml");
    fs::write(&config, format!("[access]\n{access}")).unwrap();
    let mut hubd = Command::new(env!("CARGO_BIN_EXE_hubd"));
    hubd.args(["ehr", "check", "--ehr", base, "--ehr-config"]).arg(config);
    let output = hubd.output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (said, output.status.success())
}

#[test]
fn the_hub_is_let_in_by_its_certificate_and_by_nothing_less() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    certify(folder);
    fs::create_dir(folder.join("fhir")).unwrap();
    fs::write(folder.join("fhir/metadata"), METADATA).unwrap();
    let ehr = guarded(folder);
    let shown =
        "client_certificate_file = \"own.pem\"\nclient_certificate_key_file = \"key.pem\"\n";
    let trusted = "ca_file = \"own.pem\"\n";

    let (said, works) = check(folder, &ehr.base(), &format!("{shown}{trusted}"));
    assert!(works, "{said}");
    assert!(said.contains("works   Client certificate: it holds until "), "{said}");
    assert!(said.contains("FHIR 4.0.1"), "{said}");

    let (said, works) = check(folder, &ehr.base(), shown);
    assert!(!works && said.contains("give the certificate of the hospital's authority"), "{said}");

    let (said, works) = check(folder, &ehr.base(), trusted);
    assert!(!works && said.contains("FAILS   FHIR server: "), "{said}");

    set_mode(&folder.join("key.pem"), 0o644);
    let (said, works) = check(folder, &ehr.base(), &format!("{shown}{trusted}"));
    assert!(!works && said.contains("chmod 600"), "{said}");
}
