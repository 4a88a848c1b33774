//! The library that kills a program at one of its steps.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use crate::place;

pub struct Shim {
    library: PathBuf,
    log: PathBuf,
}

impl Shim {
    /// With the C compiler that SQLCipher needs as well.
    ///
    /// # Errors
    /// It does not compile.
    pub fn build(folder: &Path) -> Result<Self> {
        let library = folder.join("fail_at.so");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"]);
        compiler.arg(&library).arg(place::file("tests/src/fail_points/fail_at.c")?).arg("-ldl");
        place::tell(&mut compiler, "")?;
        Ok(Self { library, log: folder.join("died-at") })
    }

    /// This program dies at its `step`th step.
    ///
    /// # Errors
    /// The word of an earlier death cannot be taken away.
    pub fn load(&self, program: &mut Command, step: usize) -> Result<()> {
        if self.log.exists() {
            fs::remove_file(&self.log)?;
        }
        program.env("LD_PRELOAD", &self.library);
        program.env("FAIL_AT", step.to_string()).env("FAIL_LOG", &self.log);
        Ok(())
    }

    /// Before which kind of step it died, when it ended with these words.
    ///
    /// # Errors
    /// It died of something else.
    pub fn kind(&self, words: &str) -> Result<String> {
        ensure!(words.contains("signal: 9"), "{words}");
        fs::read_to_string(&self.log).context("it was killed, and not by its step")
    }
}
