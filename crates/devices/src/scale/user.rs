//! User Control Point (0x2A9F; Bluetooth User Data Service 1.1): scales that measure only for persons
//! they know, and the person that a cart is to them.

use std::fmt;

use crate::{Fields, Wrong, gatt::Reader};

const REGISTER: u8 = 0x01;
const CONSENT: u8 = 0x02;
const DELETE: u8 = 0x03;
const LIST: u8 = 0x04;
const DELETE_USER: u8 = 0x05;
const RESPONSE: u8 = 0x20;

/// The highest consent code: people type it as four digits.
const HIGHEST_CODE: u16 = 9999;

/// What a client asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// Make a new person with this consent code.
    Register { code: u16 },
    /// Measure for this person.
    Consent { user: u8, code: u16 },
    /// Forget the person that consent was given for.
    Delete,
    /// Indicate all persons, one after the other.
    List,
    /// Forget one person; 255 is all of them.
    DeleteUser { user: u8 },
}

impl Request {
    pub(super) fn to_bytes(self) -> Vec<u8> {
        match self {
            Self::Register { code } => {
                let [low, high] = code.to_le_bytes();
                vec![REGISTER, low, high]
            }
            Self::Consent { user, code } => {
                let [low, high] = code.to_le_bytes();
                vec![CONSENT, user, low, high]
            }
            Self::Delete => vec![DELETE],
            Self::List => vec![LIST],
            Self::DeleteUser { user } => vec![DELETE_USER, user],
        }
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, Wrong> {
        let mut bytes = Reader::new(bytes);
        let request = match bytes.u8()? {
            REGISTER => Self::Register { code: code(&mut bytes)? },
            CONSENT => Self::Consent { user: bytes.u8()?, code: code(&mut bytes)? },
            DELETE => Self::Delete,
            LIST => Self::List,
            DELETE_USER => Self::DeleteUser { user: bytes.u8()? },
            _ => return Err(Wrong::Field),
        };
        bytes.end()?;
        Ok(request)
    }
}

fn code(bytes: &mut Reader<'_>) -> Result<u16, Wrong> {
    let code = bytes.u16()?;
    if code <= HIGHEST_CODE { Ok(code) } else { Err(Wrong::Field) }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Register { code } => write!(f, "register new user, code {code}"),
            Self::Consent { user, code } => write!(f, "consent user index {user}, code {code}"),
            Self::Delete => f.write_str("delete user data"),
            Self::List => f.write_str("list all users"),
            Self::DeleteUser { user } => write!(f, "delete user index {user}"),
        }
    }
}

/// What the scale answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Response {
    request: u8,
    code: u8,
    /// The person who is new or deleted.
    user: Option<u8>,
    /// How many persons will be listed.
    count: Option<u8>,
}

const SUCCESS: u8 = 1;
const INVALID_PARAMETER: u8 = 3;
const NOT_AUTHORIZED: u8 = 5;

impl Response {
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, Wrong> {
        let mut bytes = Reader::new(bytes);
        if bytes.u8()? != RESPONSE {
            return Err(Wrong::Field);
        }
        let (request, code) = (bytes.u8()?, bytes.u8()?);
        let names = matches!((request, code), (REGISTER | DELETE_USER, SUCCESS));
        let user = bytes.when(names, Reader::u8)?;
        let count = bytes.when((request, code) == (LIST, SUCCESS), Reader::u8)?;
        bytes.end()?;
        Ok(Self { request, code, user, count })
    }

    fn meaning(self) -> String {
        let request = match self.request {
            REGISTER => "register",
            CONSENT => "consent",
            DELETE => "delete",
            LIST => "list",
            DELETE_USER => "delete user",
            _ => "request",
        };
        let outcome = match self.code {
            SUCCESS => "success",
            2 => "op code not supported",
            INVALID_PARAMETER => "invalid parameter",
            4 => "operation failed",
            NOT_AUTHORIZED => "user not authorized",
            _ => "unknown outcome",
        };
        format!("{request} {outcome}")
    }
}

pub(super) fn fields(bytes: &[u8]) -> Result<Fields, Wrong> {
    if bytes.first() != Some(&RESPONSE) {
        let request = Request::from_bytes(bytes)?;
        return Ok(Fields::default().with("encode", request.to_string()));
    }
    let response = Response::from_bytes(bytes)?;
    Ok(Fields::default()
        .with("op", RESPONSE)
        .with("request", response.request)
        .with("code", response.code)
        .with("meaning", response.meaning())
        .with("user_index", response.user)
        .with("user_count", response.count))
}

/// The cart as a person of the scale. It may have been one before, under any number: the scale's
/// persons are asked for with the cart's own code, and only if it is none of them it becomes one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Consent {
    code: u16,
    user: u8,
    registered: bool,
}

/// What the driver does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Ask(Request),
    /// The scale measures.
    Given,
    Denied,
}

/// As many persons as such scales know.
const USERS: u8 = 8;

impl Consent {
    pub(super) const fn new(code: u16) -> Self {
        Self { code, user: 1, registered: false }
    }

    /// The link is open. Who the cart was the last time is tried first.
    pub(super) fn ask(&mut self) -> Request {
        self.registered = false;
        self.consent(self.user)
    }

    fn consent(&mut self, user: u8) -> Request {
        self.user = user;
        Request::Consent { user, code: self.code }
    }

    pub(super) fn response(&mut self, response: Response) -> Next {
        match response {
            Response { request: CONSENT, code: SUCCESS, .. } => Next::Given,
            Response { request: CONSENT, code: NOT_AUTHORIZED | INVALID_PARAMETER, .. }
                if !self.registered =>
            {
                Next::Ask(self.next())
            }
            Response { request: REGISTER, user: Some(user), .. } => Next::Ask(self.consent(user)),
            _ => {
                self.user = 1;
                Next::Denied
            }
        }
    }

    fn next(&mut self) -> Request {
        if self.user < USERS {
            return self.consent(self.user + 1);
        }
        self.registered = true;
        Request::Register { code: self.code }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Field, testdata::hex};

    fn check(bytes: &str, key: &str, expected: impl Into<Field>) {
        assert_eq!(fields(&hex(bytes)).unwrap().get(key), Some(&expected.into()), "{bytes}");
    }

    #[test]
    fn requests_have_their_bytes_and_their_words() {
        for (request, bytes) in [
            (Request::Consent { user: 1, code: 3752 }, "0201a80e"),
            (Request::Register { code: 3752 }, "01a80e"),
            (Request::Delete, "03"),
            (Request::List, "04"),
            (Request::DeleteUser { user: 255 }, "05ff"),
        ] {
            assert_eq!(request.to_bytes(), hex(bytes));
            assert_eq!(Request::from_bytes(&hex(bytes)), Ok(request));
        }
        check("0201a80e", "encode", "consent user index 1, code 3752");
    }

    #[test]
    fn responses_say_what_became_of_it() {
        check("200205", "meaning", "consent user not authorized");
        check("20010102", "user_index", 2_u8);
        check("20010102", "meaning", "register success");
        check("200104", "meaning", "register operation failed");
        check("200201", "user_index", Field::Absent);
        check("20040103", "user_count", 3_u8);
        check("20050102", "user_index", 2_u8);
        check("200504", "meaning", "delete user operation failed");
    }

    #[test]
    fn what_the_service_does_not_have_is_refused() {
        for bytes in [
            "", "20", "2002", "20020101", "200101", "01", "0203e8", "02011027", "0300", "0400",
            "05", "200401", "09",
        ] {
            assert!(fields(&hex(bytes)).is_err(), "{bytes}");
        }
    }

    /// What the cart asks when the scale answers so.
    fn asked(answers: &[&str]) -> Vec<String> {
        let mut consent = Consent::new(42);
        let mut asked = vec![consent.ask().to_string()];
        for answer in answers {
            asked.push(match consent.response(Response::from_bytes(&hex(answer)).unwrap()) {
                Next::Ask(request) => request.to_string(),
                Next::Given => "given".to_owned(),
                Next::Denied => "denied".to_owned(),
            });
        }
        asked
    }

    #[test]
    fn the_cart_finds_itself_among_the_persons_of_the_scale() {
        let said = asked(&["200205", "200205", "200201"]);
        assert_eq!(said[2..], ["consent user index 3, code 42", "given"]);
    }

    #[test]
    fn a_cart_that_the_scale_does_not_know_becomes_a_person() {
        let mut answers = vec!["200205"; 8];
        answers.extend(["20010104", "200201"]);
        let said = asked(&answers);
        assert_eq!(said[7], "consent user index 8, code 42");
        assert_eq!(
            said[8..],
            ["register new user, code 42", "consent user index 4, code 42", "given"]
        );
    }

    #[test]
    fn a_scale_that_is_full_denies() {
        let mut answers = vec!["200205"; 8];
        answers.push("200104");
        assert_eq!(asked(&answers).last().unwrap(), "denied");
        answers.pop();
        answers.extend(["20010104", "200205"]);
        assert_eq!(asked(&answers).last().unwrap(), "denied");
    }
}
