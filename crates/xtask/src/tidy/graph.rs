//! The packages of the workspace as cargo sees them.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::shell;

pub struct Package {
    pub name: String,
    /// 0 words, 1 rules, 2 hands, 3 programs, 4 what builds and tests them.
    pub floor: u64,
    /// Order within a floor whose packages build on each other (the words).
    pub step: u64,
    pub dependencies: Vec<Dependency>,
}

pub struct Dependency {
    pub name: String,
    pub requirement: String,
    /// Dependencies of tests may look sideways.
    pub of_tests: bool,
}

/// # Errors
/// cargo fails, or a package does not say its floor.
pub fn read(root: &Path) -> Result<Vec<Package>> {
    let mut cargo = shell::cargo(root);
    cargo.args(["metadata", "--format-version", "1", "--no-deps", "--locked"]);
    let metadata: Value = serde_json::from_str(&shell::read(&mut cargo)?)?;
    metadata["packages"].as_array().context("no packages")?.iter().map(package).collect()
}

fn package(value: &Value) -> Result<Package> {
    let name = text(&value["name"])?;
    let own = &value["metadata"]["bedside"];
    let floor = own["floor"]
        .as_u64()
        .with_context(|| format!("{name}: Cargo.toml says no [package.metadata.bedside] floor"))?;
    let dependencies = value["dependencies"].as_array().context("no dependencies")?;
    Ok(Package {
        name,
        floor,
        step: own["step"].as_u64().unwrap_or(0),
        dependencies: dependencies.iter().map(dependency).collect::<Result<_>>()?,
    })
}

fn dependency(value: &Value) -> Result<Dependency> {
    Ok(Dependency {
        name: text(&value["name"])?,
        requirement: text(&value["req"])?,
        of_tests: value["kind"] == "dev",
    })
}

fn text(value: &Value) -> Result<String> {
    Ok(value.as_str().context("cargo metadata lacks a text")?.to_owned())
}
