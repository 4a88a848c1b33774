//! `GET /api/portal/socket`: the live connection of one window of a physician.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{State, WebSocketUpgrade, ws::WebSocket},
    response::Response,
};
use call::desk::PhysicianName;
use hub_api::{HubToPortal, PortalToHub};
use tokio::time::sleep;

use crate::{
    clock,
    hub::Hub,
    live::{ConnectionId, Event, Line, PhysicianEvent, websocket},
    web::PhysicianSession,
};

/// A session ends after hours; a minute more does no harm.
const LOOK_EVERY: Duration = Duration::from_secs(60);

pub async fn socket(
    State(hub): State<Hub>,
    session: PhysicianSession,
    upgrade: WebSocketUpgrade,
) -> Response {
    websocket::upgrade(upgrade, move |socket| serve(hub, session, socket))
}

async fn serve(hub: Hub, session: PhysicianSession, socket: WebSocket) {
    let connection = ConnectionId::next();
    let (line, outgoing) = Line::new();
    let event = |event| Event::Physician { connection, event };
    let PhysicianSession { name, display_name, token_sha256 } = session;
    let (physician, token) = (PhysicianName(name), token_sha256.clone());
    hub.tell(event(PhysicianEvent::Connected { physician, display_name, token_sha256, line }))
        .await;
    let said = |message: PortalToHub| event(PhysicianEvent::Said(message));
    let refused = |reason| HubToPortal::Refused { reason };
    tokio::select! {
        () = websocket::carry(socket, outgoing, &hub, said, refused) => {}
        never = close_after_session(&hub, token) => match never {},
    }
    hub.tell(event(PhysicianEvent::Gone)).await;
}

/// A connection does not outlive the session that opened it.
async fn close_after_session(hub: &Hub, token_sha256: String) -> Infallible {
    loop {
        sleep(LOOK_EVERY).await;
        let token = token_sha256.clone();
        let session = hub.ask(move |vault| vault.session(&token, clock::now())).await;
        match session {
            Ok(Some(_)) => {}
            Ok(None) => hub.tell(Event::SignedOut { token_sha256: token_sha256.clone() }).await,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "Could not look whether a session is over");
            }
        }
    }
}
