//! One morphological reading in 32 bits, and sets of readings in 64.

use lagebild_core::{Case, Degree, Gender, Mood, Morph, Number, Person, Tense, Upos, VerbForm};

/// What a proper name names, where the lexicon says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum NameKind {
    /// First name.
    First = 1,
    /// Family name.
    Family = 2,
    /// Person of whom only one name is used, or a title worn as a name.
    Person = 3,
    /// Town.
    Town = 4,
    /// Country.
    Country = 5,
    /// Region, mountain, river or another place.
    Region = 6,
}

impl NameKind {
    const ALL: [Self; 6] = [
        Self::First,
        Self::Family,
        Self::Person,
        Self::Town,
        Self::Country,
        Self::Region,
    ];
}

/// Part of speech, features and kind of name, packed.
///
/// Bits from the lowest: part of speech 5, then value + 1 (0 for none) of case 3, number 2, gender 2, person 2,
/// tense 2, mood 2, verb form 3, degree 2, kind of name 3, and one bit for a *zu*-infinitive written as one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reading(u32);

/// Position and width of each field of a [`Reading`].
mod field {
    pub(super) const POS: (u32, u32) = (0, 5);
    pub(super) const CASE: (u32, u32) = (5, 3);
    pub(super) const NUMBER: (u32, u32) = (8, 2);
    pub(super) const GENDER: (u32, u32) = (10, 2);
    pub(super) const PERSON: (u32, u32) = (12, 2);
    pub(super) const TENSE: (u32, u32) = (14, 2);
    pub(super) const MOOD: (u32, u32) = (16, 2);
    pub(super) const FORM: (u32, u32) = (18, 3);
    pub(super) const DEGREE: (u32, u32) = (21, 2);
    pub(super) const NAME: (u32, u32) = (23, 3);
    pub(super) const ZU: (u32, u32) = (26, 1);
    /// All bits above are unused.
    pub(super) const WIDTH: u32 = 27;
}

impl Reading {
    /// Packs part of speech and features.
    #[must_use]
    pub fn new(pos: Upos, morph: Morph) -> Self {
        let put = |(at, _): (u32, u32), value: Option<u8>| value.map_or(0, |v| (u32::from(v) + 1) << at);
        Self(
            pos as u32
                | put(field::CASE, morph.case.map(|v| v as u8))
                | put(field::NUMBER, morph.number.map(|v| v as u8))
                | put(field::GENDER, morph.gender.map(|v| v as u8))
                | put(field::PERSON, morph.person.map(|v| v as u8))
                | put(field::TENSE, morph.tense.map(|v| v as u8))
                | put(field::MOOD, morph.mood.map(|v| v as u8))
                | put(field::FORM, morph.form.map(|v| v as u8))
                | put(field::DEGREE, morph.degree.map(|v| v as u8)),
        )
    }

    /// The same reading, of a name of this kind.
    #[must_use]
    pub fn named(self, kind: NameKind) -> Self {
        Self(self.0 | (kind as u32) << field::NAME.0)
    }

    /// The same reading, as a *zu*-infinitive in one word (`anzugreifen`).
    #[must_use]
    pub fn with_zu(self) -> Self {
        Self(self.0 | 1 << field::ZU.0)
    }

    /// From stored bits; `None` when they mean nothing.
    #[must_use]
    pub fn from_bits(bits: u32) -> Option<Self> {
        let reading = Self(bits);
        let fits = |(at, width): (u32, u32), values: usize| (reading.get((at, width)) as usize) < values;
        let valid = bits >> field::WIDTH == 0
            && fits(field::POS, Upos::ALL.len())
            && fits(field::CASE, Case::ALL.len() + 1)
            && fits(field::NUMBER, Number::ALL.len() + 1)
            && fits(field::TENSE, Tense::ALL.len() + 1)
            && fits(field::FORM, VerbForm::ALL.len() + 1)
            && fits(field::NAME, NameKind::ALL.len() + 1);
        valid.then_some(reading)
    }

    /// The bits to store.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.0
    }

    fn get(self, (at, width): (u32, u32)) -> u32 {
        self.0 >> at & ((1 << width) - 1)
    }

    fn value<T: Copy>(self, field: (u32, u32), all: &[T]) -> Option<T> {
        (self.get(field) as usize)
            .checked_sub(1)
            .and_then(|i| all.get(i))
            .copied()
    }

    /// Part of speech.
    #[must_use]
    pub fn pos(self) -> Upos {
        Upos::ALL[self.get(field::POS) as usize]
    }

    /// Features.
    #[must_use]
    pub fn morph(self) -> Morph {
        Morph {
            case: self.value(field::CASE, Case::ALL),
            number: self.value(field::NUMBER, Number::ALL),
            gender: self.value(field::GENDER, Gender::ALL),
            person: self.value(field::PERSON, Person::ALL),
            tense: self.value(field::TENSE, Tense::ALL),
            mood: self.value(field::MOOD, Mood::ALL),
            form: self.value(field::FORM, VerbForm::ALL),
            degree: self.value(field::DEGREE, Degree::ALL),
        }
    }

    /// What it names, when it is a name and the lexicon knows.
    #[must_use]
    pub fn name(self) -> Option<NameKind> {
        self.value(field::NAME, &NameKind::ALL)
    }

    /// Whether it is a *zu*-infinitive in one word.
    #[must_use]
    pub fn has_zu(self) -> bool {
        self.get(field::ZU) == 1
    }
}

/// A set of readings, coarsened to what a tagger needs to know.
///
/// Bits: 0–16 parts of speech in the order of [`Upos::ALL`]; 17–32 case times gender (Masc, Fem, Neut of the
/// singular, then plural) of nominal readings; from 33 the verb forms and kinds of name below. Each bit makes a good
/// binary feature by itself; the whole value, hashed, an ambiguity class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mask(pub u64);

impl Mask {
    const CASES: u32 = 17;
    /// First or second person, finite.
    pub const FINITE_OTHER: Self = Self(1 << 33);
    /// Third person singular, finite.
    pub const FINITE_SINGULAR: Self = Self(1 << 34);
    /// Third person plural, finite.
    pub const FINITE_PLURAL: Self = Self(1 << 35);
    /// Indicative present.
    pub const PRESENT: Self = Self(1 << 36);
    /// Indicative past.
    pub const PAST: Self = Self(1 << 37);
    /// Konjunktiv I.
    pub const KONJUNKTIV_1: Self = Self(1 << 38);
    /// Konjunktiv II.
    pub const KONJUNKTIV_2: Self = Self(1 << 39);
    /// Imperative.
    pub const IMPERATIVE: Self = Self(1 << 40);
    /// Bare infinitive.
    pub const INFINITIVE: Self = Self(1 << 41);
    /// Infinitive with *zu* inside.
    pub const ZU_INFINITIVE: Self = Self(1 << 42);
    /// Participle or gerund.
    pub const PARTICIPLE: Self = Self(1 << 43);
    /// Adjective without ending.
    pub const PREDICATIVE: Self = Self(1 << 44);
    /// Comparative or superlative.
    pub const COMPARED: Self = Self(1 << 45);
    /// First name.
    pub const FIRST_NAME: Self = Self(1 << 46);
    /// Family or only name.
    pub const FAMILY_NAME: Self = Self(1 << 47);
    /// Town.
    pub const TOWN: Self = Self(1 << 48);
    /// Country.
    pub const COUNTRY: Self = Self(1 << 49);
    /// Another place.
    pub const REGION: Self = Self(1 << 50);

    /// The set with nothing but `reading`.
    #[must_use]
    pub fn of(reading: Reading) -> Self {
        let morph = reading.morph();
        let mut mask = Self::pos(reading.pos());
        let is_finite = morph.form == Some(VerbForm::Fin);
        if let (Some(case), false) = (morph.case, is_finite) {
            mask |= match (morph.number, morph.gender) {
                (Some(Number::Plur), _) => Self::plural(case),
                (_, Some(gender)) => Self::singular(case, gender),
                (_, None) => [Gender::Masc, Gender::Fem, Gender::Neut]
                    .into_iter()
                    .fold(Self::default(), |all, gender| all | Self::singular(case, gender)),
            };
        }
        if is_finite {
            mask |= match (morph.person, morph.number) {
                (Some(Person::Third), Some(Number::Sing)) => Self::FINITE_SINGULAR,
                (Some(Person::Third), Some(Number::Plur)) => Self::FINITE_PLURAL,
                _ => Self::FINITE_OTHER,
            };
            mask |= match (morph.mood, morph.tense) {
                (Some(Mood::Sub), Some(Tense::Past)) => Self::KONJUNKTIV_2,
                (Some(Mood::Sub), _) => Self::KONJUNKTIV_1,
                (Some(Mood::Imp), _) => Self::IMPERATIVE,
                (_, Some(Tense::Past)) => Self::PAST,
                _ => Self::PRESENT,
            };
        }
        match morph.form {
            Some(VerbForm::Inf) if reading.has_zu() => mask |= Self::ZU_INFINITIVE,
            Some(VerbForm::Inf) => mask |= Self::INFINITIVE,
            Some(VerbForm::Part | VerbForm::Ger) => mask |= Self::PARTICIPLE,
            Some(VerbForm::Fin) | None => {}
        }
        if reading.pos() == Upos::Adj && morph.case.is_none() {
            mask |= Self::PREDICATIVE;
        }
        if matches!(morph.degree, Some(Degree::Cmp | Degree::Sup)) {
            mask |= Self::COMPARED;
        }
        match reading.name() {
            Some(NameKind::First) => mask |= Self::FIRST_NAME,
            Some(NameKind::Family | NameKind::Person) => mask |= Self::FAMILY_NAME,
            Some(NameKind::Town) => mask |= Self::TOWN,
            Some(NameKind::Country) => mask |= Self::COUNTRY,
            Some(NameKind::Region) => mask |= Self::REGION,
            None => {}
        }
        mask
    }

    /// The bit of a part of speech.
    #[must_use]
    pub fn pos(pos: Upos) -> Self {
        Self(1 << pos as u32)
    }

    /// The bit of a case in the singular of a gender.
    #[must_use]
    pub fn singular(case: Case, gender: Gender) -> Self {
        Self(1 << (Self::CASES + 4 * case as u32 + gender as u32))
    }

    /// The bit of a case in the plural.
    #[must_use]
    pub fn plural(case: Case) -> Self {
        Self(1 << (Self::CASES + 4 * case as u32 + 3))
    }

    /// Whether the two sets meet.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether some reading has this part of speech.
    #[must_use]
    pub fn has(self, pos: Upos) -> bool {
        self.meets(Self::pos(pos))
    }

    /// Only the parts of speech, in 17 bits: small enough for a lookup table.
    #[must_use]
    pub fn parts_of_speech(self) -> u32 {
        (self.0 & 0x1_FFFF) as u32
    }

    /// Only case, number and gender, in 16 bits.
    #[must_use]
    pub fn agreement(self) -> u16 {
        (self.0 >> Self::CASES & 0xFFFF) as u16
    }
}

impl std::ops::BitOr for Mask {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl std::ops::BitOrAssign for Mask {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_unpack_to_what_was_packed() {
        let morph =
            Morph::from_feats("Case=Gen|Degree=Sup|Gender=Neut|Mood=Imp|Number=Plur|Person=3|Tense=Past|VerbForm=Ger");
        for &pos in Upos::ALL {
            let reading = Reading::new(pos, morph).named(NameKind::Region).with_zu();
            assert_eq!((reading.pos(), reading.morph()), (pos, morph));
            assert_eq!(reading.name(), Some(NameKind::Region));
            assert_eq!(Reading::from_bits(reading.bits()), Some(reading));
        }
        assert_eq!(Reading::new(Upos::X, Morph::default()).morph(), Morph::default());
        assert_eq!(Reading::from_bits(u32::MAX), None);
    }

    #[test]
    fn masks_tell_case_and_mood() {
        let of = |pos, feats| Mask::of(Reading::new(pos, Morph::from_feats(feats)));
        let genitive = of(Upos::Noun, "Case=Gen|Gender=Fem|Number=Sing");
        assert!(genitive.has(Upos::Noun) && genitive.meets(Mask::singular(Case::Gen, Gender::Fem)));
        assert_eq!(genitive.agreement().count_ones(), 1);
        let reported = of(Upos::Verb, "Mood=Sub|Number=Sing|Person=3|Tense=Pres|VerbForm=Fin");
        assert_eq!(
            reported,
            Mask::pos(Upos::Verb) | Mask::FINITE_SINGULAR | Mask::KONJUNKTIV_1
        );
    }
}
