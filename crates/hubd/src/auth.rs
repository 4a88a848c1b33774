//! Who somebody is: carts by their key, physicians by their password. Knows no HTTP.

pub mod cart_tokens;
pub mod challenge;
pub mod password;
pub mod secret;
pub mod throttle;
