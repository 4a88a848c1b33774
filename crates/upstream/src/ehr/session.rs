//! A request to the EHR with what it takes to be let in.

use reqwest::{RequestBuilder, Response, StatusCode};

use super::{secret::Secret, token::TokenDesk, trouble::Trouble, wire::Wire};

pub const WHOM: &str = "the EHR";

pub struct Session {
    pub wire: Wire,
    /// `None`: the EHR asks for no token.
    pub desk: Option<TokenDesk>,
}

impl Session {
    /// An answer 401 is tried once more with a new token: the EHR may have ended the old one early.
    pub async fn send(&self, request: RequestBuilder) -> Result<Response, Trouble> {
        let Some(desk) = &self.desk else { return self.wire.send(request, WHOM).await };
        let again = request.try_clone();
        let token = desk.token().await.map_err(Trouble::before_the_request)?;
        let answer = self.with_token(request, &token).await?;
        match again {
            Some(again) if answer.status() == StatusCode::UNAUTHORIZED => {
                let renewed = desk.renewed(&token).await.map_err(Trouble::before_the_request)?;
                self.with_token(again, &renewed).await
            }
            _ => Ok(answer),
        }
    }

    async fn with_token(
        &self,
        request: RequestBuilder,
        token: &Secret,
    ) -> Result<Response, Trouble> {
        // reqwest marks the header as sensitive, so that it is in no `Debug` of the request.
        self.wire.send(request.bearer_auth(token.reveal()), WHOM).await
    }
}
