//! Reads bodies: unpacks them, counts the bytes on both sides, and stops at the caps.
//!
//! The cap that matters is the one on unpacked bytes: 405 bytes of brotli give 256 MiB.

use crate::error::Error;
use std::io::{self, BufReader, Read};

/// What was read of a body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// Whether it ended where it should.
    pub(crate) whole: bool,
}

/// The caps on a body, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caps {
    /// As it is sent.
    pub(crate) wire: u64,
    /// As it is unpacked.
    pub(crate) unpacked: u64,
}

/// Stands in an [`io::Error`] for a body that is longer than its cap.
#[derive(Debug, thiserror::Error)]
#[error("too long")]
struct TooLong;

/// Passes on what it reads, and fails beyond a number of bytes.
struct Capped<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(n as u64)
            .ok_or_else(|| io::Error::other(TooLong))?;
        Ok(n)
    }
}

/// Reads `body`, packed as the header `Content-Encoding` says.
///
/// A body that breaks off is given as far as it came: many a server counts wrong, and the items of half a feed are items.
/// `failed` sorts errors of the connection.
pub(crate) fn read(
    body: impl Read,
    encoding: &str,
    caps: Caps,
    failed: impl Fn(io::Error) -> Error,
) -> Result<Body, Error> {
    let mut reader: Box<dyn Read + '_> = Box::new(Capped {
        inner: body,
        left: caps.wire,
    });
    let mut packed = false;
    // The header lists the packings in the order in which they were put on.
    for name in encoding.rsplit(',').map(str::trim).filter(|name| !name.is_empty()) {
        reader = match name.to_ascii_lowercase().as_str() {
            "identity" => reader,
            "gzip" | "x-gzip" => gzip(reader),
            "deflate" => deflate(reader),
            "br" => Box::new(brotli_decompressor::Decompressor::new(reader, 4096)),
            _ => {
                return Err(Error::Encoding {
                    encoding: encoding.to_owned(),
                });
            }
        };
        packed = true;
    }
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(Body { bytes, whole: true }),
            Ok(n) => {
                if bytes.len() as u64 + n as u64 > caps.unpacked {
                    return Err(Error::Unpacked { limit: caps.unpacked });
                }
                bytes.extend_from_slice(&buffer[..n]);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if is_too_long(&error) => return Err(Error::Body { limit: caps.wire }),
            Err(error) if broke_off(&error) && !bytes.is_empty() => return Ok(Body { bytes, whole: false }),
            Err(error)
                if packed && matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) =>
            {
                return Err(Error::Broken { why: error.to_string() });
            }
            Err(error) => return Err(failed(error)),
        }
    }
}

fn is_too_long(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<TooLong>())
}

fn broke_off(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted
    )
}

/// The first bytes of a reader, without taking them.
fn peek<const N: usize>(reader: impl Read) -> (Vec<u8>, impl Read) {
    let mut reader = reader;
    let mut head = Vec::with_capacity(N);
    // An error here comes again when the rest is read, or is the end of a very short body.
    let _ = (&mut reader).take(N as u64).read_to_end(&mut head);
    let again = io::Cursor::new(head.clone()).chain(reader);
    (head, again)
}

/// Unpacks gzip. What is called gzip and is not passes as it is: some servers label what they do not pack.
fn gzip<'a>(reader: Box<dyn Read + 'a>) -> Box<dyn Read + 'a> {
    let (head, reader) = peek::<2>(reader);
    if head == [0x1f, 0x8b] {
        Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::new(reader)))
    } else {
        Box::new(reader)
    }
}

/// Unpacks what HTTP calls deflate: zlib by the book, raw deflate from many servers.
fn deflate<'a>(reader: Box<dyn Read + 'a>) -> Box<dyn Read + 'a> {
    let (head, reader) = peek::<2>(reader);
    let zlib = matches!(head[..], [a, b] if a & 0x0f == 8 && u16::from_be_bytes([a, b]) % 31 == 0);
    let reader = BufReader::new(reader);
    if zlib {
        Box::new(flate2::bufread::ZlibDecoder::new(reader))
    } else {
        Box::new(flate2::bufread::DeflateDecoder::new(reader))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::read::{DeflateEncoder, GzEncoder, ZlibEncoder};

    const CAPS: Caps = Caps {
        wire: 10_000,
        unpacked: 100_000,
    };
    const TEXT: &[u8] = "Südkorea prüft Waffenlieferungen. ".as_bytes();

    fn packed(mut encoder: impl Read) -> Vec<u8> {
        let mut bytes = Vec::new();
        encoder.read_to_end(&mut bytes).unwrap();
        bytes
    }

    fn unpack(bytes: &[u8], encoding: &str) -> Result<Body, Error> {
        read(bytes, encoding, CAPS, |e| panic!("{e}"))
    }

    fn whole(bytes: &[u8]) -> Result<Body, Error> {
        Ok(Body {
            bytes: bytes.to_vec(),
            whole: true,
        })
    }

    #[test]
    fn all_packings_and_their_common_mistakes() {
        let gzip = packed(GzEncoder::new(TEXT, Compression::fast()));
        assert_eq!(unpack(TEXT, ""), whole(TEXT));
        assert_eq!(unpack(TEXT, "identity"), whole(TEXT));
        assert_eq!(unpack(&gzip, "gzip"), whole(TEXT));
        assert_eq!(unpack(TEXT, "gzip"), whole(TEXT), "labelled, not packed");
        assert_eq!(
            unpack(&packed(ZlibEncoder::new(TEXT, Compression::fast())), "deflate"),
            whole(TEXT)
        );
        assert_eq!(
            unpack(&packed(DeflateEncoder::new(TEXT, Compression::fast())), "Deflate"),
            whole(TEXT)
        );
        // One literal block: 0x0b 0x02 0x80 "abcde" 0x03.
        assert_eq!(unpack(b"\x0b\x02\x80abcde\x03", "br"), whole(b"abcde"));
        assert_eq!(
            unpack(&packed(GzEncoder::new(&gzip[..], Compression::fast())), "gzip, gzip"),
            whole(TEXT)
        );
        let error = unpack(TEXT, "zstd").unwrap_err();
        assert!(matches!(error, Error::Encoding { encoding } if encoding == "zstd"));
    }

    #[test]
    fn a_bomb_stops_at_the_cap_on_what_is_unpacked() {
        let zeros = io::repeat(0).take(50_000_000);
        let bomb = packed(GzEncoder::new(zeros, Compression::best()));
        let caps = Caps {
            wire: 1_000_000,
            ..CAPS
        };
        let error = read(&bomb[..], "gzip", caps, |e| panic!("{e}")).unwrap_err();
        assert_eq!(error.to_string(), "over the limit: unpacked size of 100000 bytes");
        let error = unpack(&[b'x'; 10_001], "").unwrap_err();
        assert_eq!(error.to_string(), "over the limit: body of 10000 bytes");
        assert!(unpack(&[b'x'; 10_000], "").is_ok());
    }

    #[test]
    fn what_breaks_off_is_given_as_far_as_it_came() {
        // Random enough not to shrink to nothing.
        let text: Vec<u8> = (0..5_000u32)
            .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
            .collect();
        let gzip = packed(GzEncoder::new(&text[..], Compression::fast()));
        let caps = Caps {
            wire: 1_000_000,
            ..CAPS
        };
        let body = read(&gzip[..gzip.len() / 2], "gzip", caps, |e| panic!("{e}")).unwrap();
        assert!(!body.whole && text.starts_with(&body.bytes) && body.bytes.len() > 1_000);
        let mut broken = gzip;
        let middle = broken.len() / 2;
        broken[middle..].fill(0xff);
        let error = read(&broken[..], "gzip", caps, |e| panic!("{e}")).unwrap_err();
        assert_eq!(error.code(), "encoding");
    }
}
