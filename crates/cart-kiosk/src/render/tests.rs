//! Every page, drawn without a screen: by its labels, by its sizes and as a picture.

mod bit_by_bit;
mod layout;
mod pictures;
mod pressing;
mod reading;
mod scenes;
mod screen;
mod translation;
