//! Bytes as people type them: hexadecimal, with or without spaces.

/// `None` when it is not whole bytes in hexadecimal.
pub fn parse(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16))
        .collect::<Option<_>>()?;
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    Some(digits.chunks_exact(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect())
}

#[cfg(test)]
pub fn write(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_are_allowed_and_halves_are_not() {
        assert_eq!(parse("06 b0 0E00"), Some(vec![0x06, 0xB0, 0x0E, 0x00]));
        for text in ["", "0", "0g", "0x01", "é1"] {
            assert_eq!(parse(text), None, "`{text}`");
        }
    }
}
