//! `GET /api/cart/socket`: a cart's live connection.

use axum::{
    extract::{State, WebSocketUpgrade, ws::WebSocket},
    response::Response,
};
use call::desk::CartName;
use hub_api::{CartToHub, HubToCart};

use crate::{
    hub::Hub,
    live::{CartEvent, ConnectionId, Event, Line, websocket},
    web::CartSession,
};

pub async fn socket(
    State(hub): State<Hub>,
    session: CartSession,
    upgrade: WebSocketUpgrade,
) -> Response {
    websocket::upgrade(upgrade, move |socket| serve(hub, CartName(session.cart), socket))
}

async fn serve(hub: Hub, cart: CartName, socket: WebSocket) {
    let connection = ConnectionId::next();
    let (line, outgoing) = Line::new();
    let event = |event| Event::Cart { cart: cart.clone(), connection, event };
    hub.tell(event(CartEvent::Connected { line })).await;
    let said = |message: CartToHub| event(CartEvent::Said(message));
    websocket::carry(socket, outgoing, &hub, said, |reason| HubToCart::Refused { reason }).await;
    hub.tell(event(CartEvent::Gone)).await;
}
