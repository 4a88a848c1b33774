//! Runs the program and keeps what it says.

use std::process::Command;

use serde_json::Value;

pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub words: String,
}

pub fn cartctl(arguments: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_cartctl")).args(arguments).output().unwrap();
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        words: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Said {
    /// The one line of JSON of an answer.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.out.lines().count(), 1, "{}{}", self.out, self.words);
        serde_json::from_str(&self.out).unwrap()
    }

    /// Refused in JSON, with a word that has to be in it.
    #[track_caller]
    pub fn is_refused(&self, word: &str) {
        let error = self.json()["error"].as_str().expect("there is an error").to_owned();
        assert!(error.contains(word), "{error}");
        assert_eq!(self.code, Some(1));
    }

    /// Not understood: words on standard error, and nothing that looks like an answer.
    #[track_caller]
    pub fn is_not_understood(&self, word: &str) {
        assert_eq!((self.code, self.out.as_str()), (Some(2), ""));
        assert!(self.words.contains(word), "{}", self.words);
    }
}
