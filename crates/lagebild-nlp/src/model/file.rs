//! The container of a model file: magic bytes, version of the format, checksum, and a body packed by zstd.
//!
//! The build script opens the small models with it as well.

/// Version of the format of the small models, raised when an older program could not read, or would misread, a new file.
pub(crate) const FORMAT: u32 = 1;
/// First bytes of a model file.
const MAGIC: &[u8; 8] = b"LAGEBILD";

/// Why a model file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It does not begin like a model file.
    #[error("not a Lagebild model file")]
    Magic,
    /// It is of another version of the format.
    #[error("model format {found}, but this program reads format {reads}: make the model again, or update the program")]
    Format {
        /// The version found.
        found: u32,
        /// The version that this program reads.
        reads: u32,
    },
    /// It is damaged.
    #[error("model file is damaged: its checksum is wrong")]
    Checksum,
    /// It cannot be unpacked.
    #[error("model file cannot be unpacked: {0}")]
    Unpack(#[from] std::io::Error),
    /// It ends too early or holds impossible sizes.
    #[error("model file is inconsistent: {0}")]
    Content(&'static str),
}

/// Checks a model file and unpacks it: the body, and the first digits of the checksum, which name the file.
///
/// # Errors
/// When it is none, of another format version than `reads`, or damaged.
pub(crate) fn open(file: &[u8], reads: u32) -> Result<(Vec<u8>, String), ModelError> {
    let mut input = Input(file);
    if input.take(8).ok_or(ModelError::Magic)? != MAGIC {
        return Err(ModelError::Magic);
    }
    let found = input.u32()?;
    if found != reads {
        return Err(ModelError::Format { found, reads });
    }
    let checksum = input.take(32).ok_or(ModelError::Checksum)?;
    if blake3::hash(input.0).as_bytes() != checksum {
        return Err(ModelError::Checksum);
    }
    let digest = checksum.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    Ok((zstd::decode_all(input.0)?, digest))
}

/// The model file with this body.
///
/// # Errors
/// When compression fails.
pub(crate) fn seal(body: &[u8], format: u32) -> Result<Vec<u8>, ModelError> {
    let packed = zstd::encode_all(body, 19)?;
    let mut file = MAGIC.to_vec();
    file.extend(format.to_le_bytes());
    file.extend(blake3::hash(&packed).as_bytes());
    file.extend(packed);
    Ok(file)
}

pub(crate) fn put_size(body: &mut Vec<u8>, size: usize) {
    body.extend((size as u32).to_le_bytes());
}

pub(crate) fn put_text(body: &mut Vec<u8>, text: &str) {
    put_size(body, text.len());
    body.extend(text.as_bytes());
}

/// Reads little-endian values off the front of a slice.
pub(crate) struct Input<'a>(pub(crate) &'a [u8]);

impl<'a> Input<'a> {
    pub(crate) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(front)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        let bytes = self.take(N).ok_or(ModelError::Content("cut short"))?;
        bytes.try_into().map_err(|_| ModelError::Content("cut short"))
    }

    pub(crate) fn u32(&mut self) -> Result<u32, ModelError> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn f32(&mut self) -> Result<f32, ModelError> {
        self.array().map(f32::from_le_bytes)
    }

    /// A count of things that follow, each of which takes at least a byte.
    pub(crate) fn size(&mut self) -> Result<usize, ModelError> {
        let size = self.u32()? as usize;
        if size > self.0.len() {
            Err(ModelError::Content("impossible count"))
        } else {
            Ok(size)
        }
    }

    pub(crate) fn text(&mut self) -> Result<String, ModelError> {
        let length = self.size()?;
        let bytes = self.take(length).unwrap_or_default();
        String::from_utf8(bytes.to_vec()).map_err(|_| ModelError::Content("text is not UTF-8"))
    }

    pub(crate) fn many<const N: usize, T>(
        &mut self,
        n: usize,
        value: impl Fn([u8; N]) -> T,
    ) -> Result<Vec<T>, ModelError> {
        let bytes = n
            .checked_mul(N)
            .and_then(|n| self.take(n))
            .ok_or(ModelError::Content("cut short"))?;
        let mut values = Vec::with_capacity(n);
        for chunk in bytes.chunks_exact(N) {
            values.push(value(chunk.try_into().map_err(|_| ModelError::Content("cut short"))?));
        }
        Ok(values)
    }

    pub(crate) fn u32s(&mut self, n: usize) -> Result<Vec<u32>, ModelError> {
        self.many(n, u32::from_le_bytes)
    }

    pub(crate) fn u16s(&mut self, n: usize) -> Result<Vec<u16>, ModelError> {
        self.many(n, u16::from_le_bytes)
    }

    pub(crate) fn f32s(&mut self, n: usize) -> Result<Vec<f32>, ModelError> {
        self.many(n, f32::from_le_bytes)
    }
}
