//! Formats made of reports.

use crate::Notice;
use lagebild_store::StoredDocument;
use std::io;

/// Writes reports, one after another.
pub trait ReportWriter {
    /// Writes a report with what was read out of it.
    ///
    /// # Errors
    /// When it cannot be written.
    fn report(&mut self, report: &StoredDocument) -> io::Result<()>;

    /// Writes the end of the file.
    ///
    /// # Errors
    /// When it cannot be written.
    fn finish(self: Box<Self>) -> io::Result<Vec<Notice>>;
}

/// A file name without extension for a report: its id with what file systems refuse replaced. Where something was
/// replaced, a short hash keeps names apart.
#[must_use]
pub fn file_name(id: &str) -> String {
    const LONGEST: usize = 100;
    let name: String = id
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') {
                c
            } else {
                '-'
            }
        })
        .take(LONGEST)
        .collect();
    if name == id && !name.is_empty() {
        return name;
    }
    format!("{name}-{}", &blake3::hash(id.as_bytes()).to_hex()[..8])
}

/// Where a report can be found: its address, else a name of its own that no server answers to.
pub(crate) fn iri(report: &StoredDocument) -> String {
    match &report.row.document.url {
        Some(url) => url.clone(),
        None => urn(&report.row.document.id),
    }
}

/// A name for a thing of the store: `urn:lagebild:ID`, with what a URN cannot hold as `%XX`.
pub(crate) fn urn(id: &str) -> String {
    let mut urn = String::from("urn:lagebild:");
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b':') {
            urn.push(char::from(byte));
        } else {
            urn.push_str(&format!("%{byte:02X}"));
        }
    }
    urn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_and_apart() {
        assert_eq!(file_name("d-1_a"), "d-1_a");
        let names = ["../x", "..-x", "a/b", "a:b", "", "ü"].map(file_name);
        for (i, name) in names.iter().enumerate() {
            assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{name}");
            assert!(!names[..i].contains(name), "{name}");
        }
        assert_eq!(urn("a#e1 ü"), "urn:lagebild:a%23e1%20%C3%BC");
    }
}
