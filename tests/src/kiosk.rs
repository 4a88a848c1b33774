//! The nurse's hands and eyes: presses buttons of the real kiosk window and reads its words,
//! through the accessibility bus that a screen reader uses (AT-SPI 2).

use std::time::Duration;

use anyhow::{Context as _, Result};
use zbus::{Connection, Proxy, connection::Builder, zvariant::OwnedObjectPath};

use crate::wait::until;

const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
/// Bus name and path.
type Element = (String, OwnedObjectPath);

pub struct Kiosk {
    bus: Connection,
}

impl Kiosk {
    /// `session` is the address of the session bus on which the kiosk was started.
    ///
    /// # Errors
    /// There is no accessibility bus.
    pub async fn connect(session: &str) -> Result<Self> {
        let session = Builder::address(session)?.build().await.context("no session bus")?;
        let status =
            Proxy::new(&session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Status").await?;
        status.set_property("IsEnabled", true).await.context("could not ask to be accessible")?;
        let launcher =
            Proxy::new(&session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus").await?;
        let address: String = launcher.call("GetAddress", &()).await?;
        let bus = Builder::address(address.as_str())?.build().await?;
        Ok(Self { bus })
    }

    /// Presses the button with this label, as soon as it is there.
    ///
    /// # Errors
    /// It is not there within 10 s.
    pub async fn press(&self, label: &str) -> Result<()> {
        let what = format!("the kiosk shows a button `{label}`");
        let button = until(&what, Duration::from_secs(10), || self.button(label)).await;
        let button = match button {
            Ok(button) => button,
            Err(error) => {
                return Err(error.context(format!("on the screen: {:?}", self.words().await?)));
            }
        };
        let action = self.proxy(&button, "org.a11y.atspi.Action").await?;
        let done: bool = action.call("DoAction", &(0i32,)).await?;
        anyhow::ensure!(done, "the button `{label}` cannot be pressed");
        Ok(())
    }

    /// Waits until some text on the screen contains these words.
    ///
    /// # Errors
    /// They do not appear within `limit`; the error holds what is on the screen instead.
    pub async fn sees(&self, words: &str, limit: Duration) -> Result<String> {
        let what = format!("the kiosk shows `{words}`");
        let found = until(&what, limit, || async {
            Ok(self.words().await?.into_iter().find(|text| text.contains(words)))
        });
        match found.await {
            Ok(text) => Ok(text),
            Err(error) => Err(error.context(format!("on the screen: {:?}", self.words().await?))),
        }
    }

    /// All that a screen reader could read on the screen, top to bottom.
    ///
    /// # Errors
    /// The bus is gone.
    pub async fn words(&self) -> Result<Vec<String>> {
        let mut words = Vec::new();
        for element in self.elements().await? {
            if let Some(name) = self.name(&element).await
                && !name.is_empty()
            {
                words.push(name);
            }
        }
        Ok(words)
    }

    async fn button(&self, label: &str) -> Result<Option<Element>> {
        for element in self.elements().await? {
            if self.name(&element).await.as_deref() == Some(label)
                && self.is_pressable(&element).await
            {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// Every element of every window, parents before children.
    async fn elements(&self) -> Result<Vec<Element>> {
        let registry = "org.a11y.atspi.Registry".to_owned();
        let root = OwnedObjectPath::try_from("/org/a11y/atspi/accessible/root")?;
        let mut waiting = vec![(registry, root)];
        let mut found = Vec::new();
        while let Some(element) = waiting.pop() {
            let proxy = self.proxy(&element, ACCESSIBLE).await?;
            // An element may vanish while the tree is read; its children are gone with it.
            let children: Vec<Element> = proxy.call("GetChildren", &()).await.unwrap_or_default();
            waiting.extend(children.into_iter().rev());
            found.push(element);
        }
        Ok(found)
    }

    async fn name(&self, element: &Element) -> Option<String> {
        self.proxy(element, ACCESSIBLE).await.ok()?.get_property("Name").await.ok()
    }

    async fn is_pressable(&self, element: &Element) -> bool {
        let Ok(action) = self.proxy(element, "org.a11y.atspi.Action").await else { return false };
        action.get_property::<i32>("NActions").await.is_ok_and(|count| count > 0)
    }

    async fn proxy<'a>(&self, element: &'a Element, interface: &'static str) -> Result<Proxy<'a>> {
        let builder = zbus::proxy::Builder::<Proxy<'_>>::new(&self.bus)
            .destination(element.0.as_str())?
            .path(element.1.as_ref())?
            .interface(interface)?
            // Each look asks anew: a cached name would be an old screen.
            .cache_properties(zbus::proxy::CacheProperties::No);
        Ok(builder.build().await?)
    }
}
