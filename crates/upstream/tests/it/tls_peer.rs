//! Certificates of a hospital, of a stranger and of the past, and HTTPS servers that show or ask for them.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, date_time_ymd,
};
use rustls::{
    RootCertStore, ServerConfig, SupportedProtocolVersion,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    server::WebPkiClientVerifier,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate in DER and PEM with its key.
pub struct Issued {
    pub certificate: rcgen::Certificate,
    pub key: KeyPair,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// For this host, or this client, until the end of that year.
    pub fn issue(&self, name: &str, until: i32) -> Issued {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2015, 1, 1);
        params.not_after = date_time_ymd(until, 12, 31);
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate().unwrap();
        Issued { certificate: params.signed_by(&key, &self.0).unwrap(), key }
    }

    fn roots(&self) -> Arc<RootCertStore> {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        Arc::new(roots)
    }
}

/// How a server speaks TLS.
pub struct Server<'a> {
    pub shows: &'a Issued,
    /// Lets in whom this authority has certified only.
    pub demands: Option<&'a Authority>,
    pub versions: &'a [&'static SupportedProtocolVersion],
    /// Ends the connection without a word as soon as it stands.
    pub hangs_up: bool,
}

impl Server<'_> {
    /// Its address.
    pub async fn start(&self) -> String {
        let builder = ServerConfig::builder_with_protocol_versions(self.versions);
        let builder = match self.demands {
            Some(authority) => {
                let verifier = WebPkiClientVerifier::builder(authority.roots()).build().unwrap();
                builder.with_client_cert_verifier(verifier)
            }
            None => builder.with_no_client_auth(),
        };
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.shows.key.serialize_der()));
        let chain = vec![self.shows.certificate.der().clone()];
        let acceptor = TlsAcceptor::from(Arc::new(builder.with_single_cert(chain, key).unwrap()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let hangs_up = self.hangs_up;
        tokio::spawn(async move {
            loop {
                let (connection, _) = listener.accept().await.unwrap();
                tokio::spawn(answer(acceptor.clone(), connection, hangs_up));
            }
        });
        format!("https://localhost:{port}/fhir")
    }
}

async fn answer(acceptor: TlsAcceptor, connection: TcpStream, hangs_up: bool) {
    let mut bytes = [0; 4096];
    match acceptor.accept(connection).into_fallible().await {
        Ok(_) if hangs_up => {}
        Ok(mut connection) => {
            let mut request = Vec::new();
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                let Ok(count @ 1..) = connection.read(&mut bytes).await else { return };
                request.extend_from_slice(&bytes[..count]);
            }
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            // Whoever hangs up first needs no answer.
            drop(connection.write_all(answer.as_bytes()).await);
            drop(connection.shutdown().await);
        }
        Err((_, mut connection)) => {
            // What is unread at the end would reset the connection, and the alert with it.
            while let Ok(1..) = connection.read(&mut bytes).await {}
        }
    }
}
