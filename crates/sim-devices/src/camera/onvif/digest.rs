//! Who may move the camera: HTTP Digest (RFC 7616) with MD5, as cameras have it.

use super::http::Request;
use md5::{Digest, Md5};
use std::collections::{HashMap, VecDeque};
use std::time::{SystemTime, UNIX_EPOCH};

pub const USER: &str = "ptz";
pub const PASSWORD: &str = "simulated room";
const REALM: &str = "camera";

/// Challenges that are still good. More hosts than that at once are asked anew.
const CHALLENGES: usize = 16;

/// The challenges that were given, each with the number of its last answer: every answer counts up,
/// so that nobody can say one again.
#[derive(Debug, Default)]
pub struct Guard {
    given: VecDeque<(String, u32)>,
    count: u64,
}

impl Guard {
    /// The header that asks for a proof.
    pub fn challenge(&mut self) -> String {
        self.count += 1;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let nonce = hash(&format!("{now:?} {}", self.count));
        if self.given.len() == CHALLENGES {
            self.given.pop_front();
        }
        let header = format!(
            "WWW-Authenticate: Digest realm=\"{REALM}\", qop=\"auth\", algorithm=MD5, \
             nonce=\"{nonce}\"\r\n"
        );
        self.given.push_back((nonce, 0));
        header
    }

    pub fn lets_in(&mut self, request: &Request) -> bool {
        self.check(request).is_some()
    }

    fn check(&mut self, request: &Request) -> Option<()> {
        let fields = fields(request.header("authorization")?)?;
        let field = |name: &str| fields.get(name).map(String::as_str);
        let (nonce, count) = (field("nonce")?, field("nc")?);
        let (_, last) = self.given.iter_mut().find(|(given, _)| given == nonce)?;
        let number = u32::from_str_radix(count, 16).ok().filter(|number| number > last)?;
        let about_it = [("username", USER), ("realm", REALM), ("qop", "auth")];
        let all = about_it.iter().all(|(name, value)| field(name) == Some(value));
        (all && field("uri") == Some(&request.path)).then_some(())?;
        let who = hash(&format!("{USER}:{REALM}:{PASSWORD}"));
        let what = hash(&format!("{}:{}", request.method, request.path));
        let own = field("cnonce")?;
        let proof = hash(&format!("{who}:{nonce}:{count}:{own}:auth:{what}"));
        (field("response") == Some(&proof)).then(|| *last = number)
    }
}

fn hash(text: &str) -> String {
    format!("{:x}", Md5::digest(text))
}

/// `name=value` or `name="value"`, between commas.
fn fields(header: &str) -> Option<HashMap<String, String>> {
    let mut rest = header.strip_prefix("Digest ")?.trim_start();
    let mut fields = HashMap::new();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_at(after.find(',').unwrap_or(after.len())),
        };
        fields.insert(name.trim().to_owned(), value.trim().to_owned());
        rest = after.trim_start_matches([',', ' ']);
    }
    Some(fields)
}

#[cfg(test)]
mod tests {
    use super::super::http::Incoming;
    use super::*;

    /// The nonce of a new challenge.
    fn asked(guard: &mut Guard) -> String {
        let header = guard.challenge();
        header.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    fn answered(nonce: &str, count: &str, password: &str) -> Request {
        let who = hash(&format!("ptz:camera:{password}"));
        let proof = hash(&format!("{who}:{nonce}:{count}:a,b:auth:{}", hash("POST:/ptz")));
        let text = format!(
            "POST /ptz HTTP/1.1\r\nAuthorization: Digest username=\"ptz\", realm=\"camera\", \
             uri=\"/ptz\", nonce=\"{nonce}\", qop=auth, nc={count}, cnonce=\"a,b\", \
             response=\"{proof}\"\r\n\r\n"
        );
        Incoming::default().push(text.as_bytes()).unwrap().unwrap()
    }

    #[test]
    fn an_answer_is_good_once_and_only_with_the_password() {
        let mut guard = Guard::default();
        let nonce = asked(&mut guard);
        assert!(!guard.lets_in(&answered(&nonce, "00000001", "guess")));
        assert!(guard.lets_in(&answered(&nonce, "00000001", PASSWORD)));
        assert!(!guard.lets_in(&answered(&nonce, "00000001", PASSWORD)), "said again");
        assert!(guard.lets_in(&answered(&nonce, "0000000a", PASSWORD)));
        assert!(!guard.lets_in(&answered("its own", "00000001", PASSWORD)));
    }

    #[test]
    fn the_hash_is_that_of_the_standard() {
        // RFC 1321, A.5.
        assert_eq!(hash("abc"), "900150983cd24fb0d6963f7d28e17f72");
    }

    #[test]
    fn an_old_challenge_is_forgotten() {
        let mut guard = Guard::default();
        let nonce = asked(&mut guard);
        for _ in 0..CHALLENGES {
            guard.challenge();
        }
        assert!(!guard.lets_in(&answered(&nonce, "00000001", PASSWORD)));
    }
}
