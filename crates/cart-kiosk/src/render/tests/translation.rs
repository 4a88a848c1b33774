//! Every text of the pages has its translation, with the same places for what is put in.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Slint's own reading of `@tr(…)`: an optional context, the text, and an optional plural.
fn texts_of(source: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for call in source.split("@tr(").skip(1) {
        let (first, rest) = literal(call);
        let (text, rest) = match rest.trim_start().strip_prefix("=>") {
            Some(rest) => literal(rest),
            None => (first, rest),
        };
        texts.push(text);
        if let Some(rest) = rest.trim_start().strip_prefix('|') {
            texts.push(literal(rest).0);
        }
    }
    texts
}

/// A string literal, and what follows it.
fn literal(source: &str) -> (String, &str) {
    let start = source.find('"').expect("a text follows") + 1;
    let end = start + source[start..].find('"').expect("the text ends");
    (source[start..end].to_owned(), &source[end + 1..])
}

fn slint_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { slint_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|it| it == "slint"))
        .collect()
}

/// Texts and their translations; a plural stands under both of its forms.
fn translations(po: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let (mut one, mut many) = (String::new(), None);
    for line in po.lines() {
        let text = || literal(line).0;
        match line.split_whitespace().next() {
            Some("msgid") => (one, many) = (text(), None),
            Some("msgid_plural") => many = Some(text()),
            Some("msgstr" | "msgstr[0]") => drop(found.insert(one.clone(), text())),
            Some("msgstr[1]") => {
                drop(found.insert(many.clone().expect("a plural has two texts"), text()));
            }
            _ => {}
        }
    }
    found.remove("");
    found
}

/// The places for what is put in, such as `{}`, `{0}` and `{n}`.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn spanish_is_complete_and_has_nothing_that_nobody_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = slint_files(&root.join("ui"));
    let texts: BTreeSet<String> =
        sources.iter().flat_map(|file| texts_of(&fs::read_to_string(file).unwrap())).collect();
    assert!(texts.len() > 200, "the pages say more than {} texts", texts.len());
    let po = fs::read_to_string(root.join("lang/es/LC_MESSAGES/cart-kiosk.po")).unwrap();
    let spanish = translations(&po);
    for text in &texts {
        let translated = spanish.get(text).unwrap_or_else(|| panic!("not translated: {text}"));
        assert!(!translated.is_empty(), "an empty translation: {text}");
        assert_eq!(places(text), places(translated), "{text} → {translated}");
    }
    let unsaid: Vec<_> = spanish.keys().filter(|text| !texts.contains(*text)).collect();
    assert!(unsaid.is_empty(), "{unsaid:?}");
}

#[test]
fn no_page_says_a_text_past_the_translation() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // Units and the product's name are the same everywhere.
    let everywhere = [
        "Bedside",
        "mmHg",
        "%",
        "°C",
        "/min",
        "mg/dL",
        "mmol/L",
        "kg",
        "s",
        "–",
        "",
        "  ·  ",
        " ",
        "Noto Sans",
    ];
    for file in slint_files(&root.join("ui")) {
        let source = fs::read_to_string(&file).unwrap();
        for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
            if ["@tr(", "import", "@image-url", "export {", "from \""]
                .iter()
                .any(|it| line.contains(it))
            {
                continue;
            }
            for text in line.split('"').skip(1).step_by(2) {
                assert!(everywhere.contains(&text), "{}: {text}", file.display());
            }
        }
    }
}
