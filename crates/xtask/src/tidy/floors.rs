//! Dependencies only go down, and the outside world only enters on the floor of the hands.

use super::{
    Finding,
    graph::{Dependency, Package},
};

/// Below floor 2 there is no clock, socket, thread or file: these bring one.
const ONLY_FROM_HANDS_UP: &[&str] = &[
    "tokio",
    "rusqlite",
    "gstreamer",
    "slint",
    "reqwest",
    "axum",
    "serialport",
    "zbus",
    "rustix",
    "cpal",
    "evdev",
    "pcsc",
    "v4l",
];

/// Names that say nothing collect everything.
const DRAWERS: &[&str] = &["util", "utils", "common", "core", "shared", "helpers", "misc", "types"];

pub fn check(packages: &[Package]) -> Vec<Finding> {
    packages.iter().flat_map(|package| check_one(package, packages)).collect()
}

fn check_one(package: &Package, all: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let place = format!("{}/Cargo.toml", package.name);
    if DRAWERS.contains(&package.name.as_str()) {
        findings.push(Finding::new(&place, "the name says nothing: name what it does"));
    }
    for dependency in package.dependencies.iter().filter(|dependency| !dependency.of_tests) {
        findings.extend(edge(package, dependency, all).map(|rule| Finding::new(&place, rule)));
    }
    findings
}

/// What is wrong with this dependency, if anything.
fn edge(package: &Package, dependency: &Dependency, all: &[Package]) -> Option<String> {
    let name = &dependency.name;
    if package.floor < 2 && ONLY_FROM_HANDS_UP.iter().any(|outside| name.starts_with(outside)) {
        return Some(format!("`{name}` has no place below floor 2"));
    }
    if name.contains("slint") && !dependency.requirement.starts_with('=') {
        return Some(format!("`{name}` must be pinned with `=`"));
    }
    let below = all.iter().find(|other| &other.name == name)?;
    if (below.floor, below.step) < (package.floor, package.step) {
        return None;
    }
    Some(format!("`{name}` lies on floor {}, not below floor {}", below.floor, package.floor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, floor: u64, dependencies: &[(&str, &str)]) -> Package {
        let dependencies = dependencies
            .iter()
            .map(|(name, requirement)| Dependency {
                name: (*name).into(),
                requirement: (*requirement).into(),
                of_tests: false,
            })
            .collect();
        Package { name: name.into(), floor, step: 0, dependencies }
    }

    fn findings(packages: &[Package]) -> Vec<String> {
        check(packages).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn down_is_allowed_and_up_and_sideways_are_not() {
        let words = package("words", 0, &[]);
        assert!(findings(&[words, package("rules", 1, &[("words", "*")])]).is_empty());
        let up = [package("rules", 1, &[("hands", "*")]), package("hands", 2, &[])];
        assert_eq!(findings(&up), ["`hands` lies on floor 2, not below floor 1"]);
        let sideways = [package("a", 2, &[("b", "*")]), package("b", 2, &[])];
        assert_eq!(findings(&sideways), ["`b` lies on floor 2, not below floor 2"]);
    }

    #[test]
    fn rules_have_no_runtime() {
        let rules = [package("rules", 1, &[("gstreamer-video", "^0.25")])];
        assert_eq!(findings(&rules), ["`gstreamer-video` has no place below floor 2"]);
    }

    #[test]
    fn drawers_and_loose_previews_are_found() {
        let drawer = [package("utils", 3, &[("slint", "^1.18")])];
        assert_eq!(findings(&drawer).len(), 2);
    }
}
