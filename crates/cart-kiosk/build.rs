//! Compiles the pages, with fonts, outlines and translations inside.

use slint_build::{CompilerConfiguration, DefaultTranslationContext, EmbedResourcesKind};

fn main() -> Result<(), slint_build::CompileError> {
    let debug = std::env::var("PROFILE").is_ok_and(|profile| profile == "debug");
    let configuration = CompilerConfiguration::new()
        .with_style("fluent-light".into())
        .embed_resources(EmbedResourcesKind::EmbedFiles)
        .with_bundled_translations("lang")
        .with_default_translation_context(DefaultTranslationContext::None)
        // The tests find elements by it. It holds ids and source paths, so a release has none.
        .with_debug_info(debug);
    slint_build::compile_with_config("ui/app.slint", configuration)
}
