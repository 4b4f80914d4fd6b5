//! gzip, Zstandard, brotli: packed inputs as streams, and packed bodies with a cap on what comes out.
//!
//! The cap is always on the unpacked side: 405 bytes of brotli are 256 MB.

use crate::error::Error;
use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};
use lagebild_core::Limit;
use std::io::{self, BufRead, BufReader, Read};

/// Sizes of windows up to 2^27 bytes (128 MB) are what `zstd -22 --ultra` makes, and all that is held in memory.
const ZSTD_WINDOW: u32 = 27;
/// Bytes unpacked at once.
const PIECE: usize = 64 * 1024;

/// A stream that can be read from any thread.
pub type Stream = Box<dyn BufRead + Send>;

/// How a stream is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packing {
    /// Not at all.
    None,
    /// gzip, in one or many members.
    Gzip,
    /// Zstandard, in one or many frames.
    Zstd,
}

impl Packing {
    /// What the first bytes of a stream tell.
    #[must_use]
    pub fn of(head: &[u8]) -> Self {
        if head.starts_with(&GZIP) {
            Self::Gzip
        } else if head.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
            Self::Zstd
        } else {
            Self::None
        }
    }

    /// A file name without the ending that tells the packing.
    #[must_use]
    pub fn bare_name(name: &str) -> &str {
        let bare = |ending: &str| {
            let (bare, end) = name.split_at_checked(name.len().checked_sub(ending.len())?)?;
            end.eq_ignore_ascii_case(ending).then_some(bare)
        };
        bare(".gz").or_else(|| bare(".zst")).unwrap_or(name)
    }
}

/// How a gzip member begins: magic and the only method there is.
static GZIP: [u8; 3] = [0x1F, 0x8B, 0x08];

/// The content of `stream`, unpacked when it is packed, without end.
///
/// Reading from it fails with [`io::ErrorKind::UnexpectedEof`] when the packed stream is cut off, after everything
/// before the cut was given; and with [`io::ErrorKind::InvalidData`] where a gzip member is damaged, after which
/// reading goes on with the next member.
///
/// # Errors
/// What reading the first bytes gives.
pub fn unpacked(mut stream: Stream) -> io::Result<Stream> {
    Ok(match Packing::of(stream.fill_buf()?) {
        Packing::None => stream,
        Packing::Gzip => Box::new(BufReader::with_capacity(PIECE, Members::new(stream))),
        Packing::Zstd => {
            let mut frames = zstd::Decoder::with_buffer(stream)?;
            frames.window_log_max(ZSTD_WINDOW)?;
            Box::new(BufReader::with_capacity(PIECE, frames))
        }
    })
}

/// The members of a gzip stream one after another.
///
/// Unlike the reader of flate2, which ends at the first fault, it finds the next member behind a damaged one: archives
/// of web pages pack each record by itself.
struct Members<R> {
    /// The member that is being read, or the stream between two.
    state: Option<State<R>>,
}

enum State<R> {
    /// Its first bytes were read to find it, and stand before the rest again.
    Inside(Box<GzDecoder<io::Chain<&'static [u8], R>>>),
    Between(R),
}

impl<R: BufRead> Members<R> {
    fn new(stream: R) -> Self {
        Self {
            state: Some(State::Between(stream)),
        }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match self.state.take() {
                None => return Ok(0),
                Some(State::Between(mut stream)) => {
                    if !skip_to_member(&mut stream)? {
                        return Ok(0);
                    }
                    self.state = Some(State::Inside(Box::new(GzDecoder::new(GZIP.as_slice().chain(stream)))));
                }
                Some(State::Inside(mut member)) => match member.read(buffer) {
                    Ok(0) => self.state = Some(State::Between(member.into_inner().into_inner().1)),
                    Ok(n) => {
                        self.state = Some(State::Inside(member));
                        return Ok(n);
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                        self.state = Some(State::Inside(member));
                        return Err(error);
                    }
                    Err(error) => {
                        let mut stream = member.into_inner().into_inner().1;
                        let ended = stream.fill_buf().map_or(true, <[u8]>::is_empty);
                        if ended {
                            return Err(io::Error::new(
                                io::ErrorKind::UnexpectedEof,
                                "the packed data is cut off",
                            ));
                        }
                        self.state = Some(State::Between(stream));
                        return Err(io::Error::new(io::ErrorKind::InvalidData, error));
                    }
                },
            }
        }
    }
}

/// Goes behind the first bytes of the next member; says whether there is one.
fn skip_to_member(stream: &mut impl BufRead) -> io::Result<bool> {
    let mut matched = 0;
    loop {
        let buffer = stream.fill_buf()?;
        if buffer.is_empty() {
            return Ok(false);
        }
        let mut used = 0;
        while used < buffer.len() && matched < GZIP.len() {
            matched = match buffer[used] {
                byte if byte == GZIP[matched] => matched + 1,
                byte => usize::from(byte == GZIP[0]),
            };
            used += 1;
        }
        stream.consume(used);
        if matched == GZIP.len() {
            return Ok(true);
        }
    }
}

/// A body that HTTP or MIME sent in the encoding `coding`, unpacked; `None` when the coding is not known.
///
/// Servers label bodies wrongly, and archives keep the label of bodies that they have unpacked: a body that does not
/// begin like gzip stays as it is.
///
/// # Errors
/// [`Error::Limit`] over [`Limit::Unpacked`]; [`Error::Damaged`] when it is cut off or broken.
pub fn unpack_body(body: Vec<u8>, coding: &str) -> Option<Result<Vec<u8>, Error>> {
    Some(match coding.trim().to_ascii_lowercase().as_str() {
        "" | "identity" | "none" | "utf-8" => Ok(body),
        "gzip" | "x-gzip" if Packing::of(&body) != Packing::Gzip => Ok(body),
        "gzip" | "x-gzip" => capped(Members::new(&body[..])),
        "deflate" => {
            // The standard means the zlib wrapper, some servers leave it out.
            let is_zlib = body.len() > 1
                && body[0] & 0x0F == 8
                && (usize::from(body[0]) * 256 + usize::from(body[1])).is_multiple_of(31);
            if is_zlib {
                capped(ZlibDecoder::new(&body[..]))
            } else {
                capped(DeflateDecoder::new(&body[..]))
            }
        }
        "br" => capped(brotli_decompressor::Decompressor::new(&body[..], PIECE)),
        "zstd" => zstd::Decoder::with_buffer(&body[..])
            .map_err(|e| Error::Damaged { what: e.to_string() })
            .and_then(capped),
        _ => return None,
    })
}

/// All of `stream`, up to the cap.
fn capped(stream: impl Read) -> Result<Vec<u8>, Error> {
    let cap = Limit::Unpacked.max();
    let mut bytes = Vec::new();
    let read = stream.take(cap as u64 + 1).read_to_end(&mut bytes);
    if bytes.len() > cap {
        return Err(Error::Limit {
            limit: Limit::Unpacked,
            found: None,
        });
    }
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => Err(Error::Damaged {
            what: error.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write as _;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// What comes out of `bytes`, and the kinds of the faults on the way.
    fn read(bytes: Vec<u8>) -> (String, Vec<io::ErrorKind>) {
        let (mut out, mut faults) = (Vec::new(), Vec::new());
        let mut stream = unpacked(Box::new(io::Cursor::new(bytes))).unwrap();
        loop {
            match stream.fill_buf() {
                Ok([]) => break,
                Ok(piece) => {
                    out.extend_from_slice(piece);
                    let len = piece.len();
                    stream.consume(len);
                }
                Err(error) => faults.push(error.kind()),
            }
        }
        (String::from_utf8(out).unwrap(), faults)
    }

    #[test]
    fn packed_streams() {
        assert_eq!(read(b"plain".to_vec()), ("plain".to_owned(), vec![]));
        assert_eq!(
            read(zstd::encode_all(&b"framed"[..], 1).unwrap()),
            ("framed".to_owned(), vec![])
        );
        let two = [gzip(b"eins "), gzip(b"zwei")].concat();
        assert_eq!(read(two.clone()), ("eins zwei".to_owned(), vec![]));
        let padded = [gzip(b"eins "), vec![0; 100], gzip(b"zwei"), vec![0; 7]].concat();
        assert_eq!(read(padded), ("eins zwei".to_owned(), vec![]));
        assert_eq!(Packing::bare_name("a/b.warc.GZ"), "a/b.warc");
        assert_eq!(Packing::bare_name("ä"), "ä");
    }

    #[test]
    fn faults_cost_no_more_than_they_must() {
        let whole = gzip(b"eins ");
        let cut = [whole.clone(), gzip(&b"zwei".repeat(100))[..20].to_vec()].concat();
        let (text, faults) = read(cut);
        assert!(text.starts_with("eins "), "{text}");
        assert_eq!(faults, [io::ErrorKind::UnexpectedEof]);
        let mut bad = gzip(&b"zwei".repeat(100));
        let middle = bad.len() - 6;
        bad[middle] ^= 0xFF;
        let (text, faults) = read([whole, bad, gzip(b"drei")].concat());
        assert!(text.starts_with("eins ") && text.ends_with("drei"), "{text}");
        assert_eq!(faults, [io::ErrorKind::InvalidData]);
    }

    #[test]
    fn bodies() {
        let unpack = |body: Vec<u8>, coding| unpack_body(body, coding).unwrap();
        assert_eq!(unpack(gzip(b"x"), "GZIP").unwrap(), b"x");
        assert_eq!(unpack(b"<html>".to_vec(), "gzip").unwrap(), b"<html>");
        assert_eq!(unpack(zstd::encode_all(&b"x"[..], 1).unwrap(), "zstd").unwrap(), b"x");
        // "x" as one uncompressed block.
        assert_eq!(unpack(vec![0x0B, 0x00, 0x80, b'x', 0x03], "br").unwrap(), b"x");
        assert_eq!(unpack_body(vec![], "compress"), None);
        let bomb = gzip(&vec![0; Limit::Unpacked.max() + 1]);
        assert!(bomb.len() < 100_000);
        assert!(matches!(
            unpack(bomb, "gzip"),
            Err(Error::Limit {
                limit: Limit::Unpacked,
                ..
            })
        ));
        assert!(matches!(
            unpack(gzip(b"abcdefgh")[..15].to_vec(), "gzip"),
            Err(Error::Damaged { .. })
        ));
    }
}
