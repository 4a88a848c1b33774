//! The tokens of carts that signed in: in memory only, as hashes, for a quarter of an hour.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::secret::{NoRandomness, new_token, token_hash};

pub const TOKEN_LIFE: Duration = Duration::from_secs(15 * 60);
/// A cart holds one, and another while it renews; a cart that signs in in a loop fills no memory.
const TOKENS_PER_CART: usize = 4;

#[derive(Default)]
pub struct CartTokens(Mutex<HashMap<String, VecDeque<Token>>>);

struct Token {
    sha256: String,
    until: Instant,
}

impl CartTokens {
    /// A new token for an enrolled cart.
    pub fn give(&self, cart: &str, now: Instant) -> Result<String, NoRandomness> {
        let token = new_token()?;
        let mut carts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tokens = carts.entry(cart.to_owned()).or_default();
        tokens.retain(|token| token.until > now);
        if tokens.len() == TOKENS_PER_CART {
            tokens.pop_front();
        }
        tokens.push_back(Token { sha256: token_hash(&token), until: now + TOKEN_LIFE });
        Ok(token)
    }

    /// Whose token it is, while it is good.
    pub fn cart_of(&self, token: &str, now: Instant) -> Option<String> {
        let sha256 = token_hash(token);
        let carts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_good = |token: &Token| token.sha256 == sha256 && token.until > now;
        carts.iter().find(|(_, tokens)| tokens.iter().any(is_good)).map(|(cart, _)| cart.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_cart_for_a_quarter_of_an_hour() {
        let (tokens, now) = (CartTokens::default(), Instant::now());
        let token = tokens.give("cart-1", now).unwrap();
        let almost = now + TOKEN_LIFE - Duration::from_secs(1);
        assert_eq!(tokens.cart_of(&token, almost).as_deref(), Some("cart-1"));
        assert_eq!(tokens.cart_of(&token, now + TOKEN_LIFE), None);
        assert_eq!(tokens.cart_of("guessed", now), None);
    }

    #[test]
    fn a_cart_that_signs_in_in_a_loop_keeps_its_last_four() {
        let (tokens, now) = (CartTokens::default(), Instant::now());
        let given: Vec<_> = (0..5).map(|_| tokens.give("cart-1", now).unwrap()).collect();
        assert_eq!(tokens.cart_of(&given[0], now), None);
        assert!(given[1..].iter().all(|token| tokens.cart_of(token, now).is_some()));
    }
}
