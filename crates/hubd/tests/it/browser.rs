//! What a physician's browser does: requests with a cookie, and a socket.

use std::time::Duration;

use clinical::{EarlyWarning, EncounterId, EntryId};
use futures_util::{SinkExt as _, StreamExt as _};
use hub_api::{HubToPortal, NoteDraft, PortalToHub, SignIn};
use reqwest::{Client, RequestBuilder, Response, header};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest as _},
};

use crate::world::PASSWORD;

const PATIENCE: Duration = Duration::from_secs(10);

pub struct Browser {
    pub base: String,
    pub cookie: String,
    http: Client,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        Self { base: base.to_owned(), cookie: String::new(), http: Client::new() }
    }

    pub async fn signed_in(base: &str, name: &str) -> Self {
        let mut browser = Self::new(base);
        let answer = browser.sign_in(name, PASSWORD).await;
        assert_eq!(answer.status(), 200);
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        browser.cookie = cookie.split(';').next().unwrap().to_owned();
        browser
    }

    pub async fn sign_in(&self, name: &str, password: &str) -> Response {
        let account = SignIn { name: name.into(), password: password.into() };
        self.post("/api/portal/sign-in").json(&account).send().await.unwrap()
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.with_cookie(self.http.get(format!("{}{path}", self.base)))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        let request = self.http.post(format!("{}{path}", self.base));
        self.with_cookie(request).header(header::ORIGIN, &self.base)
    }

    pub async fn put_note(&self, id: EntryId, draft: &NoteDraft) -> Response {
        let request = self.http.put(format!("{}/api/portal/notes/{id}", self.base)).json(draft);
        self.with_cookie(request).header(header::ORIGIN, &self.base).send().await.unwrap()
    }

    /// `Err`: the status that the upgrade was refused with.
    pub async fn try_socket(&self, origin: &str) -> Result<Window, u16> {
        let address = format!("{}/api/portal/socket", self.base.replacen("http", "ws", 1));
        let mut request = address.into_client_request().unwrap();
        request.headers_mut().insert(header::COOKIE, self.cookie.parse().unwrap());
        request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Window { socket }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// A window whose welcome and list of carts were read. Returns the welcome too.
    pub async fn window(&self) -> (Window, HubToPortal) {
        let mut window = self.try_socket(&self.base).await.unwrap();
        let welcome = window.hears().await;
        assert!(matches!(welcome, HubToPortal::Welcome { .. }), "{welcome:?}");
        (window, welcome)
    }

    fn with_cookie(&self, request: RequestBuilder) -> RequestBuilder {
        request.header(header::COOKIE, &self.cookie)
    }
}

pub struct Window {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Window {
    pub async fn says(&mut self, message: PortalToHub) {
        self.says_text(serde_json::to_string(&message).unwrap()).await;
    }

    pub async fn says_text(&mut self, text: String) {
        self.socket.send(Message::Text(text.into())).await.unwrap();
    }

    /// The next message.
    pub async fn hears(&mut self) -> HubToPortal {
        self.next().await.expect("the connection stays")
    }

    /// The next message that is neither the list of carts, nor news of delivery, nor a score.
    pub async fn hears_of_call(&mut self) -> HubToPortal {
        loop {
            match self.hears().await {
                HubToPortal::Carts { .. }
                | HubToPortal::Delivered { .. }
                | HubToPortal::EarlyWarning { .. } => {}
                message => return message,
            }
        }
    }

    pub async fn hears_score(&mut self) -> (EncounterId, EarlyWarning) {
        loop {
            if let HubToPortal::EarlyWarning { encounter, early_warning } = self.hears().await {
                return (encounter, early_warning);
            }
        }
    }

    /// Reads on until the hub closes. Returns its code.
    pub async fn is_closed_with(&mut self) -> u16 {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("the hub closes in time") {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Reads on until there is nothing more.
    pub async fn ends(&mut self) {
        while let Some(Ok(_)) = timeout(PATIENCE, self.socket.next()).await.expect("it ends") {}
    }

    async fn next(&mut self) -> Option<HubToPortal> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("the hub says something")? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Close(_)) => return None,
                Ok(_) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
}
