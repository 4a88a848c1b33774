//! Lists of the window, changed row by row: a list that is replaced is repainted as a whole.

use slint::{Model as _, ModelRc, VecModel};

/// The list to set, when the window has none of ours yet; otherwise the one it has is brought up to
/// date in place.
pub fn update<T: Clone + PartialEq + 'static>(
    shown: &ModelRc<T>,
    rows: Vec<T>,
) -> Option<ModelRc<T>> {
    update_by(shown, rows, T::eq)
}

/// For rows that hold lists themselves, which compare by place and not by content.
pub fn update_by<T: Clone + 'static>(
    shown: &ModelRc<T>,
    rows: Vec<T>,
    same: impl Fn(&T, &T) -> bool,
) -> Option<ModelRc<T>> {
    let Some(list) = shown.as_any().downcast_ref::<VecModel<T>>() else {
        return Some(ModelRc::new(VecModel::from(rows)));
    };
    while list.row_count() > rows.len() {
        list.remove(list.row_count() - 1);
    }
    for (index, row) in rows.into_iter().enumerate() {
        match list.row_data(index) {
            Some(old) if same(&old, &row) => {}
            Some(_) => list.set_row_data(index, row),
            None => list.push(row),
        }
    }
    None
}
