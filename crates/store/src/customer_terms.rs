//! What customers are searched by: the words of their names, company, e-mail address and telephone number,
//! without case and accents.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::customers::CustomerRow;
use crate::page::beyond;
use crate::statement::InsertAll;
use crate::{Error, Tx, params};

/// Most characters of a word that are kept and compared.
const LONGEST: usize = 64;

/// So many letters at the beginning of a word have a bit in a signature, each number of them; all of them two.
const SIGNED: usize = 4;

static INSERT: LazyLock<InsertAll> = LazyLock::new(|| {
    let columns = "tenant_id, customer_id, term, created_at, era, signature";
    let integers = ["created_at", "era", "signature"];
    InsertAll::new("customer_terms", columns, &integers)
});

/// What a customer is found by.
#[derive(PartialEq)]
pub(crate) struct Terms(BTreeSet<String>);

impl Terms {
    /// Adds them for a new customer.
    pub(crate) fn insert(&self, tx: &mut Tx<'_>, customer: &CustomerRow) -> Result<(), Error> {
        let (tenant, id) = (tx.own(&customer.tenant_id)?, &customer.id);
        let (at, signature) = (customer.created_at, self.signature());
        let era = era(at.as_microsecond());
        let rows = self.0.iter();
        let rows = rows.map(|term| params![tenant, id, term, at, era, signature].to_vec());
        INSERT.run(tx, rows)
    }

    /// Puts them in the place of those that a customer had.
    pub(crate) fn replace(&self, tx: &mut Tx<'_>, customer: &CustomerRow) -> Result<(), Error> {
        let (tenant, id) = (tx.own(&customer.tenant_id)?, &customer.id);
        let sql = "DELETE FROM customer_terms WHERE tenant_id = $1 AND customer_id = $2";
        tx.execute(sql, params![tenant, id])?;
        let sql = "UPDATE customers SET signature = $1 WHERE tenant_id = $2 AND id = $3";
        tx.execute(sql, params![self.signature(), tenant, id])?;
        self.insert(tx, customer)
    }

    /// All bits of the words.
    pub(crate) fn signature(&self) -> i64 {
        signature(self.0.iter().map(String::as_str))
    }

    /// Those of a customer.
    pub(crate) fn of(customer: &CustomerRow) -> Self {
        let mut terms = BTreeSet::new();
        let names = [
            Some(&customer.first_name),
            Some(&customer.last_name),
            customer.company.as_ref(),
        ];
        for name in names.into_iter().flatten() {
            add_words(&mut terms, &fold(name));
        }
        let email = fold(&customer.email);
        add_words(
            &mut terms,
            email.rsplit_once('@').map_or(&*email, |(local, _)| local),
        );
        add(&mut terms, &email);
        if let Some(number) = &customer.phone {
            add(&mut terms, &phone(number));
        }
        Self(terms)
    }
}

/// Bits for how words begin, which those have as well that begin with these words: a few of a customer's are
/// compared at once, before any word is (superimposed coding). Numbers have none: those of telephones begin alike.
/// They are stored: another way to choose them is a migration.
pub(crate) fn signature<'a>(words: impl IntoIterator<Item = &'a str>) -> i64 {
    let mut bits = 0;
    let is_number = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit());
    for word in words.into_iter().filter(|word| !is_number(word)) {
        // FNV-1a, its upper bits scattered over the lower ones.
        let mut hash = 0xCBF2_9CE4_8422_2325_u64;
        for (index, letter) in word.chars().take(SIGNED).enumerate() {
            hash = (hash ^ u64::from(letter)).wrapping_mul(0x0100_0000_01B3);
            let scattered = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            bits |= 1_i64 << (scattered >> 58);
            // Most words that begin alike differ here.
            if index + 1 == SIGNED {
                bits |= 1_i64 << (scattered >> 52 & 63);
            }
        }
    }
    bits
}

/// The words to look for: customers have each of them at the beginning of a word of theirs.
pub fn words(search: &str) -> Vec<String> {
    let digits = |letter: char| letter.is_ascii_digit();
    let in_phones = |letter: char| digits(letter) || " +-/().".contains(letter);
    if search.chars().all(in_phones) && search.chars().any(digits) {
        return vec![phone(search)];
    }
    let mut words = BTreeSet::new();
    for piece in fold(search).split_whitespace() {
        match piece.contains('@') {
            true => add(&mut words, piece),
            false => add_words(&mut words, piece),
        }
    }
    words.into_iter().collect()
}

/// From which text on, and before which, the words lie that begin with `word`.
pub(crate) fn range(word: &str) -> [String; 2] {
    let end = beyond(word).unwrap_or_else(|| format!("{word}\u{10FFFF}"));
    [word.to_owned(), end]
}

/// Bits of a microsecond within an era, which so lasts 72 minutes: one has not too many customers where they come
/// quickly, and eras are not too many where they come slowly. An era without customers costs nothing.
const ERA_BITS: u32 = 32;

/// The era of an instant.
pub(crate) fn era(at_us: i64) -> i64 {
    at_us >> ERA_BITS
}

/// The instants of an era: the first one, and the last.
pub(crate) fn instants(era: i64) -> [i64; 2] {
    [era << ERA_BITS, (era << ERA_BITS) + ((1 << ERA_BITS) - 1)]
}

/// Digits, so that it does not matter how they are grouped.
fn phone(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn add_words(words: &mut BTreeSet<String>, folded: &str) {
    for word in folded.split(|letter: char| !letter.is_alphanumeric()) {
        add(words, word);
    }
}

fn add(words: &mut BTreeSet<String>, word: &str) {
    let word: String = word
        .chars()
        .filter(|letter| !letter.is_control())
        .take(LONGEST)
        .collect();
    if !word.is_empty() {
        words.insert(word);
    }
}

/// Without case and accents: what people type who do not find `é` on their keyboard.
fn fold(text: &str) -> String {
    let plain = text.nfkd().filter(|letter| !is_combining_mark(*letter));
    let mut folded = String::with_capacity(text.len());
    for letter in plain
        .flat_map(char::to_lowercase)
        .filter(|letter| !is_combining_mark(*letter))
    {
        match letter {
            // Letters of their own, which have no decomposition.
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            letter => folded.push(letter),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_are_ignored() {
        for (text, folded) in [
            ("Müller", "muller"),
            ("MU\u{308}LLER", "muller"),
            ("Éloïse", "eloise"),
            ("Strauß", "strauss"),
            ("Søren Łukasz", "soren lukasz"),
            ("İpek", "ipek"),
            ("ΑΘΗΝΆ", "αθηνα"),
            ("ＡＢＣ", "abc"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn a_search_is_words_an_address_or_a_number() {
        let words = |search: &str| super::words(search);
        assert_eq!(words(" Ada  LOVE "), ["ada", "love"]);
        assert_eq!(words("Anna-Maria"), ["anna", "maria"]);
        assert_eq!(words("Ada.Love@Ex"), ["ada.love@ex"]);
        assert_eq!(words("+49 (30) 555"), ["4930555"]);
        assert_eq!(words("Halle 7"), ["7", "halle"]);
        assert!(words(" -- ").is_empty());
        assert!(words("").is_empty());
        assert_eq!(words(&"x".repeat(100)), ["x".repeat(64)]);
    }

    #[test]
    fn who_has_a_word_has_the_bits_of_its_beginning() {
        let all = signature(["ada.lovelace@example.com", "ada", "lovelace", "łódź"]);
        for beginning in ["a", "ad", "ada", "ada.", "lovelace", "łó", "łódź"] {
            let bits = signature([beginning]);
            assert_eq!(all & bits, bits, "{beginning}");
        }
        let lacking = ["zoe", "smith", "berlin", "gmbh", "customer", "東京", "عمر"];
        let passed = |word: &&str| all & signature([*word]) == signature([*word]);
        assert_eq!(lacking.iter().filter(|it| passed(it)).count(), 0);
        assert_eq!(signature(["4930555", "7"]), 0);
        // As it is stored.
        assert_eq!(signature(["ada", "lovelace"]), 0x0104_0001_0100_8128);
    }

    #[test]
    fn the_range_of_a_word_ends_before_the_next_one() {
        assert_eq!(range("ab"), ["ab", "ac"]);
        assert_eq!(range("a\u{10FFFF}"), ["a\u{10FFFF}", "b"]);
        assert_eq!(range("\u{D7FF}"), ["\u{D7FF}", "\u{E000}"]);
    }
}
