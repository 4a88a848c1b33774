//! The same camera on the network as an ONVIF device: requests in SOAP over HTTP, which prove by HTTP
//! Digest who asks.
//!
//! ONVIF Core, Media and PTZ Service Specifications. Like many cameras it has a profile that cannot be
//! moved, and it says its addresses by the name that the host called it.

mod digest;
mod http;
mod orders;
mod soap;

use super::Camera;
use super::mechanism::Preset;
use crate::link::{Message, Speaker};
use crate::lock;
use digest::Guard;
use http::{Incoming, Request, response};
use roxmltree::Document;
use soap::Fault;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub use digest::{PASSWORD, USER};

const DEVICE_PATH: &str = "/onvif/device_service";
const MEDIA_PATH: &str = "/onvif/media_service";
const PTZ_PATH: &str = "/onvif/ptz_service";

/// What all of its hosts share.
pub struct Service {
    camera: Arc<Mutex<Camera>>,
    guard: Guard,
    /// By their tokens, which the camera chooses.
    presets: BTreeMap<String, Named>,
    tokens: u32,
}

struct Named {
    name: String,
    place: Preset,
}

impl Service {
    pub fn new(camera: Arc<Mutex<Camera>>) -> Self {
        Self { camera, guard: Guard::default(), presets: BTreeMap::new(), tokens: 0 }
    }

    fn answer(&mut self, request: &Request, now: Duration) -> Message {
        const XML: &str = "Content-Type: application/soap+xml; charset=utf-8\r\n";
        if request.method != "POST" {
            return response("405 Method Not Allowed", "Allow: POST\r\n", "");
        }
        let Ok(document) = Document::parse(&request.body) else {
            let (status, body) = soap::fault(Fault::WellFormed);
            return response(status, XML, &body);
        };
        let asked = soap::asked(&document);
        let is_open = asked.is_ok_and(|asked| orders::is_for_everybody(asked));
        if !is_open && !self.guard.lets_in(request) {
            let page = "<html>401 Unauthorized</html>";
            return response("401 Unauthorized", &self.guard.challenge(), page);
        }
        let host = request.header("host").unwrap_or("camera");
        match asked.and_then(|asked| self.obey(&request.path, host, asked, now)) {
            Ok(body) => response("200 OK", XML, &soap::envelope(&body)),
            Err(fault) => {
                let (status, body) = soap::fault(fault);
                response(status, XML, &body)
            }
        }
    }
}

/// One connection: one request.
pub struct Session {
    service: Arc<Mutex<Service>>,
    incoming: Incoming,
    is_over: bool,
}

impl Session {
    pub fn new(service: Arc<Mutex<Service>>) -> Self {
        Self { service, incoming: Incoming::default(), is_over: false }
    }
}

impl Speaker for Session {
    fn hear(&mut self, bytes: &[u8], now: Duration) -> Vec<Message> {
        if self.is_over {
            return Vec::new();
        }
        let answer = match self.incoming.push(bytes) {
            Ok(None) => return Vec::new(),
            Ok(Some(request)) => lock(&self.service).answer(&request, now),
            Err(http::NoRequest) => response("400 Bad Request", "", ""),
        };
        self.is_over = true;
        vec![answer]
    }

    fn due(&mut self, now: Duration) -> Vec<Message> {
        lock(&lock(&self.service).camera).advance(now);
        Vec::new()
    }

    fn hangs_up(&mut self, _now: Duration) -> bool {
        self.is_over
    }
}

#[cfg(test)]
mod tests;
