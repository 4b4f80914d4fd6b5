//! The terminal: colour, width, wrapping, and messages on stderr.
//!
//! Reports are untrusted: what is printed of them passes [`clean`], so that no control sequence in a report reaches the
//! terminal.

use crate::web::Ui;
use std::borrow::Cow;
use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};
use unicode_width::UnicodeWidthStr as _;

/// Columns of output that does not go to a terminal.
const PLAIN_WIDTH: usize = 100;
/// Lines longer than this are hard to read, however wide the terminal is.
const WIDEST: usize = 120;
/// Below this nothing can be laid out; longer lines are left to the terminal.
const NARROWEST: usize = 40;

/// How a piece of text is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    /// As it is.
    #[default]
    Plain,
    /// Headings.
    Strong,
    /// What matters less.
    Dim,
    /// The word that an event was read from.
    Trigger,
    /// Names of actors.
    Name,
    /// Cooperation in words.
    Mild,
    /// Cooperation in deeds.
    Good,
    /// Conflict in words.
    Tense,
    /// Conflict in deeds, and errors.
    Bad,
}

/// Whether to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where text goes: how wide it is and whether it shows colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Screen {
    /// Columns.
    pub(crate) width: usize,
    /// Whether styles are shown.
    pub(crate) colour: bool,
}

impl Screen {
    /// The screen behind stdout.
    pub(crate) fn stdout(colour: Colour) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let width = terminal_size::terminal_size()
            .filter(|_| terminal)
            .map(|(w, _)| usize::from(w.0));
        let given = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
        let width = width.or(given).unwrap_or(PLAIN_WIDTH).clamp(NARROWEST, WIDEST);
        Self {
            width,
            colour: wants_colour(colour, terminal),
        }
    }

    /// `text` in `style`.
    pub(crate) fn paint<'a>(self, style: Style, text: &'a str) -> Cow<'a, str> {
        let code = match style {
            _ if !self.colour || text.is_empty() => return Cow::Borrowed(text),
            Style::Plain => return Cow::Borrowed(text),
            Style::Strong => "1",
            Style::Dim => "2",
            Style::Trigger => "1;4",
            Style::Name => "1",
            Style::Mild => "36",
            Style::Good => "32",
            Style::Tense => "33",
            Style::Bad => "31",
        };
        Cow::Owned(format!("\x1b[{code}m{text}\x1b[0m"))
    }
}

fn wants_colour(colour: Colour, terminal: bool) -> bool {
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            let set = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
            terminal && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
        }
    }
}

/// The language of the labels: German where the system speaks it, else English.
pub(crate) fn language() -> Ui {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set);
    locale.and_then(|l| Ui::parse(l.get(..2)?)).unwrap_or(Ui::En)
}

/// Columns that `text` takes.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// `text` without control characters and without marks that turn the direction of what follows; white space becomes one
/// space each.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.chars().any(|c| c.is_control() || turns(c)) {
        return Cow::Borrowed(text);
    }
    let kept = text.chars().filter(|&c| !turns(c));
    Cow::Owned(
        kept.map(|c| {
            if c.is_whitespace() {
                ' '
            } else if c.is_control() {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect(),
    )
}

/// A paragraph of styled pieces, wrapped to the width of a screen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flow {
    pieces: Vec<(Style, String)>,
}

impl Flow {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Whether nothing was appended yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Appends `text`. Lines break at its spaces.
    pub(crate) fn push(&mut self, style: Style, text: &str) -> &mut Self {
        if !text.is_empty() {
            self.pieces.push((style, clean(text).into_owned()));
        }
        self
    }

    /// Appends `text` that stays on one line.
    pub(crate) fn push_whole(&mut self, style: Style, text: &str) -> &mut Self {
        self.push(style, &text.replace(' ', "\u{a0}"))
    }

    /// Writes it to `out`: the first line after `first`, the others after `rest`, both taken to be as wide as `rest`.
    pub(crate) fn write(&self, out: &mut String, screen: Screen, first: &str, rest: &str) {
        let room = screen.width.saturating_sub(columns(rest)).max(20);
        out.push_str(first);
        let (mut used, mut gap) = (0, Gap::default());
        for word in self.words() {
            match word {
                Word::Gap(wider) => gap = wider,
                Word::Text(parts) => {
                    let width: usize = parts.iter().map(|(_, t)| columns(t)).sum();
                    if used > 0 && used + gap.width + width > room {
                        out.push('\n');
                        out.push_str(rest);
                        used = 0;
                    } else if used > 0 {
                        out.push_str(&screen.paint(gap.style, &" ".repeat(gap.width)));
                        used += gap.width;
                    }
                    gap = Gap::default();
                    for (style, text) in parts {
                        out.push_str(&screen.paint(style, &text.replace('\u{a0}', " ")));
                    }
                    used += width;
                }
            }
        }
        out.push('\n');
    }

    /// Words (which may have several styles) and the gaps between them. A line break replaces a gap.
    fn words(&self) -> Vec<Word<'_>> {
        let mut words: Vec<Word<'_>> = Vec::new();
        for (style, text) in &self.pieces {
            for piece in text.split_inclusive(' ') {
                let word = piece.trim_end_matches(' ');
                if !word.is_empty() {
                    match words.last_mut() {
                        Some(Word::Text(parts)) => parts.push((*style, word)),
                        _ => words.push(Word::Text(vec![(*style, word)])),
                    }
                }
                if piece.len() > word.len() {
                    match words.last_mut() {
                        Some(Word::Gap(gap)) => gap.width += 1,
                        _ => words.push(Word::Gap(Gap {
                            style: *style,
                            width: 1,
                        })),
                    }
                }
            }
        }
        words
    }
}

/// Spaces between two words.
#[derive(Clone, Copy, Default)]
struct Gap {
    style: Style,
    width: usize,
}

enum Word<'a> {
    Gap(Gap),
    Text(Vec<(Style, &'a str)>),
}

/// Prints `error: what` and its hint to stderr.
pub(crate) fn error(what: impl Display, hint: Option<&str>) {
    let colour = wants_colour(Colour::Auto, std::io::stderr().is_terminal());
    let screen = Screen { width: WIDEST, colour };
    let mut text = format!("{} {}\n", screen.paint(Style::Bad, "error:"), clean(&what.to_string()));
    if let Some(hint) = hint {
        text.push_str(&format!("{}  {}\n", screen.paint(Style::Mild, "hint:"), clean(hint)));
    }
    // With stderr closed there is nobody to tell.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Prints a line for people to stderr.
pub(crate) fn note(what: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{}", clean(&what.to_string()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_wrap_at_spaces_and_keep_styles() {
        let screen = Screen {
            width: 24,
            colour: true,
        };
        let mut flow = Flow::new();
        flow.push(Style::Plain, "Russland ")
            .push(Style::Trigger, "ratifizierte")
            .push(Style::Plain, ", so Seoul, den Vertrag");
        let mut out = String::new();
        flow.write(&mut out, screen, "> ", "| ");
        assert_eq!(
            out,
            "> Russland \u{1b}[1;4mratifizierte\u{1b}[0m,\n| so Seoul, den Vertrag\n"
        );
    }

    #[test]
    fn reports_cannot_drive_the_terminal() {
        assert_eq!(clean("a\x1b[2Jb\u{202e}c\nd\u{9b}e"), "a\u{fffd}[2Jbc d\u{fffd}e");
        assert!(matches!(clean("Südkorea"), Cow::Borrowed(_)));
    }
}
