//! The physician's hands and eyes: a real browser on the real portal.

mod bidi;
mod chromium;
mod firefox;
mod loudspeaker;

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result};
use fantoccini::key::Key;
use serde_json::Value;

use self::{chromium::Chromium, firefox::Firefox};
use crate::wait::{seconds, until};

/// Which one.
#[derive(Clone, Copy, Debug)]
pub enum Product {
    Chromium,
    Firefox,
}

pub struct Browser(Driven);

enum Driven {
    Chromium(Box<Chromium>),
    Firefox(Box<Firefox>),
}

/// The same of either browser.
macro_rules! either {
    ($browser:expr, $driven:ident => $done:expr) => {
        match $browser {
            Driven::Chromium($driven) => $done,
            Driven::Firefox($driven) => $done,
        }
    };
}

impl Browser {
    /// Chromium, which most tests use.
    ///
    /// # Errors
    /// As [`Browser::start_as`].
    pub async fn start(folder: &Path) -> Result<Self> {
        Self::start_as(Product::Chromium, folder).await
    }

    /// One with an empty profile in `folder`.
    ///
    /// # Errors
    /// The browser or its driver is missing or does not start.
    pub async fn start_as(product: Product, folder: &Path) -> Result<Self> {
        Ok(Self(match product {
            Product::Chromium => Driven::Chromium(Box::new(Chromium::start(folder).await?)),
            Product::Firefox => Driven::Firefox(Box::new(Firefox::start(folder).await?)),
        }))
    }

    /// The program that was started; all that the browser consists of are its descendants.
    pub fn driver(&self) -> u32 {
        match &self.0 {
            Driven::Chromium(chromium) => chromium.driver.pid(),
            Driven::Firefox(firefox) => firefox.pid(),
        }
    }

    pub async fn open(&self, address: &str) -> Result<()> {
        either!(&self.0, page => page.open(address).await)
    }

    /// Presses what carries this `data-testid`, as soon as it is there and can be pressed: a page that
    /// has just drawn it may still be placing it.
    pub async fn press(&self, id: &str) -> Result<()> {
        let selector = self.there(id).await?;
        let what = format!("{id} can be pressed");
        until(&what, seconds(10), || async {
            Ok(either!(&self.0, page => page.press(&selector).await)?.then_some(()))
        })
        .await
    }

    /// Presses a key of the keyboard.
    ///
    /// # Errors
    /// The page is gone.
    pub async fn key(&self, key: Key) -> Result<()> {
        either!(&self.0, page => page.key(char::from(key)).await)
    }

    pub async fn write(&self, id: &str, text: &str) -> Result<()> {
        let selector = self.there(id).await?;
        either!(&self.0, page => page.write(&selector, text).await)
    }

    /// Waits until what carries this id is there, or is gone.
    pub async fn shows(&self, id: &str, there: bool) -> Result<()> {
        let what = format!("the portal shows {id}: {there}");
        let selector = selector(id);
        until(&what, seconds(10), || async {
            let found = either!(&self.0, page => page.is_there(&selector).await)?;
            Ok((found == there).then_some(()))
        })
        .await
    }

    /// The text of what carries this id, as soon as it contains `words`.
    pub async fn reads(&self, id: &str, words: &str, limit: Duration) -> Result<String> {
        let what = format!("the portal shows `{words}` in {id}");
        let found = until(&what, limit, || async {
            Ok(self.text_of(id).await?.filter(|text| text.contains(words)))
        });
        match found.await {
            Ok(text) => Ok(text),
            Err(error) => Err(error.context(format!("on the page: {}", self.text().await?))),
        }
    }

    /// The text of what carries this id, if it is there.
    ///
    /// # Errors
    /// The page is gone.
    pub async fn text_of(&self, id: &str) -> Result<Option<String>> {
        let selector = selector(id);
        either!(&self.0, page => page.text(&selector).await)
    }

    /// What a script returns; it may be a promise.
    pub async fn run(&self, script: &str) -> Result<Value> {
        either!(&self.0, page => page.run(script).await)
    }

    /// When the page made this mark, in milliseconds since 1970; the last one of that name.
    pub async fn mark(&self, name: &str) -> Result<Option<f64>> {
        let script = format!(
            "const marks = performance.getEntriesByName({name:?});
             return marks.length ? performance.timeOrigin + marks.at(-1).startTime : null;"
        );
        Ok(self.run(&script).await?.as_f64())
    }

    /// Holds a button down for a while, as a finger does.
    ///
    /// # Errors
    /// There is no such button.
    pub async fn hold(&self, id: &str, duration: Duration) -> Result<()> {
        let selector = self.there(id).await?;
        either!(&self.0, page => page.hold(&selector, duration).await)
    }

    /// Draws from the middle of this element by so many pixels to the right and down.
    ///
    /// # Errors
    /// There is no such element.
    pub async fn drag(&self, id: &str, by: (i64, i64)) -> Result<()> {
        let selector = self.there(id).await?;
        either!(&self.0, page => page.drag(&selector, by).await)
    }

    pub async fn picture(&self, file: &Path) -> Result<()> {
        let png = either!(&self.0, page => page.picture().await)?;
        std::fs::write(file, png).with_context(|| format!("could not write {}", file.display()))
    }

    /// # Errors
    /// The browser does not answer any more.
    pub async fn close(self) -> Result<()> {
        either!(self.0, page => page.close().await)
    }

    /// Waits until it is there; how to find it.
    async fn there(&self, id: &str) -> Result<String> {
        let selector = selector(id);
        let what = format!("the portal has {id}");
        let found = until(&what, seconds(30), || async {
            Ok(either!(&self.0, page => page.is_there(&selector).await)?.then_some(()))
        });
        match found.await {
            Ok(()) => Ok(selector),
            Err(error) => Err(error.context(format!("on the page: {}", self.text().await?))),
        }
    }

    async fn text(&self) -> Result<String> {
        Ok(either!(&self.0, page => page.text("body").await)?.unwrap_or_default())
    }
}

fn selector(id: &str) -> String {
    format!("[data-testid='{id}']")
}

/// A port that nobody has now. Between here and its use another program could take it; the start fails then.
pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
