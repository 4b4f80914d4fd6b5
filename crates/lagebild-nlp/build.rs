//! Checks and unpacks the small models, so that the program need not do so at every start.

use std::error::Error;
use std::path::Path;

#[path = "src/model/file.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "it is a part of the library, of which only what opens a file is needed here"
)]
mod file;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/model/file.rs");
    let folder = std::env::var("OUT_DIR")?;
    for lang in ["de", "en"] {
        unpack(&folder, &format!("{lang}.model"), lang, file::FORMAT)?;
        unpack(
            &folder,
            &format!("{lang}.names"),
            &format!("{lang}.names"),
            NAMES_FORMAT,
        )?;
    }
    Ok(())
}

/// The format of the models of names, as `src/names/mod.rs` has it (which cannot be part of a build script).
const NAMES_FORMAT: u32 = 2001;

/// Writes body and digest of a file in `models` under the name that the library includes.
fn unpack(folder: &str, name: &str, to: &str, format: u32) -> Result<(), Box<dyn Error>> {
    let path = format!("../../models/{name}");
    println!("cargo::rerun-if-changed={path}");
    let packed = std::fs::read(&path).map_err(|e| format!("{path}: {e}"))?;
    let (body, digest) = file::open(&packed, format).map_err(|e| format!("{path}: {e}"))?;
    std::fs::write(Path::new(folder).join(format!("{to}.body")), body)?;
    std::fs::write(Path::new(folder).join(format!("{to}.digest")), digest)?;
    Ok(())
}
