//! The resources of a server, and those that will be there later.

use std::time::Instant;

use serde_json::{Value, json};

#[derive(Default)]
pub struct Shelf {
    resources: Vec<Value>,
    late: Vec<(Instant, Value)>,
    next_id: u64,
}

impl Shelf {
    /// What has become due is there now.
    pub fn settle(&mut self, now: Instant) {
        let (due, rest) =
            std::mem::take(&mut self.late).into_iter().partition(|(at, _)| *at <= now);
        self.late = rest;
        let due: Vec<(Instant, Value)> = due;
        for (_, resource) in due {
            self.put(resource);
        }
    }

    pub fn has_late(&self) -> bool {
        !self.late.is_empty()
    }

    pub fn all(&self) -> &[Value] {
        &self.resources
    }

    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.resources.iter().filter(move |resource| resource["resourceType"] == kind)
    }

    pub fn find(&self, kind: &str, id: &str) -> Option<&Value> {
        let is = |resource: &&Value| resource["resourceType"] == kind && resource["id"] == id;
        self.resources.iter().find(is)
    }

    /// Gives it an id if it has none.
    pub fn named(&mut self, mut resource: Value) -> Value {
        if !resource["id"].is_string() {
            self.next_id += 1;
            resource["id"] = json!(format!("e{}", self.next_id));
        }
        resource
    }

    /// In the place of the one with the same id.
    pub fn put(&mut self, resource: Value) {
        let same = |known: &Value| {
            known["resourceType"] == resource["resourceType"] && known["id"] == resource["id"]
        };
        match self.resources.iter().position(same) {
            Some(index) => self.resources[index] = resource,
            None => self.resources.push(resource),
        }
    }

    pub fn put_late(&mut self, at: Instant, resource: Value) {
        self.late.push((at, resource));
    }
}
