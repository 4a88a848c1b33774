//! Small helps for building pipelines from descriptions.

use gst::{glib, prelude::*};

#[derive(Debug, thiserror::Error)]
pub(crate) enum BuildError {
    #[error("could not build the {what} pipeline")]
    Launch { what: &'static str, source: glib::Error },
    #[error("the {what} pipeline has no `{element}`")]
    Missing { what: &'static str, element: &'static str },
    #[error("could not reach the {what}")]
    Connect { what: &'static str, source: std::io::Error },
    #[error("the {what} pipeline could not {attempt}")]
    Refused { what: &'static str, attempt: &'static str, source: glib::BoolError },
}

/// A pipeline that is not playing yet.
pub(crate) fn launch(what: &'static str, description: &str) -> Result<gst::Pipeline, BuildError> {
    let element = gst::parse::launch_full(description, None, gst::ParseFlags::FATAL_ERRORS)
        .map_err(|source| BuildError::Launch { what, source })?;
    let missing = BuildError::Missing { what, element: "pipeline" };
    element.downcast().map_err(|_| missing)
}

/// The element of that name, as the type it must have.
pub(crate) fn element<T: IsA<gst::Element>>(
    bin: &impl IsA<gst::Bin>,
    what: &'static str,
    name: &'static str,
) -> Result<T, BuildError> {
    let found = bin.as_ref().by_name(name).and_then(|element| element.downcast().ok());
    found.ok_or(BuildError::Missing { what, element: name })
}

/// The pad of that name.
pub(crate) fn pad(
    element: &impl IsA<gst::Element>,
    what: &'static str,
    name: &'static str,
) -> Result<gst::Pad, BuildError> {
    element.as_ref().static_pad(name).ok_or(BuildError::Missing { what, element: name })
}

/// Gives every sample that arrives to `take`, on the pipeline's thread.
pub(crate) fn each_sample(sink: &gst_app::AppSink, take: impl Fn(&gst::Sample) + Send + 'static) {
    let callbacks = gst_app::AppSinkCallbacks::builder().new_sample(move |sink| {
        let sample = sink.pull_sample().map_err(|_| gst::FlowError::Eos)?;
        take(&sample);
        Ok(gst::FlowSuccess::Ok)
    });
    sink.set_callbacks(callbacks.build());
}

/// Lets buffers through this pad only while `open` says so. Caps and events always pass.
pub(crate) fn gate(pad: &gst::Pad, open: impl Fn() -> bool + Send + Sync + 'static) {
    let mask = gst::PadProbeType::BUFFER | gst::PadProbeType::BUFFER_LIST;
    pad.add_probe(mask, move |_, info| {
        if open() {
            return gst::PadProbeReturn::Ok;
        }
        // `Drop` would free the buffer a second time: the binding has taken it out already.
        drop(info.data.take());
        gst::PadProbeReturn::Handled
    });
}

/// Takes a pipeline out of service. What it still had under way is lost.
pub(crate) fn retire(what: &'static str, pipeline: &gst::Pipeline) {
    if let Err(error) = pipeline.set_state(gst::State::Null) {
        tracing::warn!(what, %error, "Could not stop a pipeline");
    }
}
