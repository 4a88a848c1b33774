//! The user and the password that a device knows the cart by.

use std::{fmt, fs, io, path::Path};

/// Comes from a file of its own, so that neither the configuration nor a log has it.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    pub(super) user: String,
    pub(super) password: String,
}

#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    #[error("could not read it")]
    Read(#[from] io::Error),
    #[error("it has to have two lines: the user, and the password")]
    Lines,
}

impl Login {
    /// The first line is the user, the second the password.
    ///
    /// # Errors
    /// The file cannot be read, or has not these two lines.
    pub fn from_file(file: &Path) -> Result<Self, LoginError> {
        Self::read(&fs::read_to_string(file)?)
    }

    fn read(text: &str) -> Result<Self, LoginError> {
        let mut lines = text.lines();
        match (lines.next(), lines.next(), lines.next()) {
            (Some(user), Some(password), None) if !user.is_empty() => {
                Ok(Self { user: user.to_owned(), password: password.to_owned() })
            }
            _ => Err(LoginError::Lines),
        }
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_two_lines_and_shows_neither() {
        let login = Login::read("ptz\ns3cret word\n").unwrap();
        assert_eq!((login.user.as_str(), login.password.as_str()), ("ptz", "s3cret word"));
        assert_eq!(format!("{login:?}"), "Login(..)");
    }

    #[test]
    fn what_is_not_two_lines_is_no_login() {
        for text in ["", "ptz", "ptz:s3cret\n", "\ns3cret\n", "ptz\ns3cret\nmore\n"] {
            assert!(matches!(Login::read(text), Err(LoginError::Lines)), "{text:?}");
        }
    }
}
