//! The bugs that are planted, and whose tests are to turn red.

mod delivery;
mod keeping;
mod receivers;
mod ring;

/// One plausible mistake.
#[derive(Clone, Copy, Debug)]
pub struct Plant {
    /// What the product does wrongly with it.
    pub name: &'static str,
    /// From the folder of the repository.
    pub file: &'static str,
    /// There exactly once.
    pub find: &'static str,
    /// Compiles in its place; warnings do not matter.
    pub replace: &'static str,
    /// Each is run, and one of them has to see it.
    pub tests: &'static [Suite],
}

/// Tests of one package that take seconds: `cargo test --package PACKAGE ARGUMENTS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Suite {
    pub package: &'static str,
    pub arguments: &'static [&'static str],
}

/// In the order in which a reading travels: decided, kept, received.
pub fn all() -> impl Iterator<Item = Plant> {
    [delivery::PLANTS, keeping::PLANTS, ring::PLANTS, receivers::PLANTS]
        .into_iter()
        .flatten()
        .copied()
}

impl Plant {
    /// The file with the bug in it.
    ///
    /// # Errors
    /// Its text is not there exactly once: how often it is.
    pub fn put_into(&self, content: &str) -> Result<String, usize> {
        match content.matches(self.find).count() {
            1 => Ok(content.replacen(self.find, self.replace, 1)),
            count => Err(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs};

    use super::*;
    use crate::shell;

    #[test]
    fn the_text_of_every_plant_is_in_its_file_exactly_once() {
        let root = shell::root().unwrap();
        for plant in all() {
            let content = fs::read_to_string(root.join(plant.file)).unwrap();
            let planted = plant.put_into(&content);
            let planted = planted.unwrap_or_else(|count| panic!("{}: {count} times", plant.name));
            assert_ne!(planted, content, "{} changes nothing", plant.name);
        }
    }

    #[test]
    fn at_least_ten_bugs_are_planted_each_by_its_own_name_and_with_tests_that_exist() {
        let root = shell::root().unwrap();
        let names: BTreeSet<_> = all().map(|plant| plant.name).collect();
        assert_eq!(names.len(), all().count());
        assert!(names.len() >= 10);
        for Plant { name, tests, .. } in all() {
            assert!(!tests.is_empty(), "{name}");
            for suite in tests {
                assert!(root.join("crates").join(suite.package).is_dir(), "{name}: {suite:?}");
            }
        }
    }

    #[test]
    fn a_text_that_is_gone_or_there_twice_is_no_place_for_a_bug() {
        let plant = Plant { name: "", file: "", find: "2", replace: "1", tests: &[] };
        assert_eq!(plant.put_into("a = 2;"), Ok("a = 1;".into()));
        assert_eq!(plant.put_into("a = 3;"), Err(0));
        assert_eq!(plant.put_into("a = 2 + 2;"), Err(2));
    }
}
