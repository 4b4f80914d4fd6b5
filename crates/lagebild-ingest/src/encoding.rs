//! Bytes to text.
//!
//! Order of trust: byte order mark, valid UTF-8, a label that the page itself gives, detection. Valid UTF-8 beats a
//! wrong label because text in another encoding is almost never valid UTF-8 by chance. ISO 8859-1 means
//! windows-1252, as the WHATWG Encoding Standard has it.

use crate::error::Error;
use crate::report::Note;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use lagebild_core::Limit;

/// Text and how it was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// Name of the encoding, as in the WHATWG Encoding Standard.
    pub encoding: &'static str,
    /// Whether bytes that the encoding does not know were replaced by U+FFFD.
    pub replaced: bool,
    /// What told the encoding.
    pub by: Evidence,
}

/// What told an encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// A byte order mark, or the NUL in every other byte of UTF-16.
    Bytes,
    /// The text is valid UTF-8, or would be but for a few bytes.
    Utf8,
    /// The label that came with it.
    Label,
    /// Its letters.
    Detection,
}

impl Decoded {
    /// What is worth telling: everything but undamaged UTF-8.
    pub(crate) fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if self.by != Evidence::Utf8 {
            notes.push(Note::Decoded {
                encoding: self.encoding,
                by: self.by,
            });
        }
        if self.replaced {
            notes.push(Note::Replaced {
                encoding: self.encoding,
            });
        }
        notes
    }
}

/// First bytes of formats that people mistake for text.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"PK\x03\x04", "a ZIP file (also DOCX, ODT, EPUB)"),
    (b"PK\x05\x06", "a ZIP file"),
    (b"\x1F\x8B", "a gzip file"),
    (b"\x28\xB5\x2F\xFD", "a Zstandard file"),
    (b"BZh", "a bzip2 file"),
    (b"\xFD7zXZ\0", "an xz file"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z file"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Microsoft Office file"),
    (b"{\\rtf", "an RTF file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"\x7FELF", "a program"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
];

/// How much of the input is searched for NUL bytes.
const NUL_WINDOW: usize = 8192;
/// One NUL in so many bytes is damage, more of them are binary data.
const FEW_NULS: usize = 200;

/// Decodes `bytes`.
///
/// # Errors
/// [`Error::Limit`] over 20 MB, [`Error::Binary`] when the bytes are not text, [`Error::Empty`] when there are none.
pub fn decode(bytes: &[u8]) -> Result<Decoded, Error> {
    decode_labelled(bytes, None)
}

/// Decodes `bytes`, which claim to be in the encoding `label`.
///
/// # Errors
/// As [`decode`].
pub fn decode_labelled(bytes: &[u8], label: Option<&str>) -> Result<Decoded, Error> {
    if bytes.len() > Limit::Body.max() {
        return Err(Error::Limit {
            limit: Limit::Body,
            found: Some(bytes.len()),
        });
    }
    if bytes.is_empty() {
        return Err(Error::Empty);
    }
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(Error::Binary {
            what: (*what).to_owned(),
        });
    }
    let decoded = if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        convert(encoding, &bytes[bom..], Evidence::Bytes)
    } else if let Some(encoding) = utf16_without_bom(bytes) {
        convert(encoding, bytes, Evidence::Bytes)
    } else {
        refuse_binary(bytes)?;
        if is_mostly_utf8(bytes) {
            convert(UTF_8, bytes, Evidence::Utf8)
        } else if let Some(encoding) = labelled(label) {
            convert(encoding, bytes, Evidence::Label)
        } else {
            convert(detect(bytes), bytes, Evidence::Detection)
        }
    };
    if decoded.text.trim().is_empty() {
        Err(Error::Empty)
    } else {
        Ok(decoded)
    }
}

/// The encoding that a label names; UTF-16 is passed over because only a byte order mark can be believed there.
fn labelled(label: Option<&str>) -> Option<&'static Encoding> {
    Encoding::for_label(label?.as_bytes()).filter(|&e| e != UTF_16LE && e != UTF_16BE && e != UTF_8)
}

fn convert(encoding: &'static Encoding, bytes: &[u8], by: Evidence) -> Decoded {
    let (text, mut replaced) = encoding.decode_without_bom_handling(bytes);
    let mut text = text.into_owned();
    if text.contains('\0') {
        text = text.replace('\0', "\u{FFFD}");
        replaced = true;
    }
    Decoded {
        text,
        encoding: encoding.name(),
        replaced,
        by,
    }
}

/// Whether `bytes` are UTF-8 with at most one fault in fifty letters that are not ASCII: a page cut in the middle of a
/// letter, or one with a single wrong quotation mark, is no page in another encoding.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    // By far the most inputs have no fault, which the standard library sees a word at a time.
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let (mut letters, mut faults) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().bytes().filter(|&b| b >= 0xC0).count();
        faults += usize::from(!chunk.invalid().is_empty());
    }
    faults * 50 <= letters
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    // The top-level domain only breaks ties; these are German and English texts.
    detector.guess(Some(b"de"), Utf8Detection::Allow)
}

/// UTF-16 of mostly Latin text has a NUL in every other byte.
fn utf16_without_bom(bytes: &[u8]) -> Option<&'static Encoding> {
    let window = &bytes[..bytes.len().min(NUL_WINDOW)];
    let pairs = window.len() / 2;
    if pairs < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let nuls = |offset: usize| window.iter().skip(offset).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    if odd * 10 >= pairs * 7 && even * 20 <= pairs {
        Some(UTF_16LE)
    } else if even * 10 >= pairs * 7 && odd * 20 <= pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn refuse_binary(bytes: &[u8]) -> Result<(), Error> {
    // A page with one stray NUL is a page; a file with many is none.
    let window = &bytes[..bytes.len().min(NUL_WINDOW)];
    let nuls = window.iter().filter(|&&b| b == 0).count();
    if let Some(at) = window
        .iter()
        .position(|&b| b == 0)
        .filter(|_| nuls * FEW_NULS > window.len())
    {
        return Err(Error::Binary {
            what: format!("binary data (NUL byte at offset {at})"),
        });
    }
    // Without branches, so that the compiler can take many bytes at once.
    let is_control = |b: u8| (b < 0x20) & !(b'\t'..=b'\r').contains(&b) & (b != 0x1B);
    let controls = bytes.iter().filter(|&&b| is_control(b)).count();
    if controls > 4 && controls * 50 > bytes.len() {
        let share = controls * 100 / bytes.len();
        return Err(Error::Binary {
            what: format!("binary data ({share} % control characters)"),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str, encoding: &str) {
        let decoded = decode(bytes).unwrap();
        assert_eq!((decoded.text.as_str(), decoded.encoding), (text, encoding));
    }

    #[test]
    fn encodings() {
        check("Südkorea prüft".as_bytes(), "Südkorea prüft", "UTF-8");
        check(b"\xEF\xBB\xBFS\xC3\xBCd", "Süd", "UTF-8");
        check(
            b"S\xFCdkorea pr\xFCft \x84Schritte\x93",
            "Südkorea prüft „Schritte“",
            "windows-1252",
        );
        check(b"\xFF\xFES\0\xFC\0d\0", "Süd", "UTF-16LE");
        let be: Vec<u8> = "Südkorea prüft".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&be, "Südkorea prüft", "UTF-16BE");
    }

    #[test]
    fn valid_utf8_beats_a_wrong_label() {
        let decoded = decode_labelled("Köln".as_bytes(), Some("iso-8859-1")).unwrap();
        assert_eq!((decoded.text.as_str(), decoded.encoding), ("Köln", "UTF-8"));
        let decoded = decode_labelled(b"K\xF6ln", Some("latin1")).unwrap();
        assert_eq!((decoded.text.as_str(), decoded.encoding), ("Köln", "windows-1252"));
    }

    #[test]
    fn a_damaged_letter_does_not_change_the_encoding() {
        let text = "Südkorea prüft Lieferungen für die Ukraine. ".repeat(20);
        let cut = &text.as_bytes()[..text.find("für").unwrap() + 2];
        let decoded = decode_labelled(&[text.as_bytes(), cut].concat(), None).unwrap();
        assert_eq!(
            (decoded.encoding, decoded.by, decoded.replaced),
            ("UTF-8", Evidence::Utf8, true)
        );
        assert!(decoded.text.starts_with("Südkorea"));
        assert_eq!(decode(b"K\xF6ln").unwrap().by, Evidence::Detection);
    }

    #[test]
    fn what_is_no_text() {
        assert_eq!(decode(b"").unwrap_err(), Error::Empty);
        assert_eq!(decode(b" \n\t ").unwrap_err(), Error::Empty);
        assert!(matches!(decode(b"%PDF-1.7 ...").unwrap_err(), Error::Binary { what } if what.contains("PDF")));
        assert!(matches!(decode(b"abc\0def").unwrap_err(), Error::Binary { what } if what.contains("offset 3")));
        let stray = ["Der Bundestag stimmt zu. ".repeat(40).as_bytes(), b"\0 Ende."].concat();
        let decoded = decode(&stray).unwrap();
        assert!(decoded.text.ends_with("\u{FFFD} Ende.") && decoded.replaced);
        assert!(matches!(decode(&[1u8; 100]).unwrap_err(), Error::Binary { what } if what.contains("100 %")));
        let big = vec![b'a'; Limit::Body.max() + 1];
        assert_eq!(
            decode(&big).unwrap_err(),
            Error::Limit {
                limit: Limit::Body,
                found: Some(big.len())
            }
        );
    }
}
