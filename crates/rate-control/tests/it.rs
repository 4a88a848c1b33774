//! The rules of the rate on links that are made up.

#[path = "it/links.rs"]
mod links;
#[path = "it/simulator.rs"]
mod simulator;
