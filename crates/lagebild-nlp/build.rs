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
        let path = format!("../../models/{lang}.model");
        println!("cargo::rerun-if-changed={path}");
        let packed = std::fs::read(&path).map_err(|e| format!("{path}: {e}"))?;
        let (body, digest) = file::open(&packed, file::FORMAT).map_err(|e| format!("{path}: {e}"))?;
        std::fs::write(Path::new(&folder).join(format!("{lang}.body")), body)?;
        std::fs::write(Path::new(&folder).join(format!("{lang}.digest")), digest)?;
    }
    Ok(())
}
