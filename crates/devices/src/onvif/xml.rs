//! As much of XML as the answers of a camera need: elements by their local name, their attributes
//! and their text. Prefixes are the camera's own choice, so they are not looked at.
//!
//! Nothing is built from the answer, so its size is the only bound; the link has one.

/// An element, where the text after its start tag begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    tag: &'a str,
    after: &'a str,
}

/// The start tags of this name, in the order of the document, with all their depths.
pub(super) fn elements<'a>(xml: &'a str, name: &'a str) -> impl Iterator<Item = Element<'a>> {
    let mut rest = xml;
    std::iter::from_fn(move || {
        loop {
            let (_, from_tag) = rest.split_once('<')?;
            if let Some(comment) = from_tag.strip_prefix("!--") {
                rest = comment.split_once("-->")?.1;
                continue;
            }
            let (tag, after) = from_tag.split_once('>')?;
            rest = after;
            if local(tag.trim_start_matches('/')) == name && !tag.starts_with('/') {
                return Some(Element { tag, after });
            }
        }
    })
}

pub(super) fn first<'a>(xml: &'a str, name: &'a str) -> Option<Element<'a>> {
    elements(xml, name).next()
}

/// Of `tt:PTZ attribute="…"` the `PTZ`.
fn local(tag: &str) -> &str {
    let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or(tag);
    name.rsplit(':').next().unwrap_or(name)
}

impl<'a> Element<'a> {
    /// Up to the end tag of the same name; what these answers nest has different names.
    pub(super) fn inside(self) -> &'a str {
        if self.tag.ends_with('/') {
            return "";
        }
        let name = self.tag.split_whitespace().next().unwrap_or(self.tag);
        let end = self.after.match_indices("</").find(|(at, _)| {
            let rest = self.after[at + 2..].strip_prefix(name);
            rest.is_some_and(|rest| rest.trim_start().starts_with('>'))
        });
        end.map_or(self.after, |(at, _)| &self.after[..at])
    }

    pub(super) fn text(self) -> String {
        unescape(self.inside().trim())
    }

    pub(super) fn attribute(self, name: &str) -> Option<String> {
        let mut rest = self.tag;
        while let Some((before, after)) = rest.split_once('=') {
            let found = before.trim_end().rsplit(char::is_whitespace).next()?;
            let quoted = after.trim_start();
            let quote = quoted.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            let (value, later) = quoted[1..].split_once(quote)?;
            if found.rsplit(':').next() == Some(name) {
                return Some(unescape(value));
            }
            rest = later;
        }
        None
    }
}

const ENTITIES: [(&str, &str); 5] =
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];

fn unescape(text: &str) -> String {
    // "&amp;" comes last: what it gives is not read again.
    ENTITIES.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

pub(super) fn escape(text: &str) -> String {
    ENTITIES.iter().rev().fold(text.to_owned(), |text, (entity, plain)| text.replace(plain, entity))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ANSWER: &str = r#"<?xml version="1.0"?><!-- <P token="no"/> --><e:Envelope>
        <trt:P fixed='true' token="a &amp; b"><tt:Name> One </tt:Name><tt:X/></trt:P>
        <trt:P token = "second"/></e:Envelope>"#;

    #[test]
    fn elements_are_found_whatever_their_prefix() {
        let tokens: Vec<_> = elements(ANSWER, "P").filter_map(|p| p.attribute("token")).collect();
        assert_eq!(tokens, ["a & b", "second"]);
        let one = first(ANSWER, "P").unwrap();
        assert_eq!(first(one.inside(), "Name").unwrap().text(), "One");
        assert_eq!(first(one.inside(), "X").unwrap().text(), "");
        assert!(first(ANSWER, "Q").is_none());
        assert_eq!(one.attribute("fixed").unwrap(), "true");
        assert_eq!(one.attribute("ken"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_searched_without_harm(text in "[<>/:= \"'a-cé!-]{0,60}") {
            for element in elements(&text, "a") {
                element.text();
                element.attribute("b");
            }
        }

        #[test]
        fn what_is_escaped_reads_as_it_was(text in "[a-z<>&;\"' ]{0,20}") {
            prop_assert_eq!(unescape(&escape(&text)), text);
        }
    }
}
