//! Compiles the rules and tables of the project. An error in one of them fails the build, with file, line and remedy.

use lagebild_lexicon::knowledge::Knowledge;
use lagebild_lexicon::{Diagnostic, Severity, bundled_files, compile};
use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    // The texts are part of lagebild-lexicon: when one changes, it is built anew, and this script with it.
    println!("cargo::rerun-if-changed=build.rs");
    let (knowledge, mut found) = Knowledge::from_tables();
    let lexicon = match compile(&[bundled_files()]) {
        Ok(compiled) => compiled.lexicon,
        Err(faults) => {
            found.extend(faults);
            return refuse(&found);
        }
    };
    if found.iter().any(|d| d.severity == Severity::Error) {
        return refuse(&found);
    }
    let folder = std::env::var("OUT_DIR")?;
    let write = |name: &str, bytes: Vec<u8>| std::fs::write(Path::new(&folder).join(name), bytes);
    write("knowledge", postcard::to_allocvec(&knowledge)?)?;
    write("lexicon", postcard::to_allocvec(&lexicon)?)?;
    Ok(ExitCode::SUCCESS)
}

/// Shows the errors among `found`, as rustc would.
fn refuse(found: &[Diagnostic]) -> Result<ExitCode, Box<dyn Error>> {
    let mut out = std::io::stderr().lock();
    for error in found.iter().filter(|d| d.severity == Severity::Error) {
        writeln!(out, "{error}\n")?;
    }
    Ok(ExitCode::FAILURE)
}
