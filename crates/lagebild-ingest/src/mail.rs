//! E-mail (RFC 5322 with MIME): newsletters and agency copy as they arrive.

use crate::error::Error;
use crate::{Hints, Source, html};
use lagebild_core::Date;
use lagebild_core::Limit;
use mail_parser::MessageParser;

/// Reads a message; its plain text is preferred to its HTML, which newsletters fill with links and trackers.
///
/// # Errors
/// [`Error::Empty`] when it holds no text; those of a page when it is HTML only.
pub(crate) fn read(bytes: &[u8], title: Option<&str>) -> Result<Source, Error> {
    if bytes.len() > Limit::Body.max() {
        return Err(Error::Limit {
            limit: Limit::Body,
            found: Some(bytes.len()),
        });
    }
    let message = MessageParser::default().parse(bytes).ok_or(Error::Damaged {
        what: "no e-mail: it has no head".to_owned(),
    })?;
    let title = title.or(message.subject()).map(str::to_owned);
    let is_text = message
        .text_body
        .first()
        .and_then(|&id| message.parts.get(id as usize))
        .is_some_and(|p| p.is_text() && !p.is_text_html());
    let mut source = if is_text {
        let text = message.body_text(0).ok_or(Error::Empty)?;
        Source::laid_out(text.replace("\r\n", "\n"), title.as_deref())
    } else {
        let page = message.body_html(0).ok_or(Error::Empty)?;
        {
            let hints = Hints {
                title: title.as_deref(),
                ..Hints::default()
            };
            html::read(&page, &hints)?
        }
    };
    let sent = message.date().and_then(|d| {
        Date::new(
            i16::try_from(d.year).ok()?,
            i8::try_from(d.month).ok()?,
            i8::try_from(d.day).ok()?,
        )
        .ok()
    });
    source.published = sent.or(source.published);
    source.title = title.or(source.title);
    let sender = message.from().and_then(|from| from.first());
    source.facts.publisher = source
        .facts
        .publisher
        .or_else(|| sender.and_then(|s| s.name().or(s.address())).map(str::to_owned));
    Ok(source)
}

#[cfg(test)]
mod tests {
    use crate::{Format, Hints, read_bytes};

    #[test]
    fn messages() {
        let mail = "From: =?UTF-8?Q?Agentur_S=C3=BCd?= <desk@example.org>\r\nSubject: =?UTF-8?Q?Seoul_pr=C3=BCft?=\r\n\
             Date: Thu, 24 Oct 2024 18:30:00 +0200\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: quoted-printable\r\n\r\nDer Minister pr=C3=BCft alle =\r\nOptionen.\r\n\
             --b\r\nContent-Type: text/html\r\n\r\n<p>Der Minister.</p>\r\n--b--\r\n";
        let hints = Hints {
            format: Some(Format::Mail),
            ..Hints::default()
        };
        let doc = read_bytes(mail.as_bytes(), &hints).unwrap();
        assert_eq!(doc.title.as_deref(), Some("Seoul prüft"));
        assert_eq!(doc.source.as_deref(), Some("Agentur Süd"));
        assert_eq!(doc.published.unwrap().to_string(), "2024-10-24");
        assert_eq!(doc.text.trim(), "Der Minister prüft alle Optionen.");
        let page = "Subject: Report\nContent-Type: text/html\n\n<p>The minister ratified the treaty on Thursday.</p>";
        let doc = read_bytes(page.as_bytes(), &hints).unwrap();
        assert!(doc.text.contains("The minister ratified"));
    }
}
