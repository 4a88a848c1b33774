//! Where the EHR and its token endpoint are, and that nothing travels to them unencrypted.

use reqwest::Url;

#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    #[error("`{0}` is not an address: https://ehr.example/fhir/r4 is one")]
    NotAnAddress(String),
    #[error("`{0}` would send patient data or access to it unencrypted: use https")]
    Unencrypted(String),
}

/// # Errors
/// Anything but `https`, except `http` to this machine itself.
pub fn parse(text: &str) -> Result<Url, AddressError> {
    let not_an_address = || AddressError::NotAnAddress(text.to_owned());
    let url = Url::parse(text).map_err(|_| not_an_address())?;
    match (url.scheme(), url.host_str()) {
        ("https", Some(_)) => Ok(url),
        ("http", Some(host)) if crate::hub::is_this_machine(host) => Ok(url),
        ("http", Some(_)) => Err(AddressError::Unencrypted(text.to_owned())),
        _ => Err(not_an_address()),
    }
}

/// `path` below `base`, whether that ends with a slash or not.
pub fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.path_segments_mut()
        .expect("an http address has a path")
        .pop_if_empty()
        .extend(path.split('/'));
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, path: &str, expected: &str) {
        assert_eq!(below(&parse(base).unwrap(), path).as_str(), expected);
    }

    #[test]
    fn a_path_is_below_the_base_with_or_without_a_slash() {
        check("https://ehr.example/fhir/r4", "Patient/1", "https://ehr.example/fhir/r4/Patient/1");
        check("https://ehr.example/fhir/r4/", "Patient", "https://ehr.example/fhir/r4/Patient");
        check("http://127.0.0.1:81", "Patient", "http://127.0.0.1:81/Patient");
    }

    #[test]
    fn patient_data_goes_unencrypted_to_this_machine_only() {
        let unencrypted = parse("http://ehr.example/fhir").err();
        assert!(matches!(unencrypted, Some(AddressError::Unencrypted(_))));
        let nowhere = parse("ehr.example").err();
        assert!(matches!(nowhere, Some(AddressError::NotAnAddress(_))));
    }
}
