//! The rules of the house, checked: floors, names, sizes, ownership.

mod files;
mod floors;
mod graph;

use std::path::Path;

use anyhow::{Result, bail};

/// One rule broken at one place.
pub struct Finding {
    pub place: String,
    pub rule: String,
}

impl Finding {
    fn new(place: impl Into<String>, rule: impl Into<String>) -> Self {
        Self { place: place.into(), rule: rule.into() }
    }
}

/// # Errors
/// A rule is broken; all findings are printed.
pub fn run(root: &Path) -> Result<()> {
    let packages = graph::read(root)?;
    let mut findings = floors::check(&packages);
    findings.extend(files::check(root, &packages)?);
    for finding in &findings {
        println!("{}: {}", finding.place, finding.rule);
    }
    if !findings.is_empty() {
        bail!("tidy: {} findings", findings.len());
    }
    println!("── tidy: {} packages in order", packages.len());
    Ok(())
}
