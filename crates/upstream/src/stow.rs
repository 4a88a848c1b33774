//! The hub's client of one image archive by DICOMweb: store a file (STOW-RS), and look whether it is there as it was
//! sent (WADO-RS). PS3.18 sections 10.5 and 10.4.
//!
//! Storing again is always safe: an archive knows a file by its SOP Instance UID. Nothing is retried here.

mod answer;
mod multipart;
mod receipt;

use std::time::Duration;

use dicom::{Instance, Unreadable};
use reqwest::{RequestBuilder, StatusCode, Url, header};

pub use answer::StowError;

/// An archive that does not take a TCP and TLS connection by then is away.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// For a request and its answer, beside the time that its bytes take: some archives file before they answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// The slowest line that a file is waited for: 256 kbit/s.
const SLOWEST_BYTES_PER_S: u64 = 32 * 1024;
/// What an archive may add to a file that it gives back: its own attributes and the frame of the answer.
const MOST_ADDED_BYTES: usize = 1024 * 1024;
/// A receipt of one file has about 700 bytes.
const MOST_RECEIPT_BYTES: usize = 64 * 1024;

/// Where the archive is, and how it lets us in.
pub struct StowOptions {
    /// The root of its DICOMweb services, such as `https://archive.example/dicom-web`.
    pub base: String,
    pub access: Access,
}

pub enum Access {
    /// The network, or a certificate, lets us in.
    Open,
    Basic {
        user: String,
        password: String,
    },
    /// What the header `Authorization` says at this moment, such as `Bearer …`.
    Header(Box<dyn Fn() -> String + Send + Sync>),
}

/// Keeps its connection open between requests.
pub struct StowClient {
    base: Url,
    access: Access,
    http: reqwest::Client,
}

#[derive(Debug, thiserror::Error)]
pub enum StowClientError {
    #[error(
        "`{0}` is not the root of an archive's DICOMweb: https://archive.example/dicom-web is one"
    )]
    NotAnAddress(String),
    #[error("`{0}` would send patient data unencrypted: use https")]
    Unencrypted(String),
    #[error("the TLS of this machine cannot be set up")]
    Tls(#[source] reqwest::Error),
}

/// The archive says that it has the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// What it remarks about it, in plain words.
    pub warning: Option<String>,
}

/// What the archive gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// The picture or the samples are those that were sent, byte for byte.
    Same,
    /// Something else is there under this UID: a person has to look, and nothing may be purged. In plain words.
    Other(String),
    Absent,
}

impl StowClient {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// Anything but `https`, except `http` to this machine itself.
    pub fn new(options: StowOptions) -> Result<Self, StowClientError> {
        let base = parse(&options.base)?;
        crate::tls::install_provider();
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_WITHIN)
            // A redirect would carry patient data to a host that nobody configured.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(StowClientError::Tls)?;
        Ok(Self { base, access: options.access, http })
    }

    /// `Ok` only if the archive names this file among those that it has: some answer 200 to whatever they did not
    /// understand.
    ///
    /// # Errors
    /// See [`StowError`]. After [`StowError::Later`] it may be stored all the same: [`StowClient::look`] says.
    pub async fn store(&self, instance: &Instance) -> Result<Stored, StowError> {
        let (content_type, body) = multipart::write(&instance.bytes);
        let request = self
            .http
            .post(self.at(&["studies"]))
            .header(header::CONTENT_TYPE, content_type)
            .header(header::ACCEPT, "application/dicom+json")
            .body(body);
        let answer = answer::send(self.ready(request, instance)).await?;
        receipt::judge(answer, &instance.sop_instance_uid).await
    }

    /// Whether the file is there, by getting it back.
    ///
    /// # Errors
    /// See [`StowError`]; it is never [`StowError::Refused`].
    pub async fn look(&self, instance: &Instance) -> Result<Look, StowError> {
        let [study, series, own] = [
            &instance.study_instance_uid,
            &instance.series_instance_uid,
            &instance.sop_instance_uid,
        ];
        let url = self.at(&["studies", study, "series", series, "instances", own]);
        let syntax = instance.transfer_syntax_uid;
        let wanted =
            format!("multipart/related; type=\"application/dicom\"; transfer-syntax={syntax}");
        let request = self.http.get(url).header(header::ACCEPT, wanted);
        let answer = answer::send(self.ready(request, instance)).await?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(Look::Absent),
            StatusCode::NOT_ACCEPTABLE => return Ok(Look::Other(Unreadable::Syntax.to_string())),
            _ => return Err(answer::not_now(&answer)),
        }
        let content_type = answer::header(&answer, header::CONTENT_TYPE);
        let most = instance.bytes.len() + MOST_ADDED_BYTES;
        let body = answer::read(answer, most).await?;
        let no_file = || StowError::later("the archive's answer is no DICOM file");
        Ok(compare(multipart::first_part(&content_type, &body).ok_or_else(no_file)?, instance))
    }

    fn at(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        url.path_segments_mut().expect("an http address has a path").pop_if_empty().extend(path);
        url
    }

    /// With the right to ask, and the time that the file takes on a slow line.
    fn ready(&self, request: RequestBuilder, instance: &Instance) -> RequestBuilder {
        let bytes = instance.bytes.len() as u64;
        let within = ANSWER_WITHIN + Duration::from_secs(bytes / SLOWEST_BYTES_PER_S);
        let request = request.timeout(within);
        match &self.access {
            Access::Open => request,
            Access::Basic { user, password } => request.basic_auth(user, Some(password)),
            Access::Header(value) => request.header(header::AUTHORIZATION, value()),
        }
    }
}

/// An archive may put patient and study right, so only what a physician looks at is compared.
fn compare(given: &[u8], sent: &Instance) -> Look {
    let ours = dicom::read(&sent.bytes);
    match dicom::read(given) {
        Ok(theirs) if ours.is_ok_and(|ours| ours == theirs) => Look::Same,
        Ok(_) => {
            Look::Other("the archive has another picture or strip under this number".to_owned())
        }
        Err(why) => Look::Other(format!("what the archive gives back cannot be compared: {why}")),
    }
}

fn parse(base: &str) -> Result<Url, StowClientError> {
    let not_an_address = || StowClientError::NotAnAddress(base.to_owned());
    let url = Url::parse(base).map_err(|_| not_an_address())?;
    match (url.scheme(), url.host_str()) {
        ("https", Some(_)) => Ok(url),
        ("http", Some(host)) if crate::hub::is_this_machine(host) => Ok(url),
        ("http", Some(_)) => Err(StowClientError::Unencrypted(base.to_owned())),
        _ => Err(not_an_address()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(base: &str) -> Result<StowClient, StowClientError> {
        StowClient::new(StowOptions { base: base.into(), access: Access::Open })
    }

    #[test]
    fn a_path_is_below_the_root_with_or_without_a_slash() {
        for base in ["https://archive.example/dicom-web", "https://archive.example/dicom-web/"] {
            let url = client(base).unwrap().at(&["studies", "2.25.1"]);
            assert_eq!(url.as_str(), "https://archive.example/dicom-web/studies/2.25.1");
        }
    }

    #[test]
    fn patient_data_goes_unencrypted_to_this_machine_only() {
        let unencrypted = client("http://archive.example/dicom-web").err();
        assert!(matches!(unencrypted, Some(StowClientError::Unencrypted(_))));
        assert!(matches!(client("archive").err(), Some(StowClientError::NotAnAddress(_))));
        assert!(client("http://127.0.0.1:8042/dicom-web").is_ok());
    }
}
